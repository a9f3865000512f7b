//! Token introspection (RFC 7662). A client may ask about its own tokens and learns nothing about others.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use provider::{Client, OAuthError, Params, Secret, UnixSeconds};
use serde_json::{Value, json};

use crate::call::Call;
use crate::ledger::Ledger;
use crate::state::Demo;

/// What the token is, or `{"active": false}`.
pub(crate) fn answer(demo: &Demo, call: &Call) -> Response {
    match introspect(demo, call) {
        Ok(document) => Json(document).into_response(),
        Err(refused) => refused.answer(demo.profile.realm).into_response(),
    }
}

fn introspect(demo: &Demo, call: &Call) -> Result<Value, OAuthError> {
    let params = Params::of_form(&call.headers, &call.body)?;
    let now = demo.clock.now();
    let ledger = demo.ledger();
    let client = provider::identify(&ledger.books, &call.headers, &params, now)?;
    let token = params.need_secret("token", "token is missing")?;
    let found = access_token(demo, &ledger, &client, &token, now)
        .or_else(|| refresh_token(demo, &ledger, &client, &token, now));
    Ok(found.unwrap_or_else(|| json!({"active": false})))
}

fn access_token(
    demo: &Demo,
    ledger: &Ledger,
    client: &Client,
    token: &Secret,
    now: UnixSeconds,
) -> Option<Value> {
    let claims = demo.key.open(token.expose()).filter(|claims| claims.client_id == client.id)?;
    let live = claims.exp > now && ledger.books.approved(token, now).is_some();
    let mut document = live.then(|| json!(claims))?;
    document["active"] = true.into();
    document["token_type"] = "Bearer".into();
    document["username"] = claims.sub.into();
    Some(document)
}

fn refresh_token(
    demo: &Demo,
    ledger: &Ledger,
    client: &Client,
    token: &Secret,
    now: UnixSeconds,
) -> Option<Value> {
    let approval = ledger.books.refreshes(token, now).filter(|approval| approval.client_id == client.id)?;
    Some(json!({
        "active": true,
        "client_id": approval.client_id,
        "username": approval.whom.id(),
        "sub": approval.whom.id(),
        "scope": approval.scopes.to_string(),
        "iss": demo.profile.issuer,
        "aud": demo.resource,
    }))
}
