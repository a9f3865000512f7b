//! The endpoints that are the authorization server's alone, and the form of the demo's access tokens.

use axum::response::{IntoResponse as _, Response};
use provider::{Minting, Request, Secret, random_id};

use crate::account::Account;
use crate::call::Call;
use crate::jwt::Claims;
use crate::state::Demo;

impl Call {
    fn request(&self) -> Request<'_> {
        Request { headers: &self.headers, body: &self.body }
    }

    /// The client that the path of a registration names.
    fn client_id(&self) -> &str {
        self.uri.path().strip_prefix("/register/").unwrap_or_default()
    }
}

/// The token endpoint (RFC 6749 §3.2).
pub(crate) fn tokens(demo: &Demo, call: &Call) -> Response {
    let (now, ledger) = (demo.clock.now(), &mut demo.ledger());
    let sign = |minting: &Minting<'_, Account>| sign(demo, minting);
    provider::tokens(&mut ledger.books, &demo.profile, call.request(), now, sign).into_response()
}

/// A signed token (RFC 9068), so that there is something in it to look at.
fn sign(demo: &Demo, minting: &Minting<'_, Account>) -> Secret {
    demo.key.sign(&Claims {
        iss: demo.profile.issuer.clone(),
        sub: minting.approval.whom.id().to_owned(),
        aud: demo.resource.clone(),
        exp: minting.now + demo.profile.token_lifetime,
        iat: minting.now,
        jti: random_id(),
        client_id: minting.approval.client_id.clone(),
        scope: minting.scopes.to_string(),
    })
}

/// Revocation (RFC 7009).
pub(crate) fn revoke(demo: &Demo, call: &Call) -> Response {
    let (now, ledger) = (demo.clock.now(), &mut demo.ledger());
    provider::revoke(&mut ledger.books, &demo.profile, call.request(), now).into_response()
}

/// Registration (RFC 7591).
pub(crate) fn register(demo: &Demo, call: &Call) -> Response {
    let (now, ledger) = (demo.clock.now(), &mut demo.ledger());
    provider::create(&mut ledger.books, &demo.profile, call.request(), now).into_response()
}

/// A registration as it stands (RFC 7592 §2.1).
pub(crate) fn registration(demo: &Demo, call: &Call) -> Response {
    let (now, ledger) = (demo.clock.now(), demo.ledger());
    provider::read(&ledger.books, &demo.profile, call.client_id(), call.request(), now).into_response()
}

/// The end of one (RFC 7592 §2.3).
pub(crate) fn deregister(demo: &Demo, call: &Call) -> Response {
    let (now, ledger) = (demo.clock.now(), &mut demo.ledger());
    provider::delete(&mut ledger.books, call.client_id(), call.request(), now).into_response()
}
