//! Who is calling the MCP endpoint (RFC 6750, RFC 9068 §4).

use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode, header};

use crate::account::Account;
use crate::clock::UnixSeconds;
use crate::discovery::RESOURCE_METADATA;
use crate::scope::{Scope, Scopes};
use crate::state::Demo;

/// A person and what the client may do for them.
pub(super) struct Bearer {
    /// The person.
    pub(super) account: Account,
    /// The scopes of the token.
    pub(super) scopes: Scopes,
    /// How many seconds the token still lives.
    pub(super) seconds_left: UnixSeconds,
}

/// Why a request is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// No token was sent, or something else than a token; the client may not know yet that it needs one.
    Missing,
    /// `Authorization` is there twice or has no token in it (RFC 6750 §3.1).
    Malformed,
    /// Forged, of another issuer or audience, expired or revoked.
    Invalid,
    /// A good token without the scope that this needs.
    TooNarrow(Scope),
}

/// Checks the `Authorization` header; tokens anywhere else are not looked for.
///
/// # Errors
/// The [`Fault`].
pub(super) fn check(demo: &Demo, headers: &HeaderMap) -> Result<Bearer, Fault> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let line = lines.next().ok_or(Fault::Missing)?;
    if lines.next().is_some() {
        return Err(Fault::Malformed);
    }
    let (scheme, token) = line.to_str().ok().and_then(|line| line.split_once(' ')).ok_or(Fault::Malformed)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Fault::Missing);
    }
    let bearer = open(demo, token.trim()).ok_or(Fault::Invalid)?;
    if bearer.scopes.has(Scope::Read) { Ok(bearer) } else { Err(Fault::TooNarrow(Scope::Read)) }
}

/// Signature, issuer, audience, expiry, revocation.
fn open(demo: &Demo, token: &str) -> Option<Bearer> {
    let claims = demo.key.open(token)?;
    let now = demo.clock.now();
    if claims.iss != demo.issuer || claims.aud != demo.resource || claims.exp <= now {
        return None;
    }
    demo.ledger().grant_of(&claims.jti, now)?;
    let account = Account::with_id(&claims.sub)?;
    Some(Bearer { account, scopes: claims.scope.parse().ok()?, seconds_left: claims.exp - now })
}

impl Fault {
    /// The refusal, with all that a client needs in order to sign in (RFC 6750 §3, RFC 9728 §5.1).
    pub(super) fn response(self, demo: &Demo) -> Response {
        let (status, error) = match self {
            Self::Missing => (StatusCode::UNAUTHORIZED, ""),
            Self::Malformed => (StatusCode::BAD_REQUEST, r#"error="invalid_request", "#),
            Self::Invalid => (StatusCode::UNAUTHORIZED, r#"error="invalid_token", "#),
            Self::TooNarrow(_) => (StatusCode::FORBIDDEN, r#"error="insufficient_scope", "#),
        };
        let scope = if let Self::TooNarrow(scope) = self { scope } else { Scope::Read };
        let challenge = format!(
            r#"Bearer {error}resource_metadata="{}", scope="{}""#,
            demo.url(RESOURCE_METADATA),
            scope.name()
        );
        (status, [(header::WWW_AUTHENTICATE, challenge)]).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::{Bearer, Fault, check};
    use crate::account::Account;
    use crate::approval::{Approval, Grant};
    use crate::jwt::Claims;
    use crate::scope::{Scope, Scopes};
    use crate::state::Demo;

    /// A token that the demo signed itself and keeps books of, with a claim changed.
    fn try_with(change: impl FnOnce(&mut Claims)) -> Result<Bearer, Fault> {
        let demo = Demo::for_test();
        let now = demo.clock.now();
        let mut claims = Claims {
            iss: demo.issuer.clone(),
            sub: "ada".to_owned(),
            aud: demo.resource.clone(),
            exp: now + 100,
            iat: now,
            jti: "token".to_owned(),
            client_id: "client".to_owned(),
            scope: "demo:read".to_owned(),
        };
        change(&mut claims);
        let approval =
            Approval { client_id: "client".to_owned(), account: Account::Ada, scopes: Scopes::usual() };
        let mut ledger = demo.ledger();
        ledger.grants.insert("grant".to_owned(), Grant { approval, refresh: None }, now + 100, now);
        ledger.access.insert("token".to_owned(), "grant".to_owned(), now + 100, now);
        drop(ledger);

        let mut headers = http::HeaderMap::new();
        let line = format!("Bearer {}", demo.key.sign(&claims).expose());
        headers.insert(http::header::AUTHORIZATION, line.parse().unwrap());
        check(&demo, &headers)
    }

    fn fault(change: impl FnOnce(&mut Claims)) -> Option<Fault> {
        try_with(change).err()
    }

    #[test]
    fn a_token_as_it_was_issued_is_let_in() {
        assert_eq!(fault(|_| {}), None);
    }

    #[test]
    fn a_token_for_another_audience_is_refused() {
        assert_eq!(fault(|claims| claims.aud = "http://127.0.0.1:1".to_owned()), Some(Fault::Invalid));
    }

    #[test]
    fn a_token_of_another_issuer_is_refused() {
        assert_eq!(fault(|claims| claims.iss.push('/')), Some(Fault::Invalid));
    }

    #[test]
    fn a_token_that_expired_or_was_never_booked_is_refused() {
        assert_eq!(fault(|claims| claims.exp = claims.iat), Some(Fault::Invalid));
        assert_eq!(fault(|claims| claims.jti = "other".to_owned()), Some(Fault::Invalid));
    }

    #[test]
    fn a_token_without_read_is_too_narrow() {
        assert_eq!(
            fault(|claims| claims.scope = "demo:write".to_owned()),
            Some(Fault::TooNarrow(Scope::Read))
        );
    }
}
