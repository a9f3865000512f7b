//! Dynamic client registration (RFC 7591), and reading and deleting a registration (RFC 7592).

use std::sync::Arc;

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::call::Call;
use crate::client::{Client, Proof};
use crate::clock::UnixSeconds;
use crate::error::{Code, OAuthError};
use crate::redirect::RedirectUri;
use crate::scope::Scopes;
use crate::secret::{Digest, Secret, random_id};
use crate::state::Demo;

const MAX_REDIRECT_URIS: usize = 10;
const MAX_NAME: usize = 100;

/// The client metadata that matters here (RFC 7591 §2); anything else is ignored, as §3.1 allows.
#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    redirect_uris: Vec<String>,
    token_endpoint_auth_method: Option<String>,
    grant_types: Option<Vec<String>>,
    response_types: Option<Vec<String>>,
    application_type: Option<String>,
    client_name: Option<String>,
    scope: Option<String>,
}

/// Registers whoever asks (RFC 7591 §3).
pub(crate) fn create(demo: &Demo, call: &Call) -> Response {
    match register(demo, call) {
        Ok(document) => (StatusCode::CREATED, Json(document)).into_response(),
        Err(refused) => refused.into_response(),
    }
}

/// Shows a client its registration (RFC 7592 §2.1). Of its secret only a digest is left; the token that
/// manages it is the one that it showed (§3).
pub(crate) fn read(demo: &Demo, call: &Call) -> Response {
    let (Some(client), Some(token)) = (managed(demo, call), bearer(call)) else { return unmanaged() };
    let mut document = describe(demo, &client);
    document["registration_access_token"] = token.into();
    Json(document).into_response()
}

/// Forgets a client and all that it holds (RFC 7592 §2.3).
pub(crate) fn delete(demo: &Demo, call: &Call) -> Response {
    let Some(client) = managed(demo, call) else { return unmanaged() };
    let mut ledger = demo.ledger();
    ledger.clients.take(&client.id, UnixSeconds::MIN);
    ledger.codes.retain(|code| code.approval.client_id != client.id);
    ledger.grants.retain(|grant| grant.approval.client_id != client.id);
    tracing::info!(client = client.id, "registration deleted");
    StatusCode::NO_CONTENT.into_response()
}

/// The client that the registration access token belongs to, if the path names the same one.
fn managed(demo: &Demo, call: &Call) -> Option<Arc<Client>> {
    let id = call.uri.path().strip_prefix("/register/")?;
    let token = bearer(call)?;
    let client = demo.ledger().client(id, demo.clock.now())?;
    (client.management == Some(Digest::of(token))).then_some(client)
}

fn bearer(call: &Call) -> Option<&str> {
    call.header(header::AUTHORIZATION)?.strip_prefix("Bearer ")
}

fn unmanaged() -> Response {
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, r#"Bearer error="invalid_token""#)])
        .into_response()
}

fn register(demo: &Demo, call: &Call) -> Result<Value, OAuthError> {
    let metadata: Metadata = serde_json::from_slice(&call.body)
        .map_err(|_| invalid("the body must be a JSON object of client metadata, RFC 7591 section 2"))?;
    let now = demo.clock.now();
    let management = Secret::random();
    let (proof, secret) = proof(metadata.token_endpoint_auth_method.as_deref())?;
    let client = Client {
        id: random_id(),
        name: readable(metadata.client_name.as_deref().unwrap_or_default()),
        redirect_uris: redirect_uris(&metadata)?,
        proof,
        usual_scopes: usual_scopes(metadata.scope.as_deref())?,
        refreshes: refreshes(&metadata)?,
        since: now,
        management: Some(management.digest()),
    };

    let mut document = describe(demo, &client);
    document["registration_access_token"] = management.expose().into();
    if let Some(secret) = secret {
        document["client_secret"] = secret.expose().into();
        document["client_secret_expires_at"] = 0.into();
    }
    tracing::info!(client = client.id, method = proof.method(), "client registered");
    demo.ledger().clients.insert(client.id.clone(), Arc::new(client), UnixSeconds::MAX, now);
    Ok(document)
}

/// The registration as it stands (RFC 7591 §3.2.1).
fn describe(demo: &Demo, client: &Client) -> Value {
    let web = client.redirect_uris.iter().all(|uri| !uri.is_loopback());
    let mut grant_types = vec!["authorization_code"];
    if client.refreshes {
        grant_types.push("refresh_token");
    }
    json!({
        "client_id": client.id,
        "client_id_issued_at": client.since,
        "client_name": client.name,
        "redirect_uris": client.redirect_uris.iter().map(RedirectUri::as_str).collect::<Vec<_>>(),
        "token_endpoint_auth_method": client.proof.method(),
        "grant_types": grant_types,
        "response_types": ["code"],
        "application_type": if web { "web" } else { "native" },
        "scope": client.usual_scopes.to_string(),
        "registration_client_uri": demo.url(&format!("/register/{}", client.id)),
    })
}

fn invalid(description: &'static str) -> OAuthError {
    OAuthError::new(Code::InvalidClientMetadata, description)
}

/// RFC 7591 §2: without a word about it, a client authenticates by `client_secret_basic`.
fn proof(method: Option<&str>) -> Result<(Proof, Option<Secret>), OAuthError> {
    let secret = Secret::random();
    match method.unwrap_or("client_secret_basic") {
        "none" => Ok((Proof::Public, None)),
        "client_secret_basic" => Ok((Proof::Basic(secret.digest()), Some(secret))),
        "client_secret_post" => Ok((Proof::Post(secret.digest()), Some(secret))),
        _ => Err(invalid("token_endpoint_auth_method: none, client_secret_basic or client_secret_post")),
    }
}

fn redirect_uris(metadata: &Metadata) -> Result<Vec<RedirectUri>, OAuthError> {
    let refused = |description| OAuthError::new(Code::InvalidRedirectUri, description);
    if metadata.redirect_uris.is_empty() || metadata.redirect_uris.len() > MAX_REDIRECT_URIS {
        return Err(refused("redirect_uris: between one and ten"));
    }
    let parsed: Option<Vec<_>> = metadata.redirect_uris.iter().map(|raw| RedirectUri::parse(raw)).collect();
    let uris = parsed.ok_or(refused("a redirect URI is https, or http on 127.0.0.1, [::1] or localhost"))?;
    match metadata.application_type.as_deref() {
        None | Some("native") => Ok(uris),
        // OpenID Connect Registration §2: a web client has https redirect URIs and no localhost.
        Some("web") if uris.iter().any(RedirectUri::is_loopback) => {
            Err(refused("loopback redirect URIs belong to application_type native"))
        }
        Some("web") => Ok(uris),
        Some(_) => Err(invalid("application_type: native or web")),
    }
}

/// Whether the client wants refresh tokens. Grant types that are not served are left out of the answer, which
/// RFC 7591 §2 lets a server do.
fn refreshes(metadata: &Metadata) -> Result<bool, OAuthError> {
    let has = |list: &Option<Vec<String>>, name: &str, default| {
        list.as_ref().map_or(default, |list| list.iter().any(|one| one == name))
    };
    if !has(&metadata.grant_types, "authorization_code", true) {
        return Err(invalid("grant_types must have authorization_code"));
    }
    if !has(&metadata.response_types, "code", true) {
        return Err(invalid("response_types must have code"));
    }
    Ok(has(&metadata.grant_types, "refresh_token", false))
}

fn usual_scopes(scope: Option<&str>) -> Result<Scopes, OAuthError> {
    let Some(scope) = scope.filter(|scope| !scope.trim().is_empty()) else { return Ok(Scopes::usual()) };
    scope.parse().map_err(|_| invalid("scope: demo:read, demo:write and offline_access"))
}

/// A name as it may be shown: one line, nothing invisible, not endless.
fn readable(name: &str) -> String {
    let name: String = name.chars().filter(|c| !is_hidden(*c)).take(MAX_NAME).collect();
    let name = name.trim();
    if name.is_empty() { "A program without a name".to_owned() } else { name.to_owned() }
}

/// Control characters, and those of Unicode that have no width or turn the direction of writing.
fn is_hidden(c: char) -> bool {
    let formats = ['\u{200b}'..='\u{200f}', '\u{2028}'..='\u{202e}', '\u{2060}'..='\u{206f}'];
    c.is_control() || c == '\u{feff}' || formats.iter().any(|range| range.contains(&c))
}

/// The client that the command line registers.
///
/// # Errors
/// The redirect URI that is none.
pub(crate) fn fixed(
    id: String,
    secret: Option<Secret>,
    redirect_uris: &[String],
    now: UnixSeconds,
) -> Result<Client, String> {
    let parse = |raw: &String| RedirectUri::parse(raw).ok_or_else(|| raw.clone());
    Ok(Client {
        name: readable(&id),
        id,
        redirect_uris: redirect_uris.iter().map(parse).collect::<Result<_, _>>()?,
        proof: secret.map_or(Proof::Public, |secret| Proof::BasicOrPost(secret.digest())),
        usual_scopes: Scopes::usual(),
        refreshes: true,
        since: now,
        management: None,
    })
}
