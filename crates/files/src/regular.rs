//! Plain files, and nothing else in their places: a named pipe would be waited for, a device never ends, and
//! opening one may already do something.

use rustix::fs::OFlags;
use std::fs::{File, FileType, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;
use words::say;

/// Why a file was not read.
#[derive(Debug)]
pub enum Unread {
    /// There is none.
    Absent,
    /// It is larger than may be.
    Large,
    /// It is something else, which is named.
    Other(String),
    /// The system said no.
    Refused(io::Error),
}

/// The text of a plain file of at most `limit` bytes. Links are followed.
pub fn read(path: &Path, limit: u64) -> Result<String, Unread> {
    // Before it is opened, since that may do something; and afterwards, since it may be another by then.
    plain(&std::fs::metadata(path)?)?;
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)?;
    read_from(file, limit)
}

/// Whether a file may be put at `path`: nothing but a plain file, or nothing, is ever replaced.
pub(crate) fn may_be_placed(path: &Path) -> io::Result<()> {
    match std::fs::metadata(path) {
        Ok(there) => plain(&there)
            .map_err(|_| io::Error::other(say!(file_in_its_place, what = name(there.file_type())))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn read_from(file: File, limit: u64) -> Result<String, Unread> {
    let about = file.metadata()?;
    plain(&about)?;
    if about.len() > limit {
        return Err(Unread::Large);
    }
    let mut text = String::with_capacity(usize::try_from(about.len()).unwrap_or_default());
    // It may have grown since.
    if file.take(limit + 1).read_to_string(&mut text)? as u64 > limit {
        return Err(Unread::Large);
    }
    Ok(text)
}

fn plain(about: &Metadata) -> Result<(), Unread> {
    if about.is_file() { Ok(()) } else { Err(Unread::Other(name(about.file_type()))) }
}

fn name(kind: FileType) -> String {
    match kind {
        kind if kind.is_dir() => say!(file_folder),
        kind if kind.is_fifo() => say!(file_pipe),
        kind if kind.is_socket() => say!(file_socket),
        kind if kind.is_char_device() || kind.is_block_device() => say!(file_device),
        _ => say!(file_something),
    }
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { Self::Absent } else { Self::Refused(error) }
    }
}
