//! What a program wants to have added that would aim a sign-in, and what was answered about it.

use crate::about::About;
use crate::entry::Entry;
use crate::question::room_of;
use ground::ranked::{Locked, Ranked, order};
use peer::{Application, Identity};
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::watch;
use wire::{Code, Problem};

/// Refusals that are remembered, of all programs.
const MOST_REFUSED: usize = 1024;

/// After so many refusals nothing more is asked for a program in this run.
const MOST_REFUSED_OF_ONE: usize = 8;

/// The name of the server, and whether it was not there yet.
pub type Outcome = Result<(String, bool), Problem>;

/// One entry that one program wants to have added.
pub struct Proposal {
    /// The program.
    pub who: Application,
    /// What it wants to have added.
    pub entry: Entry,
    /// What came of it, once that is known, for all who wait.
    pub outcome: watch::Sender<Option<Outcome>>,
}

/// What is secret in it is not told.
impl std::fmt::Debug for Proposal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proposal").field("name", &self.entry.name).finish_non_exhaustive()
    }
}

/// The same program wants the same under the same name.
impl PartialEq for Proposal {
    fn eq(&self, other: &Self) -> bool {
        self.who == other.who && self.entry.name == other.entry.name && self.entry.mark == other.entry.mark
    }
}

impl Eq for Proposal {}

impl Proposal {
    /// Whether a secret waits in it.
    pub const fn has_secret(&self) -> bool {
        self.entry.has_secret
    }

    /// The question about it.
    pub fn about(&self) -> About {
        let (who, entry) = (&self.who, &self.entry);
        About::Add {
            agent: who.name().to_owned(),
            icon: who.icon().map(ToOwned::to_owned),
            executable: who.path().to_owned(),
            by: who.by().map(ToOwned::to_owned),
            server: entry.name.clone(),
            // As the browser has it: no letters that look like others.
            url: entry.server.url.url().as_str().to_owned(),
            host: entry.server.url.host(),
            settings: entry.settings.clone(),
        }
    }

    /// Waits for what comes of it.
    pub async fn outcome(&self) -> Outcome {
        let mut outcome = self.outcome.subscribe();
        let done = outcome.wait_for(Option::is_some).await;
        done.ok()
            .and_then(|done| done.clone())
            .unwrap_or_else(|| Err(Problem::new(Code::Internal, "this broke off", "Try again.")))
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
        answered.refused.push_back((room_of(&proposal.who).cloned(), proposal.entry.mark.clone()));
        if answered.refused.len() > MOST_REFUSED {
            answered.refused.pop_front();
        }
    }

    /// Whether it was refused before, or so much of this program that nothing more is asked for it.
    pub fn is_refused(&self, proposal: &Proposal) -> bool {
        let (answered, room) = (self.lock(), room_of(&proposal.who));
        let of_this = answered.refused.iter().filter(|(whose, _)| whose.as_ref() == room);
        let is_this = |(_, mark): &&(Option<Identity>, String)| *mark == proposal.entry.mark;
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
