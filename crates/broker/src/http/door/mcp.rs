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
use provider::Fault;
use std::sync::Arc;

/// Passes a request on as the client that the token was given to, and to the one server that it is for.
pub(super) async fn answer(
    State(valet): State<Arc<Valet>>,
    Path(server): Path<String>,
    mut request: Request,
) -> Response {
    let web = match let_in(&valet, &server, request.headers()) {
        Ok(web) => web,
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
    let agent = Agent::new(Arc::clone(&valet), Arc::clone(&web.peer));
    let mut over = web.over();
    let response = tokio::select! {
        response = proxy_to(agent, web.meant.clone(), request) => response,
        _ = over.wait_for(|over| *over) => return StatusCode::UNAUTHORIZED.into_response(),
    };
    kept_alive(response, over)
}

/// Whose the token is, if it is for this server.
fn let_in(valet: &Valet, server: &str, headers: &HeaderMap) -> Result<Arc<Web>, (StatusCode, String)> {
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
        stands.map(|approval| approval.whom).ok_or_else(|| refused(Fault::Invalid))
    });
    found.unwrap_or_else(|| Err((StatusCode::NOT_FOUND, String::new())))
}
