//! The authorization endpoint (RFC 6749 §4.1.1). It only asks: nothing is granted by a GET.

use std::sync::Arc;

use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};

use crate::call::Call;
use crate::client::Client;
use crate::clock::UnixSeconds;
use crate::error::{Code, OAuthError};
use crate::params::Params;
use crate::redirect::RedirectUri;
use crate::scope::Scopes;
use crate::state::Demo;
use crate::{consent, page};

/// An authorization request in order.
pub(crate) struct Asked {
    /// Who asks.
    pub(crate) client: Arc<Client>,
    /// Where the answer goes.
    pub(crate) redirect: RedirectUri,
    /// The client's `state`, returned as it came.
    pub(crate) state: Option<String>,
    /// PKCE's challenge, S256.
    pub(crate) challenge: String,
    /// What is asked for.
    pub(crate) scopes: Scopes,
}

/// Shows the consent page, sends the browser back with an error, or, where nobody can be trusted with it,
/// shows the error.
pub(crate) fn ask(demo: &Demo, call: &Call) -> Response {
    let params = Params::of_query(call.uri.query());
    let now = demo.clock.now();
    // Client and redirect URI come first: before they are certain, a redirect would serve anybody (RFC 6749
    // §4.1.2.1).
    let (client, redirect) = match destination(demo, &params, now) {
        Ok(destination) => destination,
        Err(problem) => return page::problem(StatusCode::BAD_REQUEST, problem),
    };
    let state = params.one("state").ok().flatten().map(str::to_owned);
    match wanted(demo, &params, &client) {
        Ok((challenge, scopes)) => {
            consent::show(demo, Asked { client, redirect, state, challenge, scopes }, now)
        }
        Err(error) => {
            let location = refusal(demo, &redirect, state.as_deref(), error);
            (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
        }
    }
}

fn destination(
    demo: &Demo,
    params: &Params,
    now: UnixSeconds,
) -> Result<(Arc<Client>, RedirectUri), &'static str> {
    let id = params.one("client_id").map_err(|_| "There are two client_id parameters.")?;
    let id = id.ok_or("The request has no client_id.")?;
    let client = demo.ledger().client(id, now).ok_or(
        "This program is not registered here. The demo forgets everything when it restarts: \
         remove the registration in the program and let it register again.",
    )?;
    let raw = params.one("redirect_uri").map_err(|_| "There are two redirect_uri parameters.")?;
    let redirect = RedirectUri::parse(raw.ok_or("The request has no redirect_uri.")?)
        .filter(|requested| client.redirect_uris.iter().any(|registered| registered.admits(requested)))
        .ok_or("The redirect_uri is not one that this program has registered.")?;
    Ok((client, redirect))
}

/// The rest of the request: challenge and scopes.
fn wanted(demo: &Demo, params: &Params, client: &Client) -> Result<(String, Scopes), OAuthError> {
    params.one("state")?;
    if params.need("response_type", "response_type is missing")? != "code" {
        return Err(OAuthError::new(Code::UnsupportedResponseType, "only response_type code is served"));
    }
    let challenge = challenge(params)?;
    params.check_resource(&demo.resource)?;
    let scopes = match params.one("scope")? {
        None => client.usual_scopes.clone(),
        Some(scope) => scope.parse().map_err(|_| {
            OAuthError::new(
                Code::InvalidScope,
                "the scopes here are demo:read, demo:write and offline_access",
            )
        })?,
    };
    Ok((challenge, scopes))
}

/// RFC 7636 §4.3: no method means plain, and plain is refused.
fn challenge(params: &Params) -> Result<String, OAuthError> {
    let challenge = params.need("code_challenge", "PKCE is required: code_challenge is missing")?;
    if params.one("code_challenge_method")? != Some("S256") {
        return Err(OAuthError::new(Code::InvalidRequest, "code_challenge_method must be S256"));
    }
    // SHA-256 in base64url is always 43 characters long.
    let well_formed = challenge.len() == 43
        && challenge.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if !well_formed {
        return Err(OAuthError::new(Code::InvalidRequest, "code_challenge is no S256 challenge"));
    }
    Ok(challenge.to_owned())
}

/// Where an error leads (RFC 6749 §4.1.2.1).
pub(crate) fn refusal(demo: &Demo, redirect: &RedirectUri, state: Option<&str>, error: OAuthError) -> String {
    let answer = [("error", error.code.name()), ("error_description", error.description)];
    redirect.with(answer.into_iter().chain(common(demo, state)))
}

/// Where a code leads (RFC 6749 §4.1.2).
pub(crate) fn success(demo: &Demo, redirect: &RedirectUri, state: Option<&str>, code: &str) -> String {
    redirect.with([("code", code)].into_iter().chain(common(demo, state)))
}

/// `state`, and `iss` on success and error alike (RFC 9207 §2).
fn common<'a>(demo: &'a Demo, state: Option<&'a str>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let iss = demo.sends_iss.then_some(("iss", demo.issuer.as_str()));
    state.map(|state| ("state", state)).into_iter().chain(iss)
}
