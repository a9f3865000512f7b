//! The file of the log, which never grows beyond a size, however long the valet runs.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// A log larger than this begins anew; the one before is kept beside it.
const LARGEST: u64 = 4 << 20;

/// The file.
#[derive(Debug)]
pub(super) struct Bounded {
    path: PathBuf,
    open: Mutex<Open>,
}

#[derive(Debug)]
struct Open {
    file: File,
    length: u64,
}

impl Bounded {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let open = Mutex::new(Open::at(path)?);
        Ok(Self { path: path.to_owned(), open })
    }
}

impl Open {
    fn at(path: &Path) -> io::Result<Self> {
        let file = File::options().create(true).append(true).mode(0o600).open(path)?;
        let length = file.metadata()?.len();
        Ok(Self { file, length })
    }

    /// A line that does not fit begins another file. Where there can be none, this one is emptied.
    fn write(&mut self, path: &Path, line: &[u8]) -> io::Result<usize> {
        if self.length > 0 && self.length.saturating_add(line.len() as u64) > LARGEST {
            let another = fs::rename(path, path.with_extension("old")).and_then(|()| Self::at(path));
            match another {
                Ok(another) => *self = another,
                Err(_) => self.file.set_len(0)?,
            }
            self.length = self.file.metadata()?.len();
        }
        let written = self.file.write(line)?;
        self.length = self.length.saturating_add(written as u64);
        Ok(written)
    }
}

/// A line is one write.
impl Write for &Bounded {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).write(&self.path, line)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_begins_anew_before_it_grows_too_large_and_the_one_before_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let log = Bounded::open(&path).unwrap();
        let line = [b'x'; 1 << 10];
        for _ in 0..3 * LARGEST / 1024 {
            (&log).write_all(&line).unwrap();
            assert!(fs::metadata(&path).unwrap().len() <= LARGEST);
        }
        assert_eq!(fs::metadata(path.with_extension("old")).unwrap().len(), LARGEST);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
