//! What a program wants to have added that would aim a sign-in: it waits for the person, who sees it whole.

use crate::add::{self, Entry};
use crate::agent::Agent;
use crate::asker::Asker;
use crate::audit;
use crate::config::Setting;
use crate::hand_out::{not_while_locked, somebody_can_be_asked};
use crate::outcome;
use crate::peer::{Application, Identity};
use crate::question::{About, Subject, room_of};
use crate::signin::By;
use crate::valet::Valet;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use wire::Problem;

/// How long somebody who does not wait for the person waits for a shell that is about to start.
const STARTING: Duration = Duration::from_secs(5);
/// Refusals that are remembered, of all programs.
const MOST_REFUSED: usize = 1024;
/// After so many refusals nothing more is asked for a program in this run.
const MOST_REFUSED_OF_ONE: usize = 8;

/// The name of the server, and whether it was not there yet.
type Outcome = Result<(String, bool), Problem>;

/// One entry that one program wants to have added.
pub(crate) struct Proposal {
    pub(crate) who: Application,
    entry: Entry,
    outcome: watch::Sender<Option<Outcome>>,
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
    pub(crate) const fn has_secret(&self) -> bool {
        self.entry.has_secret
    }

    fn about(&self) -> About {
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

    async fn outcome(&self) -> Outcome {
        let mut outcome = self.outcome.subscribe();
        let done = outcome.wait_for(Option::is_some).await;
        done.ok()
            .and_then(|done| done.clone())
            .unwrap_or_else(|| Err(outcome::internal("this broke off", "Try again.")))
    }
}

/// What was answered about proposals in this run.
#[derive(Debug, Default)]
pub(crate) struct Proposals {
    answered: Mutex<Answered>,
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
    pub(crate) fn agree(&self, proposal: &Arc<Proposal>) {
        self.lock().under_way.push(Arc::clone(proposal));
    }

    /// The person said no: the same is not asked again for this program.
    pub(crate) fn refuse(&self, proposal: &Proposal) {
        let mut answered = self.lock();
        answered.refused.push_back((room_of(&proposal.who).cloned(), proposal.entry.mark.clone()));
        if answered.refused.len() > MOST_REFUSED {
            answered.refused.pop_front();
        }
    }

    fn is_refused(&self, proposal: &Proposal) -> bool {
        let (answered, room) = (self.lock(), room_of(&proposal.who));
        let of_this = answered.refused.iter().filter(|(whose, _)| whose.as_ref() == room);
        let is_this = |(_, mark): &&(Option<Identity>, String)| *mark == proposal.entry.mark;
        of_this.clone().any(|refused| is_this(&refused)) || of_this.count() >= MOST_REFUSED_OF_ONE
    }

    fn under_way(&self, proposal: &Proposal) -> Option<Arc<Proposal>> {
        self.lock().under_way.iter().find(|one| ***one == *proposal).cloned()
    }

    fn done(&self, proposal: &Proposal) {
        self.lock().under_way.retain(|one| **one != *proposal);
    }

    fn lock(&self) -> MutexGuard<'_, Answered> {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks the person about an entry, and waits so many seconds for the answer. A later one counts as well.
pub(crate) async fn propose(agent: &Agent, entry: Entry, wait: u32) -> Outcome {
    not_while_locked(agent)?;
    if !entry.can_be_shown() {
        return Err(outcome::proposal_too_long(&entry.name));
    }
    let (valet, who) = (&agent.valet, agent.peer.application().clone());
    let deadline = Instant::now() + Duration::from_secs(wait.into());
    let proposal = Arc::new(Proposal { who, entry, outcome: watch::Sender::new(None) });
    let entry = &proposal.entry;
    if valet.proposals.is_refused(&proposal) {
        return Err(outcome::proposal_refused(&entry.name));
    }
    if !somebody_can_be_asked(valet, deadline.max(Instant::now() + STARTING)).await {
        return Err(outcome::nobody_for_proposal(
            &entry.name,
            &keys(entry),
            &entry.to_paste(),
            &valet.paths.config,
        ));
    }
    let subject = Subject::Add(Arc::clone(&proposal));
    let _asker = Asker::new(valet, &subject);
    let Some(mut waiting) = valet.questions.ask(subject.clone(), proposal.about()) else {
        return Err(outcome::too_many_questions());
    };
    // It may have been answered between the look at the answers and the asking.
    if let Some(answered) = answered_meanwhile(valet, &proposal).await {
        drop(waiting);
        valet.questions.withdraw_unheard(&subject);
        return answered;
    }
    valet.show_soon();
    match timeout_at(deadline, waiting.answer()).await {
        Err(_) => Err(outcome::proposed(&entry.name)),
        Ok(Some(answer)) if answer.is_yes() => waiting.proposal().unwrap_or(&proposal).outcome().await,
        Ok(Some(_)) => Err(outcome::proposal_refused(&entry.name)),
        Ok(None) => {
            not_while_locked(agent)?;
            Err(outcome::proposed(&entry.name))
        }
    }
}

async fn answered_meanwhile(valet: &Arc<Valet>, proposal: &Proposal) -> Option<Outcome> {
    if let Some(agreed) = valet.proposals.under_way(proposal) {
        return Some(agreed.outcome().await);
    }
    if valet.proposals.is_refused(proposal) {
        return Some(Err(outcome::proposal_refused(&proposal.entry.name)));
    }
    is_there(valet, proposal)
}

fn is_there(valet: &Valet, proposal: &Proposal) -> Option<Outcome> {
    let entry = &proposal.entry;
    let there = add::there_already(valet, Some(&entry.name), &entry.server, !entry.oauth.is_empty());
    there.map(|there| there.map(|name| (name, false))).transpose()
}

/// Does what the person agreed to, and tells all who wait for it.
pub(crate) fn carry_out(valet: &Arc<Valet>, proposal: Arc<Proposal>) {
    let valet = Arc::clone(valet);
    valet.runtime.clone().spawn(async move {
        let by = By::Agent(proposal.who.clone());
        let outcome = add::put(&valet, &proposal.entry, &by, true).await;
        if let Err(problem) = &outcome {
            tracing::warn!("\"{}\" was not added: {}", proposal.entry.name, problem.detail);
            let notice =
                format!("\"{}\" was not added: {}. {}", proposal.entry.name, problem.detail, problem.advice);
            valet.change(|book| book.notices.push(notice));
        }
        proposal.outcome.send_replace(Some(outcome));
        valet.proposals.done(&proposal);
    });
}

/// Writes down that the person refused it. What they agree to is written down once it is added.
pub(crate) fn note_refusal(valet: &Valet, proposal: &Proposal) {
    let mut entry = audit::entry(valet.clock.now(), "add_refused", By::Agent(proposal.who.clone()).actor());
    entry.mark = audit::mark(&proposal.who);
    entry.server = Some(proposal.entry.name.clone());
    entry.result = Some(format!("it would have set {}", keys(&proposal.entry)));
    valet.note(&entry);
}

/// The keys that need the person.
pub(crate) fn keys(entry: &Entry) -> String {
    let keys = entry.settings.iter().map(|Setting { key, .. }| key.as_str());
    let keys: Vec<&str> = keys.filter(|key| add::aims(key)).collect();
    keys.join(", ")
}
