//! Changes of other programs' files that a program wants to have made.

use serde::Serialize;
use std::path::PathBuf;

/// Characters of all lines together that a question shows.
const LONGEST: usize = 100_000;

/// Changes of files that a program wants.
pub struct ProposedFiles {
    /// The programs whose files these are, by their words; those that are here if none is named.
    pub clients: Vec<String>,
    /// Whether what was written before is taken back.
    pub undo: bool,
    /// The project whose files these are.
    pub project: Option<PathBuf>,
    /// The servers that there were when it was planned.
    pub servers: Vec<String>,
    /// What would change, as it is shown.
    pub files: Vec<FileChange>,
    /// A mark of all of it, before and afterwards.
    pub mark: String,
    /// What the person would put there by themselves.
    pub to_paste: String,
}

impl ProposedFiles {
    /// The names of the programs, such as "Codex, Cursor".
    #[must_use]
    pub fn programs(&self) -> String {
        let mut names: Vec<&str> = self.files.iter().map(|file| file.program.as_str()).collect();
        names.dedup();
        names.join(", ")
    }

    /// Whether a question can show it whole.
    pub(crate) fn can_be_shown(&self) -> bool {
        let lines = self.files.iter().flat_map(|file| &file.lines);
        let texts = lines.flat_map(|one| one.before.iter().chain(&one.after));
        texts.map(String::len).sum::<usize>() <= LONGEST
    }
}

/// A file of another program that would be changed.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileLines {
    /// The number of the first, from 1.
    pub line: u32,
    /// Those that go.
    pub before: Vec<String>,
    /// Those that come.
    pub after: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_line(line: String) -> ProposedFiles {
        let lines = vec![FileLines { line: 1, before: vec![line], after: Vec::new() }];
        let file = FileChange {
            program: "Codex".into(),
            file: "~/.codex/config.toml".into(),
            leads_to: None,
            is_new: false,
            is_gone: false,
            in_project: false,
            lines,
        };
        ProposedFiles {
            clients: Vec::new(),
            undo: false,
            project: None,
            servers: Vec::new(),
            files: vec![file],
            mark: String::new(),
            to_paste: String::new(),
        }
    }

    #[test]
    fn what_is_too_long_to_be_shown_whole_is_not_shown_at_all() {
        assert!(with_line("x".repeat(LONGEST)).can_be_shown());
        assert!(!with_line("x".repeat(LONGEST + 1)).can_be_shown());
    }
}
