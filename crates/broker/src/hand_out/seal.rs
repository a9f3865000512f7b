//! The last step: what the person set or took back meanwhile is looked at once more, the audit entry is
//! written, and the token goes out.

use crate::hand_out::caller::Caller;
use crate::hand_out::permit::Ask;
use crate::hand_out::prospect::lasts;
use crate::state::item::Grant;
use crate::state::meant::Meant;
use crate::state::server::Server;
use crate::valet::kept_answers;
use audit::Receipt;
use config::AgentsPolicy;
use consent::permit::Permit;
use jiff::Timestamp;
use std::sync::Arc;
use wire::{AccessToken, Act, ConsentState, Problem, Token};

/// Whether agents get tokens of this server at all, and this one.
pub(super) fn may_leave(server: &Server, grant: Option<&Grant>) -> Result<(), Problem> {
    if let Some(declined) = server.declined() {
        return Err(declined);
    }
    if let Some(of) = server.kept_to_the_proxy() {
        return Err(problems::proxy_only(&server.name, of));
    }
    let Some(grant) = grant else { return Ok(()) };
    if grant.parts.dpop.is_some() {
        return Err(problems::bound_to_a_key(&server.name));
    }
    if server.config.hand_out.is_none() && lasts(grant) {
        return Err(problems::lasting_token(&server.name));
    }
    Ok(())
}

/// How a grant compares with the leave for it.
pub(super) enum Reach {
    /// It is no wider: it may go.
    Within(Arc<Grant>),
    /// The leave has to be extended first.
    Beyond,
}

impl Ask<'_> {
    /// Whether a grant may go now, with nothing in between but its audit entry.
    pub(super) fn recheck(
        &self,
        permit: &Permit,
        policy: AgentsPolicy,
        server: &Server,
        grant: Arc<Grant>,
    ) -> Result<Reach, Problem> {
        may_leave(server, Some(&grant))?;
        let wanted = self.purpose.wanted(&grant);
        if !permit.covers(wanted) {
            return Ok(Reach::Beyond);
        }
        let who = self.agent.peer.application();
        let standing = self.agent.valet.consents().standing(policy, who, &server.id, Some(wanted));
        if !permit.is_once() && standing != ConsentState::Allowed {
            return Err(problems::denied(&server.name, who.name()));
        }
        Ok(Reach::Within(grant))
    }
}

/// No token without a permit, and none before its audit entry is written.
pub(super) fn hand_out(
    agent: &Caller,
    permit: Permit,
    meant: &Meant,
    grant: &Grant,
) -> Result<Token, Problem> {
    let now = agent.valet.clock.now();
    let mut entry = agent.entry(Act::HandOut);
    entry.server = Some(meant.name.clone());
    entry.scopes.clone_from(&grant.parts.scopes);
    let receipt = agent.valet.audit.write(&entry).map_err(|error| problems::not_audited(&error))?;
    count(agent, meant, Some(grant));
    Ok(seal(permit, receipt, &meant.name, grant, now))
}

/// Counts a use. What was allowed before its scopes were known is bound to those of `grant`.
pub(super) fn count(agent: &Caller, meant: &Meant, grant: Option<&Grant>) {
    let scopes = grant.map(|grant| grant.parts.scopes.as_slice());
    let now = agent.valet.clock.now();
    let bound = agent.valet.consents().count(agent.peer.application(), &meant.id, scopes, now);
    if bound {
        kept_answers::keep(&agent.valet);
    }
    agent.valet.is_used();
}

fn seal(_: Permit, _: Receipt, name: &str, grant: &Grant, now: Timestamp) -> Token {
    Token {
        access_token: AccessToken::new(grant.access.expose().to_owned()),
        token_type: "Bearer".to_owned(),
        expires_in: grant.seconds_left(now).map(|left| u64::try_from(left).unwrap_or(0)),
        scope: Some(grant.parts.scopes.join(" ")).filter(|scope| !scope.is_empty()),
        server: name.to_owned(),
        resource: grant.parts.resource.clone(),
    }
}
