//! What this machine remembers of the fleet: the newest list of members that it believed, and how new each
//! item was that it saw. Whatever the engine shows later is held against that.

use super::members::List;
use super::trouble::FleetError;
use files::draft::Draft;
use files::regular::Unread;
use rustix::fs::{FlockOperation, flock};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Lines beyond which the marks are written anew.
const MANY: usize = 20_000;
/// Bytes of a file of these.
const LARGEST: u64 = 64 << 20;

/// How new an item was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) version: u64,
    pub(crate) print: String,
}

/// The files of a member, in a folder of their own.
pub(crate) struct Pins {
    folder: PathBuf,
    marks: Mutex<Marks>,
}

#[derive(Default)]
struct Marks {
    of: HashMap<String, Mark>,
    lines: usize,
}

impl Pins {
    /// Fails where what was seen cannot be read: without it, an older state could not be told.
    pub(crate) fn at(folder: &Path) -> Result<Self, FleetError> {
        let mut marks = Marks::default();
        let path = folder.join("marks");
        let text = match files::regular::read(&path, LARGEST) {
            Ok(text) => text,
            Err(Unread::Absent) => String::new(),
            Err(why) => {
                let why = match why {
                    Unread::Refused(error) => error.to_string(),
                    Unread::Absent | Unread::Large | Unread::Other(_) => words::say!(fleet_error_damaged),
                };
                return Err(FleetError::Setting(path.display().to_string(), why));
            }
        };
        for line in text.lines() {
            marks.lines += 1;
            let mut parts = line.split(' ');
            if let (Some(name), Some(version), Some(print)) = (parts.next(), parts.next(), parts.next())
                && let Ok(version) = version.parse()
                && is_whole(print)
            {
                marks.take(name, Mark { version, print: print.to_owned() });
            }
        }
        Ok(Self { folder: folder.to_owned(), marks: Mutex::new(marks) })
    }

    /// The newest list that was believed here.
    pub(crate) fn list(&self) -> Option<List> {
        let text = files::regular::read(&self.folder.join("members"), LARGEST).ok()?;
        List::pinned(text.into_bytes())
    }

    /// Pins a list. An older one never takes the place of a newer, whoever else writes here.
    pub(crate) fn pin(&self, list: &List) -> Result<(), FleetError> {
        let pinned = || -> io::Result<()> {
            files::paths::make_private(&self.folder)?;
            let _nobody_else = self.alone()?;
            if self.list().is_some_and(|there| there.generation() >= list.generation()) {
                return Ok(());
            }
            Draft::of(&self.folder.join("members"), &list.bytes, 0o600)?.place()
        };
        pinned().map_err(|error| FleetError::Setting(self.folder.display().to_string(), error.to_string()))
    }

    pub(crate) fn mark(&self, name: &str) -> Option<Mark> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner).of.get(name).cloned()
    }

    /// Forgets how new everything was.
    pub(crate) fn forget_marks(&self) {
        *self.marks.lock().unwrap_or_else(PoisonError::into_inner) = Marks::default();
        let _ = std::fs::remove_file(self.folder.join("marks"));
    }

    /// Notes that an item was seen. True if it is news.
    pub(crate) fn note(&self, name: &str, mark: Mark) -> bool {
        let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        if !marks.take(name, mark.clone()) {
            return false;
        }
        if let Err(error) = self.write(&mut marks, name, &mark) {
            tracing::warn!(%error, "how new an item of the shared vault is could not be written down");
        }
        true
    }

    fn write(&self, marks: &mut Marks, name: &str, mark: &Mark) -> io::Result<()> {
        let path = self.folder.join("marks");
        let _nobody_else = self.alone()?;
        marks.lines += 1;
        if marks.lines > MANY + 2 * marks.of.len() {
            let all: String = marks.of.iter().map(|(name, mark)| line(name, mark)).collect();
            marks.lines = marks.of.len();
            return Draft::of(&path, all.as_bytes(), 0o600)?.place();
        }
        let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
        file.write_all(line(name, mark).as_bytes())
    }

    /// The commands of the fleet write here as well, while the valet runs.
    fn alone(&self) -> io::Result<File> {
        let lock = OpenOptions::new().create(true).append(true).mode(0o600).open(self.folder.join("lock"))?;
        flock(&lock, FlockOperation::LockExclusive)?;
        Ok(lock)
    }
}

impl Marks {
    /// Takes what is newer. False if it is known.
    fn take(&mut self, name: &str, mark: Mark) -> bool {
        if self.of.get(name).is_some_and(|known| known.version >= mark.version) {
            return false;
        }
        self.of.insert(name.to_owned(), mark);
        true
    }
}

/// Begins a line of its own, also behind one that was cut short.
fn line(name: &str, mark: &Mark) -> String {
    format!("\n{name} {} {}", mark.version, mark.print)
}

/// Whether a print was not cut short.
fn is_whole(print: &str) -> bool {
    print.len() == 64 && print.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_remembered_and_never_grows_older() {
        let home = tempfile::tempdir().unwrap();
        let pins = Pins::at(home.path()).unwrap();
        let mark = |version| Mark { version, print: format!("{version:064x}") };
        assert!(pins.note("grant/a", mark(2)));
        assert!(!pins.note("grant/a", mark(1)));
        assert!(pins.note("grant/a", mark(3)));
        let again = Pins::at(home.path()).unwrap();
        assert_eq!(again.mark("grant/a"), Some(mark(3)));
        assert_eq!(again.mark("grant/b"), None);
    }

    #[test]
    fn a_line_that_was_cut_short_costs_no_other() {
        let home = tempfile::tempdir().unwrap();
        let mark = |version| Mark { version, print: format!("{version:064x}") };
        assert!(Pins::at(home.path()).unwrap().note("grant/a", mark(2)));
        let file = home.path().join("marks");
        let mut text = std::fs::read_to_string(&file).unwrap();
        text.push_str("\ngrant/a 3 00000000");
        std::fs::write(&file, text).unwrap();
        let pins = Pins::at(home.path()).unwrap();
        assert_eq!(pins.mark("grant/a"), Some(mark(2)));
        assert!(pins.note("grant/b", mark(4)));
        assert_eq!(Pins::at(home.path()).unwrap().mark("grant/b"), Some(mark(4)));
        // What cannot be read is not taken for nothing.
        std::fs::remove_file(&file).unwrap();
        std::fs::create_dir(&file).unwrap();
        assert!(Pins::at(home.path()).is_err());
    }
}
