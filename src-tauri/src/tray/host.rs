//! Whether this desktop shows tray icons; stock GNOME does not, and a panel may start after us.

use futures_util::StreamExt;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout, timeout_at};
use zbus::Connection;
use zbus::proxy::CacheProperties;

const PATIENCE: Duration = Duration::from_secs(2);

#[zbus::proxy(
    interface = "org.kde.StatusNotifierWatcher",
    default_service = "org.kde.StatusNotifierWatcher",
    default_path = "/StatusNotifierWatcher",
    gen_blocking = false
)]
trait StatusNotifierWatcher {
    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> zbus::Result<bool>;

    #[zbus(signal)]
    fn status_notifier_host_registered(&self) -> zbus::Result<()>;
}

/// What is known of it, now and later.
#[derive(Debug, Clone)]
pub(crate) struct Host(watch::Receiver<bool>);

impl Host {
    /// Follows what the desktop says of it, from now on.
    pub(crate) fn follow() -> Self {
        let (told, shows) = watch::channel(false);
        tokio::spawn(async move {
            if let Err(error) = listen(&told).await {
                tracing::info!(%error, "nothing tells whether tray icons are shown");
            }
        });
        Self(shows)
    }

    /// Whether something shows tray icons now.
    pub(crate) fn shows_icons(&self) -> bool {
        *self.0.borrow()
    }

    /// Whether something shows tray icons before `deadline` has passed.
    pub(crate) async fn shows_icons_by(&mut self, deadline: Instant) -> bool {
        matches!(timeout_at(deadline, self.0.wait_for(|shows| *shows)).await, Ok(Ok(_)))
    }

    /// Waits until it is another answer than the last time. Never ends where nobody can tell.
    pub(crate) async fn changed(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending().await
        }
    }
}

async fn listen(told: &watch::Sender<bool>) -> zbus::Result<()> {
    let bus = Connection::session().await?;
    let watcher =
        StatusNotifierWatcherProxy::builder(&bus).cache_properties(CacheProperties::No).build().await?;
    let mut owners = watcher.inner().receive_owner_changed().await?;
    let mut hosts = watcher.receive_status_notifier_host_registered().await?;
    loop {
        let asked = timeout(PATIENCE, watcher.is_status_notifier_host_registered()).await;
        let shows = matches!(asked, Ok(Ok(true)));
        told.send_if_modified(|told| std::mem::replace(told, shows) != shows);
        tokio::select! {
            Some(_) = owners.next() => {}
            Some(_) = hosts.next() => {}
            else => return Ok(()),
        }
    }
}
