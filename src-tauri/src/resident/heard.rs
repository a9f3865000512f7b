//! What the desktop says of notifications.
//!
//! notify-rust hears it too, but from any program on the bus; of signals that come together it loses some,
//! and it does not hear that what drew them has gone. So it is heard here, from the owner of the name alone.

use futures_util::StreamExt;
use std::mem;
use zbus::fdo::DBusProxy;
use zbus::names::BusName;
use zbus::proxy::{OwnerChangedStream, SignalStream};
use zbus::{Connection, Message, Proxy};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// Something that the desktop says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    /// The notification of this number was clicked.
    Clicked(u32),
    /// It is gone.
    Closed(u32),
    /// All are gone, with what drew them.
    AllGone,
    /// Something draws notifications now.
    Came,
}

/// What a desktop can do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Abilities {
    pub(crate) body: Body,
    pub(crate) click: Click,
}

/// How the text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    Markup,
    Plain,
}

/// Whether a click is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Click {
    Told,
    Lost,
}

/// The desktop, as far as it speaks.
pub(crate) struct Voice {
    proxy: Proxy<'static>,
    signals: SignalStream<'static>,
    owners: OwnerChangedStream<'static>,
    /// Whether something draws notifications.
    is_there: bool,
}

impl Voice {
    /// Listens from now on.
    pub(crate) async fn listen() -> zbus::Result<Self> {
        let bus = Connection::session().await?;
        let proxy = Proxy::new(&bus, NAME, PATH, NAME).await?;
        let signals = proxy.receive_all_signals().await?;
        let owners = proxy.receive_owner_changed().await?;
        let is_there = DBusProxy::new(&bus).await?.name_has_owner(BusName::try_from(NAME)?).await?;
        Ok(Self { proxy, signals, owners, is_there })
    }

    /// What whoever draws notifications now says that it can do.
    pub(crate) async fn abilities(&self) -> zbus::Result<Abilities> {
        let named: Vec<String> = self.proxy.call("GetCapabilities", &()).await?;
        let can = |name: &str| named.iter().any(|named| named == name);
        let body = if can("body-markup") { Body::Markup } else { Body::Plain };
        let click = if can("actions") { Click::Told } else { Click::Lost };
        Ok(Abilities { body, click })
    }

    /// The next thing that it says. Never, where the bus is gone.
    pub(crate) async fn next(&mut self) -> Heard {
        loop {
            let heard = tokio::select! {
                Some(signal) = self.signals.next() => heard(&signal),
                Some(owner) = self.owners.next() => {
                    let was_there = mem::replace(&mut self.is_there, owner.is_some());
                    Some(if was_there { Heard::AllGone } else { Heard::Came })
                }
                else => std::future::pending().await,
            };
            if let Some(heard) = heard {
                return heard;
            }
        }
    }
}

fn heard(signal: &Message) -> Option<Heard> {
    let header = signal.header();
    match header.member()?.as_str() {
        "ActionInvoked" => signal.body().deserialize::<(u32, &str)>().ok().map(|(id, _)| Heard::Clicked(id)),
        "NotificationClosed" => {
            signal.body().deserialize::<(u32, u32)>().ok().map(|(id, _)| Heard::Closed(id))
        }
        _ => None,
    }
}
