//! What every surface draws: one picture of everything that concerns the person.

use crate::book::Book;
use crate::question::Question;
use wire::{ConsentState, Problem, Server, VaultKind};

/// Everything that a surface shows. Tray, window, notification and terminal all draw this and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The servers, by name.
    pub servers: Vec<Server>,
    /// Agents that wait for the person to sign in: the server's name, and the agent's.
    pub wanted: Vec<(String, String)>,
    /// Questions that wait for an answer, oldest first.
    pub questions: Vec<Question>,
    /// The vault in use.
    pub vault: VaultKind,
    /// Why the vault cannot be read.
    pub locked: Option<Problem>,
    /// What is wrong with the configuration on disk; the last good one is in use.
    pub trouble: Option<Problem>,
    /// Standing notices.
    pub notices: Vec<String>,
}

impl View {
    pub(crate) fn of(book: &Book, questions: &[Question], vault: VaultKind) -> Self {
        let servers = book.servers.values();
        let wanted =
            servers.clone().filter_map(|server| Some((server.name.clone(), server.wanted_by.clone()?)));
        Self {
            wanted: wanted.collect(),
            servers: servers.map(|server| server.to_wire(book.locked, ConsentState::None)).collect(),
            questions: questions.to_vec(),
            vault,
            locked: book.locked.map(crate::outcome::locked),
            trouble: book.trouble.clone(),
            notices: book.notices.iter().chain(&book.config.notices).cloned().collect(),
        }
    }
}

/// Whether somebody can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Surfaces {
    /// The shell is still starting: wait for it.
    Starting,
    /// So many surfaces can show a question; none means that nobody can be asked.
    Open(usize),
}
