//! Token requests (RFC 6749 §4.1.3, §5, §6).

use std::borrow::Cow;
use std::time::Duration;

use jiff::Timestamp;
use oauth2::{AuthorizationCode, PkceCodeVerifier, RefreshToken};

use crate::callback::Code;
use crate::dpop::DpopKey;
use crate::endpoint::Endpoint;
use crate::fault::Fault;
use crate::http::Http;
use crate::protocol::{self, Sender};
use crate::registration::Client;
use secret::Secret;

/// What a token endpoint gave.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The access token: bound to the key that was shown, or else of type Bearer.
    pub access: Secret,
    /// The refresh token; on a refresh, nothing means that the old one stays.
    pub refresh: Option<Secret>,
    /// How long the access token is good from now on: as the issuer says or as it says itself, whichever ends
    /// first. Nothing if unknown.
    pub expires_in: Option<Duration>,
    /// The scopes granted; nothing means those asked for (RFC 6749 §5.1).
    pub scopes: Option<Vec<String>>,
    /// Who signed in (OpenID Connect), unverified: see [`crate::verify_id_token`].
    pub id_token: Option<Secret>,
}

/// What a refresh needs.
#[derive(Debug, Clone)]
pub struct RefreshRequest<'a> {
    /// The refresh token.
    pub refresh_token: &'a Secret,
    /// The resource of the grant (RFC 8707), byte for byte.
    pub resource: Option<&'a str>,
    /// The scopes that the token is to have, none more than granted; nothing leaves it to the issuer.
    pub scopes: &'a [String],
}

/// Exchanges a code, for tokens that are bound to `dpop` if there is a key.
///
/// # Errors
/// The endpoint is unreachable, refuses, or answers with anything but a token of the kind that was asked for.
pub async fn exchange(
    http: &Http,
    code: Code,
    client: &Client,
    dpop: Option<&DpopKey>,
    now: Timestamp,
) -> Result<Tokens, Fault> {
    let endpoint =
        Endpoint { issuer: &code.issuer, url: &code.token_endpoint, reach: code.reach, client, dpop, now };
    let protocol = protocol::at(&endpoint);
    let mut request = protocol
        .exchange_code(AuthorizationCode::new(code.code.expose().to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(code.verifier.expose().to_owned()))
        .set_redirect_uri(Cow::Borrowed(&code.redirect_uri));
    if let Some(resource) = &code.resource {
        request = request.add_extra_param("resource", resource);
    }
    let sender = Sender::new(http, &endpoint, [&code.code, &code.verifier]);
    sender.tokens(request.request_async(&sender).await)
}

/// Refreshes a grant. The request is sent once and never repeated by this crate.
///
/// # Errors
/// As [`exchange`]; [`Fault::ends_grant`] tells whether the grant is over.
pub async fn refresh(
    http: &Http,
    endpoint: &Endpoint<'_>,
    grant: &RefreshRequest<'_>,
) -> Result<Tokens, Fault> {
    let token = RefreshToken::new(grant.refresh_token.expose().to_owned());
    let scopes = protocol::scopes(grant.scopes);
    let protocol = protocol::at(endpoint);
    let mut request = protocol.exchange_refresh_token(&token).add_scopes(scopes);
    if let Some(resource) = grant.resource {
        request = request.add_extra_param("resource", resource);
    }
    let sender = Sender::new(http, endpoint, [grant.refresh_token]);
    sender.tokens(request.request_async(&sender).await)
}
