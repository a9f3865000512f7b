//! Whose turn it is to have a valet started, and how often that was done in vain.

use rustix::fs::{FlockOperation, flock};
use rustix::time::{ClockId, clock_gettime};
use std::fs::{DirBuilder, File};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};
use wire::ClientError;

/// Longer than whoever has the turn keeps it: for asking the manager, waiting for the socket, and looking
/// whether it still comes.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(10);
/// Starts that are free: a crash is not yet a habit.
const FREE: u32 = 3;
/// The longest time between two starts.
const LONGEST: Duration = Duration::from_mins(5);
/// Bytes of the file that are read.
const MOST: u64 = 1 << 12;

/// The turn, as long as this is there: the file of the starts, locked.
pub(super) struct Turn {
    file: File,
    noted: bool,
}

impl Turn {
    /// Waits for it. Without a folder of the user's own, as the system makes it, nobody has it.
    pub(super) fn take(socket: &Path) -> io::Result<Self> {
        let path = wire::starts(socket);
        if let Some(folder) = path.parent() {
            let made = DirBuilder::new().mode(0o700).create(folder);
            made.or_else(|error| if folder.is_dir() { Ok(()) } else { Err(error) })?;
        }
        let begun = Instant::now();
        loop {
            let file = open(&path)?;
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                // The valet takes it away once it is well; who waited for that one takes the next.
                Ok(()) if is_there(&file, &path) => return Ok(Self { file, noted: false }),
                Ok(()) => {}
                Err(rustix::io::Errno::WOULDBLOCK) if begun.elapsed() < PATIENCE => sleep(PAUSE),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Whether it is time again.
    ///
    /// # Errors
    /// Too many have ended too soon.
    pub(super) fn may_start(&mut self) -> Result<(), ClientError> {
        let mut text = String::new();
        let _ = self.file.rewind();
        let _ = (&mut self.file).take(MOST).read_to_string(&mut text);
        match left(&text, now()) {
            Some(left) => Err(ClientError::Crashes(left)),
            None => Ok(()),
        }
    }

    /// Notes that one is started.
    pub(super) fn note(&mut self) {
        if !std::mem::replace(&mut self.noted, true) {
            let _ = writeln!(self.file, "{}", now());
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    let no_link = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
    File::options().create(true).read(true).append(true).mode(0o600).custom_flags(no_link).open(path)
}

fn is_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(ours), Ok(there)) = (file.metadata(), std::fs::symlink_metadata(path)) else { return false };
    (ours.dev(), ours.ino()) == (there.dev(), there.ino())
}

/// Seconds since the system was started, sleep included: nobody sets this clock.
fn now() -> u64 {
    u64::try_from(clock_gettime(ClockId::Boottime).tv_sec).unwrap_or_default()
}

/// How long until the next start, if not at once: twice as long after each one that was in vain. What says
/// that it was later than now, since it is from before the system was started, counts as now.
fn left(starts: &str, now: u64) -> Option<Duration> {
    let times: Vec<u64> = starts.lines().filter_map(|line| line.parse().ok()).collect();
    let last = times.last()?.min(&now);
    let vain = u32::try_from(times.len()).unwrap_or(u32::MAX).checked_sub(FREE)?;
    let pause = Duration::from_secs(2_u64.saturating_pow(vain + 1)).min(LONGEST);
    pause.checked_sub(Duration::from_secs(now - last)).filter(|left| !left.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_starts_are_free_and_then_each_waits_twice_as_long() {
        let seconds = |starts: &str, now| left(starts, now).map(|left| left.as_secs());
        assert_eq!(seconds("", 100), None);
        assert_eq!(seconds("100\n100\n", 100), None);
        assert_eq!(seconds("100\n100\n100\n", 100), Some(2));
        assert_eq!(seconds("100\n100\n100\n", 102), None);
        assert_eq!(seconds("1\n1\n1\n1\n100\n", 101), Some(7));
        assert_eq!(seconds(&"100\n".repeat(50), 100), Some(300));
        assert_eq!(seconds("9\n9\n900\n", 100), Some(2), "the system was started since");
        assert_eq!(seconds("no number\n", 100), None);
    }
}
