//! Giving tokens back (RFC 7009).

use crate::endpoint::Endpoint;
use crate::fault::{Fault, Kind};
use crate::http::Http;
use crate::metadata::Metadata;
use crate::parameters::Parameters;
use crate::registration::Client;
use crate::token_answer;
use secret::Secret;
use terms::AuthMethod;

/// How a client proves itself where tokens are revoked: as at the token endpoint, unless the issuer offers
/// other ways there (RFC 8414 §2), of which the client can go one.
#[must_use]
pub fn revocation_method(metadata: &Metadata, client: &Client) -> AuthMethod {
    let offered = metadata.revocation_endpoint_auth_methods_supported.as_deref().unwrap_or_default();
    let offers = |method: &AuthMethod| offered.iter().any(|name| name == method.as_str());
    let can = |method: &AuthMethod| match method {
        AuthMethod::Basic | AuthMethod::Post => client.secret.is_some(),
        AuthMethod::PrivateKeyJwt => client.key.is_some(),
        AuthMethod::None => true,
    };
    let order =
        [client.auth, AuthMethod::Basic, AuthMethod::Post, AuthMethod::PrivateKeyJwt, AuthMethod::None];
    order.into_iter().filter(can).find(offers).unwrap_or(client.auth)
}

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

/// Revokes a token. A fault here must never keep a person from forgetting the token locally.
///
/// # Errors
/// The endpoint is unreachable or refuses.
pub async fn revoke(
    http: &Http,
    endpoint: &Endpoint<'_>,
    token: &Secret,
    hint: TokenHint,
) -> Result<Revoked, Fault> {
    let form = Parameters::default().with_secret("token", token).with("token_type_hint", hint.as_str());
    let answer = endpoint.post(http, &form).await?;
    if answer.status.is_success() {
        return Ok(Revoked::Done);
    }
    if answer.error().as_deref() == Some("unsupported_token_type") {
        return Ok(Revoked::NotThisKind);
    }
    let unexplained =
        answer.fault(Kind::Status { host: answer.host.clone(), status: answer.status.as_u16() });
    Err(token_answer::check(&answer, &endpoint.secrets(form.secrets())).err().unwrap_or(unexplained))
}
