//! The leave that a request lives on: taken back, whatever goes through the proxy on it ends at once.

use crate::authority::agent::Agent;
use crate::state::held::Held;
use crate::state::meant::Meant;
use crate::state::shut::Shut;
use crate::valet::in_use::InUse;
use consent::extent::Wanted;
use wire::{ConsentState, Form, Problem};

/// What must stay true while a request is under way.
pub(super) struct Leave {
    pub(super) agent: Agent,
    pub(super) meant: Meant,
    /// Whether the person's leave is for this session alone, so that no standing answer has to be there.
    pub(super) once: bool,
    /// The scopes of the sign-in that it lives on; some servers want none for some requests.
    pub(super) scopes: Option<Vec<String>>,
    /// Whoever waits for an answer uses the valet until it has come to its end.
    pub(super) _in_use: Option<InUse>,
}

impl Leave {
    /// Waits until the leave is taken back, and says how.
    pub(super) async fn taken_back(&self) -> Problem {
        let mut changes = self.agent.valet.changes();
        loop {
            if let Some(problem) = self.problem() {
                return problem;
            }
            if changes.changed().await.is_err() {
                return problems::internal("MCP Valet ends", "Start it again.");
            }
        }
    }

    fn problem(&self) -> Option<Problem> {
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
                return Some(problems::authorization_required(&self.meant.name));
            }
            book.config.valet.agents
        };
        let wanted = Wanted { scopes: self.scopes.as_deref(), form: Form::Proxied };
        match valet.consents().standing(policy, self.agent.peer.application(), &self.meant.id, Some(wanted)) {
            ConsentState::Denied => Some(problems::denied(&self.meant.name, &self.agent.name())),
            ConsentState::None | ConsentState::Asked if !self.once => {
                Some(problems::consent_taken_back(&self.meant.name, &self.agent.name()))
            }
            ConsentState::None | ConsentState::Asked | ConsentState::Allowed => None,
        }
    }
}
