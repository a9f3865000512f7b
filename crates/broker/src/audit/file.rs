//! The files of the audit: `audit`, and what was `audit` before, each named by its first entry: `audit.1`, `audit.24031`.

use super::line::{Chain, Line, Link};
use std::borrow::Cow;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// How much is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// Bytes of a file after which another is begun.
    pub(super) file: u64,
    /// Older files that are kept.
    pub(super) files: usize,
}

impl Room {
    /// 128 MiB in all: about 400,000 entries.
    const USUAL: Self = Self { file: 8 << 20, files: 15 };

    /// What is usual. A test build takes `BYTES,FILES` from `MCP_VALET_TEST_AUDIT_ROOM` instead.
    pub(super) fn usual() -> Self {
        #[cfg(feature = "test-hooks")]
        if let Some((file, files)) = std::env::var("MCP_VALET_TEST_AUDIT_ROOM")
            .ok()
            .and_then(|room| room.split_once(',').map(|(file, files)| (file.parse(), files.parse())))
            .and_then(|(file, files)| file.ok().zip(files.ok()))
        {
            return Self { file, files };
        }
        Self::USUAL
    }
}

/// A file that is not written to any more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Old {
    /// Its first entry; 0 if it begins with lines from before the chain.
    pub(super) first: u64,
    pub(super) path: PathBuf,
}

/// What `audit` is called once another takes its place.
pub(super) fn old(path: &Path, first: u64) -> Old {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{first}"));
    Old { first, path: path.with_file_name(name) }
}

/// The older files, oldest first.
pub(super) fn list(path: &Path) -> io::Result<Vec<Old>> {
    let folder = path.parent().unwrap_or(path);
    let mut found = Vec::new();
    for file in fs::read_dir(folder)? {
        let name = file?.file_name();
        let number = name.to_str().zip(path.file_name().and_then(|name| name.to_str()));
        let number = number.and_then(|(name, own)| name.strip_prefix(own)?.strip_prefix('.'));
        // Only a number as it is written here; what a person called otherwise is theirs.
        let first =
            number.and_then(|text| text.parse::<u64>().ok().filter(|first| first.to_string() == text));
        found.extend(first.map(|first| old(path, first)));
    }
    found.sort();
    Ok(found)
}

/// Opens the file to write to, and says which it is.
pub(super) fn open(path: &Path) -> io::Result<(File, Identity)> {
    let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    Ok((file, Identity { device: meta.dev(), inode: meta.ino() }))
}

/// Which file it is, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    /// The size of the file at `path`, if it is this one still.
    pub(super) fn size(self, path: &Path) -> Option<u64> {
        let meta = fs::metadata(path).ok()?;
        (self == Self { device: meta.dev(), inode: meta.ino() }).then(|| meta.size())
    }
}

/// What the files say where the chain stands.
#[derive(Debug)]
pub(super) struct End {
    pub(super) last: Link,
    /// What the next line hangs on.
    pub(super) before: Chain,
    /// The first entry of the newest file; 0 if it begins with lines from before the chain.
    pub(super) first: u64,
    /// Bytes of a line that was never ended.
    pub(super) torn: bool,
}

/// Looks where the chain stands. Reads the newest file, and the one before it where the newest has no entry.
pub(super) fn end(path: &Path) -> io::Result<End> {
    let newest = end_of(&fs::read(path)?);
    if newest.last.seq == 0
        && let Some(old) = list(path)?.last()
    {
        let End { last, .. } = end_of(&fs::read(&old.path)?);
        return Ok(End { last, before: last.chain, first: last.seq + 1, torn: newest.torn });
    }
    Ok(newest)
}

/// The last entry of a file.
pub(super) fn last(path: &Path) -> io::Result<Link> {
    Ok(end_of(&fs::read(path)?).last)
}

fn end_of(text: &[u8]) -> End {
    let torn = !text.is_empty() && !text.ends_with(b"\n");
    // A torn line counts as if it were ended: it is about to be.
    let text = if torn { Cow::Owned([text, b"\n"].concat()) } else { Cow::Borrowed(text) };
    let first = lines(&text).next().map_or(1, |line| Line::parse(line).map_or(0, |line| line.link.seq));
    let mut loose = text.len();
    let mut last = Link::BEGIN;
    for line in lines(&text).rev() {
        if let Some(line) = Line::parse(line) {
            last = line.link;
            break;
        }
        loose -= line.len() + 1;
    }
    // Loose lines that are whole are nobody's that we know of: nothing is hung on them.
    let known = (last.seq == 0 || torn) && loose < text.len();
    let before = if known { last.chain.over(&text[loose..]) } else { last.chain };
    End { last, before, first, torn }
}

/// The lines, without their ends.
pub(super) fn lines(text: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> + Clone {
    text.split_inclusive(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\n").unwrap_or(line))
}

/// A file as far as it goes now.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) name: String,
    pub(super) first: u64,
    file: File,
    size: u64,
}

impl Page {
    pub(super) fn open(path: &Path, first: u64) -> io::Result<Self> {
        let file = File::open(path)?;
        let size = file.metadata()?.size();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name, first, file, size })
    }

    pub(super) fn read(&self) -> io::Result<Vec<u8>> {
        let mut text = Vec::with_capacity(usize::try_from(self.size).unwrap_or(0));
        (&self.file).take(self.size).read_to_end(&mut text)?;
        Ok(text)
    }
}
