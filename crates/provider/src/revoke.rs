//! Token revocation (RFC 7009).

use http::StatusCode;

use crate::approval::grant_id;
use crate::caller;
use crate::error::{Code, OAuthError};
use crate::ledger::Ledger;
use crate::params::Params;
use crate::profile::{Profile, UnixSeconds};
use crate::{Answer, Request};

const NOT_YOURS: OAuthError = OAuthError::new(Code::InvalidGrant, "the token was issued to another client");

/// Ends an access token, or with a refresh token the whole grant. A token that is not known is ended already.
pub fn revoke<W: Clone>(
    ledger: &mut Ledger<W>,
    profile: &Profile,
    request: Request<'_>,
    now: UnixSeconds,
) -> Answer {
    match end(ledger, request, now) {
        Ok(()) => crate::json(StatusCode::OK, &serde_json::json!({})),
        Err(refused) => refused.answer(profile.realm),
    }
}

fn end<W: Clone>(ledger: &mut Ledger<W>, request: Request<'_>, now: UnixSeconds) -> Result<(), OAuthError> {
    let params = Params::of_form(request.headers, request.body)?;
    let client = match caller::identify(ledger, request.headers, &params, now) {
        // Its tokens are over, which is what it wants (RFC 7009 §2.2).
        Err(refused) if refused == caller::FORGOTTEN => return Ok(()),
        identified => identified?,
    };
    let token = params.need_secret("token", "token is missing")?;

    if let Some(access) = ledger.access.live(&token.digest(), now) {
        let grant = ledger.grants.live(&access.grant, now);
        if grant.is_some_and(|grant| grant.approval.client_id != client.id) {
            return Err(NOT_YOURS);
        }
        ledger.access.take(&token.digest(), now);
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
