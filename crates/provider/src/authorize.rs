//! A request for authorization (RFC 6749 §4.1.1), and the answers to it. Nothing is granted by reading one.

use std::sync::Arc;

use crate::client::Client;
use crate::error::{Code, OAuthError};
use crate::params::Params;
use crate::profile::Profile;
use crate::redirect::RedirectUri;
use crate::scopes::Scopes;

/// An authorization request in order.
#[derive(Clone)]
pub struct Asked {
    /// Who asks.
    pub client: Arc<Client>,
    /// Where the answer goes.
    pub redirect: RedirectUri,
    /// The client's `state`, returned as it came.
    pub state: Option<String>,
    /// PKCE's challenge, S256.
    pub challenge: String,
    /// What it is for (RFC 8707).
    pub resource: String,
    /// What is asked for.
    pub scopes: Scopes,
}

/// Where the answer goes: an address that this client has registered. Before it is certain, a redirect would
/// serve anybody (RFC 6749 §4.1.2.1). `None` if it is none of the client's.
#[must_use]
pub fn destination(client: &Client, raw: &str) -> Option<RedirectUri> {
    let is_registered =
        |asked: &RedirectUri| client.redirect_uris.iter().any(|registered| registered.admits(asked));
    RedirectUri::parse(raw).filter(is_registered)
}

/// The rest of the request: challenge, resource and scopes. `serves` tells what tokens may be for.
///
/// # Errors
/// What is wrong with it, for the client.
pub fn wanted(
    profile: &Profile,
    params: &Params,
    client: Arc<Client>,
    redirect: RedirectUri,
    serves: impl Fn(&str) -> bool,
) -> Result<Asked, OAuthError> {
    let state = params.one("state")?.map(str::to_owned);
    if params.need("response_type", "response_type is missing")? != "code" {
        return Err(OAuthError::new(Code::UnsupportedResponseType, "only response_type code is served"));
    }
    if params.one("response_mode")?.is_some_and(|mode| mode != "query") {
        return Err(OAuthError::new(Code::InvalidRequest, "only response_mode query is served"));
    }
    let challenge = challenge(params)?;
    let resource = params.resource(serves)?;
    let scopes = scopes(profile, params, &client)?;
    Ok(Asked { client, redirect, state, challenge, resource, scopes })
}

fn scopes(profile: &Profile, params: &Params, client: &Client) -> Result<Scopes, OAuthError> {
    let Some(scope) = params.one("scope")? else { return Ok(client.usual_scopes.clone()) };
    let asked = Scopes::parse(scope);
    let known = asked.both(&profile.scopes);
    match (asked == known && !asked.is_empty(), profile.ignores_unknown_scopes) {
        (true, _) => Ok(known),
        (false, true) if known.is_empty() => Ok(client.usual_scopes.clone()),
        (false, true) => Ok(known),
        (false, false) => Err(OAuthError::new(
            Code::InvalidScope,
            "a scope that there is not; scopes_supported of the metadata lists all",
        )),
    }
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
#[must_use]
pub fn refusal(profile: &Profile, redirect: &RedirectUri, state: Option<&str>, error: OAuthError) -> String {
    let answer = [("error", error.code.name()), ("error_description", error.description)];
    redirect.with(answer.into_iter().chain(common(profile, state)))
}

impl Asked {
    /// Where a code leads (RFC 6749 §4.1.2).
    #[must_use]
    pub fn success(&self, profile: &Profile, code: &str) -> String {
        self.redirect.with([("code", code)].into_iter().chain(common(profile, self.state.as_deref())))
    }

    /// Where an error leads (RFC 6749 §4.1.2.1).
    #[must_use]
    pub fn refusal(&self, profile: &Profile, error: OAuthError) -> String {
        refusal(profile, &self.redirect, self.state.as_deref(), error)
    }
}

/// `state`, and `iss` on success and error alike (RFC 9207 §2).
fn common<'a>(profile: &'a Profile, state: Option<&'a str>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let iss = profile.sends_iss.then_some(("iss", profile.issuer.as_str()));
    state.map(|state| ("state", state)).into_iter().chain(iss)
}
