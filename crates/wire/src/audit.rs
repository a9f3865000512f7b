//! What is said of the audit as a whole.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use words::say;

/// The answer to `GET /v1/audit/verify`: whether the audit is as it was written. It tells of nobody's entries
/// more than that they are there.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// Whether no entry was found to be changed, removed, moved or put in. Of those that are `unvouched`
    /// nobody can know.
    pub intact: bool,
    /// Entries that were looked at: all, or those before the fault.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub entries: u64,
    /// Entries from before there was a chain. They are covered as they were when it began.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub unchained: u64,
    /// Lines that a crash left unfinished. What they would have told of did not happen.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub torn: u64,
    /// Entries that fit together, but that nothing outside of the file vouched for when a run found them:
    /// those of a run that was locked at its end or had no vault that keeps a key; or that somebody else put
    /// there. No later seal makes them good.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub unvouched: u64,
    /// Older entries that are not kept any more. Of what could be proven of them later ones tell in short.
    #[serde(default)]
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub summed: u64,
    /// When the oldest of them was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "string"))]
    pub first: Option<Timestamp>,
    /// When the newest of them was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "string"))]
    pub newest: Option<Timestamp>,
    /// The first place where it is not as it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<AuditFault>,
}

/// What an entry tells of a file that went, since the audit keeps so much and no more: what was done many
/// times is one entry, with the time of the last; all else is told as it was written.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// How many times it was done.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub count: u64,
    /// When the first time was.
    #[cfg_attr(feature = "types", ts(type = "string"))]
    pub since: Timestamp,
    /// The number of the first entry of that file.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub file: u64,
}

/// A place where the audit is not as it was written.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditFault {
    /// What is wrong.
    pub what: Broken,
    /// The name of the file in which it was found.
    pub file: String,
    /// The number of the first entry that it concerns.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub seq: u64,
    /// The number of the last.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub through: u64,
    /// What time the entry there bears, or the one before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "string"))]
    pub at: Option<Timestamp>,
}

/// What is wrong with the audit.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Broken {
    /// Entries are not as they were written.
    Changed,
    /// Entries are gone.
    Missing,
    /// Entries stand in another place.
    Moved,
    /// Something was put in.
    Inserted,
    /// Entries are not sealed with the key that is in the vault: they were written by somebody else, or the
    /// key is another.
    Seal,
}

impl AuditFault {
    /// The fault in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self { what, file, seq, through, .. } = self;
        let what = match what {
            Broken::Changed => "changed",
            Broken::Missing => "missing",
            Broken::Moved => "moved",
            Broken::Inserted => "inserted",
            Broken::Seal => "seal",
        };
        // Numbers that name an entry are written as in the file.
        let (seq, through) = (seq.to_string(), through.to_string());
        let sentence = match seq == through {
            true => say!(state_audit_entry, seq = seq, what = what),
            false => say!(state_audit_entries, seq = seq, through = through, what = what),
        };
        if file.is_empty() { sentence } else { say!(state_audit_in_file, sentence = sentence, file = file) }
    }
}
