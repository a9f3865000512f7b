//! The audit: one line for each thing done, written before it takes effect. What a line is made of, and how
//! one hangs on the other, is told in [`mod@line`]; what makes that proof against whoever can write files, in
//! [`anchor`].

pub mod anchor;
mod export;
pub mod file;
pub mod line;
mod list;
mod mark;
mod names;
mod pen;
mod refusal;
mod sum;
mod turn;
mod usage;
mod verify;

pub use export::Copies;
pub use file::is_newer;
pub use list::{Activity, Chart, Row, Search};
pub use mark::{is_of, mark};
pub use refusal::Refusals;
pub use usage::Use;

use file::{Limits, Segment};
use jiff::Timestamp;
use pen::{Begun, Pen};
use serde::Serialize;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use wire::{Act, Actor, AuditEntry};

/// Proof that an entry was written. A hand-out cannot be made without one.
#[derive(Debug)]
pub struct Receipt(());

/// The audit. Entries are written by one `write(2)` each, or by one for some of them, to a file open for
/// appending: they are whole and in the kernel's hands when the call returns, and survive the end of this
/// process, though not a power cut.
pub struct Audit {
    path: PathBuf,
    room: Limits,
    /// Held for one entry: its number, its place in the chain and its place in the file are one.
    pen: Mutex<Pen>,
    /// Who wrote the last entry that others could have waited for.
    asker: AtomicU64,
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

impl Audit {
    /// Opens it where the last run ended, and ends a line that a crash tore.
    pub fn open(path: &Path, now: Timestamp) -> io::Result<Self> {
        let pen = Pen::open(path, now)?;
        Ok(Self {
            path: path.to_owned(),
            room: Limits::usual(),
            pen: Mutex::new(pen),
            asker: AtomicU64::new(0),
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
        let begun = pen.put(entry, entry.at, &self.path, self.room)?;
        self.ring(begun);
        pen.flush()?;
        Ok(Receipt(()))
    }

    /// Writes one entry of this time for the asker with this number, with those of all others who are ready
    /// to write one as well: where many ask at the same time, that is one `write(2)` for many. Whoever asks
    /// alone waits for nobody.
    pub async fn write_with_others(
        &self,
        entry: &impl Serialize,
        at: Timestamp,
        asker: u64,
    ) -> io::Result<Receipt> {
        let alone = self.asker.swap(asker, Ordering::Relaxed) == asker;
        let batch = {
            let mut pen = self.lock();
            let begun = pen.put(entry, at, &self.path, self.room)?;
            self.ring(begun);
            if alone {
                return pen.flush().map(|()| Receipt(()));
            }
            pen.batch()
        };
        turn::of_others().await;
        if !batch.is_over() {
            let _ = self.lock().flush();
        }
        batch.outcome().map(|()| Receipt(()))
    }

    /// Copies of all that is written from now on, for one collector: the one before gets no more.
    pub fn copies(&self) -> Copies {
        let (outlet, copies) = export::pair();
        self.pen().outlet = Some(outlet);
        copies
    }

    /// Nobody gets copies any more.
    pub fn without_copies(&self) {
        self.pen().outlet = None;
    }

    fn ring(&self, begun: Begun) {
        if begun == Begun::Another {
            self.urgent.notify_one();
        }
        self.due.notify_one();
    }

    /// A mark of a text: with the vault's key, or else with one that goes with this run. Who has the text and
    /// the key can tell that it is this one.
    pub fn mark_of(&self, text: &str) -> String {
        match &self.pen().seal {
            Some(seal) => seal.of_text(text),
            None => mark::OF_TEXTS.mark_of(text),
        }
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

    /// The pen, with nothing left to be written.
    fn pen(&self) -> MutexGuard<'_, Pen> {
        let mut pen = self.lock();
        // Those whose entries they are hear what came of it.
        let _ = pen.flush();
        pen
    }

    fn lock(&self) -> MutexGuard<'_, Pen> {
        self.pen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All files, oldest first, as far as they go now.
    fn pages(&self, pen: &Pen) -> io::Result<Vec<Segment>> {
        let old = file::list(&self.path)?;
        let mut pages = old.iter().map(Segment::old).collect::<io::Result<Vec<_>>>()?;
        match Segment::open(&self.path, pen.first) {
            Ok(page) => pages.push(page),
            // Somebody took it away; what is missing then is found by its numbers.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        Ok(pages)
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
        account: None,
        folder: None,
        scopes: Vec::new(),
        until: None,
        reach: None,
        method: None,
        tool: None,
        class: None,
        rule: None,
        arguments: None,
        through: None,
        result: None,
        outcome: None,
        sum: None,
        seq: None,
    }
}
