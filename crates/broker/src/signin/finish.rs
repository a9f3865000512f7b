//! From the code to the grant: exchanged, compared with what is held, stored, published.

use super::{By, Next, Waiting, fail, overtaken};
use crate::audit;
use crate::config::AgentsPolicy;
use crate::consent::Answer;
use crate::outcome;
use crate::question::{About, Subject};
use crate::refresh;
use crate::registration;
use crate::state::{Held, Server};
use crate::valet::Valet;
use crate::vault::{Grant, GrantParts, Key, VaultError};
use crate::view::Surfaces;
use jiff::{SignedDuration, Timestamp};
use oauth::{Client, Code, Issuer, Pending, Reach, Tokens};
use std::sync::Arc;
use std::time::Duration;
use url::Url;
use wire::Problem;

/// How long the person may think about a sign-in that would replace another.
const THINKING: Duration = Duration::from_mins(5);

/// What a finished sign-in leaves behind, apart from its tokens.
pub(crate) struct Return {
    number: u64,
    server_id: String,
    by: By,
    client: Client,
    redirect_uri: String,
    revocation_endpoint: Option<Url>,
    reach: Reach,
    pub(super) issuer: Issuer,
    pub(super) named_resource: bool,
    notice: Option<String>,
}

impl Return {
    /// The number of the attempt.
    pub(crate) const fn number(&self) -> u64 {
        self.number
    }

    /// The server's id when the attempt began.
    pub(super) fn server_id(&self) -> &str {
        &self.server_id
    }

    /// Who began it.
    pub(super) const fn by(&self) -> &By {
        &self.by
    }

    /// Takes a sign-in apart into what is accepted by the callback and what is needed afterwards.
    pub(crate) fn of(waiting: Waiting) -> (Pending, Self) {
        let redirect_uri = waiting.pending.redirect_uri().to_owned();
        let (issuer, named_resource) =
            (waiting.pending.issuer().clone(), waiting.pending.resource().is_some());
        let Waiting { number, server_id, by, pending, client, revocation_endpoint, reach, notice, .. } =
            waiting;
        let back = Self {
            number,
            server_id,
            by,
            client,
            redirect_uri,
            revocation_endpoint,
            reach,
            issuer,
            named_resource,
            notice,
        };
        (pending, back)
    }
}

/// Exchanges the code and stores the grant.
pub(crate) async fn complete(
    valet: Arc<Valet>,
    name: String,
    back: Return,
    code: Code,
) -> Result<Next, Problem> {
    let Err(problem) = exchange(&valet, &name, &back, code).await else { return Ok(Next::Ready) };
    if problem.reason.as_deref() == Some("invalid_client") {
        registration::forget(&valet, back.issuer.as_str()).await;
    }
    fail(&valet, &name, &back, problem).await
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
    let shared = |server: &Server| {
        let same = server.held.grant().is_some_and(|held| held.parts.client.id == back.client.id);
        same || matches!(server.held, Held::Sealed { granted: true })
    };
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
        account: None,
        reach: back.reach,
        notice: back.notice.clone(),
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
    let mut entry = audit::entry(valet.clock.now(), "sign_in", back.by.name());
    entry.executable = back.by.executable();
    entry.server = Some(name.to_owned());
    entry.scopes.clone_from(&grant.parts.scopes);
    valet.note(&entry);
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
    Ok(())
}

fn is_awaited(valet: &Valet, name: &str, back: &Return) -> bool {
    let awaited =
        |server: &Server| server.id == back.server_id && server.attempt.number() == Some(back.number);
    valet.book().servers.get(name).is_some_and(awaited)
}
