//! The audit: one line for each thing done, written before it takes effect.

use jiff::Timestamp;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use wire::AuditEntry;

/// Proof that an entry was written. A hand-out cannot be made without one.
#[derive(Debug)]
pub(crate) struct Receipt(());

/// The audit file. Each entry is one `write(2)` to a file open for appending, so that it is whole and in the kernel's hands
/// when the call returns: it survives the end of this process, though not a power cut.
pub(crate) struct Audit {
    file: File,
    path: PathBuf,
}

impl Audit {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// Writes one entry.
    pub(crate) fn write(&self, entry: &AuditEntry) -> io::Result<Receipt> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        let written = (&self.file).write(&line)?;
        if written == line.len() {
            return Ok(Receipt(()));
        }
        // A full disk took only part of it: close the torn line, so that the next entry stands alone.
        let _ = (&self.file).write(b"\n");
        Err(io::Error::other("the disk is full"))
    }

    /// The newest entries, at most `most`, that `wanted` accepts; oldest first.
    pub(crate) fn newest(
        &self,
        most: usize,
        wanted: impl Fn(&AuditEntry) -> bool,
    ) -> io::Result<Vec<AuditEntry>> {
        let mut newest = std::collections::VecDeque::new();
        for line in BufReader::new(File::open(&self.path)?).lines() {
            let Ok(entry) = serde_json::from_str::<AuditEntry>(&line?) else { continue };
            if !wanted(&entry) {
                continue;
            }
            if newest.len() == most {
                newest.pop_front();
            }
            newest.push_back(entry);
        }
        Ok(newest.into())
    }
}

/// An entry about `what`, done by `agent`.
pub(crate) fn entry(at: Timestamp, what: &str, agent: &str) -> AuditEntry {
    AuditEntry {
        at,
        what: what.to_owned(),
        agent: agent.to_owned(),
        executable: None,
        through: None,
        server: None,
        scopes: Vec::new(),
        method: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_in_order_and_a_torn_line_spoils_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit");
        let audit = Audit::open(&path).unwrap();
        audit.write(&entry(Timestamp::UNIX_EPOCH, "hand_out", "curl")).unwrap();
        (&audit.file).write_all(b"{\"torn\n").unwrap();
        audit.write(&entry(Timestamp::UNIX_EPOCH, "revoke", "curl")).unwrap();
        let what: Vec<_> = audit.newest(10, |_| true).unwrap().into_iter().map(|entry| entry.what).collect();
        assert_eq!(what, ["hand_out", "revoke"]);
        assert_eq!(audit.newest(1, |_| true).unwrap()[0].what, "revoke");
    }
}
