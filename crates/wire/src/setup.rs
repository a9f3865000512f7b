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
    /// Whether what cannot be taken back any more is no longer kept for that; not together with `undo`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub forget: bool,
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

/// `POST /v1/adopt`: what other programs list, secrets too, is to be moved here. The person is asked.
#[cfg_attr(feature = "types", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adopt {
    /// The programs, such as `codex`; all if absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clients: Vec<String>,
    /// Servers that stay where they are, by the names that they would have here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    /// Whether secrets may go on being arguments, which every user of the computer can read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub arguments: bool,
    /// Whether it is only told what would change. What is in the vault has no part in that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
    /// Seconds to wait for the person; 0 if absent, 600 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<u32>,
}

/// What became of it, or would.
#[cfg_attr(feature = "types", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdoptDone {
    /// Each file that was changed, or has to stay.
    pub files: Vec<SetUpFile>,
    /// What would change in files, where it is only told.
    pub changes: Vec<FileChange>,
    /// What goes where, and what stays.
    pub moves: Moves,
}

/// What is moved here, and what stays.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moves {
    /// The servers that files lead to afterwards.
    pub servers: Vec<MovedServer>,
    /// Entries that stay.
    pub stays: Vec<Staying>,
    /// Files that go on having secrets which are moved.
    pub copies: Vec<CopiedFile>,
}

/// A server that entries of other programs come to.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedServer {
    /// Its name here.
    pub name: String,
    /// Its address, or the command that is started.
    pub place: String,
    /// Whether it is not here yet.
    pub is_new: bool,
    /// Where its secrets were, each as a person reads it.
    pub secrets: Vec<String>,
    /// Who lists it, as in "Codex".
    pub programs: Vec<String>,
}

/// An entry of another program that stays as it is.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staying {
    /// The name of the program.
    pub program: String,
    /// Its file.
    pub file: String,
    /// What the entry is called there.
    pub name: String,
    /// Why it stays.
    pub why: String,
    /// Where in it secrets are, each as a person reads it.
    pub secrets: Vec<String>,
}

/// A file that has copies of secrets.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopiedFile {
    /// The file.
    pub file: String,
    /// How many.
    pub secrets: usize,
}

/// A key that goes back into the file of another program, in plain text.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Returning {
    /// The server whose key it is.
    pub server: String,
    /// What the server calls it.
    pub key: String,
    /// The name of the program.
    pub program: String,
    /// What becomes of it.
    pub comes: Comes,
}

/// What becomes of a key that was moved out of a file, where that is put back.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comes {
    /// It goes back, in plain text.
    Back,
    /// It was wiped, and cannot come back.
    Gone,
    /// What is there by its name was not moved out of that entry, and stays.
    Another,
}

/// A file into which nothing can be put back any more of what was written, or moved out.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostWay {
    /// The name of the program.
    pub program: String,
    /// The file, where it was.
    pub file: String,
    /// Why, as the end of a sentence about the file.
    pub why: String,
    /// The keys that were moved out of it and stay in the vault, such as `github/key`.
    pub keys: Vec<String>,
}

/// A file of another program that would be changed.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileChange {
    /// The name of the program.
    pub program: String,
    /// The file, as it is reached.
    pub file: String,
    /// Where it really is, if links lead there.
    pub leads_to: Option<String>,
    /// There is none so far.
    pub is_new: bool,
    /// There will be none.
    pub is_gone: bool,
    /// It belongs to a project, and so to others as well.
    pub in_project: bool,
    /// What changes in it.
    pub lines: Vec<FileLines>,
}

/// Lines of a file that others take the place of.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLines {
    /// The number of the first, from 1.
    pub line: u32,
    /// Those that go.
    pub before: Vec<String>,
    /// Those that come.
    pub after: Vec<String>,
}
