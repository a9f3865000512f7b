//! Ending a grant: at the issuer where it can be, here always.

use crate::audit;
use crate::outcome;
use crate::signin::By;
use crate::state::{Attempt, Held, Server};
use crate::valet::Valet;
use crate::vault::{Grant, Key};
use oauth::{Fault, Secret, TokenHint};
use std::sync::Arc;
use url::Url;
use wire::{Outcome, Problem, Removed, Revocation};

/// Revokes a server's grant and wipes it. That the issuer does not answer never keeps the copy here alive.
pub(crate) async fn revoke(valet: Arc<Valet>, name: String, by: By) -> Result<Revocation, Problem> {
    let (id, pen) = {
        let book = valet.book();
        let server = book.servers.get(&name).ok_or_else(|| outcome::unknown_server(&name))?;
        (server.id.clone(), Arc::clone(&server.pen))
    };
    // A refresh that is under way ends first: what it brings is revoked as well.
    let _pen = pen.lock().await;
    let grant = grant_to_revoke(&valet, &name, &id).await;
    let (refresh_token, access_token) = match &grant {
        Some(grant) => at_issuer(&valet, grant).await,
        None => (Outcome::Nothing, Outcome::Nothing),
    };
    let wiped = valet.vault.delete(Key::Grant(id.clone())).await.is_ok();
    valet.change_server(&name, |server| {
        server.held = if wiped { Held::Nothing } else { Held::Lapsed("it was revoked".to_owned()) };
        server.attempt = Attempt::None;
        server.problem = None;
        server.wanted_by = None;
        server.step_up.clear();
    });
    valet.consents().forget(&id);
    let mut entry = audit::entry(valet.clock.now(), "revoke", by.name());
    entry.executable = by.executable();
    entry.server = Some(name.clone());
    valet.note(&entry);
    Ok(Revocation { server: name, refresh_token, access_token, wiped })
}

/// Revokes, and takes the server out of the configuration.
pub(crate) async fn remove(valet: Arc<Valet>, name: String, by: By) -> Result<Removed, Problem> {
    let revocation = revoke(Arc::clone(&valet), name.clone(), by.clone()).await?;
    let id = valet.book().servers.get(&name).map(|server| server.id.clone());
    if let Some(id) = id {
        let _ = valet.vault.delete(Key::ClientSecret(id)).await;
    }
    crate::config::remove_server(&valet.paths.config, &name)
        .map_err(|error| outcome::configuration(&error))?;
    crate::reload::reload(&valet);
    let mut entry = audit::entry(valet.clock.now(), "remove", by.name());
    entry.executable = by.executable();
    entry.server = Some(name);
    valet.note(&entry);
    Ok(Removed { revocation, removed: true })
}

async fn grant_to_revoke(valet: &Valet, name: &str, id: &str) -> Option<Arc<Grant>> {
    let held = |server: &Server| server.held.grant().cloned();
    if let Some(grant) = valet.book().servers.get(name).and_then(held) {
        return Some(grant);
    }
    let stored = valet.vault.read::<Grant>(Key::Grant(id.to_owned())).await.ok().flatten();
    stored.map(|stored| Arc::clone(stored.value()))
}

/// Revokes both tokens at the issuer (RFC 7009), the refresh token first: most issuers end the whole grant with it.
pub(crate) async fn at_issuer(valet: &Valet, grant: &Grant) -> (Outcome, Outcome) {
    let Some(endpoint) = grant.parts.revocation_endpoint.as_deref().and_then(|url| Url::parse(url).ok())
    else {
        let of =
            |token: Option<&Secret>| if token.is_some() { Outcome::NotOffered } else { Outcome::Nothing };
        return (of(grant.refresh.as_ref()), of(Some(&grant.access)));
    };
    let http = valet.http();
    let parts = &grant.parts;
    let end = async |token: &Secret, hint: TokenHint| {
        to_outcome(oauth::revoke(&http, &endpoint, &parts.client, token, hint, parts.reach).await)
    };
    let refresh_token = match &grant.refresh {
        Some(token) => end(token, TokenHint::Refresh).await,
        None => Outcome::Nothing,
    };
    let access_token = end(&grant.access, TokenHint::Access).await;
    (refresh_token, access_token)
}

fn to_outcome(revoked: Result<(), Fault>) -> Outcome {
    match revoked {
        Ok(()) => Outcome::Revoked,
        Err(fault) => {
            tracing::warn!(%fault, "the issuer did not confirm a revocation");
            Outcome::Failed
        }
    }
}
