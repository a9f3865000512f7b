//! Renewing tokens: one refresh at a time for each grant, in a task of its own that no caller can cancel.

use crate::outcome;
use crate::registration;
use crate::state::{Held, Server};
use crate::valet::Valet;
use crate::vault::{Grant, Key};
use crate::{unattended, verify};
use oauth::{Fault, Issuer, Mask, RefreshRequest, ResourceChoice, Tokens};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use url::Url;
use wire::{Code, Problem};

/// How a refresh ended.
pub(crate) type Landing = Result<Arc<Grant>, Problem>;

/// A refresh that is under way. Whoever needs its outcome waits here.
#[derive(Debug, Clone)]
pub(crate) struct Flight(watch::Receiver<Option<Landing>>);

impl Flight {
    /// Waits for the outcome.
    pub(crate) async fn land(mut self) -> Landing {
        match self.0.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(landing)) => landing.clone(),
            Ok(None) | Err(_) => Err(outcome::internal("the refresh was broken off", "Try again.")),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        self.0.same_channel(&other.0)
    }

    fn is_over(&self) -> bool {
        self.0.has_changed().is_err()
    }
}

/// Joins the refresh of `grant` that is under way, or begins one.
pub(crate) fn join(valet: &Arc<Valet>, server: &mut Server, grant: &Arc<Grant>) -> Flight {
    if let Some(unattended) = server.config.oauth.grant.unattended().cloned() {
        return unattended::join(valet, server, unattended);
    }
    if let Some(flight) = under_way(server) {
        return flight;
    }
    let task = Refresh {
        valet: Arc::clone(valet),
        name: server.name.clone(),
        id: server.id.clone(),
        pen: Arc::clone(&server.pen),
        grant: Arc::clone(grant),
    };
    launch(valet, server, async move { task.fly().await })
}

/// What is under way for a server already.
pub(crate) fn under_way(server: &Server) -> Option<Flight> {
    server.flight.clone().filter(|flight| !flight.is_over())
}

/// Sends work on its way that no caller can cancel. A failure is shown until a later flight succeeds.
pub(crate) fn launch(
    valet: &Arc<Valet>,
    server: &mut Server,
    work: impl Future<Output = Landing> + Send + 'static,
) -> Flight {
    let (landed, waiting) = watch::channel(None);
    let flight = Flight(waiting);
    server.flight = Some(flight.clone());
    let (own, name) = (flight.clone(), server.name.clone());
    let held = server.held.grant().cloned();
    let shared = Arc::clone(valet);
    valet.runtime.spawn(async move {
        let landing = work.await.map_err(|problem| without_tokens(problem, held.as_deref()));
        drop(held);
        let problem = landing.as_ref().err().filter(|problem| problem.code != Code::Lapsed).cloned();
        shared.change_server(&name, |server| {
            if server.flight.as_ref().is_some_and(|flight| flight.is_same(&own)) {
                server.flight = None;
                server.problem = problem;
            }
        });
        landed.send_replace(Some(landing));
    });
    flight
}

/// An issuer may say a token again that it was not shown now. What went wrong is told to everybody and kept.
fn without_tokens(mut problem: Problem, held: Option<&Grant>) -> Problem {
    let mask = mask(held);
    if mask.hides(problem.detail.as_bytes()) || mask.hides(problem.advice.as_bytes()) {
        let said = "the issuer refused, in words that hold a token";
        problem.detail = said.to_owned();
        problem.advice = "Tell whoever runs it, and authorize again.".to_owned();
    }
    problem
}

/// What the other side must not have said again.
pub(crate) fn mask(grant: Option<&Grant>) -> Mask {
    Mask::of(grant.into_iter().flat_map(|grant| [&grant.access].into_iter().chain(&grant.refresh)))
}

struct Refresh {
    valet: Arc<Valet>,
    name: String,
    id: String,
    pen: Arc<tokio::sync::Mutex<()>>,
    grant: Arc<Grant>,
}

impl Refresh {
    async fn fly(&self) -> Landing {
        let _pen = self.pen.lock().await;
        // While this waited for the pen, a sign-in or a revocation may have had it.
        match self.held_now() {
            Some(held) if Arc::ptr_eq(&held, &self.grant) => {}
            Some(newer) => return Ok(newer),
            None => {
                self.valet.not_locked().map_err(outcome::locked)?;
                return Err(outcome::authorization_required(&self.name));
            }
        }
        let Some(refresh_token) = &self.grant.refresh else {
            return Err(self.lapse("the token ended, and the issuer gave none to renew it with").await);
        };
        // This proves that the vault takes what the issuer will answer, and tells the next run if this one is cut short.
        let sent_at = self.valet.clock.now();
        let marked = Grant { refresh_sent_at: Some(sent_at), ..Grant::clone(&self.grant) };
        let written = self.valet.vault.write(Key::Grant(self.id.clone()), Arc::new(marked)).await;
        written.map_err(outcome::locked)?;
        let (issuer, token_endpoint) = self.endpoints()?;
        let parts = &self.grant.parts;
        let endpoint = parts.endpoint(&issuer, &token_endpoint, sent_at);
        let resource = parts.resource.as_deref();
        let request = RefreshRequest { refresh_token, resource, scopes: None };
        let http = self.valet.http();
        let mut grant = Arc::clone(&self.grant);
        let mut answer = oauth::refresh(&http, &endpoint, &request).await;
        if answer.as_ref().is_err_and(Fault::refuses_resource) && self.may_omit_resource() {
            let scopes = parts.scopes_to_keep();
            let without = RefreshRequest { resource: None, scopes: Some(&scopes), ..request };
            answer = oauth::refresh(&http, &endpoint, &without).await;
            Arc::make_mut(&mut grant).parts.resource = None;
        }
        match answer {
            Ok(tokens) => self.accept(&grant, tokens, sent_at).await,
            Err(fault) if fault.ends_grant() => Err(self.lapse(&self.why_over(&fault)).await),
            // A refresh token is bound to its client (RFC 6749 §6), and one that we registered is gone for good. A client made
            // by hand may be mended by hand.
            Err(fault) if fault.code() == "invalid_client" && self.client_is_ours() => {
                registration::forget(&self.valet, &parts.issuer).await;
                Err(self
                    .lapse("the issuer no longer knows this program; it registers anew when you sign in")
                    .await)
            }
            Err(fault) => Err(outcome::fault(&fault)),
        }
    }

    /// Takes over what the issuer answered. Where tokens that fail a check are not to be used, the old one stays, but with the
    /// new refresh token: the old one has been used up.
    async fn accept(&self, grant: &Grant, tokens: Tokens, sent_at: jiff::Timestamp) -> Landing {
        let mut renewed = renewed(grant, &tokens, sent_at);
        let old =
            Grant { refresh: renewed.refresh.clone(), refresh_sent_at: None, ..Grant::clone(&self.grant) };
        // A check may take its time, and what the issuer has rotated to must not be lost in it.
        if tokens.refresh.is_some() {
            // Should the vault not take it now, it is tried again below.
            let _ = self.valet.vault.write(Key::Grant(self.id.clone()), Arc::new(old.clone())).await;
        }
        match verify::verify(&self.valet, &self.name, &grant.parts, &tokens, None).await {
            Ok(verdict) => {
                renewed.parts.belongs_to(verdict.account);
                let grant = self.store(renewed).await;
                self.valet.change_server(&self.name, |server| server.warning = verdict.warning);
                Ok(grant)
            }
            Err(problem) => {
                self.store(old).await;
                Err(problem)
            }
        }
    }

    /// Some issuers stopped to take `resource`. Without it the scopes are named, so that the token is no wider than before.
    fn may_omit_resource(&self) -> bool {
        let parts = &self.grant.parts;
        let remember = |server: &mut Server| {
            let may = server.config.oauth.resource == ResourceChoice::Auto && !parts.scopes.is_empty();
            if may {
                server.resource_refused_by = Some(parts.issuer.clone());
            }
            may
        };
        parts.resource.is_some() && self.valet.change_server(&self.name, remember) == Some(true)
    }

    fn client_is_ours(&self) -> bool {
        let book = self.valet.book();
        let by_hand = book.servers.get(&self.name).and_then(|server| server.config.oauth.client_id.as_ref());
        by_hand != Some(&self.grant.parts.client.id)
    }

    fn held_now(&self) -> Option<Arc<Grant>> {
        let book = self.valet.book();
        book.servers.get(&self.name).filter(|server| server.id == self.id)?.held.grant().cloned()
    }

    /// Stores, then publishes. What the vault will not take serves from memory, and is written later.
    async fn store(&self, grant: Grant) -> Arc<Grant> {
        let grant = Arc::new(grant);
        match self.valet.vault.write(Key::Grant(self.id.clone()), Arc::clone(&grant)).await {
            Ok(stored) => self.publish(Held::Live(stored)),
            Err(error) => {
                tracing::warn!(server = self.name, %error, "a renewed token could not be stored yet");
                self.publish(Held::Unsaved(Arc::clone(&grant)));
                save_later(&self.valet, &self.name, &grant);
            }
        }
        grant
    }

    /// What was renewed may have been locked meanwhile, and read again from the vault, with the old tokens or these.
    fn publish(&self, held: Held) {
        self.valet.change(|book| {
            let server = book.servers.get_mut(&self.name).filter(|server| server.id == self.id);
            let of_this = |server: &&mut Server| {
                server.held.is_of(&self.grant) || held.grant().is_some_and(|new| server.held.is_of(new))
            };
            if let Some(server) = server.filter(of_this) {
                server.held = held;
            }
        });
    }

    async fn lapse(&self, why: &str) -> Problem {
        let mask = mask(Some(&self.grant));
        let why = mask.text(why);
        if let Err(error) = self.valet.vault.delete(Key::Grant(self.id.clone())).await {
            tracing::warn!(server = self.name, %error, "a grant that is over could not be wiped from the keychain");
        }
        self.valet.change_server(&self.name, |server| {
            if server.id == self.id && server.held.is_of(&self.grant) {
                server.held = Held::Lapsed(why.to_owned());
                server.problem = None;
            }
        });
        outcome::lapsed(&self.name, why)
    }

    fn why_over(&self, fault: &Fault) -> String {
        if self.grant.refresh_sent_at.is_some() {
            return "a refresh was interrupted before its answer could be stored".to_owned();
        }
        fault.to_string()
    }

    fn endpoints(&self) -> Result<(Issuer, Url), Problem> {
        let parts = &self.grant.parts;
        let issuer = Issuer::parse(&parts.issuer).ok();
        let broken = || {
            outcome::failed(
                "grant_damaged",
                "what the vault holds is damaged",
                "Revoke this server and sign in again.",
            )
        };
        issuer.zip(Url::parse(&parts.token_endpoint).ok()).ok_or_else(broken)
    }
}

/// The grant with new tokens. What the issuer does not mention stays as it was (RFC 6749 §6).
fn renewed(grant: &Grant, tokens: &Tokens, now: jiff::Timestamp) -> Grant {
    let mut parts = grant.parts.clone();
    parts.scopes = tokens.scopes.clone().unwrap_or(parts.scopes);
    Grant {
        access: tokens.access.clone(),
        refresh: tokens.refresh.clone().or_else(|| grant.refresh.clone()),
        issued_at: now,
        expires_at: crate::signin::expiry(now, tokens.expires_in),
        parts,
        refresh_sent_at: None,
    }
}

/// Tries again to store a grant that the vault did not take, until it does or another grant takes its place.
pub(crate) fn save_later(valet: &Arc<Valet>, name: &str, grant: &Arc<Grant>) {
    let (valet, name, grant) = (Arc::clone(valet), name.to_owned(), Arc::clone(grant));
    let runtime = valet.runtime.clone();
    runtime.spawn(async move {
        let mut pause = Duration::from_secs(1);
        loop {
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(60));
            if saved(&valet, &name, &grant).await {
                return;
            }
        }
    });
}

/// True once there is nothing more to save.
async fn saved(valet: &Valet, name: &str, grant: &Arc<Grant>) -> bool {
    let of = |server: &Server| (server.id.clone(), Arc::clone(&server.pen));
    let Some((id, pen)) = valet.book().servers.get(name).filter(|server| server.held.is(grant)).map(of)
    else {
        return true;
    };
    let _pen = pen.lock().await;
    let still_held = valet.book().servers.get(name).is_some_and(|server| server.held.is(grant));
    if !still_held {
        return true;
    }
    let Ok(stored) = valet.vault.write(Key::Grant(id), Arc::clone(grant)).await else { return false };
    valet.change_server(name, |server| {
        // Revoked meanwhile, it does not come back.
        if server.held.is(grant) {
            server.held = Held::Live(stored);
        }
    });
    true
}
