//! Going through the whole audit: whether every entry is there as it was written, and where not.

use super::Audit;
use super::file::{self, OlderFile, Segment};
use super::line::{self, Chain, Line, Link, Seal};
use super::pen::Pen;
use jiff::Timestamp;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::io;
use wire::{Act, AnyAct, AuditFault, Broken, Verified};

/// The audit as it is at one moment.
struct Snapshot {
    pages: Vec<Segment>,
    /// The older files that the chain goes through, by their first entries.
    kept: Vec<u64>,
    /// Those of them that are about to be removed.
    left_behind: Vec<u64>,
    last: Link,
    base: Option<Link>,
    seal: Option<Seal>,
    /// Whether the vault keeps keys for the next run.
    keeps: bool,
    found: u64,
    vouched: u64,
}

/// What an older file is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Every entry is there as it was written.
    AsWritten,
    /// Nothing outside of the file says so.
    Unvouched,
    /// Some are not.
    Damaged,
}

impl Audit {
    /// What an older file with this text is worth, where it has to hang on `base`.
    pub(super) fn standing(&self, older: &OlderFile, text: &[u8], base: Option<Link>) -> Standing {
        let snapshot = {
            let pen = self.pen();
            Snapshot { base, ..Snapshot::of(&pen, Vec::new(), false) }
        };
        let mut walk = Walk::new(&snapshot);
        let read = walk.page("", text, false);
        if read.is_err() || walk.last.is_some_and(|last| last != older.last) {
            return Standing::Damaged;
        }
        if walk.report.unvouched > 0 { Standing::Unvouched } else { Standing::AsWritten }
    }

    /// Goes through all of it. `keeps` says whether the vault outlives this run.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn verify(&self, keeps: bool) -> io::Result<Verified> {
        let snapshot = {
            let pen = self.pen();
            Snapshot::of(&pen, self.pages(&pen)?, keeps)
        };
        snapshot.walk()
    }
}

impl Snapshot {
    fn of(pen: &Pen, pages: Vec<Segment>, keeps: bool) -> Self {
        Self {
            pages,
            kept: pen.kept.iter().map(|kept| kept.old.first).collect(),
            left_behind: pen.left_behind(),
            last: pen.last,
            base: pen.base,
            seal: pen.seal.clone(),
            keeps,
            found: pen.found,
            vouched: pen.vouched,
        }
    }

    fn walk(self) -> io::Result<Verified> {
        let mut walk = Walk::new(&self);
        for page in &self.pages {
            if page.old && self.left_behind.contains(&page.first) {
                continue;
            }
            let text = page.read()?;
            let foreign = page.old && !self.kept.contains(&page.first);
            if let Err(fault) = walk.page(&page.name, &text, foreign) {
                walk.report.fault = Some(fault);
                break;
            }
        }
        if walk.report.fault.is_none() {
            walk.report.fault = walk.end(self.last).err();
        }
        let mut report = walk.report;
        report.intact = report.fault.is_none();
        Ok(report)
    }
}

/// As much of an entry as tells where a fault is.
#[derive(Deserialize)]
struct Glance {
    at: Timestamp,
    what: AnyAct,
    #[serde(default)]
    result: Option<String>,
}

struct Walk<'a> {
    snapshot: &'a Snapshot,
    /// The entry that was read last. `None` before the first, where nobody knows what that hangs on.
    last: Option<Link>,
    at: Option<Timestamp>,
    name: String,
    /// The newest entry that is proven by more than its place in the chain.
    proven: u64,
    loose: Option<Sha256>,
    loose_lines: u64,
    /// Entries that were there when this run began, and that nothing covers.
    found: u64,
    /// Entries that some run could not prove when it began.
    named: u64,
    report: Verified,
}

impl<'a> Walk<'a> {
    fn new(snapshot: &'a Snapshot) -> Self {
        Self {
            snapshot,
            last: snapshot.base,
            at: None,
            name: String::new(),
            proven: snapshot.base.map_or(0, |base| base.seq),
            loose: None,
            loose_lines: 0,
            found: 0,
            named: 0,
            report: Verified { summed: snapshot.base.map_or(0, |base| base.seq), ..Verified::default() },
        }
    }

    fn page(&mut self, name: &str, text: &[u8], foreign: bool) -> Result<(), AuditFault> {
        name.clone_into(&mut self.name);
        if foreign && file::lines(text).find_map(Line::parse).is_none() {
            return Err(self.put_in());
        }
        let mut lines = file::lines(text);
        while let Some(line) = lines.next() {
            match Line::parse(line) {
                Some(read) => self.entry(line, &read, lines.clone())?,
                None => self.put_between(line),
            }
        }
        Ok(())
    }

    fn put_between(&mut self, line: &[u8]) {
        let last = self.last.unwrap_or(Link::BEGIN).chain;
        let loose = self.loose.get_or_insert_with(|| last.hash());
        loose.update(line);
        loose.update(b"\n");
        self.loose_lines += 1;
    }

    fn entry<'l>(
        &mut self,
        text: &[u8],
        line: &Line<'_>,
        mut rest: impl Iterator<Item = &'l [u8]>,
    ) -> Result<(), AuditFault> {
        let seq = line.link.seq;
        let expected = self.last.map_or(seq, |last| last.seq + 1);
        let glance = serde_json::from_slice::<Glance>(text).ok();
        if seq > expected {
            let later = rest.any(|line| Line::parse(line).is_some_and(|line| line.link.seq == expected));
            let what = if later { Broken::Moved } else { Broken::Missing };
            return Err(self.fault(what, expected, seq - 1));
        }
        self.at = glance.as_ref().map(|glance| glance.at).or(self.at);
        if seq < expected {
            return Err(self.fault(Broken::Inserted, seq, seq));
        }
        let before = self.before(glance.as_ref().is_some_and(|glance| glance.what == Act::Torn))?;
        if before.is_some_and(|before| !line.follows(before)) {
            // Where there are seals, lines without one since the last may have been worked out anew up to
            // here.
            let since = if self.snapshot.seal.is_some() { self.proven + 1 } else { seq };
            return Err(self.fault(Broken::Changed, since.min(seq), seq));
        }
        if seq <= self.snapshot.found && seq > self.snapshot.vouched {
            self.found += 1;
        }
        if self.prove(line)?
            && let Some(glance) = glance.filter(|glance| glance.what == Act::Unproven)
        {
            self.named += self.named_by(seq, &glance);
        }
        self.report.unvouched = self.found + self.named;
        self.report.entries += 1;
        self.report.first = self.report.first.or(self.at);
        self.last = Some(line.link);
        Ok(())
    }

    /// What the next entry hangs on. Loose lines stand before the first entry, or are accounted for.
    fn before(&mut self, accounts: bool) -> Result<Option<Chain>, AuditFault> {
        let Some(loose) = self.loose.take() else { return Ok(self.last.map(|last| last.chain)) };
        let lines = std::mem::take(&mut self.loose_lines);
        let Some(last) = self.last else {
            self.report.torn += u64::from(accounts);
            return if accounts { Ok(None) } else { Err(self.put_in()) };
        };
        if last.seq == 0 {
            self.report.unchained = lines;
        } else if accounts {
            self.report.torn += 1;
        } else {
            return Err(self.put_in());
        }
        Ok(Some(Chain::of(loose)))
    }

    /// How many of the entries that are kept an entry says cannot be proven.
    fn named_by(&mut self, seq: u64, glance: &Glance) -> u64 {
        // By this run, of what it found.
        if seq > self.snapshot.found {
            self.found = 0;
        }
        let named = glance.result.as_deref().and_then(line::named);
        let oldest = self.snapshot.base.map_or(0, |base| base.seq) + 1;
        named.map_or(0, |(first, last)| (last + 1).saturating_sub(first.max(oldest)))
    }

    /// Whether it is sealed. A seal is by whoever has the key, and stands for all entries before it. What is
    /// sealed where there is no key is not proven, unless the vault is one that keeps keys: then somebody
    /// took it out.
    fn prove(&mut self, line: &Line<'_>) -> Result<bool, AuditFault> {
        let seq = line.link.seq;
        let sealed = match &self.snapshot.seal {
            Some(seal) => line.is_sealed_by(seal),
            None => (line.is_sealed() && self.snapshot.keeps).then_some(false),
        };
        if sealed == Some(false) {
            return Err(self.fault(Broken::Seal, self.proven + 1, seq));
        }
        if sealed == Some(true) && seq <= self.snapshot.found {
            self.found = 0;
        }
        if sealed == Some(true) || seq == self.snapshot.vouched {
            self.proven = seq;
        }
        Ok(sealed == Some(true))
    }

    /// The last entry has to be the one that was written last.
    fn end(&mut self, newest: Link) -> Result<(), AuditFault> {
        let last = self.last.unwrap_or(Link::BEGIN);
        if self.loose_lines > 0 && last.seq > 0 {
            return Err(self.put_in());
        }
        self.report.unchained += self.loose_lines;
        if last.seq < newest.seq {
            return Err(self.fault(Broken::Missing, last.seq + 1, newest.seq));
        }
        if last.seq > newest.seq {
            return Err(self.fault(Broken::Inserted, newest.seq + 1, last.seq));
        }
        if last.chain != newest.chain {
            return Err(self.fault(Broken::Changed, self.proven + 1, last.seq));
        }
        self.report.newest = self.at;
        Ok(())
    }

    /// Something stands after the last entry that was read.
    fn put_in(&self) -> AuditFault {
        let seq = self.last.map_or(1, |last| last.seq + 1);
        self.fault(Broken::Inserted, seq, seq)
    }

    fn fault(&self, what: Broken, seq: u64, through: u64) -> AuditFault {
        AuditFault { what, file: self.name.clone(), seq, through, at: self.at }
    }
}
