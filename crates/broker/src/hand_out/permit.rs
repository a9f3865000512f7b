//! The person's leave for an agent: remembered, or asked for now.

use crate::agent::Agent;
use crate::consent::{Answer, Decision, Permit};
use crate::lock;
use crate::outcome;
use crate::peer::Longest;
use crate::question::{About, Subject};
use crate::valet::Valet;
use crate::view::Surfaces;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use wire::Problem;

/// How long a question or a wish stays after its asker gave up.
pub(super) const LATE: Duration = Duration::from_secs(5 * 60);

/// The person's leave for this agent to use this server: remembered, or asked for now.
pub(crate) async fn permit(
    agent: &Agent,
    name: &str,
    id: &str,
    deadline: Instant,
) -> Result<Permit, Problem> {
    not_while_locked(agent)?;
    if let Some(decided) = decided(agent, name, id) {
        return decided;
    }
    if !somebody_can_be_asked(&agent.valet, deadline).await {
        return Err(outcome::consent_required(name, &agent.name()));
    }
    ask(agent, name, id, deadline).await
}

/// Nobody is asked anything while the valet is locked. Whoever asks for something meanwhile reminds the person of it: once, however
/// many ask, and where the person sees it.
pub(crate) fn not_while_locked(agent: &Agent) -> Result<(), Problem> {
    let valet = &agent.valet;
    lock::look(valet);
    let locked = valet.not_locked().map_err(outcome::locked);
    let unseen = {
        let book = valet.book();
        !book.nobody_looks && book.lock.as_ref().is_some_and(|lock| lock.wanted_by.is_none())
    };
    if unseen {
        valet.change(|book| book.lock.as_mut().map(|lock| lock.wanted_by = Some(agent.name())));
    }
    locked
}

/// What follows from the answers that are remembered; `None` if the person has to be asked.
fn decided(agent: &Agent, name: &str, id: &str) -> Option<Result<Permit, Problem>> {
    let valet = &agent.valet;
    let known = agent.peer.is_unchanged();
    let policy = valet.book().config.valet.agents;
    let now = valet.clock.now();
    match valet.consents().decide(policy, agent.peer.application(), known, id, now) {
        Decision::Allow(permit) => Some(Ok(permit)),
        Decision::Deny => Some(Err(outcome::denied(name, &agent.name()))),
        Decision::Ask => None,
    }
}

/// Asks the person, together with all who ask the same. "Once" is for one of them; the others ask again.
async fn ask(agent: &Agent, name: &str, id: &str, deadline: Instant) -> Result<Permit, Problem> {
    let valet = &agent.valet;
    let subject = Subject::Use { who: agent.peer.application().clone(), server_id: id.to_owned() };
    let _asker = Asker { valet: Arc::clone(valet), subject: subject.clone() };
    loop {
        let asked_before = valet.questions.is_open(&subject);
        let Some(mut waiting) = valet.questions.ask(subject.clone(), question(agent, name)) else {
            return Err(outcome::internal(
                "too many questions are open",
                "Answer some of them, then try again.",
            ));
        };
        // The same question may have been answered between the look at the answers and the asking; it is remembered by now.
        if let Some(decided) = decided(agent, name, id) {
            drop(waiting);
            valet.questions.withdraw_unheard(&subject);
            return decided;
        }
        if !asked_before {
            valet.publish();
        }
        let answer = timeout_at(deadline, waiting.answer()).await;
        let answer = answer.ok().flatten().ok_or_else(|| outcome::timeout("an answer to the question"))?;
        if answer != Answer::AllowOnce || waiting.take_once() {
            return answer.permit().ok_or_else(|| outcome::denied(name, &agent.name()));
        }
    }
}

/// Somebody who asked. Whether they gave up or went away, their question outlives them for a while, and then goes if nobody waits
/// for it any more.
struct Asker {
    valet: Arc<Valet>,
    subject: Subject,
}

impl Drop for Asker {
    fn drop(&mut self) {
        if !self.valet.questions.is_open(&self.subject) {
            return;
        }
        let (valet, subject) = (Arc::clone(&self.valet), self.subject.clone());
        self.valet.runtime.spawn(async move {
            valet.clock.wait(LATE).await;
            valet.questions.withdraw_unheard(&subject);
            valet.publish();
        });
    }
}

fn question(agent: &Agent, name: &str) -> About {
    let book = agent.valet.book();
    let server = book.servers.get(name);
    About::Use {
        agent: agent.name(),
        executable: agent.peer.application().path().to_owned(),
        server: name.to_owned(),
        may_stay: agent.peer.application().longest() == Longest::Always,
        host: server.map(|server| server.config.url.host()).unwrap_or_default(),
        scopes: server
            .and_then(|server| server.held.grant())
            .map(|grant| grant.parts.scopes.clone())
            .unwrap_or_default(),
    }
}

/// Waits while the shell starts. A shell that can show nothing says so.
pub(super) async fn somebody_can_be_asked(valet: &Valet, deadline: Instant) -> bool {
    let mut surfaces = valet.surfaces.subscribe();
    let known = timeout_at(deadline, surfaces.wait_for(|surfaces| *surfaces != Surfaces::Starting)).await;
    matches!(known.as_ref().map(|known| known.as_deref()), Ok(Ok(Surfaces::Open(1..))))
}
