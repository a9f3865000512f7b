//! The leave that a request lives on: taken back, whatever goes through the proxy on it ends at once.

use super::judged::Judged;
use super::message::Message;
use crate::authority::agent::Agent;
use crate::valet::in_use::InUse;
use consent::call::Ruled;
use consent::decide::decide;
use consent::extent::Wanted;
use consent::rules::Rules;
use consent::session::UnderWay;
use jiff::Timestamp;
use message::deed::Deed;
use state::held::Held;
use state::meant::Meant;
use state::shut::Shut;
use std::sync::Arc;
use wire::{ConsentState, Form, Problem, Ruling};
use words::say;

/// What must stay true while a request is under way.
pub(super) struct StandingLeave {
    pub(super) agent: Agent,
    pub(super) meant: Meant,
    /// Whether the person's leave is for this session alone, so that no standing answer has to be there.
    pub(super) once: bool,
    /// The scopes of the sign-in that it lives on; some servers want none for some requests.
    pub(super) scopes: Option<Vec<String>>,
    /// What was asked for.
    pub(super) message: Arc<Message>,
    /// How that came through, where the program goes by rules.
    pub(super) judged: Option<Judged>,
    /// The session that this goes on in.
    pub(super) session: Option<UnderWay>,
    /// Whoever waits for an answer uses the valet until it has come to its end.
    pub(super) _in_use: Option<InUse>,
}

impl StandingLeave {
    /// Waits until the leave is taken back, and says how.
    pub(super) async fn taken_back(&self) -> Problem {
        let mut changes = self.agent.valet.changes();
        loop {
            if let Some(problem) = self.problem() {
                return problem;
            }
            if changes.changed().await.is_err() {
                return problems::internal(say!(problem_ends), say!(problem_ends_advice));
            }
        }
    }

    /// What is under way is judged by the rules as they are now. What the person let through stays so.
    fn against_rules(&self, rules: &Rules, (now, latest): (Timestamp, Timestamp)) -> Option<Problem> {
        let catalogs = self.agent.valet.catalogs.lock();
        let grant = self.judged.as_ref().map(|judged| judged.grant.as_str());
        let tools = grant.and_then(|grant| catalogs.tools(&self.meant.id, grant));
        let stands =
            |(deed, ruled): (&Deed, Option<&Ruled>)| match decide(rules, deed, tools, now, latest).rule {
                Ruling::Free => true,
                Ruling::Ask => ruled.is_some_and(|ruled| ruled.asked),
                Ruling::Never => false,
            };
        let stand = match &self.judged {
            Some(judged) => judged.each().all(stands),
            None => stands((&Deed::told(&self.message.method, self.message.subject.as_deref()), None)),
        };
        (!stand).then(|| problems::rules_changed(&self.meant.name, &self.agent.name()))
    }

    /// How it is taken back, if it is.
    pub(super) fn problem(&self) -> Option<Problem> {
        let valet = &self.agent.valet;
        let policy = {
            let book = valet.book();
            let server = match book.meant(&self.meant) {
                Ok(server) => server,
                Err(gone) => return Some(gone),
            };
            if let Some(declined) = server.declined() {
                return Some(declined);
            }
            if let Some(lock) = &book.lock {
                return Some(Problem::from(Shut::Locked(lock.cause)));
            }
            if self.scopes.is_some() && matches!(server.held, Held::Nothing) {
                let by_keys = server.takes_keys().then(|| server.fitting_keys().err()).flatten();
                return Some(match by_keys {
                    Some(unfit) => server.unfit(&unfit),
                    None => problems::authorization_required(&self.meant.name),
                });
            }
            book.config.valet.agents
        };
        let wanted = Wanted { scopes: self.scopes.as_deref(), form: Form::Proxied };
        let (who, now) = (self.agent.peer.application(), valet.clock.now());
        let (standing, rules, latest) = {
            let consents = valet.consents();
            let (standing, rules) = consents.standing_by_rules(policy, who, &self.meant.id, wanted, now);
            // Those of a leave for one session stay as they were given.
            let rules = rules.filter(|_| !self.once && !self.message.is_of_http());
            (standing, rules, consents.latest())
        };
        match standing {
            ConsentState::Denied => Some(problems::denied(&self.meant.name, &self.agent.name())),
            ConsentState::None | ConsentState::Asked if !self.once => {
                Some(problems::consent_taken_back(&self.meant.name, &self.agent.name()))
            }
            ConsentState::None | ConsentState::Asked | ConsentState::Allowed => {
                self.against_rules(rules.as_deref()?, (now, latest))
            }
        }
    }
}
