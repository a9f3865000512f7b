//! Dynamic client registration (RFC 7591), and reading and deleting a registration (RFC 7592).

use std::sync::Arc;

use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::client::{Client, Proof};
use crate::error::{Code, OAuthError};
use crate::ledger::Ledger;
use crate::profile::{Profile, UnixSeconds};
use crate::redirect::RedirectUri;
use crate::scopes::Scopes;
use crate::secret::{Digest, Secret, random_id};
use crate::{Answer, Request};

const MAX_REDIRECT_URIS: usize = 10;
const MAX_NAME: usize = 100;
const BRACKETS: &str = "()[]{}<>（）［］｛｝＜＞⟨⟩〈〉《》「」『』【】〔〕❨❩⦅⦆⁽⁾₍₎";

/// The client metadata that matters here (RFC 7591 §2); anything else is ignored, as §3.1 allows.
#[derive(Deserialize)]
pub(crate) struct Metadata {
    #[serde(default)]
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) token_endpoint_auth_method: Option<String>,
    grant_types: Option<Vec<String>>,
    response_types: Option<Vec<String>>,
    application_type: Option<String>,
    pub(crate) client_name: Option<String>,
    scope: Option<String>,
}

/// Registers whoever asks (RFC 7591 §3).
pub fn create<W: Clone>(
    ledger: &mut Ledger<W>,
    profile: &Profile,
    request: Request<'_>,
    now: UnixSeconds,
) -> Answer {
    match register(ledger, profile, request.body, now) {
        Ok(document) => crate::json(StatusCode::CREATED, &document),
        Err(refused) => refused.answer(profile.realm),
    }
}

/// Shows a client its registration (RFC 7592 §2.1). Of its secret only a digest is left; the token that
/// manages it is the one that it showed (§3).
pub fn read<W: Clone>(
    ledger: &Ledger<W>,
    profile: &Profile,
    id: &str,
    request: Request<'_>,
    now: UnixSeconds,
) -> Answer {
    let Some((client, token)) = managed(ledger, id, request.headers, now) else { return unmanaged() };
    let mut document = describe(profile, &client);
    document["registration_access_token"] = token.into();
    crate::json(StatusCode::OK, &document)
}

/// Forgets a client and all that it holds (RFC 7592 §2.3).
pub fn delete<W: Clone>(ledger: &mut Ledger<W>, id: &str, request: Request<'_>, now: UnixSeconds) -> Answer {
    let Some((client, _)) = managed(ledger, id, request.headers, now) else { return unmanaged() };
    ledger.forget(&client.id);
    tracing::info!(client = client.id, "registration deleted");
    let mut gone = Answer::default();
    *gone.status_mut() = StatusCode::NO_CONTENT;
    gone
}

/// The client of this id, if the registration access token that is shown is its own.
fn managed<'a, W: Clone>(
    ledger: &Ledger<W>,
    id: &str,
    headers: &'a HeaderMap,
    now: UnixSeconds,
) -> Option<(Arc<Client>, &'a str)> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let token = lines.next()?.to_str().ok()?.strip_prefix("Bearer ")?;
    let client = ledger.client(id, now)?;
    (lines.next().is_none() && client.management == Some(Digest::of(token))).then_some((client, token))
}

fn unmanaged() -> Answer {
    let mut answer = Answer::default();
    *answer.status_mut() = StatusCode::UNAUTHORIZED;
    let challenge = HeaderValue::from_static(r#"Bearer error="invalid_token""#);
    answer.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    answer
}

fn register<W: Clone>(
    ledger: &mut Ledger<W>,
    profile: &Profile,
    body: &[u8],
    now: UnixSeconds,
) -> Result<Value, OAuthError> {
    let metadata: Metadata = serde_json::from_slice(body)
        .map_err(|_| invalid("the body must be a JSON object of client metadata, RFC 7591 section 2"))?;
    let management = Secret::random();
    let (proof, secret) = proof(metadata.token_endpoint_auth_method.as_deref())?;
    let client = client(profile, &metadata, random_id(), now)?;
    let client = Client { proof, management: Some(management.digest()), ..client };

    let mut document = describe(profile, &client);
    document["registration_access_token"] = management.expose().into();
    if let Some(secret) = secret {
        document["client_secret"] = secret.expose().into();
        document["client_secret_expires_at"] = 0.into();
    }
    tracing::info!(client = client.id, method = proof.method(), "client registered");
    ledger.remember(client, now.saturating_add(profile.client_lifetime), now);
    Ok(document)
}

/// A public client of this id, as its metadata tells of it.
pub(crate) fn client(
    profile: &Profile,
    metadata: &Metadata,
    id: String,
    now: UnixSeconds,
) -> Result<Client, OAuthError> {
    Ok(Client {
        id,
        name: readable(metadata.client_name.as_deref().unwrap_or_default()),
        host: None,
        redirect_uris: redirect_uris(profile, metadata)?,
        proof: Proof::Public,
        usual_scopes: usual_scopes(profile, metadata.scope.as_deref())?,
        refreshes: refreshes(metadata)?,
        since: now,
        management: None,
    })
}

/// The registration as it stands (RFC 7591 §3.2.1).
fn describe(profile: &Profile, client: &Client) -> Value {
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
        "registration_client_uri": profile.url(&format!("/register/{}", client.id)),
    })
}

pub(crate) fn invalid(description: &'static str) -> OAuthError {
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

/// Those that answers may go to. A client that works in several places names them all; those that are not for
/// here are left out of its registration, which RFC 7591 §3.2.1 lets a server do.
fn redirect_uris(profile: &Profile, metadata: &Metadata) -> Result<Vec<RedirectUri>, OAuthError> {
    let refused = |description| OAuthError::new(Code::InvalidRedirectUri, description);
    if metadata.redirect_uris.is_empty() || metadata.redirect_uris.len() > MAX_REDIRECT_URIS {
        return Err(refused("redirect_uris: between one and ten"));
    }
    let parsed: Option<Vec<_>> = metadata.redirect_uris.iter().map(|raw| RedirectUri::parse(raw)).collect();
    let uris = parsed.ok_or(refused("a redirect URI is https, or http on 127.0.0.1, [::1] or localhost"))?;
    let uris: Vec<_> = uris.into_iter().filter(|uri| profile.redirects.admit(uri)).collect();
    if uris.is_empty() {
        return Err(refused("none of these redirect URIs is allowed here"));
    }
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

fn usual_scopes(profile: &Profile, scope: Option<&str>) -> Result<Scopes, OAuthError> {
    let asked = Scopes::parse(scope.unwrap_or_default());
    let known = asked.both(&profile.scopes);
    match known == asked || profile.ignores_unknown_scopes {
        true if known.is_empty() => Ok(profile.usual.clone()),
        true => Ok(known),
        false => Err(invalid("scope: one that there is not; scopes_supported of the metadata lists all")),
    }
}

/// A name as it may be shown: one line, nothing invisible, not endless, and no brackets: what stands in
/// those, or before them, is said by somebody else.
pub(crate) fn readable(name: &str) -> String {
    let name: String =
        name.chars().filter(|c| !is_hidden(*c) && !BRACKETS.contains(*c)).take(MAX_NAME).collect();
    let name = name.trim();
    if name.is_empty() { "A program without a name".to_owned() } else { name.to_owned() }
}

/// Control characters, and those of Unicode that have no width or turn the direction of writing.
fn is_hidden(c: char) -> bool {
    let formats = ['\u{200b}'..='\u{200f}', '\u{2028}'..='\u{202e}', '\u{2060}'..='\u{206f}'];
    c.is_control() || c == '\u{feff}' || formats.iter().any(|range| range.contains(&c))
}

/// A client that is known from the start.
///
/// # Errors
/// The redirect URI that is none.
pub fn fixed(
    profile: &Profile,
    id: String,
    secret: Option<Secret>,
    redirect_uris: &[String],
    now: UnixSeconds,
) -> Result<Client, String> {
    let parse = |raw: &String| RedirectUri::parse(raw).ok_or_else(|| raw.clone());
    Ok(Client {
        name: readable(&id),
        host: None,
        id,
        redirect_uris: redirect_uris.iter().map(parse).collect::<Result<_, _>>()?,
        proof: secret.map_or(Proof::Public, |secret| Proof::BasicOrPost(secret.digest())),
        usual_scopes: profile.usual.clone(),
        refreshes: true,
        since: now,
        management: None,
    })
}
