//! What every surface draws: one picture of everything that concerns the person.

use crate::book::Book;
use crate::config::AgentsPolicy;
use crate::consent::{Consents, Stands};
use crate::peer::Application;
use crate::question::Question;
use serde::Serialize;
use wire::{ConsentState, Problem, Server, VaultKind};

/// Everything that a surface shows. Tray, window, notification and terminal all draw this and nothing else.
#[cfg_attr(test, derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct View {
    /// The servers, by name.
    pub servers: Vec<Server>,
    /// Agents that wait for the person to sign in.
    pub wanted: Vec<Wanted>,
    /// Answers of the person that stand.
    pub answers: Vec<Standing>,
    /// Questions that wait for an answer, oldest first.
    pub questions: Vec<Question>,
    /// The vault in use.
    pub vault: VaultKind,
    /// What an agent gets that was never answered about.
    pub agents: AgentsPolicy,
    /// Whether the valet starts when the person logs in. Null where the shell has no say in it.
    pub start_at_login: Option<bool>,
    /// Where things are.
    pub places: Places,
    /// The number of the newest entry in the audit.
    #[cfg_attr(test, ts(type = "number"))]
    pub activity: u64,
    /// Why the vault cannot be read.
    pub locked: Option<Problem>,
    /// What is wrong with the configuration on disk; the last good one is in use.
    pub trouble: Option<Problem>,
    /// Standing notices.
    pub notices: Vec<String>,
}

/// An agent that waits for the person to sign in to a server.
#[cfg_attr(test, derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wanted {
    /// The server's name.
    pub server: String,
    /// The agent's name.
    pub agent: String,
}

/// An answer of the person that stands.
#[cfg_attr(test, derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Standing {
    /// The server's name.
    pub server: String,
    /// The agent's name.
    pub agent: String,
    /// The path of its program.
    pub executable: String,
    /// Whether the answer was yes.
    pub allowed: bool,
    /// Whether it holds until the person takes it back.
    pub always: bool,
}

/// Where things are, each with its whole path.
#[cfg_attr(test, derive(ts_rs::TS))]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Places {
    /// The person's home, for surfaces that write `~` instead.
    pub home: String,
    /// The configuration.
    pub config: String,
    /// The log.
    pub log: String,
    /// The audit.
    pub audit: String,
    /// The agents' socket.
    pub socket: String,
    /// The command line as other programs find it: its name if their `PATH` leads to it, else its path.
    pub command: String,
}

/// What stays the same while the valet runs.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    pub(crate) vault: VaultKind,
    pub(crate) places: Places,
}

impl View {
    pub(crate) fn of(
        book: &Book,
        consents: &Consents,
        questions: &[Question],
        surroundings: &Surroundings,
        activity: u64,
        start_at_login: Option<bool>,
    ) -> Self {
        let servers = book.servers.values();
        let wanted = |server: &crate::state::Server| {
            Some(Wanted { server: server.name.clone(), agent: server.wanted_by.clone()? })
        };
        Self {
            wanted: servers.clone().filter_map(wanted).collect(),
            answers: standing(book, consents),
            servers: servers.map(|server| server.to_wire(book.locked, ConsentState::None)).collect(),
            questions: questions.to_vec(),
            vault: surroundings.vault,
            agents: book.config.valet.agents,
            start_at_login,
            places: surroundings.places.clone(),
            activity,
            locked: book.locked.map(crate::outcome::locked),
            trouble: book.trouble.clone(),
            notices: book.notices(),
        }
    }
}

fn standing(book: &Book, consents: &Consents) -> Vec<Standing> {
    let of = |(who, id, stands): (&Application, &str, Stands)| {
        let server = book.servers.values().find(|server| server.id == id)?.name.clone();
        let allowed = stands != Stands::Denied;
        let always = stands == Stands::Allowed { always: true };
        Some(Standing {
            server,
            agent: who.name().to_owned(),
            executable: who.path().to_owned(),
            allowed,
            always,
        })
    };
    let mut standing: Vec<Standing> = consents.lasting().filter_map(of).collect();
    standing.sort();
    standing
}

/// Whether somebody can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Surfaces {
    /// The shell is still starting: wait for it.
    Starting,
    /// So many surfaces can show a question; none means that nobody can be asked.
    Open(usize),
}
