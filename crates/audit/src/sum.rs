//! What an older file told, in short, before it goes: the programs that use servers all day must not push out
//! what the person decided.
//!
//! Uses and refusals of one program at one server become one line that says how many there were and since
//! when; all else stays as it was written. Both are new entries, under the seal, at the end of the chain. A
//! file that is not as it was written is not told of: a seal would make it good.

use super::Audit;
use super::file::{self, Limits, OlderFile, Segment};
use super::line::{Line, Link};
use super::verify::Standing;
use jiff::Timestamp;
use std::collections::HashMap;
use std::io;
use wire::{Act, ActKind, Actor, AuditEntry, Sum};

/// Whoever is not told apart.
const OTHERS: &str = "other programs";

/// What is told of a file, which is much less than what it holds, or there would be no end to it.
struct Told {
    /// The first entry of the file.
    file: u64,
    entries: Vec<AuditEntry>,
    /// Where in `entries` the sum of these is.
    sums: HashMap<Summed, usize>,
    /// So many sums are told apart.
    most: usize,
    /// Room for entries that stay as they were written, in bytes.
    room: u64,
}

/// What entries have in common that are summed.
#[derive(PartialEq, Eq, Hash)]
struct Summed {
    what: String,
    mark: Option<String>,
    agent: String,
    executable: Option<String>,
    server: Option<String>,
    account: Option<String>,
}

impl Summed {
    fn of(entry: &AuditEntry) -> Self {
        Self {
            what: entry.what.name().to_owned(),
            mark: entry.mark.clone(),
            agent: entry.actor.name().to_owned(),
            executable: entry.actor.executable().map(ToOwned::to_owned),
            server: entry.server.clone(),
            account: entry.account.clone(),
        }
    }
}

impl Told {
    fn of(file: u64, limits: Limits) -> Self {
        let most = usize::try_from(limits.file >> 14).unwrap_or(usize::MAX).clamp(4, 500);
        Self { file, entries: Vec::new(), sums: HashMap::new(), most, room: limits.file / 4 }
    }

    fn hear(&mut self, entry: AuditEntry, bytes: u64) {
        let sum = entry.sum.unwrap_or(Sum { count: 1, since: entry.at, file: self.file });
        let entry = AuditEntry { sum: Some(Sum { file: self.file, ..sum }), seq: None, ..entry };
        let is_routine = matches!(entry.what.kind(), ActKind::Use | ActKind::Refusal);
        if is_routine || bytes > self.room {
            self.add(entry);
        } else {
            self.room -= bytes;
            self.entries.push(entry);
        }
    }

    fn add(&mut self, entry: AuditEntry) {
        let known = self.sums.contains_key(&Summed::of(&entry));
        let entry = if known || self.sums.len() < self.most { bare(entry) } else { of_others(entry) };
        let next = self.entries.len();
        let at = *self.sums.entry(Summed::of(&entry)).or_insert(next);
        match self.entries.get_mut(at) {
            Some(known) => join(known, &entry),
            None => self.entries.push(entry),
        }
    }
}

/// An entry without what differs from one use to the next.
fn bare(entry: AuditEntry) -> AuditEntry {
    let AuditEntry { at, what, actor, mark, server, account, sum, .. } = entry;
    AuditEntry { what, mark, server, account, sum, ..super::entry(at, Act::Refused, actor) }
}

fn of_others(entry: AuditEntry) -> AuditEntry {
    let others = Actor::program(OTHERS, OTHERS);
    AuditEntry { sum: entry.sum, what: entry.what, ..super::entry(entry.at, Act::Refused, others) }
}

fn join(known: &mut AuditEntry, other: &AuditEntry) {
    known.at = known.at.max(other.at);
    if let (Some(known), Some(other)) = (&mut known.sum, other.sum) {
        known.count = known.count.saturating_add(other.count);
        known.since = known.since.min(other.since);
    }
}

impl Audit {
    /// Tells at the end of the chain what these files tell, which are about to go, once. They are read whole.
    ///
    /// # Errors
    /// One cannot be read, or what it tells cannot be written: it stays for now.
    pub fn sum_up(&self, going: &[OlderFile], now: Timestamp) -> io::Result<()> {
        let mut base = self.pen().base;
        for file in going {
            if !file.told && !self.is_told(file.old.first)? {
                self.sum_up_one(file, base, now)?;
            }
            let mut pen = self.pen();
            pen.kept.iter_mut().filter(|kept| kept.old == file.old).for_each(|kept| kept.told = true);
            base = Some(file.last);
        }
        Ok(())
    }

    fn sum_up_one(&self, older: &OlderFile, base: Option<Link>, now: Timestamp) -> io::Result<()> {
        let first = older.old.first;
        let text = Segment::old(&older.old)?.read()?;
        let entries = match self.standing(older, &text, base) {
            Standing::AsWritten => told(&text, first, self.room),
            Standing::Unvouched => return Ok(()),
            Standing::Damaged => vec![lost(first, now)],
        };
        let mut pen = self.pen();
        for entry in &entries {
            let begun = pen.put(entry, now, &self.path, self.room)?;
            self.ring(begun);
        }
        pen.flush()
    }

    /// Whether an earlier run told of the file that begins with this entry, and was ended before it could
    /// remove it.
    fn is_told(&self, first: u64) -> io::Result<bool> {
        let mark = format!(r#""file":{first}}}"#);
        let pages = self.pages(&self.pen())?;
        for page in pages.iter().rev().take(2).filter(|page| page.first > first) {
            if contains(&page.read()?, mark.as_bytes()) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn told(text: &[u8], first: u64, room: Limits) -> Vec<AuditEntry> {
    let mut told = Told::of(first, room);
    for line in file::lines(text).filter(|line| Line::parse(line).is_some()) {
        if let Ok(entry) = serde_json::from_slice::<AuditEntry>(line) {
            told.hear(entry, line.len() as u64);
        }
    }
    told.entries
}

/// That a file went which was not as it was written.
fn lost(file: u64, now: Timestamp) -> AuditEntry {
    let sum = Some(Sum { count: 1, since: now, file });
    AuditEntry { sum, ..super::entry(now, Act::AuditDamaged, Actor::valet()) }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    file::lines(text).any(|line| line.windows(part.len()).any(|window| window == part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anchor::Anchor;
    use crate::entry;
    use crate::line::Seal;
    use secret::Secret;
    use std::path::Path;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;
    const SMALL: Limits = Limits { file: 3_000, files: 1 };

    /// A run whose vault has this key, and this anchor of an earlier one.
    fn run(path: &Path, key: &Secret, anchor: Option<&Anchor>) -> Audit {
        let audit = Audit { room: SMALL, ..Audit::open(path, NOW).unwrap() };
        assert!(!audit.take_over(Seal::open(key), anchor, NOW));
        audit
    }

    fn act(audit: &Audit, act: Act) {
        let mut entry = entry(NOW, act, Actor::program("curl", "/usr/bin/curl"));
        entry.server = Some("linear".to_owned());
        audit.write(&entry).unwrap();
    }

    /// How often the program got a token, as far as anything tells of it, and how many lines do.
    fn told(audit: &Audit) -> (u64, usize) {
        let all = audit.list(usize::MAX, |entry| entry.what == Act::HandOut).unwrap();
        (all.iter().map(|entry| entry.sum.map_or(1, |sum| sum.count)).sum(), all.len())
    }

    fn drops(audit: &Audit) {
        audit.sum_up(&audit.going(), NOW).unwrap();
        audit.drop_told();
    }

    #[test]
    fn uses_become_a_number_and_what_was_decided_stays() {
        let (folder, key) = (tempfile::tempdir().unwrap(), Seal::make());
        let audit = run(&folder.path().join("audit"), &key, None);
        act(&audit, Act::AllowAlways);
        for _ in 0..100 {
            act(&audit, Act::HandOut);
            drops(&audit);
        }
        let (times, lines) = told(&audit);
        assert_eq!(times, 100);
        assert!(lines < 30, "{lines}");
        assert_eq!(audit.list(9, |entry| entry.what == Act::AllowAlways).unwrap().len(), 1);
        assert!(audit.verify(true).unwrap().intact);
    }

    #[test]
    fn a_run_that_ended_before_the_file_was_gone_has_told_of_it() {
        let (folder, key) = (tempfile::tempdir().unwrap(), Seal::make());
        let path = folder.path().join("audit");
        let audit = run(&path, &key, None);
        let (anchor, _) = audit.next_anchor().unwrap();
        while audit.going().is_empty() {
            act(&audit, Act::HandOut);
        }
        let (times, _) = told(&audit);
        audit.sum_up(&audit.going(), NOW).unwrap();
        audit.sum_up(&audit.going(), NOW).unwrap();
        drop(audit);
        let audit = run(&path, &key, Some(&anchor));
        drops(&audit);
        assert_eq!(told(&audit).0, times);
    }

    #[test]
    fn of_a_file_that_somebody_changed_it_is_told_that_it_went() {
        let (folder, key) = (tempfile::tempdir().unwrap(), Seal::make());
        let audit = run(&folder.path().join("audit"), &key, None);
        act(&audit, Act::AllowAlways);
        while audit.going().is_empty() {
            act(&audit, Act::HandOut);
        }
        let oldest = audit.going().remove(0).old.path;
        let text = std::fs::read_to_string(&oldest).unwrap();
        std::fs::write(&oldest, text.replace("allow_always", "deny_always1")).unwrap();
        drops(&audit);
        let all = audit.list(usize::MAX, |_| true).unwrap();
        let told = all.iter().filter(|entry| entry.sum.is_some()).map(|entry| entry.what.name());
        assert_eq!(told.collect::<Vec<_>>(), ["audit_damaged"]);
    }
}
