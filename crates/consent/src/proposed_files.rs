//! Changes of other programs' files that a program wants to have made.

use std::path::PathBuf;
use wire::{FileChange, LostWay, Moves, Returning};

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
    /// What is moved here with that; nothing where files are only led here, or back.
    pub moves: Option<ProposedMoves>,
    /// Keys that go back into files.
    pub returns: Vec<Returning>,
    /// What is forgotten of files into which nothing can be put back.
    pub lost: Vec<LostWay>,
    /// A mark of all of it, before and afterwards.
    pub mark: String,
    /// What the person would put there by themselves.
    pub to_paste: String,
}

impl ProposedFiles {
    /// The names of the programs, such as "Codex, Cursor".
    #[must_use]
    pub fn programs(&self) -> String {
        let changed = self.files.iter().map(|file| file.program.as_str());
        let lost = self.lost.iter().map(|lost| lost.program.as_str());
        let mut names: Vec<&str> = changed.chain(lost).collect();
        names.dedup();
        names.join(", ")
    }

    /// Whether a question can show it whole.
    pub(crate) fn can_be_shown(&self) -> bool {
        let lines = self.files.iter().flat_map(|file| &file.lines);
        let texts = lines.flat_map(|one| one.before.iter().chain(&one.after));
        let moves = self.moves.iter().flat_map(|proposed| {
            let Moves { servers, stays, .. } = &proposed.moves;
            let servers = servers.iter().flat_map(|server| server.secrets.iter().chain([&server.place]));
            servers.chain(stays.iter().map(|stays| &stays.why))
        });
        let lost = self.lost.iter().flat_map(|lost| lost.keys.iter().chain([&lost.file]));
        texts.chain(moves).chain(lost).map(String::len).sum::<usize>() <= LONGEST
    }
}

/// What is moved here with it, secrets and all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedMoves {
    /// Servers that stay where they are.
    pub except: Vec<String>,
    /// Whether secrets may go on being arguments.
    pub arguments: bool,
    /// What goes where, and what stays.
    pub moves: Moves,
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::FileLines;

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
            moves: None,
            returns: Vec::new(),
            lost: Vec::new(),
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
