//! What a program wants of the configuration or the vault that needs the person, and what was answered about
//! it.

use crate::about::About;
use crate::entry::Entry;
use crate::new_key::ProposedKey;
use crate::proposed_files::ProposedFiles;
use crate::proposed_forward::ProposedForward;
use crate::question::room_of;
use ground::ranked::{Locked, Ranked, order};
use peer::{Application, Identity};
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::watch;
use wire::{Code, Forward, Problem, SetUpFile};
use words::say;

/// Characters of an address that a question shows.
const LONGEST_URL: usize = 1000;

/// Refusals that are remembered, of all programs.
const MOST_REFUSED: usize = 1024;

/// After so many refusals nothing more is asked for a program in this run.
const MOST_REFUSED_OF_ONE: usize = 8;

/// What came of a proposal.
#[derive(Debug, Clone)]
pub enum Made {
    /// The configuration or the vault has it.
    Entry {
        /// The name of the server.
        server: String,
        /// Whether it was not there yet.
        is_new: bool,
    },
    /// Files of other programs were changed, or were to be.
    Files(Vec<SetUpFile>),
    /// A socket in another place leads here.
    Forward(Box<Forward>),
}

impl Made {
    /// The name of the server, where it is about one, and whether what was wanted was not there yet.
    #[must_use]
    pub fn entry(self) -> (String, bool) {
        match self {
            Self::Entry { server, is_new } => (server, is_new),
            Self::Files(_) | Self::Forward(_) => (String::new(), true),
        }
    }
}

/// What came of a proposal, or why nothing did.
pub type Entered = Result<Made, Problem>;

/// What a program wants.
pub enum Wants {
    /// To have this entry added.
    Server(Box<Entry>),
    /// To have this key set.
    Key(Box<ProposedKey>),
    /// To have files of other programs changed.
    Files(Box<ProposedFiles>),
    /// To have a socket in another place led here.
    Forward(Box<ProposedForward>),
}

impl Wants {
    /// The name of the server that it is about, if it is about one.
    #[must_use]
    pub fn server(&self) -> &str {
        match self {
            Self::Server(entry) => &entry.name,
            Self::Key(key) => &key.server,
            Self::Files(_) | Self::Forward(_) => "",
        }
    }

    /// What it is about: the server, the programs whose files these are, or the place.
    #[must_use]
    pub fn about(&self) -> String {
        match self {
            Self::Files(files) => files.programs(),
            Self::Forward(forward) => forward.host.clone(),
            Self::Server(_) | Self::Key(_) => self.server().to_owned(),
        }
    }

    /// A mark of what it is, by whatever name.
    fn mark(&self) -> String {
        match self {
            Self::Server(entry) => entry.mark.clone(),
            Self::Key(key) => key.mark(),
            Self::Files(files) => files.mark.clone(),
            Self::Forward(forward) => forward.mark(),
        }
    }

    /// Whether a question can show it whole.
    #[must_use]
    pub fn can_be_shown(&self) -> bool {
        match self {
            Self::Server(entry) => entry.can_be_shown(),
            Self::Key(key) => key.url.chars().count() <= LONGEST_URL,
            Self::Files(files) => files.can_be_shown(),
            Self::Forward(forward) => forward.can_be_shown(),
        }
    }
}

/// What one program wants.
pub struct Proposal {
    /// The program.
    pub who: Application,
    /// What it wants.
    pub wants: Wants,
    /// What came of it, once that is known, for all who wait.
    pub outcome: watch::Sender<Option<Entered>>,
}

/// What is secret in it is not told.
impl std::fmt::Debug for Proposal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proposal").field("server", &self.wants.server()).finish_non_exhaustive()
    }
}

/// The same program wants the same under the same name.
impl PartialEq for Proposal {
    fn eq(&self, other: &Self) -> bool {
        let same_name = self.wants.server() == other.wants.server();
        self.who == other.who && same_name && self.wants.mark() == other.wants.mark()
    }
}

impl Eq for Proposal {}

impl Proposal {
    /// Whether a secret waits in it.
    pub fn has_secret(&self) -> bool {
        match &self.wants {
            Wants::Server(entry) => entry.has_secret,
            Wants::Key(_) => true,
            Wants::Files(_) | Wants::Forward(_) => false,
        }
    }

    /// The question about it.
    pub fn about(&self) -> About {
        let who = &self.who;
        let (agent, icon) = (who.name().to_owned(), who.icon().map(ToOwned::to_owned));
        let (executable, by) = (who.path().to_owned(), who.by().map(ToOwned::to_owned));
        match &self.wants {
            Wants::Server(entry) => About::Add {
                agent,
                icon,
                executable,
                by,
                server: entry.name.clone(),
                // As the browser has it: no letters that look like others.
                url: entry.server.place.whole(),
                host: entry.server.place.host(),
                runs_here: entry.server.place.program().is_some(),
                settings: entry.settings.clone(),
            },
            Wants::Key(key) => About::Key {
                agent,
                icon,
                executable,
                by,
                server: key.server.clone(),
                url: key.url.clone(),
                host: key.host.clone(),
                runs_here: key.runs_here,
                key: key.key.as_str().to_owned(),
                headers: key.headers.clone(),
                replaces: key.replaces,
            },
            Wants::Files(files) => About::Files {
                agent,
                icon,
                executable,
                by,
                undo: files.undo,
                files: files.files.clone(),
                moves: files.moves.as_ref().map(|proposed| proposed.moves.clone()),
                returns: files.returns.clone(),
                lost: files.lost.clone(),
            },
            Wants::Forward(forward) => {
                let (host, servers) = (forward.host.clone(), forward.servers.clone());
                About::Forward { agent, icon, executable, by, host, servers }
            }
        }
    }

    /// Waits for what comes of it.
    pub async fn outcome(&self) -> Entered {
        let mut outcome = self.outcome.subscribe();
        let done = outcome.wait_for(Option::is_some).await;
        done.ok().and_then(|done| done.clone()).unwrap_or_else(|| {
            Err(Problem::new(
                Code::Internal,
                say!(problem_broke_off_here),
                say!(problem_broke_off_here_advice),
            ))
        })
    }
}

/// What was answered about proposals in this run.
#[derive(Debug, Default)]
pub struct Proposals {
    answered: Ranked<Answered, { order::LAST }>,
}

#[derive(Debug, Default)]
struct Answered {
    /// Agreed to, and being added.
    under_way: Vec<Arc<Proposal>>,
    /// Refused: whose, and the mark of what it was, by whatever name.
    refused: VecDeque<(Option<Identity>, String)>,
}

impl Proposals {
    /// The person said yes.
    pub fn agree(&self, proposal: &Arc<Proposal>) {
        self.lock().under_way.push(Arc::clone(proposal));
    }

    /// The person said no: the same is not asked again for this program.
    pub fn refuse(&self, proposal: &Proposal) {
        let mut answered = self.lock();
        answered.refused.push_back((room_of(&proposal.who).cloned(), proposal.wants.mark()));
        if answered.refused.len() > MOST_REFUSED {
            answered.refused.pop_front();
        }
    }

    /// Whether it was refused before, or so much of this program that nothing more is asked for it.
    pub fn is_refused(&self, proposal: &Proposal) -> bool {
        let (answered, room) = (self.lock(), room_of(&proposal.who));
        let of_this = answered.refused.iter().filter(|(whose, _)| whose.as_ref() == room);
        let own = proposal.wants.mark();
        let is_this = |(_, mark): &&(Option<Identity>, String)| *mark == own;
        of_this.clone().any(|refused| is_this(&refused)) || of_this.count() >= MOST_REFUSED_OF_ONE
    }

    /// The same proposal, where it was agreed to and is being added.
    pub fn under_way(&self, proposal: &Proposal) -> Option<Arc<Proposal>> {
        self.lock().under_way.iter().find(|one| ***one == *proposal).cloned()
    }

    /// It was added, or could not be.
    pub fn done(&self, proposal: &Proposal) {
        self.lock().under_way.retain(|one| **one != *proposal);
    }

    fn lock(&self) -> Locked<'_, Answered> {
        self.answered.lock()
    }
}
