//! What a program wants to have added that would aim a sign-in: it waits for the person, who sees it whole.

use crate::authority::add;
use crate::authority::agent::Agent;
use crate::hand_out::{not_while_locked, somebody_can_be_asked};
use crate::state::added::Agreed;
use crate::valet::Valet;
use crate::valet::asker::Asker;
use consent::entry::Entry;
use consent::proposal::{Outcome, Proposal};
use consent::subject::Subject;
use peer::By;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use wire::Act;

/// How long somebody who does not wait for the person waits for a shell that is about to start.
const STARTING: Duration = Duration::from_secs(5);

/// Asks the person about an entry, and waits so many seconds for the answer. A later one counts as well.
pub(crate) async fn propose(agent: &Agent, entry: Entry, wait: u32) -> Outcome {
    not_while_locked(agent)?;
    if !entry.can_be_shown() {
        return Err(problems::proposal_too_long(&entry.name));
    }
    let (valet, who) = (&agent.valet, agent.peer.application().clone());
    let deadline = Instant::now() + Duration::from_secs(wait.into());
    let proposal = Arc::new(Proposal { who, entry, outcome: watch::Sender::new(None) });
    let entry = &proposal.entry;
    if valet.proposals.is_refused(&proposal) {
        return Err(problems::proposal_refused(&entry.name));
    }
    if !somebody_can_be_asked(valet, deadline.max(Instant::now() + STARTING)).await {
        return Err(problems::nobody_for_proposal(
            &entry.name,
            &entry.keys(),
            &entry.to_paste(),
            &valet.paths.config,
        ));
    }
    let subject = Subject::Add(Arc::clone(&proposal));
    let _asker = Asker::new(valet, &subject);
    let Some(mut waiting) = valet.questions.ask(subject.clone(), proposal.about()) else {
        return Err(problems::too_many_questions());
    };
    // It may have been answered between the look at the answers and the asking.
    if let Some(answered) = answered_meanwhile(valet, &proposal).await {
        drop(waiting);
        valet.questions.withdraw_unheard(&subject);
        return answered;
    }
    valet.show_soon();
    match timeout_at(deadline, waiting.answer()).await {
        Err(_) => Err(problems::proposed(&entry.name)),
        Ok(Some(answer)) if answer.is_yes() => waiting.proposal().unwrap_or(&proposal).outcome().await,
        Ok(Some(_)) => Err(problems::proposal_refused(&entry.name)),
        Ok(None) => {
            not_while_locked(agent)?;
            Err(problems::proposed(&entry.name))
        }
    }
}

async fn answered_meanwhile(valet: &Arc<Valet>, proposal: &Proposal) -> Option<Outcome> {
    if let Some(agreed) = valet.proposals.under_way(proposal) {
        return Some(agreed.outcome().await);
    }
    if valet.proposals.is_refused(proposal) {
        return Some(Err(problems::proposal_refused(&proposal.entry.name)));
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
        let outcome = add::put(&valet, &proposal.entry, &by, Agreed::ByThePerson).await;
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
    let mut entry = audit::entry(valet.clock.now(), Act::AddRefused, By::Agent(proposal.who.clone()).actor());
    entry.mark = audit::mark(&proposal.who);
    entry.server = Some(proposal.entry.name.clone());
    entry.result = Some(format!("it would have set {}", proposal.entry.keys()));
    valet.note(&entry);
}
