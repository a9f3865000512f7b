//! Token requests (RFC 6749 §4, §5, §6).

use std::time::Duration;

use jiff::Timestamp;

use crate::callback::Code;
use crate::dpop::DpopKey;
use crate::endpoint::Endpoint;
use crate::fault::Fault;
use crate::form::Form;
use crate::http::Http;
use crate::registration::Client;
use crate::secret::Secret;
use crate::token_answer::{self, TokenAnswer};

/// What a token endpoint gave.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The access token: bound to the key that was shown, or else of type Bearer.
    pub access: Secret,
    /// The refresh token; on a refresh, nothing means that the old one stays.
    pub refresh: Option<Secret>,
    /// How long the access token is good from now on, at most ten years; nothing if unknown.
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
    /// Fewer scopes than granted; nothing for all of them, as usual.
    pub scopes: Option<&'a [String]>,
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
    let form = Form::of_grant("authorization_code")
        .with_secret("code", &code.code)
        .with_secret("code_verifier", &code.verifier)
        .with("redirect_uri", &code.redirect_uri)
        .with_some("resource", code.resource.as_deref());
    ask(http, &endpoint, &form).await
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
    let form = Form::of_grant("refresh_token")
        .with_secret("refresh_token", grant.refresh_token)
        .with_some("resource", grant.resource)
        .with_scopes(grant.scopes.unwrap_or_default());
    ask(http, endpoint, &form).await
}

/// Sends one token request. Only answers with a token come through; all others become faults.
pub(crate) async fn ask(http: &Http, endpoint: &Endpoint<'_>, form: &Form) -> Result<Tokens, Fault> {
    let answer = endpoint.post(http, form).await?;
    token_answer::check(&answer, &endpoint.secrets(form))?;
    answer.json::<TokenAnswer>()?.into_tokens(endpoint)
}
