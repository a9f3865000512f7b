//! The audit: one line for each thing done, written before it takes effect. What a line is made of, and how
//! one hangs on the other, is told in [`mod@line`]; what makes that proof against whoever can write files, in
//! [`anchor`].

pub mod anchor;
pub mod file;
pub mod line;
mod list;
mod mark;
mod refusal;
mod verify;

pub use file::is_newer;
pub use list::{Activity, Ask, Chart, Row};
pub use mark::{is_of, mark};
pub use refusal::Refusals;

use anchor::Anchor;
use file::{Identity, Kept, Page, Room};
use jiff::Timestamp;
use line::{Chain, Link, Seal};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use wire::{Act, Actor, AuditEntry};

/// Proof that an entry was written. A hand-out cannot be made without one.
#[derive(Debug)]
pub struct Receipt(());

/// The audit. Each entry is one `write(2)` to a file open for appending, so that it is whole and in the
/// kernel's hands when the call returns: it survives the end of this process, though not a power cut.
pub struct Audit {
    path: PathBuf,
    room: Room,
    /// Held for one entry: its number, its place in the chain and its place in the file are one.
    pen: Mutex<Pen>,
    /// Wakes whoever keeps the anchor at the first entry that the anchor does not cover.
    due: Notify,
    /// Wakes them when that should not wait for others.
    urgent: Notify,
    anchoring: tokio::sync::Mutex<()>,
    /// Reading all of it takes a while: one at a time.
    pub reading: tokio::sync::Mutex<()>,
    /// The same for agents, so that no flood of theirs keeps the person waiting.
    pub reading_for_agents: tokio::sync::Mutex<()>,
    /// Going through all of it takes a while as well.
    pub verifying: tokio::sync::Mutex<()>,
}

struct Pen {
    file: File,
    identity: Identity,
    /// The first entry of the file.
    first: u64,
    /// The older files that the chain goes through, oldest first.
    kept: Vec<Kept>,
    last: Link,
    /// What the next line hangs on.
    before: Chain,
    torn: bool,
    seal: Option<Seal>,
    grounds: Grounds,
    /// The newest entry that was there when this run began.
    found: u64,
    /// The newest entry that was there, and is what the anchor in the vault says.
    vouched: u64,
    /// What the oldest file hangs on. `None` if nobody knows: nothing but the files themselves says where
    /// they begin.
    base: Option<Link>,
    /// The anchor that the vault took last in this run.
    anchored: Option<Anchor>,
}

/// How far it is known in this run what is to be believed of the entries that were there when it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grounds {
    /// There are only the files to go by.
    Alone,
    /// They were compared with what the vault knows.
    Compared,
    /// Those that nobody can vouch for were named as well, or the files are not what the vault says.
    Named,
}

impl Audit {
    /// Opens it where the last run ended, and ends a line that a crash tore.
    pub fn open(path: &Path, now: Timestamp) -> io::Result<Self> {
        let (file, identity) = file::open(path)?;
        let end = file::end(path)?;
        let complete = end.last.seq == 0 || end.kept.first().map_or(end.first, |kept| kept.old.first) <= 1;
        let mut pen = Pen {
            file,
            identity,
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
        };
        if pen.torn
            && let Err(error) = pen.end_torn(path, now)
        {
            tracing::warn!(%error, "a torn line of the audit could not be ended yet");
        }
        Ok(Self {
            path: path.to_owned(),
            room: Room::usual(),
            pen: Mutex::new(pen),
            due: Notify::new(),
            urgent: Notify::new(),
            anchoring: tokio::sync::Mutex::default(),
            reading: tokio::sync::Mutex::default(),
            reading_for_agents: tokio::sync::Mutex::default(),
            verifying: tokio::sync::Mutex::default(),
        })
    }

    /// Writes one entry.
    pub fn write(&self, entry: &AuditEntry) -> io::Result<Receipt> {
        let mut pen = self.pen();
        let rotated = pen.write(entry, &self.path, self.room)?;
        if rotated {
            self.urgent.notify_one();
        }
        self.due.notify_one();
        Ok(Receipt(()))
    }

    /// The number of the newest entry.
    pub fn newest(&self) -> u64 {
        self.pen().last.seq
    }

    /// Wipes the key from memory. What is written until it is read again is sealed by the first entry after
    /// that.
    pub fn forget_key(&self) {
        self.pen().seal = None;
    }

    fn pen(&self) -> MutexGuard<'_, Pen> {
        self.pen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All files, oldest first, as far as they go now.
    fn pages(&self, pen: &Pen) -> io::Result<Vec<Page>> {
        let old = file::list(&self.path)?;
        let mut pages = old.iter().map(Page::old).collect::<io::Result<Vec<_>>>()?;
        match Page::open(&self.path, pen.first) {
            Ok(page) => pages.push(page),
            // Somebody took it away; what is missing then is found by its numbers.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        Ok(pages)
    }
}

impl Pen {
    /// The first entry that is kept.
    fn oldest(&self) -> u64 {
        let oldest = || self.kept.first().map_or(self.first, |kept| kept.old.first);
        self.base.map_or_else(oldest, |base| base.seq + 1)
    }

    /// Older files that the anchor has left behind, and that are about to be removed.
    fn left_behind(&self) -> Vec<u64> {
        let Some(base) = self.base.filter(|base| *base != Link::BEGIN) else { return Vec::new() };
        let behind = self.kept.iter().filter(|kept| kept.last.seq <= base.seq);
        behind.map(|kept| kept.old.first).collect()
    }

    /// Writes one entry, and says whether it is the first of a new file.
    fn write(&mut self, entry: &AuditEntry, path: &Path, room: Room) -> io::Result<bool> {
        self.take_up(path)?;
        if self.torn {
            self.end_torn(path, entry.at)?;
        }
        let size = self.take_up(path)?;
        let (line, link) = line::form(entry, self.last, self.before, self.seal.as_ref())?;
        let rotated = size > 0 && size + line.len() as u64 > room.file && self.rotate(path);
        self.append(&line, if rotated { 0 } else { size })?;
        (self.last, self.before) = (link, link.chain);
        Ok(rotated)
    }

    /// Ends a torn line, and accounts for it, in one write.
    fn end_torn(&mut self, path: &Path, now: Timestamp) -> io::Result<()> {
        let size = self.take_up(path)?;
        let (line, link) =
            line::form(&entry(now, Act::Torn, Actor::valet()), self.last, self.before, self.seal.as_ref())?;
        self.append(&[b"\n", line.as_slice()].concat(), size)?;
        (self.last, self.before, self.torn) = (link, link.chain, false);
        Ok(())
    }

    /// The size of the file. One that was taken away is begun anew: an entry that nobody finds is none.
    fn take_up(&mut self, path: &Path) -> io::Result<u64> {
        if let Some(size) = self.identity.size(path) {
            return Ok(size);
        }
        (self.file, self.identity) = file::open(path)?;
        (self.first, self.torn, self.before) = (self.last.seq + 1, false, self.last.chain);
        self.identity.size(path).ok_or_else(|| io::Error::other("it was taken away again"))
    }

    /// Begins another file. Where that does not work, this one goes on.
    fn rotate(&mut self, path: &Path) -> bool {
        let old = file::old(path, self.first);
        let begun = old.path.symlink_metadata().map_or(Ok(()), |_| Err(io::ErrorKind::AlreadyExists.into()));
        match begun.and_then(|()| std::fs::rename(path, &old.path)).and_then(|()| file::open(path)) {
            Ok((file, identity)) => {
                (self.file, self.identity, self.first) = (file, identity, self.last.seq + 1);
                self.kept.push(Kept { old, last: Link { chain: self.before, ..self.last } });
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
        Err(io::Error::other("the disk is full"))
    }
}

/// An entry about `act`, done by `actor`.
pub fn entry(at: Timestamp, act: Act, actor: Actor) -> AuditEntry {
    AuditEntry {
        at,
        what: act.into(),
        actor,
        mark: None,
        server: None,
        scopes: Vec::new(),
        method: None,
        through: None,
        result: None,
        outcome: None,
        seq: None,
    }
}
