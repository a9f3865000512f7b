//! From the code to the grant: exchanged, compared with what is held, stored, published.

use super::{Next, Ways, fail, overtaken};
use crate::grants::{refresh, registration, revoke, verify};
use crate::state::deed::What;
use crate::state::held::{Held, Noted};
use crate::state::item::{Grant, GrantParts};
use crate::state::server::Server;
use crate::state::waiting::Waiting;
use crate::valet::{Valet, deeds, keep};
use config::AgentsPolicy;
use consent::about::About;
use consent::answer::Answer;
use consent::subject::Subject;
use consent::surfaces::Surfaces;
use jiff::{SignedDuration, Timestamp};
use oauth::{Client, Code, DpopKey, Issuer, Pending, Reach, Secret, Tokens};
use peer::By;
use std::sync::Arc;
use std::time::Duration;
use url::Url;
use vault::{Key, Stored};
use wire::{Act, Problem, Reason};

/// How long the person may think about a sign-in that would replace another.
const THINKING: Duration = Duration::from_mins(5);

/// What a finished sign-in leaves behind, apart from its tokens.
pub(crate) struct Return {
    number: u64,
    server_id: String,
    by: By,
    client: Client,
    redirect_uri: Option<String>,
    revocation_endpoint: Option<Url>,
    jwks_uri: Option<Url>,
    reach: Reach,
    dpop: Option<DpopKey>,
    pub(super) issuer: Issuer,
    pub(super) named_resource: bool,
    notice: Option<String>,
    pub(super) ways: Ways,
}

impl Return {
    /// What a sign-in on another device leaves behind.
    pub(super) fn of_device(
        number: u64,
        server_id: String,
        by: By,
        issuer: Issuer,
        parts: &GrantParts,
        ways: Ways,
    ) -> Self {
        Self {
            number,
            server_id,
            by,
            client: parts.client.clone(),
            redirect_uri: None,
            revocation_endpoint: None,
            jwks_uri: None,
            reach: parts.reach,
            dpop: None,
            issuer,
            named_resource: parts.resource.is_some(),
            notice: None,
            ways,
        }
    }

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
        let redirect_uri = Some(waiting.pending.redirect_uri().to_owned());
        let (issuer, named_resource) =
            (waiting.pending.issuer().clone(), waiting.pending.resource().is_some());
        let Waiting {
            number,
            server_id,
            by,
            pending,
            client,
            revocation_endpoint,
            jwks_uri,
            reach,
            dpop,
            notice,
            ways,
            ..
        } = waiting;
        let back = Self {
            number,
            server_id,
            by,
            client,
            redirect_uri,
            revocation_endpoint,
            jwks_uri,
            reach,
            dpop,
            issuer,
            named_resource,
            notice,
            ways,
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
    let refused = problem.reason() == Some(Reason::InvalidClient);
    if refused && valet.sign_ins.may_forget(&back.issuer, &back.by, valet.clock.now()) {
        registration::forget_client(&valet, back.issuer.as_str(), &back.client.id).await;
    }
    fail(&valet, &name, &back, problem).await
}

async fn exchange(valet: &Arc<Valet>, name: &str, back: &Return, code: Code) -> Result<(), Problem> {
    let parts = parts(valet, name, back, &code)?;
    valet.not_locked().map_err(Problem::from)?;
    back.ways.are_apart(&valet.book(), name)?;
    let sent_at = valet.clock.now();
    let nonce = code.nonce().cloned();
    let place = valet.asking.at(back.issuer.as_str()).await;
    let http = valet.http();
    let request = oauth::exchange(&http, code, &back.client, back.dpop.as_ref(), sent_at);
    let of = (name, back.server_id.as_str());
    let tokens = place.wait(valet, of, &back.issuer.host(), request).await;
    let tokens = tokens.map_err(|fault| problems::fault(&fault))?;
    keep(valet, name, back, parts, tokens, nonce.as_ref(), sent_at).await
}

/// Checks tokens and makes them the server's grant. `nonce` is what an ID token must repeat.
pub(super) async fn keep(
    valet: &Arc<Valet>,
    name: &str,
    back: &Return,
    parts: GrantParts,
    tokens: Tokens,
    nonce: Option<&Secret>,
    sent_at: Timestamp,
) -> Result<(), Problem> {
    let verdict = verify::verify(valet, name, &parts, &tokens, nonce).await;
    let mut grant = grant(parts, tokens, sent_at);
    let warning = match verdict {
        Ok(verdict) => {
            grant.parts.belongs_to(verdict.account);
            verdict.warning
        }
        Err(problem) => {
            revoke::give_back(valet, name, &grant).await;
            return Err(problem);
        }
    };
    grant.before = refresh::outdated(valet, name);
    let grant = Arc::new(grant);
    let asked = replaces_another(valet, back, &grant);
    if asked && !may_replace(valet, name, back).await {
        revoke::give_back(valet, name, &grant).await;
        return Err(replacement_refused(name));
    }
    store(valet, name, back, &grant, asked).await?;
    valet.change_server(name, |server| {
        if server.held.is(&grant) {
            server.doubts.warning = warning;
        }
    });
    Ok(())
}

fn replacement_refused(name: &str) -> Problem {
    problems::failed(
        Reason::ReplacementRefused,
        format!("\"{name}\" is signed in already, and the new sign-in was not put in its place"),
        format!("Run {} first, then sign in again.", plain::command("mcp-valet revoke", &[name])),
    )
}

fn parts(valet: &Valet, name: &str, back: &Return, code: &Code) -> Result<GrantParts, Problem> {
    let book = valet.book();
    let server = book.servers.get(name).filter(|server| server.id == back.server_id);
    let server = server.ok_or_else(|| problems::unknown_server(name))?;
    Ok(GrantParts {
        server_url: server.config.url.as_str().to_owned(),
        resource: code.resource().map(ToOwned::to_owned),
        issuer: code.issuer().as_str().to_owned(),
        token_endpoint: code.token_endpoint().as_str().to_owned(),
        revocation_endpoint: back.revocation_endpoint.as_ref().map(|url| url.as_str().to_owned()),
        client: back.client.clone(),
        redirect_uri: back.redirect_uri.clone(),
        jwks_uri: back.jwks_uri.as_ref().map(|url| url.as_str().to_owned()),
        dpop: back.dpop.clone(),
        account: None,
        subject: None,
        scopes_asked: code.scopes().to_vec(),
        scopes: code.scopes().to_vec(),
        reach: back.reach,
        notice: back.notice.clone(),
    })
}

pub(crate) fn grant(mut parts: GrantParts, tokens: Tokens, now: Timestamp) -> Grant {
    parts.scopes = tokens.scopes.unwrap_or(parts.scopes);
    let expires_at = expiry(now, tokens.expires_in);
    Grant {
        access: tokens.access,
        refresh: tokens.refresh,
        issued_at: now,
        expires_at,
        parts,
        refresh_sent_at: None,
        registration_lost: None,
        before: Vec::new(),
    }
}

/// When a token ends that is good for `lifetime`, counted from when it was asked for: never later than the
/// issuer means.
pub(crate) fn expiry(now: Timestamp, lifetime: Option<Duration>) -> Option<Timestamp> {
    let lifetime = SignedDuration::try_from(lifetime?).ok()?;
    now.checked_add(lifetime).ok()
}

/// Whether something of another account is held for the server already; what is not known to be of the same
/// one, or has not been read, counts as such.
fn replaces_another(valet: &Valet, back: &Return, grant: &Grant) -> bool {
    let held = |server: &Server| {
        server.held.grant().is_some_and(|held| !held.parts.is_same_account(&grant.parts))
            || matches!(server.held, Held::Sealed(Noted::Granted))
    };
    valet.book().servers.values().find(|server| server.id == back.server_id).is_some_and(held)
}

/// A program must not be able to put an account of its own in the place of the person's. The person is asked,
/// unless they chose not to be asked about agents at all.
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

/// Stores, then publishes; what the vault will not take serves from memory and is written later. Nothing is
/// stored for a sign-in that is no longer the one waited for: it was declined, revoked, overtaken, or its
/// server is another one now.
async fn store(
    valet: &Arc<Valet>,
    name: &str,
    back: &Return,
    grant: &Arc<Grant>,
    asked: bool,
) -> Result<(), Problem> {
    let pen = valet.book().servers.get(name).map(|server| Arc::clone(&server.pen));
    let pen = pen.ok_or_else(|| problems::unknown_server(name))?;
    let _pen = pen.lock().await;
    if !is_awaited(valet, name, back) {
        revoke::give_back(valet, name, grant).await;
        return Err(overtaken(name));
    }
    if !asked && replaces_another(valet, back, grant) {
        revoke::give_back(valet, name, grant).await;
        return Err(replacement_refused(name));
    }
    let before = before(valet, name, back).await;
    tracing::debug!(server = name, "a sign-in writes a new grant");
    let stored = valet.vault.write(Key::Grant(back.server_id.clone()), Arc::clone(grant)).await;
    let unsaved = stored.is_err();
    let mut entry = audit::entry(valet.clock.now(), Act::SignIn, back.by.actor());
    entry.server = Some(name.to_owned());
    entry.scopes.clone_from(&grant.parts.scopes);
    valet.note(&entry);
    let published = valet.change_server(name, |server| {
        if server.id != back.server_id || server.attempt.number() != Some(back.number) {
            return None;
        }
        let declined = server.not_now.is_said();
        server.take_over(match stored {
            Ok(stored) => Held::Live(stored),
            Err(_) => Held::Unsaved(Arc::clone(grant)),
        });
        Some(declined)
    });
    let Some(declined) = published.flatten() else {
        put_back(valet, name, back, before).await;
        revoke::give_back(valet, name, grant).await;
        return Err(overtaken(name));
    };
    valet.change(|book| {
        back.ways.record(book);
        book.remember_signed_in(name);
    });
    valet.save();
    if declined {
        deeds::show(valet, &back.by, What::SignedIn, Some(name));
    }
    if unsaved {
        keep::save_later(valet, name, grant);
    }
    Ok(())
}

/// What the vault has before it is written over: known here, or else read now. A vault that does not say will
/// hardly be written either.
async fn before(valet: &Valet, name: &str, back: &Return) -> Option<Arc<Grant>> {
    let held = {
        let book = valet.book();
        let server = book.servers.get(name).filter(|server| server.id == back.server_id);
        server.and_then(|server| server.held.grant().cloned())
    };
    if held.is_some() {
        return held;
    }
    let kept = valet.vault.read::<Grant>(Key::Grant(back.server_id.clone())).await;
    kept.ok().flatten().as_ref().map(Stored::value).cloned()
}

/// Gives the vault back what a sign-in that came too late has written over, unless that is over itself by
/// now.
async fn put_back(valet: &Arc<Valet>, name: &str, back: &Return, before: Option<Arc<Grant>>) {
    let key = Key::Grant(back.server_id.clone());
    let still_held = |before: &Arc<Grant>| {
        let book = valet.book();
        let server = book.servers.values().find(|server| server.id == back.server_id);
        server.is_none_or(|server| server.held.is_of(before))
    };
    let Some(before) = before.filter(still_held) else {
        let _ = valet.vault.delete(key).await;
        return;
    };
    if let Err(error) = valet.vault.write(key, Arc::clone(&before)).await {
        tracing::warn!(server = name, %error, "the grant that works could not be put back yet");
        let known = valet.change_server(name, |server| {
            let known = server.held.is_of(&before);
            if known {
                server.held = Held::Unsaved(Arc::clone(&before));
            }
            known
        });
        if known == Some(true) {
            keep::save_later(valet, name, &before);
        }
    }
}

fn is_awaited(valet: &Valet, name: &str, back: &Return) -> bool {
    let awaited =
        |server: &Server| server.id == back.server_id && server.attempt.number() == Some(back.number);
    valet.book().servers.get(name).is_some_and(awaited)
}
