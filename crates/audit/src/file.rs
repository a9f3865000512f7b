//! The files of the audit: `audit`, and what was `audit` before, each named by its first entry: `audit.1`,
//! `audit.24031`.

use super::line::{Chain, Line, Link};
use ground::stored_form;
use rustix::fs::{OFlags, fstat};
use std::borrow::Cow;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use words::say;

/// The newest form of a line. What says no form is of the first.
const FORM: u64 = 1;

/// How much is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Bytes of a file after which another is begun.
    pub(super) file: u64,
    /// Older files that are kept.
    pub(super) files: usize,
}

impl Limits {
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

/// What is called like an older file, oldest first.
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

/// Whether a later version wrote the newest line, in a form that is not known here: such a line says so with
/// a number.
pub fn is_newer(path: &Path) -> bool {
    let edges = Segment::open(path, 0).and_then(|page| page.edges());
    let end = edges.map(|edges| edges.end).unwrap_or_default();
    let newest = lines(&end).next_back().unwrap_or_default();
    stored_form::is_newer(newest, FORM)
}

/// Opens the file to write to, and says which it is.
pub(super) fn open(path: &Path) -> io::Result<(File, FileId)> {
    let file =
        OpenOptions::new().append(true).create(true).mode(0o600).custom_flags(flags(NOBODY)).open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Err(io::Error::other(say!(audit_no_file)));
    }
    Ok((file, FileId { device: meta.dev(), inode: meta.ino() }))
}

/// Whoever puts a pipe there makes nobody wait for it.
const NOBODY: OFlags = OFlags::NONBLOCK.union(OFlags::NOCTTY);

#[expect(clippy::cast_possible_wrap, reason = "a few bits, which the kernel takes as a signed number")]
const fn flags(flags: OFlags) -> i32 {
    flags.bits() as i32
}

/// Which file it is, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    /// The size of the file at `path`, if it is this one still.
    pub(super) fn size(self, path: &Path) -> Option<u64> {
        let meta = fs::metadata(path).ok()?;
        (self == Self { device: meta.dev(), inode: meta.ino() }).then(|| meta.size())
    }
}

/// The size of a file, as long as it has a name.
pub(super) fn size_of_named(file: &File) -> Option<u64> {
    let stat = fstat(file).ok().filter(|stat| stat.st_nlink > 0)?;
    u64::try_from(stat.st_size).ok()
}

/// An older file that the chain goes through.
#[derive(Debug, Clone)]
pub struct OlderFile {
    pub(super) old: Old,
    /// Its last entry. Where it has none but lines from before the chain, what the first entry hangs on.
    pub(super) last: Link,
    /// Whether this run has told at the end of the chain what it tells.
    pub(super) told: bool,
}

/// What the files say where the chain stands.
#[derive(Debug)]
pub(super) struct ChainEnd {
    pub(super) last: Link,
    /// What the next line hangs on.
    pub(super) before: Chain,
    /// The first entry of the newest file; 0 if it begins with lines from before the chain.
    pub(super) first: u64,
    /// Bytes of a line that was never ended.
    pub(super) torn: bool,
    /// The files that lead there, oldest first. What is only called like one is none.
    pub(super) kept: Vec<OlderFile>,
}

/// Looks where the chain stands: in the newest file, or in the newest older one that has entries where the
/// newest has none.
pub(super) fn end(path: &Path) -> io::Result<ChainEnd> {
    let edges = Segment::open(path, 0)?.edges()?;
    let mut head = Head::of(&edges.begin);
    let mut kept = Vec::new();
    for old in list(path)?.into_iter().rev() {
        let Some((begin, last)) = ends(&old).ok().flatten() else { continue };
        if head.as_ref().is_some_and(|head| !head.hangs_on(last)) {
            continue;
        }
        kept.push(OlderFile { old, last, told: false });
        head = begin;
        if head.is_none() {
            break;
        }
    }
    kept.reverse();
    let after = kept.last().map_or(Link::BEGIN, |kept| kept.last);
    Ok(ChainEnd { kept, ..end_of(&edges, after) })
}

fn end_of(Edges { begin, end }: &Edges, after: Link) -> ChainEnd {
    let torn = !end.is_empty() && !end.ends_with(b"\n");
    // A torn line counts as if it were ended: it is about to be.
    let text = if torn { Cow::Owned([end, &b"\n"[..]].concat()) } else { Cow::Borrowed(end) };
    let begins_loose = lines(begin).next().is_some_and(|line| Line::parse(line).is_none());
    let first = lines(begin).find_map(Line::parse).map_or(after.seq + 1, |line| line.link.seq);
    let mut loose = text.len();
    let mut last = after;
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
    if last.seq == 0 {
        last = Link::BEGIN;
    }
    ChainEnd {
        last,
        before,
        first: if begins_loose && first == 1 { 0 } else { first },
        torn,
        kept: Vec::new(),
    }
}

/// The first entry of a file, and what stands before it.
#[derive(Debug)]
struct Head {
    loose: Vec<u8>,
    line: Vec<u8>,
}

impl Head {
    fn of(text: &[u8]) -> Option<Self> {
        let mut loose = 0;
        for line in lines(text) {
            if Line::parse(line).is_some() {
                return Some(Self { loose: text[..loose].to_vec(), line: line.to_vec() });
            }
            loose += line.len() + 1;
        }
        None
    }

    fn seq(&self) -> Option<u64> {
        Line::parse(&self.line).map(|line| line.link.seq)
    }

    fn hangs_on(&self, last: Link) -> bool {
        let before = if self.loose.is_empty() { last.chain } else { last.chain.over(&self.loose) };
        Line::parse(&self.line).is_some_and(|line| line.link.seq == last.seq + 1 && line.follows(before))
    }
}

/// As much of an end of a file as nearly always holds a line.
const EDGE: u64 = 1 << 16;

/// What of a file says where the chain stands: its first lines and its last, each with an entry, or all of it
/// where that is not enough.
#[derive(Debug, Default)]
struct Edges {
    begin: Vec<u8>,
    end: Vec<u8>,
}

/// The first entry of an older file, and the last. `None` if it is none of the chain's, whatever it is
/// called.
fn ends(old: &Old) -> io::Result<Option<(Option<Head>, Link)>> {
    let Edges { begin, end } = Segment::old(old)?.edges()?;
    let (head, last) = (Head::of(&begin), lines(&end).rev().find_map(Line::parse).map(|line| line.link));
    let before_the_chain = || {
        let has_such = old.first == 0 && !begin.is_empty();
        has_such.then(|| Link { chain: Link::BEGIN.chain.over(&begin), ..Link::BEGIN })
    };
    let first = head.as_ref().and_then(Head::seq).unwrap_or(0);
    let named = first == old.first || (first == 1 && old.first == 0);
    Ok(last.or_else(before_the_chain).filter(|_| named).map(|last| (head, last)))
}

/// The lines, without their ends.
pub(super) fn lines(text: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> + Clone {
    text.split_inclusive(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\n").unwrap_or(line))
}

/// A file as far as it goes now.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) name: String,
    pub(super) first: u64,
    /// Whether it is not written to any more.
    pub(super) old: bool,
    /// `None` where something that is no file bears its name.
    file: Option<File>,
    size: u64,
}

impl Segment {
    /// The file that is written to.
    pub(super) fn open(path: &Path, first: u64) -> io::Result<Self> {
        Self::open_with(path, first, false)
    }

    /// An older file.
    pub(super) fn old(old: &Old) -> io::Result<Self> {
        Self::open_with(&old.path, old.first, true)
    }

    fn open_with(path: &Path, first: u64, old: bool) -> io::Result<Self> {
        let how = if old { NOBODY | OFlags::NOFOLLOW } else { NOBODY };
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let file = match OpenOptions::new().read(true).custom_flags(flags(how)).open(path) {
            Ok(file) => Some(file),
            // A link, or a socket.
            Err(_) if old && path.symlink_metadata().is_ok_and(|meta| !meta.is_file()) => None,
            Err(error) => return Err(error),
        };
        let meta = file.as_ref().map(File::metadata).transpose()?.filter(fs::Metadata::is_file);
        let size = meta.as_ref().map_or(0, MetadataExt::size);
        Ok(Self { name, first, old, file: file.filter(|_| meta.is_some()), size })
    }

    /// All of it; nothing where it is no file.
    pub(super) fn read(&self) -> io::Result<Vec<u8>> {
        let mut text = Vec::with_capacity(usize::try_from(self.size).unwrap_or(0));
        if let Some(file) = &self.file {
            file.take(self.size).read_to_end(&mut text)?;
        }
        Ok(text)
    }

    fn edges(&self) -> io::Result<Edges> {
        let edges = Edges { begin: self.part(0)?, end: self.part(self.size.saturating_sub(EDGE))? };
        let has_entry = |text: &[u8]| lines(text).any(|line| Line::parse(line).is_some());
        if has_entry(&edges.begin) && has_entry(&edges.end) {
            return Ok(edges);
        }
        let text = self.read()?;
        Ok(Edges { begin: text.clone(), end: text })
    }

    /// A few of its lines from here, without those that are not whole.
    fn part(&self, from: u64) -> io::Result<Vec<u8>> {
        let Some(file) = &self.file else { return Ok(Vec::new()) };
        let mut text = vec![0; usize::try_from(EDGE.min(self.size - from)).unwrap_or(0)];
        file.read_exact_at(&mut text, from)?;
        if from > 0 {
            let whole = text.iter().position(|byte| *byte == b'\n').map_or(text.len(), |end| end + 1);
            text.drain(..whole);
        }
        Ok(text)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;
    use crate::entry;
    use crate::line::form;
    use jiff::Timestamp;
    use wire::{Act, Actor};

    /// As many lines as this, and the link after the last.
    fn lines_of(bytes: u64) -> (Vec<u8>, Link) {
        let entry = entry(Timestamp::UNIX_EPOCH, Act::HandOut, Actor::program("curl", "/usr/bin/curl"));
        let (mut text, mut last) = (Vec::new(), Link::BEGIN);
        while (text.len() as u64) < bytes {
            let (line, link) = form(&entry, last, last.chain, None).unwrap();
            text.extend(line);
            last = link;
        }
        (text, last)
    }

    fn end_after(text: &[u8]) -> ChainEnd {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit");
        fs::write(&path, text).unwrap();
        end(&path).unwrap()
    }

    #[test]
    fn the_chain_stands_where_it_does_however_long_the_file_is() {
        for bytes in [1, EDGE - 1, EDGE + 1, 3 * EDGE] {
            let (mut text, last) = lines_of(bytes);
            let found = end_after(&text);
            assert_eq!((found.last, found.before, found.first, found.torn), (last, last.chain, 1, false));
            text.extend(b"{\"at\":");
            let found = end_after(&text);
            assert_eq!((found.last, found.torn), (last, true));
            assert_eq!(found.before, last.chain.over(b"{\"at\":\n"));
        }
    }

    #[test]
    fn a_line_that_is_longer_than_an_edge_hides_no_entry() {
        let (mut text, last) = lines_of(1);
        text.extend(vec![b'x'; 2 * EDGE as usize]);
        assert_eq!(end_after(&text).last, last);
    }
}
