//! Reading what others may have written: never more than so much, and never waiting for it.

use rustix::fs::{Mode, OFlags, open};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The first `most` bytes of a file. One that is no plain file is an error, and so is a symbolic link at its
/// end.
pub(super) fn bounded(path: impl AsRef<Path>, most: usize) -> io::Result<Vec<u8>> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY;
    let file = File::from(open(path.as_ref(), flags, Mode::empty())?);
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is no plain file"));
    }
    read(file, most)
}

/// The first `most` bytes of a file that may be behind symbolic links.
pub(super) fn followed(path: &Path, most: usize) -> io::Result<Vec<u8>> {
    bounded(fs::canonicalize(path)?, most)
}

fn read(file: File, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(most.min(4 << 10));
    file.take(most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Where a symbolic link leads.
pub(super) fn link(path: &str) -> io::Result<PathBuf> {
    fs::read_link(path)
}
