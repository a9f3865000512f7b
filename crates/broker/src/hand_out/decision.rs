//! What follows from what is held: decided from what is true at one moment, with nothing done about it.

use crate::hand_out::need::{Need, Remedy};
use crate::hand_out::shown::Shown;
use config::Unattended;
use ground::cause::Cause;
use jiff::Timestamp;
use state::held::Held;
use state::item::Grant;
use state::server::Server;
use state::shut::Shut;
use std::sync::Arc;
use wire::{Code, Problem, Reason};
use words::say;

/// What comes next.
#[derive(Debug)]
pub(super) enum Step {
    /// It is good for what is needed.
    Use(Shown),
    /// It is to be renewed; where that fails, it may still be better than none.
    Renew(Arc<Grant>),
    /// What is held is not to be handed out: something else has to come in its place.
    Replace(Arc<Grant>),
    /// Nothing is held, and nobody has to sign in.
    Obtain(Unattended),
    /// The vault has to be read.
    Unseal,
    /// A sign-in is needed; the problem is for those who do not wait for one.
    SignIn(Problem),
    /// It comes to nothing.
    Refuse(Problem),
}

/// Decides about a request with this `need` of a `server`. `locked` says why the valet is locked, if it is.
pub(super) fn decide(server: &Server, locked: Option<Cause>, need: &Need, now: Timestamp) -> Step {
    if let Some(declined) = server.declined() {
        return Step::Refuse(declined);
    }
    if let Some(cause) = locked {
        return Step::Refuse(Shut::Locked(cause).into());
    }
    if server.takes_keys() {
        return by_keys(server);
    }
    match (&server.held, server.config.oauth.grant.unattended()) {
        (Held::Nothing | Held::Unregistered(..) | Held::Lapsed(_), Some(grant)) => {
            Step::Obtain(grant.clone())
        }
        (Held::Sealed(_), _) => Step::Unseal,
        (Held::Nothing | Held::Keys(_), _) => Step::SignIn(no_sign_in(server)),
        // The issuer may know us again; it is asked now and then.
        (Held::Unregistered(grant, why), None) => match server.upkeep.left_alone(now) {
            Some(_) => Step::SignIn(problems::registration_lost(&server.name, why)),
            None => Step::Renew(Arc::clone(grant.value())),
        },
        (Held::Lapsed(why), None) => Step::SignIn(problems::lapsed(&server.name, why)),
        (Held::Live(stored), _) => judge(server, stored.value(), need, now),
        (Held::Unsaved(grant), _) => judge(server, grant, need, now),
    }
}

fn judge(server: &Server, grant: &Arc<Grant>, need: &Need, now: Timestamp) -> Step {
    if let Some(problem) = &server.doubts.for_another {
        return anothers(server, grant, problem, now);
    }
    match need.remedy(grant) {
        Some((Remedy::Renew, _)) if is_renewable(server, grant) && !server.upkeep.is_spared(now) => {
            return Step::Renew(Arc::clone(grant));
        }
        Some((_, why)) if server.is_unattended() => return Step::Refuse(why.clone()),
        Some((Remedy::Renew | Remedy::SignIn, why)) => return Step::SignIn(why.clone()),
        None => {}
    }
    let missing = need.missing_scopes(grant);
    if !missing.is_empty() {
        return too_narrow(server, &missing);
    }
    if need.is_met_by(grant, now) {
        return Step::Use(Shown::Grant(Arc::clone(grant)));
    }
    let ended = grant.seconds_left(now).is_some_and(|left| left <= 0);
    let instead = if !ended && !is_renewable(server, grant) {
        Step::SignIn(not_renewable(server))
    } else if let Some(problem) = server.upkeep.left_alone(now) {
        Step::Refuse(problem.clone())
    } else {
        return Step::Renew(Arc::clone(grant));
    };
    // A token that still lives is not given up for what an agent says of it.
    if need.still_serves(grant, now) { Step::Use(Shown::Grant(Arc::clone(grant))) } else { instead }
}

/// Keys neither end nor are renewed: they are there, or the person has to set them.
fn by_keys(server: &Server) -> Step {
    if matches!(server.held, Held::Sealed(_)) {
        return Step::Unseal;
    }
    match server.fitting_keys() {
        Ok(keys) => Step::Use(Shown::Keys(Arc::clone(keys))),
        Err(unfit) => Step::SignIn(server.unfit(&unfit)),
    }
}

/// What is held is another server's.
fn anothers(server: &Server, grant: &Arc<Grant>, problem: &Problem, now: Timestamp) -> Step {
    match server.upkeep.left_alone(now) {
        Some(problem) => Step::Refuse(problem.clone()),
        None if is_renewable(server, grant) => Step::Replace(Arc::clone(grant)),
        None => Step::SignIn(problem.clone()),
    }
}

/// Whether another token can come without anybody signing in.
pub(super) fn is_renewable(server: &Server, grant: &Grant) -> bool {
    grant.refresh.is_some() || server.is_unattended()
}

/// Scopes that the person configured are the limit; else a further sign-in may widen the grant.
fn too_narrow(server: &Server, missing: &[String]) -> Step {
    if server.config.oauth.scopes.is_some() || server.is_unattended() {
        return Step::Refuse(problems::configured_too_narrow(&server.name, missing));
    }
    Step::SignIn(problems::more_scopes_required(&server.name, missing))
}

fn not_renewable(server: &Server) -> Problem {
    let detail = say!(problem_not_renewable, server = &server.name);
    let advice = say!(problem_not_renewable_advice, command = problems::authorize(&server.name));
    Problem::new(Code::AuthorizationRequired, detail, advice).because(Reason::NotRenewable)
}

fn no_sign_in(server: &Server) -> Problem {
    if server.attempt.number().is_some() {
        return problems::sign_in_open(&server.name);
    }
    let ended_in = server
        .attempt
        .problem()
        .filter(|problem| !problem.reason().is_some_and(Reason::is_transient))
        .cloned();
    ended_in.unwrap_or_else(|| problems::authorization_required(&server.name))
}
