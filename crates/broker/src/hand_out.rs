//! Handing a token out: from a request to the credential, with consent before and an audit entry first.

use crate::agent::Agent;
use crate::config::{self, HandOut};
use crate::consent::{Answer, Decision, Permit};
use crate::question::{About, Subject};
use crate::refresh::{self, Flight};
use crate::state::{Attempt, Held, Server};
use crate::valet::Valet;
use crate::vault::{Grant, VaultError};
use crate::view::Surfaces;
use crate::{audit, outcome};
use oauth::Challenge;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use wire::{AccessToken, Code, Problem, Token, TokenRequest};

/// Seconds for which a token must be good if the request does not say.
const MIN_TTL: i64 = 30;
/// How long a question stays after its asker gave up.
const LATE: Duration = Duration::from_secs(5 * 60);
/// Scopes that one request may name.
const MOST_SCOPES: usize = 64;
/// A token this young is not renewed because a server refused it: a newer one would be refused as well.
const YOUNG: i64 = 10;

/// What a request needs of a token.
struct Need {
    scopes: Vec<String>,
    min_ttl: Option<i64>,
    /// The server refused the last token as invalid.
    refused: bool,
    deadline: Instant,
}

/// What a look at a server finds.
enum Found {
    Fresh(Arc<Grant>),
    Stale(Arc<Grant>, Flight),
    Sealed,
    /// A sign-in is needed; the problem is for those who do not wait for one.
    SignIn(Problem),
    Not(Problem),
}

/// Answers one request for a token.
pub(crate) async fn token(agent: &Agent, request: &TokenRequest) -> Result<Token, Problem> {
    let need = Need::of(request)?;
    let valet = &agent.valet;
    let (name, id) = {
        let book = valet.book();
        let server = book.find(&request.server)?;
        if server.config.hand_out == HandOut::Proxy {
            return Err(outcome::proxy_only(&server.name));
        }
        if server.declined {
            return Err(outcome::declined(&server.name));
        }
        (server.name.clone(), server.id.clone())
    };
    let permit = permit(agent, &name, &id, need.deadline).await?;
    let grant = obtain(agent, &name, &id, &need).await?;
    hand_out(agent, permit, &name, &grant)
}

impl Need {
    fn of(request: &TokenRequest) -> Result<Self, Problem> {
        let wait = request.wait.unwrap_or(wire::DEFAULT_WAIT);
        if wait > wire::MAX_WAIT {
            return Err(outcome::invalid_request(
                "`wait` is longer than 600 seconds",
                "Ask for 600 or less.",
            ));
        }
        let words = |text: &str| text.split_ascii_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>();
        // Of a challenge only `error` and `scope` are believed: the rest would let an agent steer the sign-in.
        let challenge = request.challenge.as_deref().and_then(Challenge::parse);
        let error = challenge.as_ref().and_then(|challenge| challenge.error.as_deref());
        let mut scopes = request.scope.as_deref().map(words).unwrap_or_default();
        if error == Some("insufficient_scope") {
            scopes.extend(
                challenge
                    .as_ref()
                    .and_then(|challenge| challenge.scope.as_deref())
                    .map(words)
                    .unwrap_or_default(),
            );
        }
        if scopes.len() > MOST_SCOPES || scopes.iter().any(|scope| !config::is_scope(scope)) {
            return Err(outcome::invalid_request(
                "`scope` names too many scopes, or something that is none",
                "Name at most 64, separated by spaces.",
            ));
        }
        Ok(Self {
            scopes,
            min_ttl: request.min_ttl.map(i64::from),
            refused: error == Some("invalid_token"),
            deadline: Instant::now() + Duration::from_secs(wait.into()),
        })
    }

    fn enough_life(&self, grant: &Grant, now: jiff::Timestamp) -> bool {
        let (Some(left), Some(life)) = (grant.seconds_left(now), grant.lifetime()) else { return true };
        left >= self.min_ttl.unwrap_or_else(|| MIN_TTL.min(life / 2)) && left > 0
    }

    /// Whether a token that could not be renewed is still better than none.
    fn still_serves(&self, grant: &Grant, now: jiff::Timestamp) -> bool {
        !self.refused && grant.seconds_left(now).is_none_or(|left| left > self.min_ttl.unwrap_or(0).max(0))
    }

    fn missing_scopes(&self, grant: &Grant) -> Vec<String> {
        let granted: BTreeSet<&str> = grant.parts.scopes.iter().map(String::as_str).collect();
        self.scopes.iter().filter(|scope| !granted.contains(scope.as_str())).cloned().collect()
    }
}

/// The person's leave for this agent to use this server: remembered, or asked for now.
async fn permit(agent: &Agent, name: &str, id: &str, deadline: Instant) -> Result<Permit, Problem> {
    let valet = &agent.valet;
    let executable = agent.peer.executable();
    let known = agent.peer.is_unchanged();
    let policy = valet.book().config.valet.agents;
    match valet.consents().decide(policy, executable, known, id, valet.clock.now()) {
        Decision::Allow(permit) => return Ok(permit),
        Decision::Deny => return Err(outcome::denied(name, &agent.name())),
        Decision::Ask => {}
    }
    if !somebody_can_be_asked(valet, deadline).await {
        return Err(outcome::consent_required(name, &agent.name()));
    }
    let answer = ask(agent, name, id, deadline).await?;
    answer.permit().ok_or_else(|| outcome::denied(name, &agent.name()))
}

/// Asks the person, together with all who ask the same. "Once" is for one of them; the others ask again.
async fn ask(agent: &Agent, name: &str, id: &str, deadline: Instant) -> Result<Answer, Problem> {
    let valet = &agent.valet;
    let subject = Subject::Use { who: agent.peer.executable().clone(), server_id: id.to_owned() };
    loop {
        let asked_before = valet.questions.is_open(&subject);
        let Some(mut waiting) = valet.questions.ask(subject.clone(), question(agent, name)) else {
            return Err(outcome::internal(
                "too many questions are open",
                "Answer some of them, then try again.",
            ));
        };
        if !asked_before {
            valet.publish();
        }
        match timeout_at(deadline, waiting.answer()).await {
            Ok(Some(Answer::AllowOnce)) if !waiting.take_once() => {}
            Ok(answer) => return answer.ok_or_else(|| outcome::timeout("an answer to the question")),
            Err(_) => {
                drop(waiting);
                withdraw_later(valet, subject);
                return Err(outcome::timeout("an answer to the question"));
            }
        }
    }
}

/// A question outlives its asker for a while, and then goes if nobody waits for it any more.
fn withdraw_later(valet: &Arc<Valet>, subject: Subject) {
    let asked = Arc::clone(valet);
    valet.runtime.spawn(async move {
        tokio::time::sleep(LATE).await;
        asked.questions.withdraw_unheard(&subject);
        asked.publish();
    });
}

fn question(agent: &Agent, name: &str) -> About {
    let book = agent.valet.book();
    let server = book.servers.get(name);
    About::Use {
        agent: agent.name(),
        executable: agent.peer.executable().path(),
        server: name.to_owned(),
        host: server.map(|server| server.config.url.host()).unwrap_or_default(),
        scopes: server
            .and_then(|server| server.held.grant())
            .map(|grant| grant.parts.scopes.clone())
            .unwrap_or_default(),
    }
}

/// Waits while the shell starts. A shell that can show nothing says so.
async fn somebody_can_be_asked(valet: &Valet, deadline: Instant) -> bool {
    let mut surfaces = valet.surfaces.subscribe();
    let known = timeout_at(deadline, surfaces.wait_for(|surfaces| *surfaces != Surfaces::Starting)).await;
    matches!(known.as_ref().map(|known| known.as_deref()), Ok(Ok(Surfaces::Open(1..))))
}

/// A grant whose token is good for what is needed.
async fn obtain(agent: &Agent, name: &str, id: &str, need: &Need) -> Result<Arc<Grant>, Problem> {
    let valet = &agent.valet;
    let mut changes = valet.view.subscribe();
    let mut may_ask = true;
    loop {
        changes.mark_unchanged();
        match look(valet, name, id, need) {
            Found::Fresh(grant) => return Ok(grant),
            Found::Not(problem) => return Err(problem),
            Found::Stale(grant, flight) => match renew(valet, &grant, flight, need).await {
                // The grant is over: from here on it is a matter of signing in again.
                Err(problem) if problem.code == Code::Lapsed => {}
                // Revoked or replaced while it was being renewed: look again.
                Ok(renewed) if !is_held(valet, name, &renewed) => {}
                renewed => return renewed,
            },
            Found::Sealed => {
                let unsealed = timeout_at(need.deadline, unseal(valet)).await;
                unsealed.map_err(|_| outcome::timeout("the keychain"))?.map_err(outcome::locked)?;
            }
            Found::SignIn(problem) => {
                if !somebody_can_be_asked(valet, need.deadline).await {
                    return Err(problem);
                }
                if may_ask {
                    want_sign_in(agent, name, need);
                    may_ask = false;
                    continue;
                }
                let changed = timeout_at(need.deadline, changes.changed()).await;
                changed.map_err(|_| outcome::timeout("the sign-in"))?.map_err(|_| problem)?;
                if let Some(problem) = failed_meanwhile(valet, name) {
                    return Err(problem);
                }
            }
        }
    }
}

fn is_held(valet: &Valet, name: &str, grant: &Arc<Grant>) -> bool {
    valet.book().servers.get(name).is_some_and(|server| server.held.is(grant))
}

/// The reading of the vault goes on even if the caller that needed it goes away.
async fn unseal(valet: &Arc<Valet>) -> Result<(), VaultError> {
    let reader = Arc::clone(valet);
    let reading = valet.runtime.spawn(async move { reader.unseal().await });
    reading.await.unwrap_or(Err(VaultError::Broken))
}

fn look(valet: &Arc<Valet>, name: &str, id: &str, need: &Need) -> Found {
    let now = valet.clock.now();
    let mut book = valet.book();
    let locked = book.locked;
    let Some(server) = book.servers.get_mut(name).filter(|server| server.id == id) else {
        return Found::Not(outcome::unknown_server(name));
    };
    if server.declined {
        return Found::Not(outcome::declined(name));
    }
    if let Some(VaultError::LockedByPerson) = locked {
        return Found::Not(outcome::locked(VaultError::LockedByPerson));
    }
    match &server.held {
        Held::Sealed { .. } => Found::Sealed,
        Held::Nothing => Found::SignIn(no_sign_in(server)),
        Held::Lapsed(why) => Found::SignIn(outcome::lapsed(name, why)),
        Held::Live(_) | Held::Unsaved(_) => judge(valet, server, need, now),
    }
}

fn judge(valet: &Arc<Valet>, server: &mut Server, need: &Need, now: jiff::Timestamp) -> Found {
    let Some(grant) = server.held.grant().cloned() else { return Found::SignIn(no_sign_in(server)) };
    let missing = need.missing_scopes(&grant);
    if !missing.is_empty() {
        return too_narrow(server, &missing);
    }
    let refused = need.refused && now.duration_since(grant.issued_at).as_secs() >= YOUNG;
    if !refused && need.enough_life(&grant, now) {
        server.last_used = Some(now);
        return Found::Fresh(grant);
    }
    let ended = grant.seconds_left(now).is_some_and(|left| left <= 0);
    if grant.refresh.is_none() && !ended {
        return cannot_be_renewed(server, grant, need, now);
    }
    let flight = refresh::join(valet, server, &grant);
    Found::Stale(grant, flight)
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
    let advice = format!("Run `mcp-valet authorize {}` for a new one.", server.name);
    Found::SignIn(Problem::new(Code::AuthorizationRequired, detail, advice).because("not_renewable"))
}

/// Scopes that the person configured are the limit; else a further sign-in may widen the grant.
fn too_narrow(server: &Server, missing: &[String]) -> Found {
    if server.config.oauth.scopes.is_some() {
        let detail =
            format!("the configured scopes of \"{}\" do not cover: {}", server.name, missing.join(" "));
        return Found::Not(outcome::failed(
            "insufficient_scope",
            detail,
            "Add them to `oauth.scopes` in the configuration, then sign in again.",
        ));
    }
    Found::SignIn(outcome::more_scopes_required(&server.name, missing))
}

fn no_sign_in(server: &Server) -> Problem {
    let ended_in = server.attempt.problem().cloned();
    ended_in.unwrap_or_else(|| outcome::authorization_required(&server.name))
}

/// Shows the person that an agent waits for a sign-in.
fn want_sign_in(agent: &Agent, name: &str, need: &Need) {
    agent.valet.change(|book| {
        let Some(server) = book.servers.get_mut(name) else { return };
        server.wanted_by = Some(agent.name());
        server.step_up.extend(need.scopes.iter().cloned());
        if matches!(server.attempt, Attempt::Failed(_)) {
            server.attempt = Attempt::None;
        }
    });
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
    match landing.unwrap_or_else(|_| Err(outcome::timeout("the issuer to renew the token"))) {
        Ok(renewed) => Ok(renewed),
        Err(problem) if problem.code == Code::Lapsed => Err(problem),
        Err(_) if need.still_serves(grant, valet.clock.now()) => Ok(Arc::clone(grant)),
        Err(problem) => Err(problem),
    }
}

/// The last step: no token without a permit, and none before its audit entry is written.
fn hand_out(agent: &Agent, permit: Permit, name: &str, grant: &Grant) -> Result<Token, Problem> {
    let now = agent.valet.clock.now();
    let mut entry = audit::entry(now, "hand_out", &agent.name());
    entry.executable = Some(agent.peer.executable().path());
    entry.server = Some(name.to_owned());
    entry.scopes.clone_from(&grant.parts.scopes);
    let receipt = agent.valet.audit.write(&entry).map_err(|error| {
        outcome::internal(
            format!("the audit entry could not be written ({error}), so the token was not handed out"),
            "Make room on the disk, or mend the folder of the audit.",
        )
    })?;
    agent.valet.used.notify_one();
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
