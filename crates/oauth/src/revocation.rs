//! Giving tokens back (RFC 7009).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};
use serde::Deserialize;
use url::{Url, form_urlencoded};

use crate::address::Reach;
use crate::fault::{Fault, Kind, Party};
use crate::http::Http;
use crate::registration::{AuthMethod, Client};
use crate::secret::Secret;
use crate::target::Target;
use crate::token_answer;

/// What kind of token is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenHint {
    /// An access token.
    Access,
    /// A refresh token, and with it usually the whole grant.
    Refresh,
}

impl TokenHint {
    fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access_token",
            Self::Refresh => "refresh_token",
        }
    }
}

/// What an issuer made of a revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revoked {
    /// The token is over.
    Done,
    /// Tokens of this kind cannot be revoked there (RFC 7009 §2.2.1); it ends by itself.
    NotThisKind,
}

#[derive(Default, Deserialize)]
struct Refusal {
    error: Option<String>,
}

/// Revokes a token. A fault here must never keep a person from forgetting the token locally.
///
/// # Errors
/// The endpoint is unreachable or refuses.
pub async fn revoke(
    http: &Http,
    endpoint: &Url,
    client: &Client,
    token: &Secret,
    hint: TokenHint,
    reach: Reach,
) -> Result<Revoked, Fault> {
    let target = Target { url: endpoint, whose: Party::Issuer, reach };
    let (headers, body) = request(client, token, hint);
    let answer = http.post(target, headers, body).await?.available()?;
    if answer.status.is_success() {
        return Ok(Revoked::Done);
    }
    let refusal: Refusal = answer.json().unwrap_or_default();
    if refusal.error.as_deref() == Some("unsupported_token_type") {
        return Ok(Revoked::NotThisKind);
    }
    let unexplained =
        answer.fault(Kind::Status { host: answer.host.clone(), status: answer.status.as_u16() });
    let secrets: Vec<&Secret> = client.secret.iter().chain([token]).collect();
    Err(token_answer::check(&answer, &secrets).err().unwrap_or(unexplained))
}

fn request(client: &Client, token: &Secret, hint: TokenHint) -> (HeaderMap, Vec<u8>) {
    let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
    let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, form_type)]);
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("token", token.expose()).append_pair("token_type_hint", hint.as_str());
    match (client.auth, &client.secret) {
        (AuthMethod::Basic, Some(secret)) => {
            headers.insert(AUTHORIZATION, basic(&client.id, secret));
        }
        (AuthMethod::Post, Some(secret)) => {
            form.append_pair("client_id", &client.id).append_pair("client_secret", secret.expose());
        }
        (AuthMethod::None | AuthMethod::Basic | AuthMethod::Post, _) => {
            form.append_pair("client_id", &client.id);
        }
    }
    (headers, form.finish().into_bytes())
}

/// Both parts are form-encoded before they are joined (RFC 6749 §2.3.1).
fn basic(id: &str, secret: &Secret) -> HeaderValue {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let text = BASE64_STANDARD.encode(format!("{}:{}", encode(id), encode(secret.expose())));
    let mut value =
        HeaderValue::try_from(format!("Basic {text}")).unwrap_or(HeaderValue::from_static("Basic"));
    value.set_sensitive(true);
    value
}
