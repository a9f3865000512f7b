//! Whether the file of the audit is where it was. The system tells what happens to a name before whoever did
//! it goes on (inotify(7)), so that the path is not walked anew for each entry.

use rustix::fs::inotify::{CreateFlags, WatchFlags, add_watch, init};
use rustix::io::{Errno, read};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long the path is trusted: nobody tells that a folder further up has another name.
const TRUSTED: Duration = Duration::from_secs(1);
/// Room for what is told at a time, in bytes.
const TOLD: usize = 1 << 10;

/// The names in the folder of a file.
#[derive(Debug)]
pub(super) struct Names {
    told: OwnedFd,
    looked: Instant,
}

impl Names {
    /// Nothing where the system tells nobody else.
    pub(super) fn beside(path: &Path) -> Option<Self> {
        let told = init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).ok()?;
        let of = WatchFlags::MOVE | WatchFlags::DELETE | WatchFlags::MOVE_SELF | WatchFlags::DELETE_SELF;
        add_watch(&told, path.parent()?, of | WatchFlags::ONLYDIR).ok()?;
        Some(Self { told, looked: Instant::now() })
    }

    /// Whether all of them are as they were when this was asked last. If not, the path has to be looked at.
    pub(super) fn are_as_before(&mut self) -> bool {
        let nothing = read(&self.told, &mut [0_u8; TOLD]) == Err(Errno::AGAIN);
        let now = Instant::now();
        if nothing && now - self.looked < TRUSTED {
            return true;
        }
        self.looked = now;
        false
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn whatever_happens_to_a_name_is_told_once_and_what_is_written_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let (file, other) = (inner.join("audit"), inner.join("other"));
        fs::write(&file, "one").unwrap();
        let mut names = Names::beside(&file).unwrap();
        fs::write(&file, "two").unwrap();
        assert!(names.are_as_before());
        let deeds: [&dyn Fn(); 5] = [
            &|| fs::rename(&file, &other).unwrap(),
            &|| fs::rename(&other, &file).unwrap(),
            &|| fs::remove_file(&file).unwrap(),
            &|| fs::rename(&inner, folder.path().join("away")).unwrap(),
            &|| fs::remove_dir(folder.path().join("away")).unwrap(),
        ];
        for (at, deed) in deeds.iter().enumerate() {
            deed();
            assert!(!names.are_as_before(), "{at}");
        }
    }

    #[test]
    fn the_path_is_not_trusted_for_long() {
        let folder = tempfile::tempdir().unwrap();
        let mut names = Names::beside(&folder.path().join("audit")).unwrap();
        names.looked -= TRUSTED;
        assert!(!names.are_as_before() && names.are_as_before());
    }
}
