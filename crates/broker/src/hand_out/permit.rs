//! The person's leave for an agent: remembered, or asked for now.

use super::{lasts, unseal};
use crate::base::problems;
use crate::hand_out::caller::Caller;
use crate::state::held::Held;
use crate::state::item::Grant;
use crate::state::server::Server;
use crate::valet::asker::Asker;
use crate::valet::{Valet, idle};
use config::AgentsPolicy;
use consent::answer::Answer;
use consent::extent::{self, Extent, Wanted};
use consent::permit::{Decision, Permit};
use consent::question::{About, Before, Subject};
use consent::surfaces::Surfaces;
use peer::Longest;
use plain::plain;
use std::sync::Arc;
use tokio::time::{Instant, timeout_at};
use wire::{ConsentState, Form, Problem};

/// Most characters of a resource that are shown.
const MAX_RESOURCE: usize = 300;

/// Nobody is asked anything while the valet is locked. Whoever asks for something meanwhile reminds the
/// person of it: once, however many ask, and where the person sees it.
pub(crate) fn not_while_locked(agent: &Caller) -> Result<(), Problem> {
    let valet = &agent.valet;
    idle::look(valet);
    let locked = valet.not_locked().map_err(Problem::from);
    let unseen = {
        let book = valet.book();
        !book.nobody_looks && book.lock.as_ref().is_some_and(|lock| lock.wanted_by.is_none())
    };
    if unseen {
        valet.change(|book| book.lock.as_mut().map(|lock| lock.wanted_by = Some(agent.name())));
    }
    locked
}

/// What an agent asks for: to use a server.
pub(crate) struct Ask<'a> {
    pub(crate) agent: &'a Caller,
    /// The server's name and id.
    pub(crate) name: &'a str,
    pub(crate) id: &'a str,
    /// Whether it wants the token itself. Through the proxy it gets none.
    pub(crate) token: bool,
    /// Scopes that it wants beside those that there are.
    pub(crate) scopes: &'a [String],
    pub(crate) deadline: Instant,
}

/// What it would get, as far as that is known.
struct Prospect {
    grant: Option<Arc<Grant>>,
    /// The scopes, where they are not those of the grant.
    scopes: Option<Vec<String>>,
    form: Form,
    sealed: bool,
}

impl Prospect {
    fn wanted(&self) -> Wanted<'_> {
        let granted = || self.grant.as_ref().map(|grant| grant.parts.scopes.as_slice());
        Wanted { scopes: self.scopes.as_deref().or_else(granted), form: self.form }
    }
}

impl Ask<'_> {
    /// The person's leave: remembered, or asked for now.
    pub(crate) async fn permit(&self) -> Result<Permit, Problem> {
        not_while_locked(self.agent)?;
        let prospect = self.prospect()?;
        if let Some(decided) = self.decided(prospect.wanted()) {
            return decided;
        }
        if prospect.sealed {
            // What the keychain has may be an answer, and is what the question would be about.
            let unsealed = timeout_at(self.deadline, unseal(&self.agent.valet)).await;
            unsealed.map_err(|_| problems::timeout("the keychain"))?.map_err(Problem::from)?;
        }
        self.ask().await
    }

    /// A leave that reaches as far as what there is now: `permit`, or another.
    pub(crate) async fn extend(&self, permit: Permit) -> Result<Permit, Problem> {
        if permit.covers(self.prospect()?.wanted()) {
            return Ok(permit);
        }
        self.permit().await
    }

    /// What the agent gets with `grant`.
    pub(crate) fn wanted<'g>(&self, grant: &'g Grant) -> Wanted<'g> {
        Wanted { scopes: Some(&grant.parts.scopes), form: self.form(Some(grant)) }
    }

    fn form(&self, grant: Option<&Grant>) -> Form {
        match grant {
            _ if !self.token => Form::Proxied,
            Some(grant) if lasts(grant) => Form::LastingToken,
            Some(_) | None => Form::Token,
        }
    }

    fn prospect(&self) -> Result<Prospect, Problem> {
        let book = self.agent.valet.book();
        let server = book.known(self.name, self.id)?;
        if let Some(declined) = server.declined() {
            return Err(declined);
        }
        let grant = server.held.grant().cloned();
        let scopes = match &grant {
            None => server.config.oauth.scopes.clone(),
            // Scopes that the person configured are the limit, whatever is asked for.
            Some(_) if self.scopes.is_empty() || server.config.oauth.scopes.is_some() => None,
            Some(grant) => {
                let new = self.scopes.iter().filter(|scope| !grant.parts.scopes.contains(scope));
                Some(grant.parts.scopes.iter().chain(new).cloned().collect())
            }
        };
        let form = self.form(grant.as_deref());
        Ok(Prospect { grant, scopes, form, sealed: matches!(server.held, Held::Sealed { .. }) })
    }

    /// What follows from the answers that are remembered; `None` if the person has to be asked.
    fn decided(&self, wanted: Wanted<'_>) -> Option<Result<Permit, Problem>> {
        let (valet, who) = (&self.agent.valet, self.agent.peer.application());
        let known = self.agent.peer.is_unchanged();
        let policy = valet.book().config.valet.agents;
        let now = valet.clock.now();
        let decision = valet.consents().decide(policy, who, known, self.id, wanted, now);
        match decision {
            Decision::Allow(permit) => Some(Ok(permit)),
            Decision::Deny => Some(Err(self.denied(policy))),
            Decision::Ask => None,
        }
    }

    /// Who or what said no tells how that is taken back.
    fn denied(&self, policy: AgentsPolicy) -> Problem {
        let who = self.agent.peer.application();
        let answer = self.agent.valet.consents().standing(AgentsPolicy::Ask, who, self.id, None);
        if policy == AgentsPolicy::Deny && answer != ConsentState::Denied {
            return problems::denied_by_policy(self.name, who.name());
        }
        problems::denied(self.name, who.name())
    }

    /// Asks the person, together with all who ask the same. "Once" is for one of them; the others ask again.
    async fn ask(&self) -> Result<Permit, Problem> {
        let valet = &self.agent.valet;
        loop {
            let prospect = self.prospect()?;
            if let Some(decided) = self.decided(prospect.wanted()) {
                return decided;
            }
            if !somebody_can_be_asked(valet, self.deadline).await {
                return Err(self.nobody_to_ask(&prospect));
            }
            let subject = self.subject(&prospect);
            let _asker = Asker::new(valet, &subject);
            let asked_before = valet.questions.is_open(&subject);
            let Some(mut waiting) = valet.questions.ask(subject.clone(), self.question(&prospect)) else {
                return Err(problems::too_many_questions());
            };
            // The same question may have been answered between the look at the answers and the asking; it is
            // remembered by now.
            if let Some(decided) = self.decided(prospect.wanted()) {
                drop(waiting);
                valet.questions.withdraw_unheard(&subject);
                return decided;
            }
            if !asked_before {
                valet.show_soon();
            }
            let answer = timeout_at(self.deadline, waiting.answer()).await;
            let answer = answer.map_err(|_| problems::unanswered(self.name))?;
            if self.is_somebody_else_now() {
                continue;
            }
            match answer {
                // Settled by another answer, or about what is not so any more.
                None => {}
                Some(Answer::AllowOnce) if !waiting.take_once() => {}
                Some(answer) => {
                    let permit = answer.permit(Extent::of(prospect.wanted()));
                    return permit.ok_or_else(|| problems::denied(self.name, &self.agent.name()));
                }
            }
        }
    }

    /// Whether the program that was asked about has ended meanwhile, or is another: the answer is not about
    /// what it left running.
    fn is_somebody_else_now(&self) -> bool {
        let peer = &self.agent.peer;
        peer.application().longest() != Longest::Once && !peer.is_unchanged()
    }

    fn nobody_to_ask(&self, prospect: &Prospect) -> Problem {
        let new = self.before(prospect).map(|before| before.new_scopes).unwrap_or_default();
        problems::consent_required(self.name, &self.agent.name(), &new)
    }

    fn subject(&self, prospect: &Prospect) -> Subject {
        let who = self.agent.peer.application().clone();
        Subject::Use { who, server_id: self.id.to_owned(), extent: Extent::of(prospect.wanted()) }
    }

    /// What was allowed before, of an agent that is allowed less than it wants.
    fn before(&self, prospect: &Prospect) -> Option<Before> {
        let consents = self.agent.valet.consents();
        let extent = consents.allowed(self.agent.peer.application(), self.id)?;
        Some(Before { form: extent.form(), new_scopes: extent.new_in(prospect.wanted()).cloned().collect() })
    }

    fn question(&self, prospect: &Prospect) -> About {
        let who = self.agent.peer.application();
        let (host, resource) = {
            let book = self.agent.valet.book();
            let of = |server: &Server| {
                (
                    server.config.url.host(),
                    server.other_resource().map(|resource| plain(&plain::address(resource), MAX_RESOURCE)),
                )
            };
            book.servers.get(self.name).map(of).unwrap_or_default()
        };
        About::Use {
            agent: who.name().to_owned(),
            icon: who.icon().map(ToOwned::to_owned),
            executable: who.path().to_owned(),
            by: who.by().map(ToOwned::to_owned),
            server: self.name.to_owned(),
            host,
            resource,
            form: prospect.form,
            scopes: prospect.wanted().scopes.map(|scopes| {
                scopes.iter().filter(|scope| extent::concerns_agents(scope)).cloned().collect()
            }),
            lives: prospect.grant.as_ref().and_then(|grant| grant.lifetime()),
            before: self.before(prospect),
            answers: Answer::offered(who.longest()),
        }
    }
}

/// Waits while the shell starts. A shell that can show nothing says so.
pub(crate) async fn somebody_can_be_asked(valet: &Valet, deadline: Instant) -> bool {
    let mut surfaces = valet.surfaces.subscribe();
    let known = timeout_at(deadline, surfaces.wait_for(|surfaces| *surfaces != Surfaces::Starting)).await;
    matches!(known.as_ref().map(|known| known.as_deref()), Ok(Ok(Surfaces::Open(1..))))
}
