//! The endpoints of the authorization server that only programs ask, and the documents that lead there.

use crate::http::arrival::{Missing, whole};
use crate::valet::door::{Open, SCOPE};
use crate::valet::{Valet, door, web_clients};
use axum::Json;
use axum::extract::{FromRequest, Path, Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use provider::{Answer, RESOURCE_METADATA, Secret};
use std::sync::Arc;

/// Most bytes of a body.
const LARGEST: usize = 64 << 10;

type Door = State<Arc<Valet>>;

/// One request, complete: whoever answers it never waits for the client.
pub(super) struct Call {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl<S: Sync> FromRequest<S> for Call {
    type Rejection = StatusCode;

    async fn from_request(request: Request, _: &S) -> Result<Self, StatusCode> {
        let (parts, body) = request.into_parts();
        let body = whole(body, LARGEST).await.map_err(|missing| match missing {
            Missing::Slow => StatusCode::REQUEST_TIMEOUT,
            Missing::Large => StatusCode::PAYLOAD_TOO_LARGE,
        })?;
        Ok(Self { headers: parts.headers, body })
    }
}

impl Call {
    fn request(&self) -> provider::Request<'_> {
        provider::Request { headers: &self.headers, body: &self.body }
    }
}

/// Authorization server metadata (RFC 8414 §3).
pub(super) async fn authorization_server(State(valet): Door) -> Response {
    let document = valet.door.look(|open| provider::authorization_server(&open.profile, true, true));
    document.map_or_else(closed, |document| Json(document).into_response())
}

/// Protected resource metadata (RFC 9728 §3). It is the same for a server that is not there: who is not let
/// in is not told which there are.
pub(super) async fn protected_resource(State(valet): Door, Path(server): Path<String>) -> Response {
    let document = valet.door.look(|open| {
        let resource = open.profile.url(&format!("/mcp/{server}"));
        open.server_of(&resource)?;
        Some(provider::protected_resource(&open.profile, &resource, &server, &[SCOPE]))
    });
    document.flatten().map_or_else(closed, |document| Json(document).into_response())
}

/// Where the metadata of one of its servers is.
pub(super) fn resource_metadata(open: &Open, server: &str) -> String {
    open.profile.url(&format!("{RESOURCE_METADATA}/mcp/{server}"))
}

/// Registration (RFC 7591).
pub(super) async fn register(State(valet): Door, call: Call) -> Response {
    answered(&valet, |open, now| provider::create(&mut open.ledger, &open.profile, call.request(), now))
}

/// A registration as it stands (RFC 7592 §2.1).
pub(super) async fn registration(State(valet): Door, Path(client): Path<String>, call: Call) -> Response {
    answered(&valet, |open, now| provider::read(&open.ledger, &open.profile, &client, call.request(), now))
}

/// The end of one (RFC 7592 §2.3).
pub(super) async fn deregister(State(valet): Door, Path(client): Path<String>, call: Call) -> Response {
    let answer =
        answered(&valet, |open, now| provider::delete(&mut open.ledger, &client, call.request(), now));
    web_clients::keep(&valet);
    answer
}

/// The token endpoint (RFC 6749 §3.2). Tokens say nothing: whoever reads one learns no name.
pub(super) async fn token(State(valet): Door, call: Call) -> Response {
    let answer = answered(&valet, |open, now| {
        provider::tokens(&mut open.ledger, &open.profile, call.request(), now, |_| Secret::random())
    });
    web_clients::keep(&valet);
    answer
}

/// Revocation (RFC 7009).
pub(super) async fn revoke(State(valet): Door, call: Call) -> Response {
    answered(&valet, |open, now| provider::revoke(&mut open.ledger, &open.profile, call.request(), now))
}

/// Answers by what is remembered, and ends those who have lost the last token by it.
fn answered(valet: &Valet, answer: impl FnOnce(&mut Open, i64) -> Answer) -> Response {
    let now = valet.clock.now().as_second();
    let answered = valet.door.look(|open| (answer(open, now), open.settle(now)));
    let Some((answer, lost)) = answered else { return closed() };
    door::tell(valet, &lost);
    answer.into_response()
}

fn closed() -> Response {
    StatusCode::NOT_FOUND.into_response()
}
