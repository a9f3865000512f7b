//! Ending a grant: at the issuer where it can be, here always.

use crate::always;
use crate::audit;
use crate::outcome;
use crate::refresh::Flight;
use crate::registration;
use crate::signin::By;
use crate::state::{Attempt, Held, Server};
use crate::valet::Valet;
use crate::vault::{Grant, Key};
use oauth::{Fault, Issuer, Revoked, Secret, TokenHint};
use std::sync::Arc;
use url::Url;
use wire::{Outcome, Problem, Removed, Revocation};

/// Revokes a server's grant and wipes it. That the issuer does not answer never keeps the copy here alive.
pub(crate) async fn revoke(valet: Arc<Valet>, name: String, by: By) -> Result<Revocation, Problem> {
    // A grant that cannot be read cannot be revoked either, and is not to be forgotten as if it had been.
    if valet.book().servers.get(&name).is_some_and(|server| matches!(server.held, Held::Sealed { .. })) {
        valet.open_vault().await?;
    }
    let taken = take(&valet, &name)?;
    valet.sessions().forget(&taken.id);
    let _pen = taken.pen.lock().await;
    let (refresh_token, access_token) = match taken.newest().await {
        Some(grant) => at_issuer(&valet, &grant).await,
        None => (Outcome::Nothing, Outcome::Nothing),
    };
    let wiped = valet.vault.delete(Key::Grant(taken.id.clone())).await.is_ok();
    valet.change_server(&name, |server| {
        if !wiped {
            server.held = Held::Lapsed("it was revoked".to_owned());
        }
    });
    let kept = valet.consents().forget(&taken.id);
    if kept {
        always::keep(&valet);
    }
    let mut entry = audit::entry(valet.clock.now(), "revoke", by.name());
    entry.executable = by.executable();
    entry.server = Some(name.clone());
    valet.note(&entry);
    Ok(Revocation { server: name, refresh_token, access_token, wiped })
}

/// What is revoked, taken away from everybody else before anything that takes time.
struct Taken {
    id: String,
    pen: Arc<tokio::sync::Mutex<()>>,
    grant: Option<Arc<Grant>>,
    flight: Option<Flight>,
}

impl Taken {
    /// The grant, with the tokens of a refresh that was under way.
    async fn newest(&self) -> Option<Arc<Grant>> {
        match self.flight.clone() {
            Some(flight) => flight.land().await.ok().or_else(|| self.grant.clone()),
            None => self.grant.clone(),
        }
    }
}

fn take(valet: &Valet, name: &str) -> Result<Taken, Problem> {
    let taken = valet.change_server(name, |server| {
        let grant = server.held.grant().cloned();
        server.held = Held::Nothing;
        server.attempt = Attempt::None;
        server.problem = None;
        server.wanted_by = None;
        server.challenged.clear();
        server.step_up.clear();
        Taken { id: server.id.clone(), pen: Arc::clone(&server.pen), grant, flight: server.flight.clone() }
    });
    taken.ok_or_else(|| outcome::unknown_server(name))
}

/// Revokes, and takes the server out of the configuration.
pub(crate) async fn remove(valet: Arc<Valet>, name: String, by: By) -> Result<Removed, Problem> {
    let held = |server: &Server| server.held.grant().map(|grant| grant.parts.issuer.clone());
    let issuer = valet.book().servers.get(&name).and_then(held);
    let revocation = revoke(Arc::clone(&valet), name.clone(), by.clone()).await?;
    let id = valet.book().servers.get(&name).map(|server| server.id.clone());
    if let Some(id) = id {
        let _ = valet.vault.delete(Key::ClientSecret(id.clone())).await;
        let _ = valet.vault.delete(Key::ProviderSecret(id)).await;
    }
    registration::forget_unused(&valet, &name, issuer).await;
    crate::config::remove_server(&valet.paths.config, &name)
        .map_err(|error| outcome::configuration(&error))?;
    crate::reload::reload(&valet);
    let mut entry = audit::entry(valet.clock.now(), "remove", by.name());
    entry.executable = by.executable();
    entry.server = Some(name);
    valet.note(&entry);
    Ok(Removed { revocation, removed: true })
}

/// Revokes both tokens at the issuer (RFC 7009), the refresh token first: most issuers end the whole grant with it.
pub(crate) async fn at_issuer(valet: &Valet, grant: &Grant) -> (Outcome, Outcome) {
    let endpoint = grant.parts.revocation_endpoint.as_deref().and_then(|url| Url::parse(url).ok());
    let Some((endpoint, issuer)) = endpoint.zip(Issuer::parse(&grant.parts.issuer).ok()) else {
        let of =
            |token: Option<&Secret>| if token.is_some() { Outcome::NotOffered } else { Outcome::Nothing };
        return (of(grant.refresh.as_ref()), of(Some(&grant.access)));
    };
    let (http, now) = (valet.http(), valet.clock.now());
    let end = async |token: &Secret, hint: TokenHint| {
        let endpoint = grant.parts.endpoint(&issuer, &endpoint, now);
        to_outcome(oauth::revoke(&http, &endpoint, token, hint).await)
    };
    let refresh_token = match &grant.refresh {
        Some(token) => end(token, TokenHint::Refresh).await,
        None => Outcome::Nothing,
    };
    let access_token = end(&grant.access, TokenHint::Access).await;
    (refresh_token, access_token)
}

fn to_outcome(revoked: Result<Revoked, Fault>) -> Outcome {
    match revoked {
        Ok(Revoked::Done) => Outcome::Revoked,
        Ok(Revoked::NotThisKind) => Outcome::NotOffered,
        Err(fault) => {
            tracing::warn!(%fault, "the issuer did not confirm a revocation");
            Outcome::Failed
        }
    }
}
