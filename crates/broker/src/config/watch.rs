//! Notices when the person edits the file.

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Notify;

/// Watches the folder of one file: editors replace files rather than write into them.
pub(crate) struct Watch {
    _watcher: RecommendedWatcher,
    changed: Arc<Notify>,
}

impl Watch {
    pub(crate) fn new(path: &Path) -> notify::Result<Self> {
        let changed = Arc::new(Notify::new());
        let (name, notice) = (path.file_name().map(ToOwned::to_owned), Arc::clone(&changed));
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            let ours = |event: &Event| {
                !event.kind.is_access() && event.paths.iter().any(|p| p.file_name() == name.as_deref())
            };
            if event.as_ref().map_or(true, ours) {
                notice.notify_one();
            }
        })?;
        let folder = path.parent().unwrap_or_else(|| Path::new("."));
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
        Ok(Self { _watcher: watcher, changed })
    }

    /// Waits for the next change. Several at once count as one.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }
}
