//! The end of the audit: what the next entry hangs on, and the entries that are about to be written.

use super::anchor::Anchor;
use super::entry;
use super::export::Outlet;
use super::file::{self, FileId, Limits, OlderFile};
use super::line::{self, Chain, Link, Seal};
use super::names::Names;
use jiff::Timestamp;
use serde::Serialize;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use wire::{Act, Actor, AuditEntry};
use words::say;

pub(crate) struct Pen {
    pub(crate) file: File,
    pub(crate) identity: FileId,
    /// What happens to its name. Nothing where that is not told.
    names: Option<Names>,
    /// The first entry of the file.
    pub(crate) first: u64,
    /// The older files that the chain goes through, oldest first.
    pub(crate) kept: Vec<OlderFile>,
    pub(crate) last: Link,
    /// What the next line hangs on.
    pub(crate) before: Chain,
    pub(crate) torn: bool,
    pub(crate) seal: Option<Seal>,
    pub(crate) grounds: Grounds,
    /// The newest entry that was there when this run began.
    pub(crate) found: u64,
    /// The newest entry that was there, and is what the anchor in the vault says.
    pub(crate) vouched: u64,
    /// What the oldest file hangs on. `None` if nobody knows: nothing but the files themselves says where
    /// they begin.
    pub(crate) base: Option<Link>,
    /// The anchor that the vault took last in this run.
    pub(crate) anchored: Option<Anchor>,
    /// Entries that are about to be written, and how large the file is before them.
    waiting: Vec<u8>,
    size: u64,
    /// Where the chain stands in the file, and on what its next line hangs.
    written: (Link, Chain),
    batch: Arc<Batch>,
    /// Where copies go.
    pub(crate) outlet: Option<Outlet>,
}

/// As many bytes as room is kept for.
const MUCH: usize = 64 << 10;

/// Entries that are written together, and what came of that.
#[derive(Debug, Default)]
pub(crate) struct Batch(OnceLock<Result<(), (io::ErrorKind, String)>>);

impl Batch {
    pub(crate) fn is_over(&self) -> bool {
        self.0.get().is_some()
    }

    /// What came of it.
    pub(crate) fn outcome(&self) -> io::Result<()> {
        match self.0.get() {
            Some(Ok(())) => Ok(()),
            Some(Err((kind, why))) => Err(io::Error::new(*kind, why.clone())),
            None => Err(io::Error::other(say!(audit_not_written))),
        }
    }

    fn end(&self, outcome: &io::Result<()>) {
        let told = outcome.as_ref().map_err(|error| (error.kind(), error.to_string()));
        let _ = self.0.set(told.copied());
    }
}

/// Which file an entry came into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begun {
    /// The same as the one before.
    Same,
    /// A new one, whose first it is.
    Another,
}

/// How far it is known in this run what is to be believed of the entries that were there when it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grounds {
    /// There are only the files to go by.
    Alone,
    /// They were compared with what the vault knows.
    Compared,
    /// Those that nobody can vouch for were named as well, or the files are not what the vault says.
    Named,
}

impl Pen {
    /// Where the last run ended; a line that a crash tore is ended.
    pub(crate) fn open(path: &Path, now: Timestamp) -> io::Result<Self> {
        let names = Names::beside(path);
        let (file, identity) = file::open(path)?;
        let end = file::end(path)?;
        let complete = end.last.seq == 0 || end.kept.first().map_or(end.first, |kept| kept.old.first) <= 1;
        let mut pen = Self {
            file,
            identity,
            names,
            first: end.first,
            kept: end.kept,
            last: end.last,
            before: end.before,
            torn: end.torn,
            seal: None,
            grounds: Grounds::Alone,
            found: end.last.seq,
            vouched: 0,
            base: complete.then_some(Link::BEGIN),
            anchored: None,
            waiting: Vec::new(),
            size: 0,
            written: (end.last, end.before),
            batch: Arc::default(),
            outlet: None,
        };
        if pen.torn
            && let Err(error) = pen.end_torn(path, now)
        {
            tracing::warn!(%error, "a torn line of the audit could not be ended yet");
        }
        Ok(pen)
    }

    /// The first entry that is kept.
    pub(crate) fn oldest(&self) -> u64 {
        let oldest = || self.kept.first().map_or(self.first, |kept| kept.old.first);
        self.base.map_or_else(oldest, |base| base.seq + 1)
    }

    /// Older files that the anchor has left behind, and that are about to be removed.
    pub(crate) fn left_behind(&self) -> Vec<u64> {
        let Some(base) = self.base.filter(|base| *base != Link::BEGIN) else { return Vec::new() };
        let behind = self.kept.iter().filter(|kept| kept.last.seq <= base.seq);
        behind.map(|kept| kept.old.first).collect()
    }

    /// Writes one entry.
    pub(crate) fn write(&mut self, entry: &AuditEntry, path: &Path, room: Limits) -> io::Result<()> {
        self.put(entry, entry.at, path, room)?;
        self.flush()
    }

    /// Puts one entry behind those that are about to be written. Where the file is full by then, they are
    /// written, and it is the first of another.
    pub(crate) fn put(
        &mut self,
        entry: &impl Serialize,
        at: Timestamp,
        path: &Path,
        room: Limits,
    ) -> io::Result<Begun> {
        if self.waiting.is_empty() {
            self.size = self.take_up(path)?;
            if self.torn {
                self.end_torn(path, at)?;
                self.size = self.take_up(path)?;
            }
            self.written = (self.last, self.before);
        }
        let already = self.waiting.len();
        let formed = line::form_behind(&mut self.waiting, entry, self.last, self.before, self.seal.as_ref());
        let link = formed.inspect_err(|_| self.waiting.truncate(already))?;
        let (before, mut begun) = (self.size + already as u64, Begun::Same);
        if before > 0 && self.size + self.waiting.len() as u64 > room.file {
            let line = self.waiting.split_off(already);
            self.flush()?;
            if self.rotate(path) {
                (begun, self.size) = (Begun::Another, 0);
            }
            self.waiting = line;
        }
        (self.last, self.before) = (link, link.chain);
        Ok(begun)
    }

    /// The entries that are about to be written.
    pub(crate) fn batch(&self) -> Arc<Batch> {
        Arc::clone(&self.batch)
    }

    /// Writes what waits: all of it, or none.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let (mut lines, size) = (std::mem::take(&mut self.waiting), self.size);
        let end = (self.last, self.before);
        (self.last, self.before) = self.written;
        let outcome = self.append(&lines, size);
        if outcome.is_ok() {
            (self.last, self.before) = end;
            self.size += lines.len() as u64;
            if let Some(outlet) = &self.outlet {
                outlet.copy(&lines);
            }
        }
        self.written = (self.last, self.before);
        // Nobody else may know of it.
        if Arc::strong_count(&self.batch) > 1 {
            std::mem::take(&mut self.batch).end(&outcome);
        }
        if lines.len() <= MUCH {
            lines.clear();
            self.waiting = lines;
        }
        outcome
    }

    /// Ends a torn line, and accounts for it, in one write.
    fn end_torn(&mut self, path: &Path, now: Timestamp) -> io::Result<()> {
        let size = self.take_up(path)?;
        let (line, link) =
            line::form(&entry(now, Act::Torn, Actor::valet()), self.last, self.before, self.seal.as_ref())?;
        self.append(&[b"\n", line.as_slice()].concat(), size)?;
        (self.last, self.before, self.torn) = (link, link.chain, false);
        self.written = (link, link.chain);
        Ok(())
    }

    /// The size of the file. One that was taken away is begun anew: an entry that nobody finds is none.
    fn take_up(&mut self, path: &Path) -> io::Result<u64> {
        let is_there = self.names.as_mut().is_some_and(Names::are_as_before);
        if let Some(size) = is_there.then(|| file::size_of_named(&self.file)).flatten() {
            return Ok(size);
        }
        if let Some(size) = self.identity.size(path) {
            return Ok(size);
        }
        self.names = Names::beside(path);
        (self.file, self.identity) = file::open(path)?;
        (self.first, self.torn, self.before) = (self.last.seq + 1, false, self.last.chain);
        self.identity.size(path).ok_or_else(|| io::Error::other(say!(audit_taken_away)))
    }

    /// Begins another file. Where that does not work, this one goes on.
    fn rotate(&mut self, path: &Path) -> bool {
        let old = file::old(path, self.first);
        let begun = old.path.symlink_metadata().map_or(Ok(()), |_| Err(io::ErrorKind::AlreadyExists.into()));
        match begun.and_then(|()| std::fs::rename(path, &old.path)).and_then(|()| file::open(path)) {
            Ok((file, identity)) => {
                (self.file, self.identity, self.first) = (file, identity, self.last.seq + 1);
                let last = Link { chain: self.before, ..self.last };
                self.kept.push(OlderFile { old, last, told: false });
                true
            }
            Err(error) => {
                tracing::warn!(%error, "the audit could not begin another file");
                false
            }
        }
    }

    /// A full disk may take a part of it; that part is taken out again.
    fn append(&mut self, bytes: &[u8], size: u64) -> io::Result<()> {
        let written = self.file.write(bytes)?;
        if written == bytes.len() {
            return Ok(());
        }
        if self.file.set_len(size).is_err() {
            self.torn = true;
            self.before = self.before.over(&[&bytes[..written], b"\n"].concat());
        }
        Err(io::Error::other(say!(audit_disk_full)))
    }
}
