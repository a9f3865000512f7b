//! Notices when the person edits the file.

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::Notify;

/// Watches the folder of one file: editors replace files rather than write into them.
pub struct Watch {
    _watcher: RecommendedWatcher,
    changed: Arc<Notify>,
}

impl Watch {
    /// Begins to watch the file at `path`, whether it is there or not.
    ///
    /// # Errors
    /// The system watches no more, or the folder is not there.
    pub fn new(path: &Path) -> notify::Result<Self> {
        let changed = Arc::new(Notify::new());
        let notice = Arc::clone(&changed);
        // A file that is a link changes where it leads to.
        let mut places = vec![path.to_owned()];
        places.extend(std::fs::canonicalize(path).ok().filter(|target| target != path));
        let names: Vec<_> =
            places.iter().filter_map(|place| place.file_name().map(ToOwned::to_owned)).collect();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            let named =
                |path: &PathBuf| path.file_name().is_some_and(|name| names.iter().any(|ours| ours == name));
            let ours = |event: &Event| !event.kind.is_access() && event.paths.iter().any(named);
            if event.as_ref().map_or(true, ours) {
                notice.notify_one();
            }
        })?;
        for place in &places {
            watcher.watch(place.parent().unwrap_or_else(|| Path::new(".")), RecursiveMode::NonRecursive)?;
        }
        Ok(Self { _watcher: watcher, changed })
    }

    /// Waits for the next change. Several at once count as one.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }
}
