//! Which client is calling, and whether it can prove it (RFC 6749 §2.3).

use std::sync::Arc;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use http::{HeaderMap, header};

use crate::client::{Client, Proof};
use crate::document::ClientUrl;
use crate::error::{Code, OAuthError};
use crate::ledger::Ledger;
use crate::params::Params;
use crate::profile::UnixSeconds;
use crate::secret::Secret;

/// One answer for an unknown client, a wrong secret and the wrong method: nothing to learn by trying.
const UNPROVEN: OAuthError =
    OAuthError::new(Code::InvalidClient, "unknown client, or not authenticated in the way it registered");

/// Nothing is remembered of a client that is known by a document. Its ID is as good as ever, so it is not to
/// give that up, and whatever it shows is over.
pub(crate) const FORGOTTEN: OAuthError = OAuthError::new(
    Code::InvalidGrant,
    "nothing is left of what this client was given; it has to ask for authorization again",
);

/// What the request says about its sender.
enum Claim {
    Public(String),
    Basic(String, Secret),
    Post(String, Secret),
}

/// The client that sent a request to the token, revocation or introspection endpoint.
///
/// # Errors
/// `invalid_client` if it is unknown or does not authenticate by its registered method; `invalid_request` if
/// it uses two methods at once; `invalid_grant` if its ID is the address of a document, and it is unknown.
pub fn identify<W: Clone>(
    ledger: &Ledger<W>,
    headers: &HeaderMap,
    params: &Params,
    now: UnixSeconds,
) -> Result<Arc<Client>, OAuthError> {
    let claim = claim(headers, params)?;
    let (Claim::Public(id) | Claim::Basic(id, _) | Claim::Post(id, _)) = &claim;
    let unknown = if ClientUrl::parse(id).is_some() { FORGOTTEN } else { UNPROVEN };
    let client = ledger.client(id, now).ok_or(unknown)?;
    let proven = match (client.proof, &claim) {
        (Proof::Public, Claim::Public(_)) => true,
        (Proof::Basic(digest) | Proof::BasicOrPost(digest), Claim::Basic(_, secret)) => {
            digest == secret.digest()
        }
        (Proof::Post(digest) | Proof::BasicOrPost(digest), Claim::Post(_, secret)) => {
            digest == secret.digest()
        }
        _ => false,
    };
    if proven { Ok(client) } else { Err(UNPROVEN) }
}

fn claim(headers: &HeaderMap, params: &Params) -> Result<Claim, OAuthError> {
    let id = params.one("client_id")?;
    let secret = params.one("client_secret")?;
    let Some(authorization) = headers.get(header::AUTHORIZATION) else {
        let id = id.ok_or(UNPROVEN)?.to_owned();
        return Ok(match secret {
            Some(secret) => Claim::Post(id, Secret::new(secret.to_owned())),
            None => Claim::Public(id),
        });
    };
    if secret.is_some() {
        return Err(OAuthError::new(Code::InvalidRequest, "one way of client authentication, not two"));
    }
    let (basic_id, basic_secret) = basic(authorization).ok_or(UNPROVEN)?;
    if id.is_some_and(|id| id != basic_id) {
        return Err(UNPROVEN);
    }
    Ok(Claim::Basic(basic_id, basic_secret))
}

/// Both halves are form-encoded before they are joined (RFC 6749 §2.3.1).
fn basic(authorization: &header::HeaderValue) -> Option<(String, Secret)> {
    let (scheme, credentials) = authorization.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(BASE64_STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((form_decoded(id)?, Secret::new(form_decoded(secret)?)))
}

fn form_decoded(text: &str) -> Option<String> {
    if text.contains(['&', '=']) {
        return None;
    }
    url::form_urlencoded::parse(text.as_bytes()).next().map(|(text, _)| text.into_owned())
}
