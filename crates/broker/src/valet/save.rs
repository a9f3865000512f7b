//! The files in which it is written down what is known of the servers, and what was used since.

use crate::valet::Valet;
use files::draft::Draft;
use files::regular::{self, Unread};
use state::print::Print;
use state::record::{self, Records};
use state::uses::UsesOf;
use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Most bytes of a file.
const LARGEST: u64 = 64 << 20;
/// Bytes of uses after which they are better taken into the records.
const MANY: u64 = 1 << 20;

/// What was written down. `None` where a later version did so.
pub(crate) fn load(path: &Path) -> Option<Records> {
    Records::parse(&read(path), &read(&uses_beside(path)))
}

fn read(path: &Path) -> String {
    match regular::read(path, LARGEST) {
        Ok(text) => text,
        Err(Unread::Absent) => String::new(),
        Err(why) => {
            tracing::warn!(file = %path.display(), ?why, "what was known of the servers could not be read");
            String::new()
        }
    }
}

fn write(path: &Path, records: &Records) -> io::Result<()> {
    let draft = Draft::of(path, &serde_json::to_vec_pretty(records)?, 0o600)?;
    // They are in the records by now, and what is counted anew is not to be counted on from there.
    let _ = std::fs::remove_file(uses_beside(path));
    draft.place()
}

fn uses_beside(records: &Path) -> PathBuf {
    records.with_extension("uses")
}

/// Writes some uses down. True once there are many.
fn add(records: &Path, new: &[UsesOf]) -> io::Result<bool> {
    let mut lines = Vec::new();
    for uses in new {
        serde_json::to_writer(&mut lines, uses)?;
        lines.push(b'\n');
    }
    let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(uses_beside(records))?;
    file.write_all(&lines)?;
    Ok(file.metadata()?.len() > MANY)
}

impl Valet {
    /// Writes the records down, whole or not at all.
    pub(crate) fn save(&self) {
        // One writer at a time, so that an older state cannot overtake a newer one; the servers themselves
        // stay free meanwhile.
        let mut written = self.record_pen.lock();
        let records = record::of(&self.book(), &self.consents(), &self.vault);
        match write(&self.paths.servers(), &records) {
            Ok(()) => *written = records.print(),
            Err(error) => {
                *written = Print::default();
                tracing::error!(%error, "what is known of the servers could not be written down");
            }
        }
    }

    /// The same after a change of one server, if that is to be written down at all.
    pub(crate) fn save_one(&self, name: &str) {
        let is_written = {
            let written = self.record_pen.lock();
            let book = self.book();
            book.servers.get(name).is_some_and(|server| written.fits(server, &book, &self.vault))
        };
        if !is_written {
            self.save();
        }
    }

    /// Notes that a server was used, which is written down soon.
    pub(crate) fn note_use(&self, name: &str, id: &str) {
        let mut unwritten = self.unwritten_uses.lock();
        if !unwritten.contains_key(id) {
            unwritten.insert(id.to_owned(), name.to_owned());
        }
    }

    /// Writes down what was used since the last time.
    pub(crate) fn save_uses(&self) {
        let used = std::mem::take(&mut *self.unwritten_uses.lock());
        match self.add_uses(&used) {
            Ok(false) => {}
            Ok(true) => self.save(),
            Err(error) => tracing::error!(%error, "what was used could not be written down"),
        }
    }

    /// True once there are many.
    fn add_uses(&self, used: &HashMap<String, String>) -> io::Result<bool> {
        let _pen = self.record_pen.lock();
        let new: Vec<UsesOf> = {
            let (book, consents) = (self.book(), self.consents());
            let of = |(id, name): (&String, &String)| {
                let server = book.servers.get(name).filter(|server| server.id == *id)?;
                Some(UsesOf::of(server, &consents, &self.vault))
            };
            used.iter().filter_map(of).collect()
        };
        if new.is_empty() { Ok(false) } else { add(&self.paths.servers(), &new) }
    }
}
