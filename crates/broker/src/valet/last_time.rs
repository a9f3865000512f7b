//! What servers said of themselves the last time, in a file for each: a client that begins while a server
//! cannot be asked is told that instead. It has to outlive the valet, and to be there while the vault is
//! locked.

use crate::valet::Valet;
use files::draft::Draft;
use files::paths::make_private;
use files::regular;
use serde_json::value::RawValue;
use state::held::Held;
use state::item::Grant;
use state::last_time::{Asked, Noted, Whose};
use state::meant::Meant;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use wire::LastTime;

/// The longest file, in bytes: the answers of a server, and some room for how they are written.
const LONGEST: u64 = 2 << 20;
/// Servers of which something is kept.
const MOST: usize = 200;

impl Valet {
    /// What a server said the last time, as whoever holds its grant now was told it.
    pub(crate) fn last_time(&self, meant: &Meant) -> LastTime {
        let _pen = self.last_times.lock();
        let account = {
            let book = self.book();
            let Ok(server) = book.meant(meant) else { return LastTime::default() };
            server.held.kept().and_then(|grant| grant.parts.account_mark())
        };
        let noted = read(&self.file_of(&meant.id)).unwrap_or_default();
        noted.of(account.as_deref()).unwrap_or_default()
    }

    /// Notes the `result` of a request that a server answered to them, if what it was shown for that
    /// still `stands`.
    pub(crate) fn note_last_time(
        &self,
        meant: &Meant,
        whose: Whose,
        stands: impl FnOnce(&Held) -> bool,
        asked: Asked,
        result: Box<RawValue>,
    ) {
        // Until this is dropped nothing is wiped: whoever takes a grant or a key away does so first, and
        // wipes then.
        let mut lists = self.last_times.lock();
        if !self.book().meant(meant).is_ok_and(|server| stands(&server.held)) {
            return;
        }
        let Some(said) = lists.hear((&meant.id, whose.account.as_deref()), asked, result) else { return };
        let file = self.file_of(&meant.id);
        // A later version may have written it, and knows better.
        let Some(before) = read(&file) else { return };
        let known = before.written().ok();
        let now = before.with(whose, said).written().ok();
        let Some(now) = now.filter(|now| known.as_ref() != Some(now)) else { return };
        if let Err(error) = write(&file, &now) {
            tracing::warn!(server = meant.name, %error, "what a server said of itself could not be written down");
        }
    }

    /// Forgets what a server said.
    pub(crate) fn forget_last_time(&self, id: &str) {
        let _pen = self.last_times.lock();
        remove(&self.file_of(id));
    }

    /// Forgets it if it may have been said to another account.
    pub(crate) fn forget_last_time_unless_of(&self, id: &str, whose: &Whose) {
        let _pen = self.last_times.lock();
        let file = self.file_of(id);
        if !read(&file).is_some_and(|noted| noted.may_be_of(whose)) {
            remove(&file);
        }
    }

    /// Whether what a server said was said to another account.
    pub(crate) fn last_time_was_of_another(&self, id: &str, grant: &Grant) -> bool {
        let _pen = self.last_times.lock();
        let account = grant.parts.account_mark();
        read(&self.file_of(id)).is_some_and(|noted| noted.is_of_another_than(account.as_deref()))
    }

    /// Forgets what all servers said.
    pub(crate) fn forget_all_last_times(&self) {
        let _pen = self.last_times.lock();
        files_in(&self.paths.last_time()).iter().for_each(|file| remove(file));
    }

    fn file_of(&self, id: &str) -> PathBuf {
        self.paths.last_time().join(id).with_extension("json")
    }
}

/// `None` where a later version wrote it.
fn read(file: &Path) -> Option<Noted> {
    Noted::parse(&regular::read(file, LONGEST).unwrap_or_default())
}

fn write(file: &Path, text: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(file);
    make_private(folder)?;
    if !file.exists() {
        make_room(folder);
    }
    Draft::of(file, text, 0o600)?.place()
}

/// Lets go of what was not written for longest.
fn make_room(folder: &Path) {
    let written = |file: &PathBuf| fs::symlink_metadata(file).and_then(|about| about.modified()).ok();
    let mut files = files_in(folder);
    files.sort_by_cached_key(written);
    let most = files.len().saturating_sub(MOST - 1);
    files.iter().take(most).for_each(|file| remove(file));
}

/// Clears away what writing left behind where it was cut short. Nobody else writes here while this runs.
pub(crate) fn sweep(folder: &Path) {
    let is_draft = |file: &&PathBuf| file.extension().is_none_or(|end| end != "json");
    files_in(folder).iter().filter(is_draft).for_each(|file| remove(file));
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect()
}

fn remove(file: &Path) {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::error!(file = %file.display(), %error, "what a server said of itself could not be wiped");
        }
        Ok(()) | Err(_) => {}
    }
}
