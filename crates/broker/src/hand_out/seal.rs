//! The last step: what the person set or took back meanwhile is looked at once more, the audit entry is
//! written, and the token goes out.

use crate::hand_out::answer::Answer;
use crate::hand_out::caller::Caller;
use crate::hand_out::permit::Ask;
use crate::hand_out::prospect::lasts;
use crate::hand_out::shown::Shown;
use crate::valet::kept_answers;
use audit::Receipt;
use config::{AgentsPolicy, HandOut};
use consent::permit::Permit;
use jiff::Timestamp;
use oauth::Secret;
use state::item::Grant;
use state::meant::Meant;
use state::server::Server;
use std::sync::Arc;
use wire::{ConsentState, Problem};

/// Whether agents get tokens of this server at all, and this one.
pub(super) fn may_leave(server: &Server, grant: Option<&Grant>) -> Result<(), Problem> {
    if let Some(declined) = server.declined() {
        return Err(declined);
    }
    if server.runs_here() {
        return Err(problems::runs_here_without_token(&server.name));
    }
    if let Some(of) = server.kept_to_the_proxy() {
        return Err(problems::proxy_only(&server.name, of));
    }
    if server.takes_keys() && server.config.hand_out != Some(HandOut::Token) {
        return Err(problems::key_stays(&server.name));
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

/// What goes out.
pub(super) enum Going {
    /// A token, of this grant.
    Token(Arc<Grant>),
    /// A key itself, which nobody can recall.
    Key(GoingKey),
}

/// A key that goes out, and how it is shown.
pub(super) struct GoingKey {
    pub(super) secret: Secret,
    pub(super) header: String,
    /// What stands before it in that.
    pub(super) before: String,
}

impl Going {
    fn of(server: &Server, shown: Shown) -> Result<Self, Problem> {
        let keys = match shown {
            Shown::Grant(grant) => return Ok(Self::Token(grant)),
            Shown::Keys(keys) => keys,
        };
        let only = keys.only(&server.config).ok_or_else(|| problems::several_keys(&server.name))?;
        let (header, before) = (only.header.to_owned(), only.before.to_owned());
        Ok(Self::Key(GoingKey { secret: only.secret.clone(), header, before }))
    }

    fn account(&self) -> Option<&str> {
        match self {
            Self::Token(grant) => grant.parts.account.as_deref(),
            Self::Key(_) => None,
        }
    }

    fn scopes(&self) -> &[String] {
        match self {
            Self::Token(grant) => &grant.parts.scopes,
            Self::Key(_) => &[],
        }
    }
}

/// How what is held compares with the leave for it.
pub(super) enum Width {
    /// It is no wider: it may go.
    Within(Going),
    /// The leave has to be extended first.
    Beyond,
}

impl Ask<'_> {
    /// Whether a token or key may go now, with nothing in between but its audit entry.
    pub(super) fn recheck(
        &self,
        permit: &Permit,
        policy: AgentsPolicy,
        server: &Server,
        shown: Shown,
    ) -> Result<Width, Problem> {
        may_leave(server, shown.grant().map(AsRef::as_ref))?;
        let wanted = self.purpose.wanted(&shown);
        if !permit.covers(wanted) {
            return Ok(Width::Beyond);
        }
        let (valet, who) = (&self.agent.valet, self.agent.peer.application());
        let now = valet.clock.now();
        let standing = valet.consents().standing(policy, who, &server.id, Some(wanted), now);
        if !permit.is_once() && standing != ConsentState::Allowed {
            return Err(problems::denied(&server.name, who.name()));
        }
        Going::of(server, shown).map(Width::Within)
    }
}

/// No token without a permit, and none before its audit entry is written.
pub(super) async fn hand_out(
    agent: &Caller,
    permit: Permit,
    meant: &Meant,
    going: &Going,
) -> Result<Answer, Problem> {
    let now = agent.valet.clock.now();
    let entry = agent.hand_out(&meant.name, going.account(), going.scopes(), now);
    let receipt = agent.write(&entry, now).await?;
    count(agent, meant, Some(going.scopes()));
    Ok(seal(permit, receipt, &meant.name, going, now))
}

/// Counts a use. What was allowed before its scopes were known is bound to these.
pub(super) fn count(agent: &Caller, meant: &Meant, scopes: Option<&[String]>) {
    let now = agent.valet.clock.now();
    let bound = agent.valet.consents().count(agent.peer.application(), &meant.id, scopes, now);
    if bound {
        kept_answers::keep(&agent.valet);
    }
    agent.valet.note_use(&meant.name, &meant.id);
    agent.valet.is_used();
}

fn seal(_: Permit, _: Receipt, name: &str, going: &Going, now: Timestamp) -> Answer {
    match going {
        Going::Token(grant) => Answer::of(name, grant, now),
        Going::Key(key) => Answer::of_key(name, key),
    }
}
