//! Token revocation (RFC 7009).

use axum::response::{IntoResponse as _, Response};
use http::StatusCode;

use crate::approval::grant_id;
use crate::call::Call;
use crate::caller;
use crate::clock::UnixSeconds;
use crate::error::{Code, OAuthError};
use crate::params::Params;
use crate::state::Demo;

const NOT_YOURS: OAuthError = OAuthError::new(Code::InvalidGrant, "the token was issued to another client");

/// Ends an access token, or with a refresh token the whole grant. A token that is not known is ended already.
pub(crate) fn answer(demo: &Demo, call: &Call) -> Response {
    match revoke(demo, call) {
        Ok(()) => StatusCode::OK.into_response(),
        Err(refused) => refused.into_response(),
    }
}

fn revoke(demo: &Demo, call: &Call) -> Result<(), OAuthError> {
    let params = Params::of_form(&call.headers, &call.body)?;
    let now = demo.clock.now();
    let mut ledger = demo.ledger();
    let client = caller::identify(&ledger, &call.headers, &params, now)?;
    let token = params.need_secret("token", "token is missing")?;

    if let Some(claims) = demo.key.open(token.expose()) {
        if claims.client_id != client.id {
            return Err(NOT_YOURS);
        }
        ledger.access.take(&claims.jti, UnixSeconds::MIN);
        tracing::info!(client = client.id, "access token revoked");
        return Ok(());
    }

    let Some(id) = grant_id(&token) else { return Ok(()) };
    let Some(grant) = ledger.grants.live(&id, now) else { return Ok(()) };
    if grant.approval.client_id != client.id {
        return Err(NOT_YOURS);
    }
    ledger.revoke(&id);
    tracing::info!(client = client.id, "grant revoked");
    Ok(())
}
