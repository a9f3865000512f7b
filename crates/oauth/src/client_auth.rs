//! How a client proves itself at an endpoint (RFC 6749 §2.3, RFC 7523 §2.2), where the `oauth2` crate does
//! not do it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use serde_json::json;
use url::form_urlencoded;

use crate::fault::{Fault, Kind};
use crate::issuer::Issuer;
use crate::jwt;
use crate::parameters::Parameters;
use crate::registration::Client;
use secret::Secret;
use terms::AuthMethod;
use words::say;

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How long a client's assertion is good, in seconds. It is made anew for each request.
const LIFETIME: i64 = 60;

/// Adds the client's name and secret, to the headers or to the form.
pub(crate) fn identify(client: &Client, headers: &mut HeaderMap, form: Parameters) -> Parameters {
    match (client.auth, &client.secret) {
        (AuthMethod::Basic, Some(secret)) => {
            headers.insert(AUTHORIZATION, basic(&client.id, secret));
            form
        }
        (AuthMethod::Post, Some(secret)) => {
            form.with("client_id", &client.id).with_secret("client_secret", secret)
        }
        (AuthMethod::None | AuthMethod::Basic | AuthMethod::Post | AuthMethod::PrivateKeyJwt, _) => {
            form.with("client_id", &client.id)
        }
    }
}

/// Whether the client is named by a header, and so not in the form.
pub(crate) const fn is_in_header(client: &Client) -> bool {
    matches!((client.auth, &client.secret), (AuthMethod::Basic, Some(_)))
}

/// What a client with a key adds to a form that names it, made anew for each request.
pub(crate) fn assertion(
    client: &Client,
    issuer: &Issuer,
    now: Timestamp,
) -> Result<Option<Parameters>, Fault> {
    if client.auth != AuthMethod::PrivateKeyJwt {
        return Ok(None);
    }
    let form = Parameters::default().with("client_assertion_type", ASSERTION);
    Ok(Some(form.with_secret("client_assertion", &sign(client, issuer, now)?)))
}

/// The issuer itself is the audience, not one of its endpoints: an assertion is then of no use anywhere else.
fn sign(client: &Client, issuer: &Issuer, now: Timestamp) -> Result<Secret, Fault> {
    let missing = || Kind::Setting { name: "oauth.privateKey".to_owned(), problem: say!(fault_setting_none) };
    let key = client.key.as_ref().ok_or_else(|| Fault::configuration(missing()))?;
    let claims = json!({
        "iss": client.id,
        "sub": client.id,
        "aud": issuer.as_str(),
        "iat": now.as_second(),
        "exp": now.as_second() + LIFETIME,
        "jti": jwt::unique(),
    });
    key.sign("JWT", &claims)
}

/// Both parts are form-encoded before they are joined (RFC 6749 §2.3.1).
fn basic(id: &str, secret: &Secret) -> HeaderValue {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let text = BASE64_STANDARD.encode(format!("{}:{}", encode(id), encode(secret.expose())));
    HeaderValue::try_from(format!("Basic {text}")).unwrap_or(HeaderValue::from_static("Basic"))
}
