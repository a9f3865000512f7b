//! Whether this desktop shows tray icons at all; stock GNOME does not.

use std::time::Duration;
use zbus::Connection;

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
}

/// Whether something on this desktop shows tray icons now.
pub(crate) async fn shows_icons() -> bool {
    let asked = tokio::time::timeout(PATIENCE, ask()).await;
    matches!(asked, Ok(Ok(true)))
}

async fn ask() -> zbus::Result<bool> {
    let bus = Connection::session().await?;
    StatusNotifierWatcherProxy::new(&bus).await?.is_status_notifier_host_registered().await
}
