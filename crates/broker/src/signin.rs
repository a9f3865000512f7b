//! Signing in to a server: from discovery to the page that the person opens, and from the code to the grant.

use crate::audit;
use crate::config::{AgentsPolicy, OauthBlock};
use crate::consent::Answer;
use crate::http::callback::Endpoint;
use crate::outcome;
use crate::peer::Executable;
use crate::question::{About, Subject};
use crate::refresh;
use crate::registration;
use crate::state::{Attempt, Held, Server};
use crate::valet::Valet;
use crate::vault::{Grant, GrantParts, Key, VaultError};
use crate::view::Surfaces;
use jiff::{SignedDuration, Timestamp};
use oauth::{AuthorizationRequest, Client, Code, Discovery, Issuer, Metadata, Pending, Reach, Tokens};
use std::sync::Arc;
use std::time::Duration;
use url::Url;
use wire::{Authorization, Problem};

/// How long a sign-in is waited for.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
/// How soon a second request counts as the same click. Later it means that the first came to nothing.
const DOUBLE_CLICK: SignedDuration = SignedDuration::from_secs(5);
/// How long the person may think about a sign-in that would replace another.
const THINKING: Duration = Duration::from_mins(5);

/// Who began a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum By {
    /// The person, in a shell.
    Person,
    /// A program, over the socket.
    Agent { name: String, executable: Executable },
}

impl By {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Person => "the person",
            Self::Agent { name, .. } => name,
        }
    }

    /// The program's path, where it is a program.
    pub(crate) fn executable(&self) -> Option<String> {
        match self {
            Self::Person => None,
            Self::Agent { executable, .. } => Some(executable.path()),
        }
    }
}

/// A sign-in in which the browser has the turn.
pub(crate) struct Waiting {
    pub(crate) number: u64,
    server_id: String,
    pub(crate) by: By,
    pub(crate) pending: Pending,
    pub(crate) endpoint: Endpoint,
    url: Url,
    expires_at: Timestamp,
    client: Client,
    revocation_endpoint: Option<Url>,
    reach: Reach,
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Waiting").field("number", &self.number).finish_non_exhaustive()
    }
}

impl Waiting {
    fn authorization(&self, server: &str) -> Authorization {
        Authorization {
            server: server.to_owned(),
            authorization_url: self.url.as_str().to_owned(),
            redirect_uri: self.pending.redirect_uri().to_owned(),
            expires_at: self.expires_at,
        }
    }
}

/// Begins a sign-in, or joins the one that the same asker began already. What works already keeps working meanwhile.
pub(crate) async fn begin(
    valet: Arc<Valet>,
    name: String,
    by: By,
    issuer: Option<String>,
) -> Result<Authorization, Problem> {
    if let Some(authorization) = begun_already(&valet, &name, &by) {
        return Ok(authorization);
    }
    valet.open_vault().await?;
    let number = valet.number();
    let (config, server_id, abandoned) = valet.change(|book| {
        let server = book.servers.get_mut(&name).ok_or_else(|| outcome::unknown_server(&name))?;
        let before = std::mem::replace(&mut server.attempt, Attempt::Preparing(number));
        Ok((
            server.config.clone(),
            server.id.clone(),
            before.waiting().map(|waiting| waiting.pending.issuer().clone()),
        ))
    })?;
    if let Some(issuer) = abandoned {
        registration::forget(&valet, issuer.as_str()).await;
    }
    let attempt = Preparation { valet: &valet, name: &name, number, server_id, by, oauth: &config.oauth };
    match attempt.prepare(&config.url, issuer.as_deref()).await {
        Ok(waiting) => {
            let authorization = waiting.authorization(&name);
            if !conclude(&valet, &name, number, Attempt::Waiting(Box::new(waiting))) {
                return Err(overtaken(&name));
            }
            valet.runtime.spawn(give_up_in_the_end(Arc::clone(&valet), name, number));
            Ok(authorization)
        }
        Err(Stopped(stopped)) => {
            let (attempt, problem) = *stopped;
            conclude(&valet, &name, number, attempt);
            Err(problem)
        }
    }
}

/// Nobody waits for ever for a browser that was closed. It may have been closed on an issuer that has forgotten our client, so
/// that is forgotten as well.
async fn give_up_in_the_end(valet: Arc<Valet>, name: String, number: u64) {
    tokio::time::sleep(PATIENCE.unsigned_abs()).await;
    let awaited = |server: &Server| {
        let waiting = server.attempt.waiting().filter(|waiting| waiting.number == number)?;
        Some(waiting.pending.issuer().clone())
    };
    let issuer = valet.book().servers.get(&name).and_then(awaited);
    if let Some(issuer) = issuer {
        registration::forget(&valet, issuer.as_str()).await;
        let problem = outcome::failed(
            "attempt_expired",
            format!("nobody came back from the sign-in to \"{name}\" within ten minutes"),
            "Start it again. If the page showed an error, read there what the provider wants.",
        );
        conclude(&valet, &name, number, Attempt::Failed(problem));
    }
}

fn begun_already(valet: &Valet, name: &str, by: &By) -> Option<Authorization> {
    let now = valet.clock.now();
    let book = valet.book();
    let waiting = book.servers.get(name)?.attempt.waiting().filter(|waiting| {
        waiting.by == *by && now.duration_since(waiting.pending.created_at()) < DOUBLE_CLICK
    })?;
    Some(waiting.authorization(name))
}

/// Ends a step of attempt `number`. False if a newer attempt has taken its place.
fn conclude(valet: &Valet, name: &str, number: u64, next: Attempt) -> bool {
    valet.change(|book| {
        let server = book.servers.get_mut(name).filter(|server| server.attempt.number() == Some(number));
        server.map(|server| server.attempt = next).is_some()
    })
}

struct Preparation<'a> {
    valet: &'a Arc<Valet>,
    name: &'a str,
    number: u64,
    server_id: String,
    by: By,
    oauth: &'a OauthBlock,
}

/// What a preparation that goes no further leaves behind: the state it ends in, and what the asker is told.
pub(crate) struct Stopped(Box<(Attempt, Problem)>);

impl Stopped {
    pub(crate) fn new(attempt: Attempt, problem: Problem) -> Self {
        Self(Box::new((attempt, problem)))
    }
}

impl Preparation<'_> {
    async fn prepare(self, url: &oauth::ServerUrl, issuer: Option<&str>) -> Result<Waiting, Stopped> {
        let http = self.valet.http();
        let discovery =
            oauth::discover(&http, url, &self.oauth.overrides()).await.map_err(|fault| failed(&fault))?;
        let issuer = self.choose(&discovery, issuer)?;
        let metadata = discovery.metadata(&http, &issuer).await.map_err(|fault| failed(&fault))?;
        let (client, endpoint) = registration::client(self.valet, self.name, self.oauth, &metadata).await?;
        self.check_own_redirect_uri(&metadata, &endpoint)?;
        self.wait_for_browser(&discovery, &metadata, client, endpoint)
    }

    fn choose(&self, discovery: &Discovery, asked: Option<&str>) -> Result<Issuer, Stopped> {
        match (asked, discovery.issuers.as_slice()) {
            (None, [only]) => Ok(only.clone()),
            (Some(asked), issuers) if issuers.iter().any(|issuer| issuer.as_str() == asked) => {
                Issuer::parse(asked).map_err(|fault| failed(&fault))
            }
            (_, issuers) => {
                let names: Vec<&str> = issuers.iter().map(Issuer::as_str).collect();
                let problem = outcome::invalid_request(
                    format!("\"{}\" lets you choose where to sign in: {}", self.name, names.join(", ")),
                    format!(
                        "Choose one: `mcp-valet authorize {} --issuer {}`.",
                        self.name,
                        names.first().unwrap_or(&"URL")
                    ),
                );
                Err(Stopped::new(
                    Attempt::ChoosingIssuer(issuers.to_vec()),
                    problem.because("choosing_issuer"),
                ))
            }
        }
    }

    /// An issuer that does not say who it is when the browser comes back must have a redirect URI to itself, or another could
    /// pass its codes off on us (RFC 9207 §1, mix-up).
    fn check_own_redirect_uri(&self, metadata: &Metadata, endpoint: &Endpoint) -> Result<(), Stopped> {
        if metadata.iss_parameter_supported {
            return Ok(());
        }
        let book = self.valet.book();
        let Some(other) = book.other_at(self.name, metadata.issuer.as_str(), &endpoint.redirect_uri) else {
            return Ok(());
        };
        let detail = format!(
            "\"{}\" and \"{other}\" sign in at different places, but come back to the same address {}",
            self.name, endpoint.redirect_uri
        );
        let advice = "Give one of them another `oauth.callbackPath` or `oauth.callbackPort`, and register that redirect URI there.";
        Err(stopped(outcome::failed("redirect_uri_shared", detail, advice)))
    }

    fn wait_for_browser(
        self,
        discovery: &Discovery,
        metadata: &Metadata,
        client: Client,
        endpoint: Endpoint,
    ) -> Result<Waiting, Stopped> {
        let issuer = &metadata.issuer;
        let scopes = self.scopes(discovery, issuer);
        let extra: Vec<(String, String)> =
            self.oauth.authorize_params.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        let request = AuthorizationRequest {
            metadata,
            client_id: &client.id,
            redirect_uri: &endpoint.redirect_uri,
            scopes: &scopes,
            scopes_configured: discovery.scopes_configured(),
            resource: discovery.resource_for(issuer),
            extra: &extra,
        };
        let now = self.valet.clock.now();
        let (url, pending) = oauth::begin(&request, now).map_err(|fault| failed(&fault))?;
        Ok(Waiting {
            number: self.number,
            server_id: self.server_id,
            by: self.by,
            pending,
            endpoint,
            url,
            expires_at: now.saturating_add(PATIENCE).unwrap_or(now),
            client,
            revocation_endpoint: metadata.revocation_endpoint.clone(),
            reach: metadata.reach,
        })
    }

    /// For a step-up, what was granted before is asked for again beside what is new.
    fn scopes(&self, discovery: &Discovery, issuer: &Issuer) -> Vec<String> {
        let mut scopes = discovery.scopes_for(issuer);
        // Without a resource, scopes that an agent names could be another API's.
        if discovery.scopes_configured() || discovery.resource_for(issuer).is_none() {
            return scopes;
        }
        let book = self.valet.book();
        let Some(server) = book.servers.get(self.name).filter(|server| !server.step_up.is_empty()) else {
            return scopes;
        };
        let granted = server.held.grant().map(|grant| grant.parts.scopes.as_slice()).unwrap_or_default();
        for scope in granted.iter().chain(&server.step_up) {
            if !scopes.contains(scope) {
                scopes.push(scope.clone());
            }
        }
        scopes
    }
}

pub(crate) fn failed(fault: &oauth::Fault) -> Stopped {
    stopped(outcome::fault(fault))
}

pub(crate) fn stopped(problem: Problem) -> Stopped {
    Stopped::new(Attempt::Failed(problem.clone()), problem)
}

/// What a finished sign-in leaves behind, apart from its tokens.
pub(crate) struct Return {
    number: u64,
    server_id: String,
    by: By,
    client: Client,
    redirect_uri: String,
    revocation_endpoint: Option<Url>,
    reach: Reach,
}

impl Return {
    /// The number of the attempt.
    pub(crate) const fn number(&self) -> u64 {
        self.number
    }

    /// Takes a sign-in apart into what is accepted by the callback and what is needed afterwards.
    pub(crate) fn of(waiting: Waiting) -> (Pending, Self) {
        let redirect_uri = waiting.pending.redirect_uri().to_owned();
        let Waiting { number, server_id, by, pending, client, revocation_endpoint, reach, .. } = waiting;
        (pending, Self { number, server_id, by, client, redirect_uri, revocation_endpoint, reach })
    }
}

/// Records that a sign-in came back without a code.
pub(crate) fn give_up(valet: &Valet, name: &str, back: &Return, problem: Problem) {
    tracing::info!(server = name, reason = problem.reason, "a sign-in did not succeed");
    conclude(valet, name, back.number, Attempt::Failed(problem));
}

/// Exchanges the code and stores the grant.
pub(crate) async fn complete(
    valet: Arc<Valet>,
    name: String,
    back: Return,
    code: Code,
) -> Result<(), Problem> {
    let issuer = code.issuer().clone();
    let done = exchange(&valet, &name, &back, code).await;
    if let Err(problem) = &done {
        if problem.reason.as_deref() == Some("invalid_client") {
            registration::forget(&valet, issuer.as_str()).await;
        }
        give_up(&valet, &name, &back, problem.clone());
    }
    done
}

async fn exchange(valet: &Arc<Valet>, name: &str, back: &Return, code: Code) -> Result<(), Problem> {
    let parts = parts(valet, name, back, &code)?;
    if valet.book().locked == Some(VaultError::LockedByPerson) {
        return Err(outcome::locked(VaultError::LockedByPerson));
    }
    let sent_at = valet.clock.now();
    let tokens =
        oauth::exchange(&valet.http(), code, &back.client).await.map_err(|fault| outcome::fault(&fault))?;
    let grant = Arc::new(grant(parts, tokens, sent_at));
    let asked = replaces_another(valet, back);
    if asked && !may_replace(valet, name, back).await {
        discard(valet, name, back, &grant).await;
        return Err(replacement_refused(name));
    }
    store(valet, name, back, &grant, asked).await
}

fn replacement_refused(name: &str) -> Problem {
    outcome::failed(
        "replacement_refused",
        format!("\"{name}\" is signed in already, and the new sign-in was not put in its place"),
        format!("Run `mcp-valet revoke {name}` first, then sign in again."),
    )
}

/// Gives tokens back that are not used. Not those of a client that another grant lives by: some issuers end both at once.
async fn discard(valet: &Valet, name: &str, back: &Return, grant: &Grant) {
    let shared =
        |server: &Server| server.held.grant().is_some_and(|held| held.parts.client.id == back.client.id);
    if !valet.book().servers.get(name).is_some_and(shared) {
        crate::revoke::at_issuer(valet, grant).await;
    }
}

fn parts(valet: &Valet, name: &str, back: &Return, code: &Code) -> Result<GrantParts, Problem> {
    let book = valet.book();
    let server = book.servers.get(name).filter(|server| server.id == back.server_id);
    let server = server.ok_or_else(|| outcome::unknown_server(name))?;
    Ok(GrantParts {
        server_url: server.config.url.as_str().to_owned(),
        resource: code.resource().map(ToOwned::to_owned),
        issuer: code.issuer().as_str().to_owned(),
        token_endpoint: code.token_endpoint().as_str().to_owned(),
        revocation_endpoint: back.revocation_endpoint.as_ref().map(|url| url.as_str().to_owned()),
        client: back.client.clone(),
        redirect_uri: back.redirect_uri.clone(),
        scopes_asked: code.scopes().to_vec(),
        scopes: code.scopes().to_vec(),
        reach: back.reach,
    })
}

fn grant(mut parts: GrantParts, tokens: Tokens, now: Timestamp) -> Grant {
    parts.scopes = tokens.scopes.unwrap_or(parts.scopes);
    let expires_at = expiry(now, tokens.expires_in);
    Grant {
        access: tokens.access,
        refresh: tokens.refresh,
        issued_at: now,
        expires_at,
        parts,
        refresh_sent_at: None,
    }
}

/// When a token ends that is good for `lifetime`, counted from when it was asked for: never later than the issuer means.
pub(crate) fn expiry(now: Timestamp, lifetime: Option<Duration>) -> Option<Timestamp> {
    let lifetime = SignedDuration::try_from(lifetime?).ok()?;
    now.checked_add(lifetime).ok()
}

/// Whether something is held for the server already; what has not been read counts as something.
fn replaces_another(valet: &Valet, back: &Return) -> bool {
    let held = |server: &Server| {
        server.held.grant().is_some() || matches!(server.held, Held::Sealed { granted: true })
    };
    valet.book().servers.values().find(|server| server.id == back.server_id).is_some_and(held)
}

/// A program must not be able to put an account of its own in the place of the person's. Until the accounts of two grants can
/// be compared, the person is asked each time, unless they chose not to be asked about agents at all.
async fn may_replace(valet: &Arc<Valet>, name: &str, back: &Return) -> bool {
    if back.by == By::Person {
        return true;
    }
    if !matches!(*valet.surfaces.borrow(), Surfaces::Open(1..)) {
        return valet.book().config.valet.agents == AgentsPolicy::Allow;
    }
    let about = About::Replace { agent: back.by.name().to_owned(), server: name.to_owned() };
    let Some(mut waiting) = valet.questions.ask(Subject::Replace { attempt: back.number }, about) else {
        return false;
    };
    valet.publish();
    let answer = tokio::time::timeout(THINKING, waiting.answer()).await;
    let allowed = matches!(answer, Ok(Some(Answer::AllowOnce | Answer::AllowSession)));
    valet.questions.take_back(|subject| *subject == Subject::Replace { attempt: back.number });
    valet.publish();
    allowed
}

/// Stores, then publishes; what the vault will not take serves from memory and is written later. Nothing is stored for a sign-in
/// that is no longer the one waited for: it was declined, revoked, overtaken, or its server is another one now.
async fn store(
    valet: &Arc<Valet>,
    name: &str,
    back: &Return,
    grant: &Arc<Grant>,
    asked: bool,
) -> Result<(), Problem> {
    let pen = valet.book().servers.get(name).map(|server| Arc::clone(&server.pen));
    let pen = pen.ok_or_else(|| outcome::unknown_server(name))?;
    let _pen = pen.lock().await;
    if !is_awaited(valet, name, back) {
        discard(valet, name, back, grant).await;
        return Err(overtaken(name));
    }
    if !asked && replaces_another(valet, back) {
        discard(valet, name, back, grant).await;
        return Err(replacement_refused(name));
    }
    let stored = valet.vault.write(Key::Grant(back.server_id.clone()), Arc::clone(grant)).await;
    let unsaved = stored.is_err();
    let published = valet.change_server(name, |server| {
        if server.id != back.server_id || server.attempt.number() != Some(back.number) {
            return false;
        }
        server.take_over(match stored {
            Ok(stored) => Held::Live(stored),
            Err(_) => Held::Unsaved(Arc::clone(grant)),
        });
        true
    });
    if published != Some(true) {
        let _ = valet.vault.delete(Key::Grant(back.server_id.clone())).await;
        discard(valet, name, back, grant).await;
        return Err(overtaken(name));
    }
    if unsaved {
        refresh::save_later(valet, name, grant);
    }
    let mut entry = audit::entry(valet.clock.now(), "sign_in", back.by.name());
    entry.executable = back.by.executable();
    entry.server = Some(name.to_owned());
    entry.scopes.clone_from(&grant.parts.scopes);
    valet.note(&entry);
    Ok(())
}

fn is_awaited(valet: &Valet, name: &str, back: &Return) -> bool {
    let awaited =
        |server: &Server| server.id == back.server_id && server.attempt.number() == Some(back.number);
    valet.book().servers.get(name).is_some_and(awaited)
}

fn overtaken(name: &str) -> Problem {
    outcome::failed(
        "overtaken",
        format!(
            "this sign-in to \"{name}\" is no longer wanted; something else was done with the server meanwhile"
        ),
        "If it was not you, look at the audit. Else begin again.",
    )
}
