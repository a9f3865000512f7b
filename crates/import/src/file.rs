//! Reading a file that another program wrote: a plain file of bounded size, and nothing that could hold up or
//! be endless.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use words::say;

/// Bytes of a file. Claude Code keeps its history in the same file, which grows to tens of megabytes.
pub const LIMIT: u64 = 64 << 20;

/// Its text; nothing if there is no such file. Symbolic links are followed, since people keep such files
/// elsewhere; what is at their end must be a plain file. The error is a phrase for a person, such as "is not
/// a file".
pub(crate) fn read(path: &Path) -> Result<Option<String>, String> {
    let file = match open(path) {
        Ok(file) => file,
        Err(error) if absent(&error) => return Ok(None),
        Err(error) => return Err(say!(import_unreadable, error = error.kind().to_string())),
    };
    let about = file.metadata().ok().filter(Metadata::is_file);
    within_limit(about.ok_or_else(|| say!(import_no_file))?.len())?;
    let mut bytes = Vec::new();
    file.take(LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| say!(import_unreadable, error = error.kind().to_string()))?;
    within_limit(bytes.len() as u64)?;
    String::from_utf8(bytes).map(Some).map_err(|_| say!(import_no_text))
}

/// Whether a file of `size` bytes is looked at.
///
/// # Errors
/// It is too large; such a phrase.
pub fn within_limit(size: u64) -> Result<(), String> {
    let said = || say!(import_too_large, size = size.div_ceil(1 << 20), limit = LIMIT >> 20);
    (size <= LIMIT).then_some(()).ok_or_else(said)
}

/// A named pipe would hold up whoever opens it until somebody writes into it.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    const NONBLOCK: i32 = if cfg!(target_os = "macos") { 0x4 } else { 0o4000 };
    File::options().read(true).custom_flags(NONBLOCK).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

fn absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
