//! systemd-logind, on the system bus: sleep, and the locking of the person's session.
//!
//! zbus passes on the signals of a name's owner alone; whoever else sends one, to everybody or to us, is not
//! heard.

use super::source::{Delay, Event, Following, SignalSource, Signaller};
use futures_util::StreamExt;
use tokio::sync::mpsc::Sender;
use words::say;
use zbus::Connection;
use zbus::proxy::PropertyStream;
use zbus::zvariant::{OwnedFd, OwnedObjectPath};

const NAME: Signaller = "org.freedesktop.login1";

#[zbus::proxy(
    interface = "org.freedesktop.login1.Manager",
    default_service = "org.freedesktop.login1",
    default_path = "/org/freedesktop/login1",
    gen_blocking = false
)]
trait Manager {
    fn inhibit(&self, what: &str, who: &str, why: &str, mode: &str) -> zbus::Result<OwnedFd>;

    fn get_session(&self, id: &str) -> zbus::Result<OwnedObjectPath>;

    #[zbus(signal)]
    fn prepare_for_sleep(&self, start: bool) -> zbus::Result<()>;

    #[zbus(signal)]
    fn session_new(&self, id: String, session: OwnedObjectPath) -> zbus::Result<()>;
}

#[zbus::proxy(
    interface = "org.freedesktop.login1.Session",
    default_service = "org.freedesktop.login1",
    gen_blocking = false
)]
trait Session {
    #[zbus(signal)]
    fn lock(&self) -> zbus::Result<()>;

    #[zbus(signal)]
    fn unlock(&self) -> zbus::Result<()>;

    #[zbus(property)]
    fn locked_hint(&self) -> zbus::Result<bool>;
}

/// The login manager.
pub(super) struct Logind;

impl SignalSource for Logind {
    fn follow(self: Box<Self>, events: Sender<Event>) -> Following {
        Box::pin(async move {
            if let Err(error) = follow(&events).await {
                tracing::info!(%error, "nobody tells of sleep here");
            }
        })
    }
}

async fn follow(events: &Sender<Event>) -> zbus::Result<()> {
    let bus = Connection::system().await?;
    let manager = ManagerProxy::new(&bus).await?;
    let mut sleeps = manager.receive_prepare_for_sleep().await?;
    let mut sessions = manager.receive_session_new().await?;
    let mut owners = manager.inner().receive_owner_changed().await?;
    let mut delay = delay(&manager).await;
    let mut own = Own::find(&bus, &manager).await;
    loop {
        let event = tokio::select! {
            Some(sleep) = sleeps.next() => match sleep.args().map(|sleep| *sleep.start()) {
                Ok(true) => Some(Event::Asleep(delay.take())),
                Ok(false) => {
                    delay = self::delay(&manager).await;
                    Some(Event::Awake)
                }
                Err(_) => None,
            },
            // Restarted, it has forgotten that it should wait for us.
            Some(owner) = owners.next() => {
                if owner.is_some() {
                    delay = self::delay(&manager).await;
                    own = Own::find(&bus, &manager).await;
                }
                None
            }
            // Most are somebody's else; ours is followed on.
            Some(_) = sessions.next() => {
                let found = Own::find(&bus, &manager).await;
                if found.as_ref().map(|found| &found.path) != own.as_ref().map(|own| &own.path) {
                    own = found;
                }
                tracing::debug!("a session began");
                None
            }
            event = Own::next(&mut own) => event,
            else => return Ok(()),
        };
        let Some(event) = event else { continue };
        if events.send(event).await.is_err() {
            return Ok(());
        }
    }
}

/// Sleep waits until this is dropped, or as long as the administrator lets it (`InhibitDelayMaxSec`, 5 s).
async fn delay(manager: &ManagerProxy<'_>) -> Option<Delay> {
    match manager.inhibit("sleep", "MCP Valet", &say!(lock_inhibits), "delay").await {
        Ok(delay) => Some(Delay(delay.into())),
        Err(error) => {
            tracing::debug!(%error, "sleep does not wait for MCP Valet");
            None
        }
    }
}

/// The person's own session.
struct Own {
    path: OwnedObjectPath,
    locks: LockStream,
    unlocks: UnlockStream,
    hints: PropertyStream<'static, bool>,
    /// Whether a hint came yet. The first is only how things are.
    hinted: bool,
}

impl Own {
    /// `auto` is the session of this process, or else the one that the person sees. A service may begin
    /// before there is one.
    async fn find(bus: &Connection, manager: &ManagerProxy<'_>) -> Option<Self> {
        let path = match manager.get_session("auto").await {
            Ok(path) => path,
            Err(_) => manager.get_session(&std::env::var("XDG_SESSION_ID").ok()?).await.ok()?,
        };
        let session = SessionProxy::builder(bus).path(path.clone()).ok()?.build().await.ok()?;
        let (locks, unlocks) = (session.receive_lock().await.ok()?, session.receive_unlock().await.ok()?);
        let hints = session.receive_locked_hint_changed().await;
        Some(Self { path, locks, unlocks, hints, hinted: false })
    }

    /// What it says next; waits for ever where there is no session.
    async fn next(own: &mut Option<Self>) -> Option<Event> {
        let Some(own) = own else { return std::future::pending().await };
        let locked = tokio::select! {
            Some(_) = own.locks.next() => true,
            Some(_) = own.unlocks.next() => false,
            Some(hint) = own.hints.next() => {
                let (locked, is_first) = (hint.get().await.ok()?, !std::mem::replace(&mut own.hinted, true));
                // A locker that sets no hint has it say "not locked" all the time: that unlocks nothing.
                if is_first && !locked {
                    return None;
                }
                locked
            }
            else => return std::future::pending().await,
        };
        Some(if locked { Event::ScreenLocked(NAME) } else { Event::ScreenUnlocked(NAME) })
    }
}
