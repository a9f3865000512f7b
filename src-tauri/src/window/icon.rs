//! The picture of an application's icon, as an address that a page can show.
//!
//! Nothing here decodes a picture: what a program says is its icon is no matter for a process that has the
//! person's authority. The page's own process does that.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gtk::prelude::IconThemeExt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use tauri::AppHandle;
use tokio::sync::oneshot;

/// Pixels of the side that is looked for.
const SIDE: i32 = 64;
const LARGEST: u64 = 256 << 10;

/// The picture of `name`, which is a name in the desktop's theme or the path of a file. Nothing where there
/// is none.
#[tauri::command]
pub(crate) async fn icon(app: AppHandle, name: String) -> Option<String> {
    let path =
        if Path::new(&name).is_absolute() { PathBuf::from(name) } else { in_theme(&app, name).await? };
    tokio::task::spawn_blocking(move || address(&path)).await.ok()?
}

/// Themes are GTK's, and GTK has one thread.
async fn in_theme(app: &AppHandle, name: String) -> Option<PathBuf> {
    let (done, found) = oneshot::channel();
    let look = move || {
        let theme = gtk::IconTheme::default();
        let icon = theme.and_then(|theme| theme.lookup_icon(&name, SIDE, gtk::IconLookupFlags::empty()));
        let _ = done.send(icon.and_then(|icon| icon.filename()));
    };
    app.run_on_main_thread(look).ok()?;
    found.await.ok()?
}

fn address(path: &Path) -> Option<String> {
    let kind = match path.extension()?.to_str()? {
        "png" => "image/png",
        "svg" => "image/svg+xml",
        _ => return None,
    };
    if !path.metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(LARGEST + 1).read_to_end(&mut bytes).ok()?;
    let fits = u64::try_from(bytes.len()).is_ok_and(|length| length <= LARGEST);
    fits.then(|| format!("data:{kind};base64,{}", STANDARD.encode(&bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_of_a_bounded_size_are_shown() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, size| {
            let path = folder.path().join(name);
            std::fs::write(&path, vec![b'x'; size]).unwrap();
            path
        };
        assert_eq!(address(&file("a.png", 3)).unwrap(), "data:image/png;base64,eHh4");
        assert!(address(&file("a.txt", 3)).is_none() && address(folder.path()).is_none());
        assert!(address(&file("b.svg", 300 << 10)).is_none());
    }
}
