//! Ending tokens at their issuer.

use crate::valet::Valet;
use oauth::{Client, Endpoint, Fault, Issuer, Revoked, Secret, TokenHint};
use state::held::{Held, Noted};
use state::item::Grant;
use state::server::Server;
use url::Url;
use wire::Outcome;

/// Gives tokens back that are not used. Not those of a client that another grant of the server lives by: some
/// issuers end both at once.
pub(crate) async fn give_back(valet: &Valet, name: &str, grant: &Grant) {
    let shared = |server: &Server| {
        let same = server.held.kept().is_some_and(|held| held.parts.client.id == grant.parts.client.id);
        same || matches!(server.held, Held::Sealed(Noted::Granted))
    };
    if !valet.book().servers.get(name).is_some_and(shared) {
        at_issuer(valet, grant).await;
    }
}

/// Revokes both tokens at the issuer (RFC 7009), the refresh token first: most issuers end the whole grant
/// with it.
pub(crate) async fn at_issuer(valet: &Valet, grant: &Grant) -> (Outcome, Outcome) {
    let endpoint = grant.parts.revocation_endpoint.as_deref().and_then(|url| Url::parse(url).ok());
    let Some((endpoint, issuer)) = endpoint.zip(Issuer::parse(&grant.parts.issuer).ok()) else {
        let of =
            |token: Option<&Secret>| if token.is_some() { Outcome::NotOffered } else { Outcome::Nothing };
        return (of(grant.refresh.as_ref()), of(Some(&grant.access)));
    };
    let (http, now) = (valet.http(), valet.clock.now());
    let own = &grant.parts.client;
    let client = Client { auth: grant.parts.revocation_auth.unwrap_or(own.auth), ..own.clone() };
    let end = async |token: &Secret, hint: TokenHint| {
        let endpoint = Endpoint { client: &client, ..grant.parts.endpoint(&issuer, &endpoint, now) };
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
