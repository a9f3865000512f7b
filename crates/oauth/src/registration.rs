//! Clients at an issuer, and dynamic registration (RFC 7591).

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fault::{Fault, Kind, Party};
use crate::full_response::FullResponse;
use crate::http::Http;
use crate::metadata::Metadata;
use crate::quirk;
use crate::said::Said;
use crate::signing_key::SigningKey;
use crate::spelling::{End, Text};
use crate::target::Target;
use secret::Secret;
use terms::AuthMethod;
use words::say;

/// The grant type.
pub(crate) const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Who we are at one issuer.
#[derive(Debug, Clone)]
pub struct Client {
    /// The client id; not a secret.
    pub id: String,
    /// The client's secret, if it has one.
    pub secret: Option<Secret>,
    /// The client's own key, if it has one.
    pub key: Option<SigningKey>,
    /// How it authenticates.
    pub auth: AuthMethod,
    /// When the secret ends; nothing if never.
    pub secret_expires_at: Option<Timestamp>,
    /// For managing the registration (RFC 7592).
    pub registration_access_token: Option<Secret>,
    /// Where the registration is managed (RFC 7592); foreign text, not validated.
    pub registration_client_uri: Option<String>,
}

impl Client {
    /// A client that the person registered beforehand.
    #[must_use]
    pub fn preregistered(id: String, secret: Option<Secret>, auth: AuthMethod) -> Self {
        Self {
            id,
            secret,
            key: None,
            auth,
            secret_expires_at: None,
            registration_access_token: None,
            registration_client_uri: None,
        }
    }

    /// The same client, which proves itself by a key of its own.
    #[must_use]
    pub fn with_key(self, key: SigningKey) -> Self {
        Self { key: Some(key), auth: AuthMethod::PrivateKeyJwt, ..self }
    }
}

/// What a new registration asks for.
#[derive(Debug, Clone)]
pub struct RegistrationRequest {
    /// The name that people see when they sign in.
    pub client_name: String,
    /// Where the browser may be sent back to; none for a client that signs in on other devices (RFC 8628).
    pub redirect_uris: Vec<String>,
    /// The scopes that will be asked for; none leaves them open. Some issuers limit a client to those that it
    /// named.
    pub scopes: Vec<String>,
    /// How the client is to authenticate, if the person said so.
    pub auth: Option<AuthMethod>,
}

#[derive(Serialize)]
struct Body<'a> {
    client_name: &'a str,
    redirect_uris: &'a [String],
    application_type: &'static str,
    grant_types: [&'static str; 2],
    response_types: &'static [&'static str],
    token_endpoint_auth_method: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Registered {
    client_id: Text,
    client_secret: Text,
    /// Of a client without a secret it means nothing.
    client_secret_expires_at: Value,
    token_endpoint_auth_method: Text,
    registration_access_token: Text,
    registration_client_uri: Text,
}

#[derive(Default, Deserialize)]
struct Refused {
    error: Option<String>,
    error_description: Option<String>,
    disallowed_uris: Option<Value>,
}

/// Registers a native client that uses codes (of browsers or devices) and refresh tokens.
///
/// # Errors
/// The issuer does not register clients, refuses this one (a refused redirect URI is a kind of its own), is
/// unreachable, or answers with something else.
pub async fn register(
    http: &Http,
    metadata: &Metadata,
    request: &RegistrationRequest,
) -> Result<Client, Fault> {
    let Some(endpoint) = &metadata.registration_endpoint else {
        return Err(Fault::issuer(Kind::NoRegistration { issuer: metadata.issuer.to_string() }));
    };
    let target = Target { url: endpoint, whose: Party::Issuer, reach: metadata.reach };
    let mut refusal = None;
    for (asked, scopes) in wanted(metadata, request) {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        let answer = http.post(target, headers, body(request, asked, scopes)).await?.available()?;
        if matches!(answer.status, StatusCode::OK | StatusCode::CREATED) {
            return client(&answer, asked, metadata);
        }
        let (fault, other_metadata_may_do) = refused(&answer, request);
        if !other_metadata_may_do {
            return Err(fault);
        }
        refusal = refusal.or(Some(fault));
    }
    let nothing_to_ask = || Fault::issuer(Kind::NoRegistration { issuer: metadata.issuer.to_string() });
    Err(refusal.unwrap_or_else(nothing_to_ask))
}

/// What is asked for, best first. Some issuers that list `none` register clients with a secret only, and some
/// refuse scopes that they grant all the same.
fn wanted<'a>(
    metadata: &Metadata,
    request: &'a RegistrationRequest,
) -> impl Iterator<Item = (AuthMethod, &'a [String])> {
    let named = [request.scopes.as_slice()].into_iter();
    let unnamed = [[].as_slice()].into_iter().filter(|_| !request.scopes.is_empty());
    let methods = wanted_methods(metadata, request.auth);
    named
        .chain(unnamed)
        .flat_map(move |scopes| methods.clone().into_iter().map(move |method| (method, scopes)))
}

fn body(request: &RegistrationRequest, asked: AuthMethod, scopes: &[String]) -> Vec<u8> {
    let on_devices = request.redirect_uris.is_empty();
    let body = Body {
        client_name: &request.client_name,
        redirect_uris: &request.redirect_uris,
        application_type: "native",
        grant_types: if on_devices {
            [DEVICE_CODE, "refresh_token"]
        } else {
            ["authorization_code", "refresh_token"]
        },
        response_types: if on_devices { &[] } else { &["code"] },
        token_endpoint_auth_method: asked.as_str(),
        scope: (!scopes.is_empty()).then(|| scopes.join(" ")),
    };
    serde_json::to_vec(&body).unwrap_or_default()
}

/// How a client authenticates: as configured, else by what the issuer supports. Without a secret there is
/// nothing to authenticate with; without a word from the issuer, Basic is the default (RFC 8414 §2).
#[must_use]
pub fn auth_method(metadata: &Metadata, has_secret: bool, configured: Option<AuthMethod>) -> AuthMethod {
    if let Some(method) = configured {
        return method;
    }
    if !has_secret {
        return AuthMethod::None;
    }
    let Some(supported) = &metadata.token_endpoint_auth_methods_supported else {
        let in_body = quirk::of(&metadata.issuer).secret_in_body;
        return if in_body { AuthMethod::Post } else { AuthMethod::Basic };
    };
    let order = [AuthMethod::Basic, AuthMethod::Post, AuthMethod::None];
    order.into_iter().find(|method| supports(supported, *method)).unwrap_or(AuthMethod::Basic)
}

/// The ways to ask for, best first: as configured, else what the issuer supports. A desktop program keeps no
/// secret from its owner, so a public client comes first. A secret in the body is next: some issuers want the
/// client's ID there in any case, and others refuse both a body and a header.
fn wanted_methods(metadata: &Metadata, configured: Option<AuthMethod>) -> Vec<AuthMethod> {
    if let Some(method) = configured {
        return vec![method];
    }
    let Some(supported) = &metadata.token_endpoint_auth_methods_supported else {
        return vec![AuthMethod::None];
    };
    let order = [AuthMethod::None, AuthMethod::Post, AuthMethod::Basic];
    let wanted: Vec<_> = order.into_iter().filter(|method| supports(supported, *method)).collect();
    if wanted.is_empty() { vec![AuthMethod::None] } else { wanted }
}

fn supports(supported: &[String], method: AuthMethod) -> bool {
    supported.iter().any(|name| name == method.as_str())
}

fn client(answer: &FullResponse, asked: AuthMethod, metadata: &Metadata) -> Result<Client, Fault> {
    let registered: Registered = answer.json()?;
    let wrong = |problem| answer.fault(Kind::Answer { host: answer.host.clone(), problem });
    let id = registered.client_id.0.ok_or_else(|| wrong(say!(fault_answer_no_client_id)))?;
    let secret = registered.client_secret.0.map(Secret::from);
    let end = secret.as_ref().map(|_| End::try_from(registered.client_secret_expires_at)).transpose();
    let end = end.map_err(|_| wrong(say!(fault_answer_senseless_end)))?;
    let auth = match registered.token_endpoint_auth_method.0.as_deref() {
        // No key was registered that it could sign with.
        Some(name) => AuthMethod::parse(name)
            .filter(|method| *method != AuthMethod::PrivateKeyJwt)
            .ok_or_else(|| wrong(say!(fault_answer_unknown_method)))?,
        // The issuer gave a secret unasked, and did not say what for.
        None if secret.is_some() && asked == AuthMethod::None => auth_method(metadata, true, None),
        None => asked,
    };
    if auth != AuthMethod::None && secret.is_none() {
        return Err(wrong(say!(fault_answer_no_secret)));
    }
    Ok(Client {
        id,
        secret,
        key: None,
        auth,
        secret_expires_at: end.and_then(|end| end.0),
        registration_access_token: registered.registration_access_token.0.map(Secret::from),
        registration_client_uri: registered.registration_client_uri.0,
    })
}

/// Why it was refused, and whether another way to authenticate may be accepted.
fn refused(answer: &FullResponse, request: &RegistrationRequest) -> (Fault, bool) {
    let refused: Refused = answer.json().unwrap_or_default();
    let error = refused.error.unwrap_or_default();
    let description = refused.error_description.unwrap_or_default();
    let said = Said::new(&description).or_else(|| Said::new(&error));
    let host = answer.host.clone();
    let redirect = error == "invalid_redirect_uri" || refused.disallowed_uris.is_some();
    if redirect || description.to_ascii_lowercase().contains("redirect") {
        let uri = request.redirect_uris.join(", ");
        return (answer.fault(Kind::RedirectUriRefused { host, uri, said }), false);
    }
    let metadata = matches!(error.as_str(), "invalid_client_metadata" | "invalid_scope");
    (answer.fault(Kind::RegistrationRefused { host, said }), metadata || about_scopes(&description))
}

/// Whether it speaks of the scopes, by whatever error.
fn about_scopes(description: &str) -> bool {
    description.to_ascii_lowercase().contains("scope")
}
