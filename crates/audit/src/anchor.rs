//! What of the audit is in the vault: the key, and an anchor.
//!
//! Whoever can write files can also work out a chain anew. What they cannot do is seal it: that takes the
//! key. And what seals cannot tell, that the newest lines or the oldest files are gone, the anchor tells:
//! number and chain of the newest entry, and what the oldest kept file hangs on. It is written a while after
//! the first entry that it does not cover, when a file was begun, and at the end; never on the way of a
//! hand-out. While the valet runs, the end of the chain in memory is the anchor.
//!
//! A seal covers what was there before its run as well, whoever wrote that. So before the first seal of a
//! run, its entry `unproven` names what stood after the anchor and after the last seal: such a run may have
//! been locked all along, or may never have been.
//!
//! Where the vault is memory there is neither: nothing could be read by the next run. Then the chain alone
//! tells of changes that were made while the valet ran.

use super::file::{self, OlderFile};
use super::line::{self, Line, Link, Seal};
use super::pen::{Grounds, Pen};
use super::{Audit, entry};
use jiff::Timestamp;
use secret::Secret;
use serde::{Deserialize, Serialize};
use std::io;
use vault::Item;
use wire::{Act, Actor};
use words::say;

/// What the vault knows of the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// The newest entry.
    newest: Link,
    /// What the oldest kept file hangs on. `None` if that was not known when this was begun.
    base: Option<Link>,
}

impl Item for Anchor {
    /// What is damaged there is worth as much as nothing; that is seen by the seals.
    fn open(bytes: &[u8]) -> Option<Self> {
        Some(serde_json::from_slice(bytes).unwrap_or(Self { newest: Link::BEGIN, base: Some(Link::BEGIN) }))
    }
}

impl Audit {
    /// Waits for the first entry that the anchor does not cover.
    pub async fn due(&self) {
        self.due.notified().await;
    }

    /// Waits for an entry whose anchor should not wait for others.
    pub async fn urgent(&self) {
        self.urgent.notified().await;
    }

    /// Held by the one that anchors.
    pub async fn anchoring(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.anchoring.lock().await
    }

    /// The key by which entries are sealed now, as the vault keeps it.
    pub fn key(&self) -> Option<Secret> {
        self.pen().seal.as_ref().map(Seal::text)
    }

    /// Drops the oldest files, so that `times` as many are left as are kept. What they told is lost.
    pub fn drop_beyond(&self, times: usize) {
        self.drop_old(&self.too_many(times * self.room.files));
    }

    /// Drops the files that are about to go, as far as [`Audit::sum_up`] has told of them.
    pub fn drop_told(&self) {
        self.drop_old(&self.told());
    }

    /// Whether key and anchor were read from the vault in this run.
    pub fn knows_vault(&self) -> bool {
        let pen = self.pen();
        pen.seal.is_some() && pen.grounds == Grounds::Named
    }

    /// Takes over what the vault has. True if the files are not what it says. The chain then goes on from the
    /// anchor, so that the break stays to be seen.
    pub fn take_over(&self, seal: Option<Seal>, anchor: Option<&Anchor>, now: Timestamp) -> bool {
        self.due.notify_one();
        let mut pen = self.pen();
        pen.seal = seal;
        let damaged = pen.grounds == Grounds::Alone && self.compare(&mut pen, anchor);
        if let Err(error) = self.name_unproven(&mut pen, now) {
            tracing::warn!(%error, "the audit could not name the entries that cannot be proven; they are sealed later");
            pen.seal = None;
        }
        damaged
    }

    /// Names what was found that has neither an anchor nor a seal, before anything seals it.
    fn name_unproven(&self, pen: &mut Pen, now: Timestamp) -> io::Result<()> {
        match pen.grounds {
            _ if pen.seal.is_none() => return Ok(()),
            Grounds::Alone => return Err(io::Error::other(say!(audit_not_compared))),
            Grounds::Compared => {}
            Grounds::Named => return Ok(()),
        }
        let (first, last) = (self.proven(pen)?.max(pen.oldest().saturating_sub(1)) + 1, pen.found);
        if first <= last {
            let mut entry = entry(now, Act::Unproven, Actor::valet());
            entry.result = Some(line::unproven(first, last));
            pen.write(&entry, &self.path, self.room)?;
        }
        pen.grounds = Grounds::Named;
        Ok(())
    }

    /// The newest of the entries that were there which the anchor or a seal covers.
    fn proven(&self, pen: &Pen) -> io::Result<u64> {
        let sealed =
            |line: &Line<'_>| pen.seal.as_ref().and_then(|seal| line.is_sealed_by(seal)) == Some(true);
        for page in self.pages(pen)?.iter().rev() {
            let text = page.read()?;
            for line in file::lines(&text).rev().filter_map(Line::parse) {
                let seq = line.link.seq;
                if seq <= pen.vouched {
                    return Ok(pen.vouched);
                }
                if seq <= pen.found && sealed(&line) {
                    return Ok(seq);
                }
            }
        }
        Ok(pen.vouched)
    }

    /// True if the files are not what the anchor says.
    fn compare(&self, pen: &mut Pen, anchor: Option<&Anchor>) -> bool {
        let Some(anchor) = anchor else {
            pen.grounds = Grounds::Compared;
            return false;
        };
        let there = match self.has(pen, anchor.newest) {
            Ok(there) => there,
            Err(error) => {
                tracing::warn!(%error, "the audit could not be compared with the vault");
                return false;
            }
        };
        pen.grounds = if there { Grounds::Compared } else { Grounds::Named };
        (pen.base, pen.anchored) = (anchor.base, Some(*anchor));
        if there {
            pen.vouched = anchor.newest.seq;
            return false;
        }
        pen.last = Link { seq: anchor.newest.seq.max(pen.last.seq), chain: anchor.newest.chain };
        pen.before = pen.last.chain;
        true
    }

    /// Whether the files have this entry.
    fn has(&self, pen: &Pen, wanted: Link) -> io::Result<bool> {
        if wanted == Link::BEGIN || wanted == pen.last {
            return Ok(true);
        }
        for page in self.pages(pen)?.iter().rev().filter(|page| page.first <= wanted.seq) {
            let text = page.read()?;
            let mut links = file::lines(&text).rev().filter_map(Line::parse).map(|line| line.link);
            if let Some(found) = links.find(|link| link.seq <= wanted.seq) {
                return Ok(found == wanted);
            }
        }
        Ok(false)
    }

    /// The anchor as it should be, and the files before it, of which [`Audit::sum_up`] has told. `None` if it
    /// is that already, or must not be moved yet.
    pub fn next_anchor(&self) -> Option<(Anchor, Vec<OlderFile>)> {
        let (newest, known, anchored) = {
            let pen = self.pen();
            (pen.last, pen.base, pen.anchored)
        };
        if !self.knows_vault() {
            return None;
        }
        let dropped = self.told();
        let base = dropped.last().map_or(known, |kept| Some(kept.last));
        let anchor = Anchor { newest, base };
        (anchored != Some(anchor)).then_some((anchor, dropped))
    }

    fn drop_old(&self, dropped: &[OlderFile]) {
        let Some(newest) = dropped.last() else { return };
        self.pen().base = Some(newest.last);
        self.remove(dropped);
    }

    /// The files that are about to go.
    pub fn going(&self) -> Vec<OlderFile> {
        self.too_many(self.room.files)
    }

    fn told(&self) -> Vec<OlderFile> {
        self.going().into_iter().take_while(|file| file.told).collect()
    }

    /// The oldest files, where there are more than `most`. Nothing counts that the chain does not go through.
    fn too_many(&self, most: usize) -> Vec<OlderFile> {
        let pen = self.pen();
        pen.kept.iter().take(pen.kept.len().saturating_sub(most)).cloned().collect()
    }

    /// Notes that the vault has `anchor`, and removes the files that are before it.
    pub fn leave_behind(&self, anchor: Anchor, dropped: &[OlderFile]) {
        {
            let mut pen = self.pen();
            (pen.base, pen.anchored) = (anchor.base, Some(anchor));
        }
        self.remove(dropped);
    }

    fn remove(&self, dropped: &[OlderFile]) {
        for OlderFile { old, .. } in dropped {
            match std::fs::remove_file(&old.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::warn!(%error, "an old file of the audit could not be removed");
                }
                _ => self.pen().kept.retain(|kept| kept.old != *old),
            }
        }
    }
}
