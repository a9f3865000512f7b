//! The desktops' screen lockers, on the session bus. Each has a name and an interface of its own, and they
//! are the same.
//!
//! zbus passes on the signals of a name's owner alone; whoever else sends one, to everybody or to us, is not
//! heard.

use super::source::{Event, Following, SignalSource};
use futures_util::StreamExt;
use futures_util::future::join_all;
use tokio::sync::mpsc::Sender;
use zbus::names::BusName;
use zbus::proxy::{Builder, CacheProperties, MethodFlags};
use zbus::{Connection, Proxy};

/// Name and interface of each, and where it is.
const LOCKERS: [(&str, &str); 5] = [
    ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"),
    ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"),
    ("org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"),
    ("org.mate.ScreenSaver", "/org/mate/ScreenSaver"),
    ("org.xfce.ScreenSaver", "/org/xfce/ScreenSaver"),
];

/// The screen lockers of all desktops.
pub(super) struct ScreenSavers;

impl SignalSource for ScreenSavers {
    fn follow(self: Box<Self>, events: Sender<Event>) -> Following {
        Box::pin(async move {
            let bus = match Connection::session().await {
                Ok(bus) => bus,
                Err(error) => return tracing::info!(%error, "nobody tells of the screen here"),
            };
            let followed = LOCKERS.map(|(name, path)| follow(&bus, name, path, &events));
            for error in join_all(followed).await.into_iter().filter_map(Result::err) {
                tracing::info!(%error, "a screen locker is not followed");
            }
        })
    }
}

async fn follow(
    bus: &Connection,
    name: &'static str,
    path: &'static str,
    events: &Sender<Event>,
) -> zbus::Result<()> {
    let locker: Proxy<'_> = Builder::new(bus)
        .destination(BusName::try_from(name)?)?
        .path(path)?
        .interface(name)?
        .cache_properties(CacheProperties::No)
        .build()
        .await?;
    let mut changes = locker.receive_signal("ActiveChanged").await?;
    let mut owners = locker.receive_owner_changed().await?;
    let mut looked = false;
    loop {
        let active = tokio::select! {
            biased;
            Some(change) = changes.next() => change.body().deserialize::<bool>().ok(),
            // One that is new says nothing of a screen that was locked before it came; and that it has locked
            // none does not mean that the person is back.
            Some(owner) = owners.next() => match owner {
                Some(_) => is_active(&locker).await.filter(|active| *active),
                None => None,
            },
            () = std::future::ready(()), if !looked => {
                looked = true;
                is_active(&locker).await.filter(|active| *active)
            }
            else => return Ok(()),
        };
        let Some(active) = active else { continue };
        let event = if active { Event::ScreenLocked(name) } else { Event::ScreenUnlocked(name) };
        if events.send(event).await.is_err() {
            return Ok(());
        }
    }
}

/// Whether it has locked the screen now. One that does not run is not started for that.
async fn is_active(locker: &Proxy<'_>) -> Option<bool> {
    locker.call_with_flags("GetActive", MethodFlags::NoAutoStart.into(), &()).await.ok().flatten()
}
