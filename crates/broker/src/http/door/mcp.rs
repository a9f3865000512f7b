//! A server, behind a token of the door.

use super::endpoints::resource_metadata;
use super::stream::kept_alive;
use crate::authority::agent::Agent;
use crate::http::arrival::drain;
use crate::http::proxy::proxy_to;
use crate::valet::Valet;
use crate::valet::door::{SCOPE, Web};
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use provider::{Digest, Fault};
use std::sync::Arc;
use std::time::Duration;

/// Passes a request on as the client that the token was given to, and to the one server that it is for.
pub(super) async fn answer(
    State(valet): State<Arc<Valet>>,
    Path(server): Path<String>,
    mut request: Request,
) -> Response {
    let (web, token) = match let_in(&valet, &server, request.headers()) {
        Ok(found) => found,
        Err((status, challenge)) => {
            drain(request.into_body()).await;
            let challenge = HeaderValue::from_str(&challenge).ok();
            let challenge = challenge.map(|challenge| [(header::WWW_AUTHENTICATE, challenge)]);
            return (status, challenge.map(IntoResponse::into_response).unwrap_or_default()).into_response();
        }
    };
    web.is_used(valet.clock.now());
    let headers = request.headers_mut();
    // What opened this door opens no other.
    headers.remove(header::AUTHORIZATION);
    headers.remove(header::COOKIE);
    // Nor is it told what programs of this machine are, or lets the person wait for as long as those.
    headers.remove(wire::WAIT_HEADER);
    headers.remove(header::TE);
    let agent = Agent::new(Arc::clone(&valet), Arc::clone(&web.peer));
    let meant = web.meant.clone();
    let mut over = Box::pin(over(valet, web, token));
    let response = tokio::select! {
        response = proxy_to(agent, meant, request) => response,
        () = &mut over => return StatusCode::UNAUTHORIZED.into_response(),
    };
    kept_alive(response, over)
}

/// Ends once the token does: it is over or revoked, or whoever has it is let in no more.
async fn over(valet: Arc<Valet>, web: Arc<Web>, token: Digest) {
    let mut taken_back = web.over();
    let Some(mut moved) = valet.door.look(|open| open.moved.subscribe()) else { return };
    loop {
        let now = valet.clock.now();
        let ends = valet.door.look(|open| open.ledger.ends(&token, now.as_second())).flatten();
        let Some(ends) = ends else { return };
        let left = Duration::from_secs(ends.saturating_sub(now.as_second()).try_into().unwrap_or_default());
        tokio::select! {
            _ = taken_back.wait_for(|over| *over) => return,
            moved = moved.changed() => if moved.is_err() { return },
            () = valet.clock.wait_since(now, left) => {}
        }
    }
}

/// Whose the token is, and its digest, if it is for this server.
fn let_in(
    valet: &Valet,
    server: &str,
    headers: &HeaderMap,
) -> Result<(Arc<Web>, Digest), (StatusCode, String)> {
    let now = valet.clock.now().as_second();
    let found = valet.door.look(|open| {
        let refused = |fault: Fault| fault.challenge(&resource_metadata(open, server), SCOPE);
        let token = match provider::bearer(headers) {
            Ok(token) => token,
            Err(fault) => return Err(refused(fault)),
        };
        let resource = open.profile.url(&format!("/mcp/{server}"));
        let approved = open.ledger.approved(&token, now).filter(|approval| approval.resource == resource);
        let stands = approved.filter(|approval| approval.whom.peer.is_unchanged());
        stands.map(|approval| (approval.whom, token.digest())).ok_or_else(|| refused(Fault::Invalid))
    });
    found.unwrap_or_else(|| Err((StatusCode::NOT_FOUND, String::new())))
}
