//! Ways back that lead nowhere any more: the file is gone or elsewhere, or says something else for good. The
//! person can have them forgotten. What was moved out of the file stays where it is.

use crate::carry::alone;
use crate::hole::Hole;
use crate::place::mark;
use crate::record::{Record, Records};
use crate::trouble::Trouble;
use import::Client;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// A way back that leads nowhere any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The program.
    pub client: Client,
    /// The file that was written to.
    pub file: PathBuf,
    /// Why nothing goes back there, as the end of a sentence about the file.
    pub why: String,
    record: Record,
}

impl Lost {
    pub(crate) fn of(record: &Record, why: String) -> Self {
        let (client, file) = (record.client, record.path.clone());
        Self { client, file, why, record: record.clone() }
    }

    /// The servers that entries of the file led to.
    #[must_use]
    pub fn servers(&self) -> Vec<String> {
        let all: BTreeSet<&String> =
            self.record.edits.iter().flat_map(|edit| &edit.led).map(|led| &led.server).collect();
        all.into_iter().cloned().collect()
    }

    /// What was secret in it.
    #[must_use]
    pub fn holes(&self) -> Vec<Hole> {
        self.record.holes()
    }

    /// A mark of what would be forgotten.
    #[must_use]
    pub fn mark(&self) -> String {
        let written = serde_json::to_string(&self.record).unwrap_or_default();
        format!("{} {}", self.file.display(), mark(&written))
    }
}

/// Forgets a way back, if it is what was shown.
///
/// # Errors
/// It is another by now, or what was written cannot be read, or written anew.
pub fn forget(store: &Path, lost: &Lost) -> Result<(), Trouble> {
    let unwritten = |error: io::Error| Trouble::Refused(error.to_string());
    let _alone = alone();
    let mut records = Records::read(store).map_err(unwritten)?;
    if !records.drop_record(&lost.record) {
        return Err(Trouble::Changed);
    }
    records.write(store).map_err(unwritten)
}
