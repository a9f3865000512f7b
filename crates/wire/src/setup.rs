//! Leading other programs here by their own files.

use serde::{Deserialize, Serialize};

/// `POST /v1/setup`: the files of other programs are to lead here, or not any more. The person is asked.
#[cfg_attr(feature = "types", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// The programs, such as `codex`; all that have left a trace on this computer if absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clients: Vec<String>,
    /// Whether what was written before is taken back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undo: bool,
    /// The folder of a project whose own files are meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Seconds to wait for the person; 0 if absent, 600 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<u32>,
}

/// What became of it.
#[cfg_attr(feature = "types", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUpDone {
    /// Each file that was meant and is not as it should be already.
    pub files: Vec<SetUpFile>,
}

/// What became of a file of another program.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUpFile {
    /// The program, in a word such as `codex`.
    pub client: String,
    /// Its name.
    pub program: String,
    /// The file.
    pub file: String,
    /// The servers that its entries were written for, or taken out.
    pub servers: Vec<String>,
    /// Why it stays as it is, as the end of a sentence about the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// What helps against that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}
