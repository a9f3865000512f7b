//! Giving tokens back (RFC 7009).

use crate::endpoint::Endpoint;
use crate::fault::{Fault, Kind};
use crate::form::Form;
use crate::http::Http;
use crate::token_answer;
use secret::Secret;

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
    let form = Form::default().with_secret("token", token).with("token_type_hint", hint.as_str());
    let answer = endpoint.post(http, &form).await?;
    if answer.status.is_success() {
        return Ok(Revoked::Done);
    }
    if token_answer::error(&answer).as_deref() == Some("unsupported_token_type") {
        return Ok(Revoked::NotThisKind);
    }
    let unexplained =
        answer.fault(Kind::Status { host: answer.host.clone(), status: answer.status.as_u16() });
    Err(token_answer::check(&answer, &endpoint.secrets(form.secrets())).err().unwrap_or(unexplained))
}
