//! What a program wants that would aim a sign-in, or bring a key: it waits for the person, who sees it whole.

use crate::authority::agent::Agent;
use crate::authority::{add, forward, key, setup};
use crate::hand_out::{not_while_locked, somebody_can_be_asked};
use crate::valet::Valet;
use crate::valet::asker::Asker;
use consent::answer::Confirmation;
use consent::proposal::{Entered, Made, Proposal, Wants};
use consent::subject::{Matter, Subject};
use peer::By;
use state::agreed::Agreed;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use wire::{Act, Problem};
use words::say;

/// How long somebody who does not wait for the person waits for a shell that is about to start.
const STARTING: Duration = Duration::from_secs(5);

/// Asks the person about it, and waits so many seconds for the answer. A later one counts as well.
pub(crate) async fn propose(agent: &Agent, wants: Wants, wait: u32) -> Entered {
    not_while_locked(agent)?;
    if !wants.can_be_shown() {
        return Err(problems::proposal_too_long(&wants.about()));
    }
    let (valet, who) = (&agent.valet, agent.peer.application().clone());
    let deadline = Instant::now() + Duration::from_secs(wait.into());
    let proposal = Arc::new(Proposal { who, wants, outcome: watch::Sender::new(None) });
    if valet.proposals.is_refused(&proposal) {
        return Err(refused(&proposal));
    }
    if !somebody_can_be_asked(valet, deadline.max(Instant::now() + STARTING)).await {
        return Err(nobody_to_ask(valet, &proposal.wants));
    }
    let matter = Matter::Proposal(Arc::clone(&proposal));
    let subject = Subject::Matter(matter.clone());
    let _asker = Asker::new(valet, &subject);
    let Some(mut waiting) = valet.questions.ask(matter, proposal.about()) else {
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
        Err(_) => Err(proposed(&proposal)),
        Ok(Some(Confirmation::Yes)) => waiting.proposal().unwrap_or(&proposal).outcome().await,
        Ok(Some(Confirmation::No)) => Err(refused(&proposal)),
        Ok(None) => {
            not_while_locked(agent)?;
            Err(proposed(&proposal))
        }
    }
}

fn proposed(proposal: &Proposal) -> Problem {
    match &proposal.wants {
        Wants::Files(files) => problems::files_proposed(&files.programs()),
        Wants::Forward(forward) => problems::forward_proposed(&forward.host),
        Wants::Server(_) | Wants::Key(_) => problems::proposed(proposal.wants.server()),
    }
}

fn refused(proposal: &Proposal) -> Problem {
    match &proposal.wants {
        Wants::Server(entry) => problems::proposal_refused(&entry.name),
        Wants::Key(key) => problems::key_not_wanted(&key.server),
        Wants::Files(files) => problems::files_refused(&files.programs()),
        Wants::Forward(forward) => problems::forward_refused(&forward.host),
    }
}

/// What the person can do by themselves, where there is no shell.
fn nobody_to_ask(valet: &Valet, wants: &Wants) -> Problem {
    let file = &valet.paths.config;
    match wants {
        Wants::Server(entry) => {
            problems::nobody_for_proposal(&entry.name, &entry.keys(), &entry.to_paste(), file)
        }
        Wants::Key(key) => problems::nobody_for_key(&key.server, file),
        Wants::Files(files) if !files.lost.is_empty() => problems::nobody_to_forget(&files.programs()),
        Wants::Files(files) => problems::nobody_for_files(&files.programs(), &files.to_paste, files.undo),
        Wants::Forward(forward) => problems::nobody_for_forward(&forward.host),
    }
}

async fn answered_meanwhile(valet: &Arc<Valet>, proposal: &Proposal) -> Option<Entered> {
    if let Some(agreed) = valet.proposals.under_way(proposal) {
        return Some(agreed.outcome().await);
    }
    if valet.proposals.is_refused(proposal) {
        return Some(Err(refused(proposal)));
    }
    is_there(valet, proposal)
}

fn is_there(valet: &Valet, proposal: &Proposal) -> Option<Entered> {
    let Wants::Server(entry) = &proposal.wants else { return None };
    let there = add::there_already(valet, Some(&entry.name), &entry.server, entry.says_more());
    there.map(|there| there.map(|server| Made::Entry { server, is_new: false })).transpose()
}

/// Does what the person agreed to, and tells all who wait for it.
pub(crate) fn carry_out(valet: &Arc<Valet>, proposal: Arc<Proposal>) {
    let valet = Arc::clone(valet);
    valet.runtime.clone().spawn(async move {
        let by = By::Agent(proposal.who.clone());
        let outcome = match &proposal.wants {
            Wants::Server(entry) => {
                let added = add::put(&valet, entry, &by, Agreed::ByThePerson).await;
                added.map(|(server, is_new)| Made::Entry { server, is_new })
            }
            Wants::Key(proposed) => key::put(&valet, proposed, &by).await,
            Wants::Files(proposed) => setup::put(&valet, proposed, &by).await.map(Made::Files),
            Wants::Forward(proposed) => {
                forward::put(&valet, proposed, &by).await.map(|forward| Made::Forward(Box::new(forward)))
            }
        };
        if let Err(problem) = &outcome {
            let (server, detail, advice) = (proposal.wants.about(), &problem.detail, &problem.advice);
            tracing::warn!("what was agreed to about \"{server}\" was not done: {detail}");
            let notice = match &proposal.wants {
                Wants::Server(_) => say!(notice_not_added, server = server, detail = detail, advice = advice),
                Wants::Key(_) => say!(notice_key_not_set, server = server, detail = detail, advice = advice),
                Wants::Files(_) => {
                    say!(notice_files_unchanged, programs = server, detail = detail, advice = advice)
                }
                Wants::Forward(_) => {
                    say!(notice_not_forwarded, host = server, detail = detail, advice = advice)
                }
            };
            valet.change(|book| book.notices.push(notice));
        }
        proposal.outcome.send_replace(Some(outcome));
        valet.proposals.done(&proposal);
    });
}

/// Writes down that the person refused it. What they agree to is written down once it is done.
pub(crate) fn note_refusal(valet: &Valet, proposal: &Proposal) {
    let (act, result) = match &proposal.wants {
        Wants::Server(entry) => (Act::AddRefused, Some(format!("it would have set {}", entry.keys()))),
        Wants::Key(_) => (Act::SetKeyRefused, None),
        Wants::Files(files) => (Act::SetUpRefused, Some(files.programs())),
        Wants::Forward(proposed) => (Act::ForwardRefused, Some(forward::told(proposed))),
    };
    let mut entry = audit::entry(valet.clock.now(), act, By::Agent(proposal.who.clone()).actor());
    entry.mark = audit::mark(&proposal.who);
    entry.server = Some(proposal.wants.server().to_owned()).filter(|server| !server.is_empty());
    entry.result = result;
    valet.note(&entry);
}
