//! Who is calling the MCP endpoint (RFC 6750, RFC 9068 §4).

use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, header};
use provider::{Fault, Scopes, Secret, UnixSeconds};

use crate::account::Account;
use crate::discovery::RESOURCE_METADATA;
use crate::scope::Scope;
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

/// Checks the `Authorization` header.
///
/// # Errors
/// The refusal.
pub(super) fn check(demo: &Demo, headers: &HeaderMap) -> Result<Bearer, Refused> {
    let token = provider::bearer(headers).map_err(Refused::by)?;
    let bearer = open(demo, &token).ok_or(Refused::by(Fault::Invalid))?;
    if bearer.scopes.has(Scope::Read.name()) { Ok(bearer) } else { Err(Refused::for_want_of(Scope::Read)) }
}

/// Signature, issuer, audience, expiry, revocation.
fn open(demo: &Demo, token: &Secret) -> Option<Bearer> {
    let claims = demo.key.open(token.expose())?;
    let now = demo.clock.now();
    if claims.iss != demo.profile.issuer || claims.aud != demo.resource || claims.exp <= now {
        return None;
    }
    demo.ledger().books.approved(token, now)?;
    let account = Account::with_id(&claims.sub)?;
    Some(Bearer { account, scopes: Scopes::parse(&claims.scope), seconds_left: claims.exp - now })
}

/// A request that is not let in: why, and which scope it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refused(Fault, Scope);

impl Refused {
    const fn by(fault: Fault) -> Self {
        Self(fault, Scope::Read)
    }

    /// A good token without this.
    pub(super) const fn for_want_of(scope: Scope) -> Self {
        Self(Fault::TooNarrow, scope)
    }

    /// The refusal, with all that a client needs in order to sign in (RFC 6750 §3, RFC 9728 §5.1).
    pub(super) fn response(self, demo: &Demo) -> Response {
        let (status, challenge) = self.0.challenge(&demo.url(RESOURCE_METADATA), self.1.name());
        (status, [(header::WWW_AUTHENTICATE, challenge)]).into_response()
    }
}

#[cfg(test)]
mod tests {
    use provider::{Fault, Params, Redirects};
    use serde_json::Value;

    use super::{Bearer, Refused, check};
    use crate::account::Account;
    use crate::jwt::Claims;
    use crate::scope::Scope;
    use crate::state::Demo;

    const VERIFIER: &str = "a-verifier-that-is-long-enough-for-the-rules-0123456789";
    const CALLBACK: &str = "http://127.0.0.1/cb";

    /// A token that the demo keeps books of, and signed itself with a claim changed.
    fn try_with(change: impl Fn(&mut Claims)) -> Result<Bearer, Refused> {
        let demo = Demo::for_test();
        assert!(matches!(demo.profile.redirects, Redirects::Anywhere));
        let now = demo.clock.now();
        let uris = [CALLBACK.to_owned()];
        let client = provider::fixed(&demo.profile, "client".to_owned(), None, &uris, now).unwrap();
        let mut ledger = demo.ledger();
        let client = ledger.books.remember(client, now + 100, now);
        let challenge = provider::Digest::of(VERIFIER).base64url();
        let query = format!(
            "response_type=code&code_challenge={challenge}&code_challenge_method=S256&resource={}",
            demo.resource
        );
        let redirect = provider::destination(&client, CALLBACK).unwrap();
        let params = Params::of_query(Some(&query));
        let asked = provider::wanted(&demo.profile, &params, client, redirect, |_| true).unwrap();
        let code = ledger.books.code(&asked, Account::Ada, now);

        let mut form = http::HeaderMap::new();
        form.insert(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
        let body = format!(
            "grant_type=authorization_code&client_id=client&code={}&redirect_uri={CALLBACK}\
             &code_verifier={VERIFIER}&resource={}",
            code.expose(),
            demo.resource
        );
        let request = provider::Request { headers: &form, body: body.as_bytes() };
        let answer = provider::tokens(&mut ledger.books, &demo.profile, request, now, |minting| {
            let mut claims = Claims {
                iss: demo.profile.issuer.clone(),
                sub: minting.approval.whom.id().to_owned(),
                aud: demo.resource.clone(),
                exp: now + 100,
                iat: now,
                jti: "token".to_owned(),
                client_id: "client".to_owned(),
                scope: minting.scopes.to_string(),
            };
            change(&mut claims);
            demo.key.sign(&claims)
        });
        drop(ledger);
        let answer: Value = serde_json::from_str(answer.body()).unwrap();
        let mut headers = http::HeaderMap::new();
        let line = format!("Bearer {}", answer["access_token"].as_str().unwrap());
        headers.insert(http::header::AUTHORIZATION, line.parse().unwrap());
        check(&demo, &headers)
    }

    fn fault(change: impl Fn(&mut Claims)) -> Option<Refused> {
        try_with(change).err()
    }

    #[test]
    fn a_token_as_it_was_issued_is_let_in() {
        assert_eq!(fault(|_| {}), None);
    }

    #[test]
    fn a_token_for_another_audience_is_refused() {
        let other = |claims: &mut Claims| claims.aud = "http://127.0.0.1:1".to_owned();
        assert_eq!(fault(other), Some(Refused::by(Fault::Invalid)));
    }

    #[test]
    fn a_token_of_another_issuer_is_refused() {
        assert_eq!(fault(|claims| claims.iss.push('/')), Some(Refused::by(Fault::Invalid)));
    }

    #[test]
    fn a_token_that_expired_or_was_never_booked_is_refused() {
        assert_eq!(fault(|claims| claims.exp = claims.iat), Some(Refused::by(Fault::Invalid)));
        let demo = Demo::for_test();
        let claims = Claims {
            iss: demo.profile.issuer.clone(),
            sub: "ada".to_owned(),
            aud: demo.resource.clone(),
            exp: demo.clock.now() + 100,
            iat: demo.clock.now(),
            jti: "token".to_owned(),
            client_id: "client".to_owned(),
            scope: "demo:read".to_owned(),
        };
        let mut headers = http::HeaderMap::new();
        let line = format!("Bearer {}", demo.key.sign(&claims).expose());
        headers.insert(http::header::AUTHORIZATION, line.parse().unwrap());
        assert_eq!(check(&demo, &headers).err(), Some(Refused::by(Fault::Invalid)));
    }

    #[test]
    fn a_token_without_read_is_too_narrow() {
        assert_eq!(
            fault(|claims| claims.scope = "demo:write".to_owned()),
            Some(Refused::for_want_of(Scope::Read))
        );
    }
}
