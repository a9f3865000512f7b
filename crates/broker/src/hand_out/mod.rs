//! Handing a token out: from a request to the credential, with consent before and an audit entry first.

pub(crate) mod caller;
mod credential;
mod need;
mod permit;
pub(crate) mod refusal;

pub(crate) use credential::{Outgoing, credential};
pub(crate) use need::{Need, Rejected, Remedy};
pub(crate) use permit::{Ask, not_while_locked, somebody_can_be_asked};

use crate::base::problems;
use crate::grants::{refresh, unattended};
use crate::hand_out::caller::Caller;
use crate::state::attempt::Attempt;
use crate::state::flight::Flight;
use crate::state::held::Held;
use crate::state::item::Grant;
use crate::state::server::Server;
use crate::state::shut::Shut;
use crate::valet::{Valet, kept_answers};
use consent::permit::Permit;
use ground::grace::LATE;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout_at;
use vault::VaultError;
use wire::{AccessToken, Act, Code, ConsentState, Problem, Token, TokenRequest};

/// A token this young is not renewed because a server refused it: a newer one would be refused as well.
const YOUNG: i64 = 10;

/// The longest life, in seconds, of a token that is handed out unless the person says otherwise.
const DAY: i64 = 24 * 60 * 60;

/// What a look at a server finds.
enum Found {
    Fresh(Arc<Grant>),
    Stale(Arc<Grant>, Flight),
    /// What is held is not to be handed out, and is being renewed.
    Unusable(Flight),
    /// Nothing is held, and what needs nobody is being obtained.
    Obtaining(Flight),
    Sealed,
    /// A sign-in is needed; the problem is for those who do not wait for one.
    SignIn(Problem),
    Not(Problem),
}

/// Answers one request for a token. A refusal is written down as well.
pub(crate) async fn token(agent: &Caller, request: &TokenRequest) -> Result<Token, Problem> {
    let answer = answer(agent, request).await;
    answer.inspect_err(|problem| refusal::note_refusal(agent, &request.server, problem))
}

async fn answer(agent: &Caller, request: &TokenRequest) -> Result<Token, Problem> {
    let need = Need::of(request)?;
    let valet = &agent.valet;
    let (name, id) = {
        let book = valet.book();
        let server = book.find(&request.server)?;
        may_leave(server, server.held.grant())?;
        (server.name.clone(), server.id.clone())
    };
    let (name, id) = (name.as_str(), id.as_str());
    let ask = Ask { agent, name, id, token: true, scopes: &need.scopes, deadline: need.deadline };
    let mut permit = ask.permit().await?;
    loop {
        let grant = obtain(agent, name, id, &need).await?;
        // What the person set meanwhile holds.
        valet.book().known(name, id).and_then(|server| may_leave(server, Some(&grant)))?;
        let wanted = ask.wanted(&grant);
        if permit.covers(wanted) {
            let policy = valet.book().config.valet.agents;
            let standing = valet.consents().standing(policy, agent.peer.application(), id, Some(wanted));
            if !permit.is_once() && standing != ConsentState::Allowed {
                return Err(problems::denied(name, &agent.name()));
            }
            return hand_out(agent, permit, (name, id), &grant);
        }
        permit = ask.extend(permit).await?;
    }
}

/// Whether agents get tokens of this server at all, and this one.
fn may_leave(server: &Server, grant: Option<&Arc<Grant>>) -> Result<(), Problem> {
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

/// Whether the token lives longer than a day, or without end.
fn lasts(grant: &Grant) -> bool {
    grant.lifetime().is_none_or(|life| life > DAY)
}

/// Counts a use. What was allowed before its scopes were known is bound to those of `grant`.
fn count(agent: &Caller, id: &str, grant: Option<&Grant>) {
    let scopes = grant.map(|grant| grant.parts.scopes.as_slice());
    let now = agent.valet.clock.now();
    let bound = agent.valet.consents().count(agent.peer.application(), id, scopes, now);
    if bound {
        kept_answers::keep(&agent.valet);
    }
    agent.valet.is_used();
}

/// A grant whose token is good for what is needed.
pub(crate) async fn obtain(agent: &Caller, name: &str, id: &str, need: &Need) -> Result<Arc<Grant>, Problem> {
    let valet = &agent.valet;
    let mut changes = valet.changes();
    let mut wish = None;
    loop {
        changes.mark_unchanged();
        match look(valet, name, id, need) {
            Found::Fresh(grant) => return Ok(grant),
            Found::Not(problem) => return Err(problem),
            Found::Stale(grant, flight) => match renew(valet, &grant, flight, need).await {
                // The grant is over: from here on it is a matter of signing in again.
                Err(problem) if matches!(problem.code, Code::Lapsed | Code::RegistrationLost) => {}
                // Revoked, replaced or locked while it was being renewed: look again.
                Ok(renewed) if !is_held(valet, name, &renewed) => {}
                renewed => return renewed,
            },
            Found::Unusable(flight) => {
                let landing = timeout_at(need.deadline, flight.land()).await;
                match landing.unwrap_or_else(|_| Err(problems::timeout("the issuer to renew the token"))) {
                    Err(problem) if matches!(problem.code, Code::Lapsed | Code::RegistrationLost) => {}
                    landed => drop(landed?),
                }
            }
            Found::Obtaining(flight) => {
                let landing = timeout_at(need.deadline, flight.land()).await;
                landing.unwrap_or_else(|_| Err(problems::timeout("the issuer")))?;
            }
            Found::Sealed => {
                let unsealed = timeout_at(need.deadline, unseal(valet)).await;
                unsealed.map_err(|_| problems::timeout("the keychain"))?.map_err(Problem::from)?;
            }
            Found::SignIn(problem) => {
                if !somebody_can_be_asked(valet, need.deadline).await {
                    return Err(problem);
                }
                if wish.is_none() {
                    wish = Some(want_sign_in(agent, name, need));
                    continue;
                }
                let changed = timeout_at(need.deadline, changes.changed()).await;
                changed.map_err(|_| problems::timeout("the sign-in"))?.map_err(|_| problem)?;
                if let Some(problem) = failed_meanwhile(valet, name) {
                    return Err(problem);
                }
            }
        }
    }
}

/// Whether it can still be used: it is the one that is held, and the valet is open.
fn is_held(valet: &Valet, name: &str, grant: &Arc<Grant>) -> bool {
    let book = valet.book();
    book.lock.is_none() && book.servers.get(name).is_some_and(|server| server.held.is(grant))
}

/// The reading of the vault goes on even if the caller that needed it goes away.
async fn unseal(valet: &Arc<Valet>) -> Result<(), Shut> {
    let reader = Arc::clone(valet);
    let reading = valet.runtime.spawn(async move { reader.unseal().await });
    reading.await.unwrap_or(Err(Shut::Vault(VaultError::Broken)))
}

fn look(valet: &Arc<Valet>, name: &str, id: &str, need: &Need) -> Found {
    let now = valet.clock.now();
    let mut book = valet.book();
    let locked = book.lock.as_ref().map(|lock| lock.cause);
    let Some(server) = book.servers.get_mut(name).filter(|server| server.id == id) else {
        return Found::Not(problems::unknown_server(name));
    };
    if let Some(declined) = server.declined() {
        return Found::Not(declined);
    }
    if let Some(cause) = locked {
        return Found::Not(Problem::from(Shut::Locked(cause)));
    }
    let unattended = server.config.oauth.grant.unattended().cloned();
    match (&server.held, unattended) {
        (Held::Nothing | Held::Unregistered(..) | Held::Lapsed(_), Some(grant)) => {
            Found::Obtaining(unattended::join(valet, server, grant))
        }
        (Held::Sealed { .. }, _) => Found::Sealed,
        (Held::Nothing, None) => Found::SignIn(no_sign_in(server)),
        (Held::Unregistered(grant, why), None) => {
            let (lost, grant) = (problems::registration_lost(name, why), Arc::clone(grant.value()));
            // It may know us again; it is asked now and then.
            let leave = server.back_off.as_ref().is_some_and(|back_off| back_off.lasts(now));
            if leave {
                Found::SignIn(lost)
            } else {
                Found::Stale(Arc::clone(&grant), refresh::join(valet, server, &grant))
            }
        }
        (Held::Lapsed(why), None) => Found::SignIn(problems::lapsed(name, why)),
        (Held::Live(_) | Held::Unsaved(_), _) => judge(valet, server, need, now),
    }
}

fn judge(valet: &Arc<Valet>, server: &mut Server, need: &Need, now: jiff::Timestamp) -> Found {
    let Some(grant) = server.held.grant().cloned() else { return Found::SignIn(no_sign_in(server)) };
    if let Some(problem) = server.for_another.clone() {
        if let Some(back_off) = server.back_off.as_ref().filter(|back_off| back_off.lasts(now)) {
            return Found::Not(back_off.problem.clone());
        }
        let renewable = grant.refresh.is_some() || server.is_unattended();
        return match renewable {
            true => Found::Unusable(refresh::join(valet, server, &grant)),
            false => Found::SignIn(problem),
        };
    }
    match need.remedy(&grant) {
        Some(Remedy::Renew) => return Found::Stale(Arc::clone(&grant), refresh::join(valet, server, &grant)),
        Some(Remedy::SignIn) => return Found::SignIn(need.why_refused(&server.name)),
        None => {}
    }
    let missing = need.missing_scopes(&grant);
    if !missing.is_empty() {
        return too_narrow(server, &missing);
    }
    // A clock that was set back makes an old token look as if it were yet to come.
    let refused = need.refused && now.duration_since(grant.issued_at).as_secs().abs() >= YOUNG;
    if !refused && need.enough_life(&grant, now) {
        server.last_used = Some(now);
        renew_ahead(valet, server, &grant, now);
        return Found::Fresh(grant);
    }
    let ended = grant.seconds_left(now).is_some_and(|left| left <= 0);
    if grant.refresh.is_none() && !ended && !server.is_unattended() {
        return cannot_be_renewed(server, grant, need, now);
    }
    if let Some(back_off) = server.back_off.as_ref().filter(|back_off| back_off.lasts(now)) {
        let problem = back_off.problem.clone();
        return if need.still_serves(&grant, now) { Found::Fresh(grant) } else { Found::Not(problem) };
    }
    let flight = refresh::join(valet, server, &grant);
    Found::Stale(grant, flight)
}

/// What is in use is renewed before it ends, so that nobody has to wait then. After a failure it is left to
/// those who need it.
fn renew_ahead(valet: &Arc<Valet>, server: &mut Server, grant: &Arc<Grant>, now: jiff::Timestamp) {
    let renewable = grant.refresh.is_some() || server.is_unattended();
    if renewable && server.problem.is_none() && grant.is_nearly_over(now) {
        refresh::join(valet, server, grant);
    }
}

/// A token that still lives is not given up for what an agent says of it; it is the only one there is.
fn cannot_be_renewed(server: &mut Server, grant: Arc<Grant>, need: &Need, now: jiff::Timestamp) -> Found {
    if need.still_serves(&grant, now) {
        server.last_used = Some(now);
        return Found::Fresh(grant);
    }
    let detail = format!(
        "the issuer of \"{}\" gave no way to renew the token, and it is not good for this any more",
        server.name
    );
    let advice = format!("Run {} for a new one.", problems::authorize(&server.name));
    Found::SignIn(Problem::new(Code::AuthorizationRequired, detail, advice).because("not_renewable"))
}

/// Scopes that the person configured are the limit; else a further sign-in may widen the grant.
fn too_narrow(server: &Server, missing: &[String]) -> Found {
    if server.config.oauth.scopes.is_some() || server.is_unattended() {
        return Found::Not(problems::configured_too_narrow(&server.name, missing));
    }
    Found::SignIn(problems::more_scopes_required(&server.name, missing))
}

fn no_sign_in(server: &Server) -> Problem {
    if server.attempt.number().is_some() {
        return problems::sign_in_open(&server.name);
    }
    let ended_in = server.attempt.problem().cloned();
    ended_in.unwrap_or_else(|| problems::authorization_required(&server.name))
}

/// A request that waits for the person to sign in. The wish outlives it for a while, and then goes if nobody
/// waits any more.
struct Wish {
    valet: Arc<Valet>,
    name: String,
}

impl Drop for Wish {
    fn drop(&mut self) {
        let now = self.valet.clock.now();
        let leave = |server: &mut Server| {
            server.wanting = server.wanting.saturating_sub(1);
            server.late.leave(now)
        };
        if !self.valet.book().servers.get_mut(&self.name).is_some_and(leave) {
            return;
        }
        let (valet, name) = (Arc::clone(&self.valet), self.name.clone());
        self.valet.runtime.spawn(async move {
            let mut rest = Some(LATE);
            while let Some(time) = rest {
                valet.clock.wait(time).await;
                rest =
                    valet.book().servers.get_mut(&name).and_then(|server| unwish(server, valet.clock.now()));
            }
            valet.show_soon();
        });
    }
}

/// How long a wish still stays that somebody has left. It goes once that is over.
fn unwish(server: &mut Server, now: jiff::Timestamp) -> Option<Duration> {
    let rest = server.late.rest(now, server.wanting > 0);
    if rest.is_none() && server.wanting == 0 {
        server.wanted_by = None;
    }
    rest
}

/// Shows the person that an agent waits for a sign-in.
fn want_sign_in(agent: &Caller, name: &str, need: &Need) -> Wish {
    if let Some(server) = agent.valet.book().servers.get_mut(name) {
        server.wanted_by = Some(agent.name());
        server.wanting += 1;
        server.step_up_to(&need.scopes);
        if matches!(server.attempt, Attempt::Failed(_)) {
            server.attempt = Attempt::None;
        }
    }
    agent.valet.show_soon();
    Wish { valet: Arc::clone(&agent.valet), name: name.to_owned() }
}

fn failed_meanwhile(valet: &Valet, name: &str) -> Option<Problem> {
    valet.book().servers.get(name).and_then(|server| server.attempt.problem().cloned())
}

async fn renew(
    valet: &Valet,
    grant: &Arc<Grant>,
    flight: Flight,
    need: &Need,
) -> Result<Arc<Grant>, Problem> {
    let landing = timeout_at(need.deadline, flight.land()).await;
    match landing.unwrap_or_else(|_| Err(problems::timeout("the issuer to renew the token"))) {
        Ok(renewed) => Ok(renewed),
        Err(problem) if matches!(problem.code, Code::Lapsed | Code::RegistrationLost) => Err(problem),
        Err(_) if need.still_serves(grant, valet.clock.now()) => Ok(Arc::clone(grant)),
        Err(problem) => Err(problem),
    }
}

/// The last step: no token without a permit, and none before its audit entry is written.
fn hand_out(
    agent: &Caller,
    permit: Permit,
    (name, id): (&str, &str),
    grant: &Grant,
) -> Result<Token, Problem> {
    let now = agent.valet.clock.now();
    let mut entry = agent.entry(Act::HandOut);
    entry.server = Some(name.to_owned());
    entry.scopes.clone_from(&grant.parts.scopes);
    let receipt = agent.valet.audit.write(&entry).map_err(|error| problems::not_audited(&error))?;
    count(agent, id, Some(grant));
    Ok(seal(permit, receipt, name, grant, now))
}

fn seal(_: Permit, _: audit::Receipt, name: &str, grant: &Grant, now: jiff::Timestamp) -> Token {
    Token {
        access_token: AccessToken::new(grant.access.expose().to_owned()),
        token_type: "Bearer".to_owned(),
        expires_in: grant.seconds_left(now).map(|left| u64::try_from(left).unwrap_or(0)),
        scope: Some(grant.parts.scopes.join(" ")).filter(|scope| !scope.is_empty()),
        server: name.to_owned(),
        resource: grant.parts.resource.clone(),
    }
}
