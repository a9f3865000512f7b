//! The MCP endpoint: Streamable HTTP without sessions, for every dated version of the protocol.

mod bearer;
mod change;
mod rpc;
mod version;
mod whoami;

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use serde_json::Value;

use crate::call::Call;
use crate::state::Demo;
use rpc::Outcome;

/// The form of an answer, as the client's `Accept` allows.
#[derive(Clone, Copy)]
enum MediaType {
    Json,
    EventStream,
}

/// Answers one JSON-RPC message. First the token, since nothing is anybody's business without one.
pub(crate) fn answer(demo: &Demo, call: &Call) -> Response {
    let bearer = match bearer::check(demo, &call.headers) {
        Ok(bearer) => bearer,
        Err(fault) => return fault.response(demo),
    };
    let Some(form) = wanted_form(call) else { return StatusCode::NOT_ACCEPTABLE.into_response() };
    if !is_json(call) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    match rpc::answer(&bearer, call) {
        Outcome::Nothing => StatusCode::ACCEPTED.into_response(),
        Outcome::TooNarrow(scope) => bearer::Refused::for_want_of(scope).response(demo),
        Outcome::Reply(status, body) => reply(form, status, body),
    }
}

/// No `Accept` means anything will do (RFC 9110 §12.5.1). JSON wins where both are welcome.
fn wanted_form(call: &Call) -> Option<MediaType> {
    let lines = call.headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    let kinds: Vec<_> = lines.flat_map(|line| line.split(',')).map(essence).collect();
    let takes =
        |names: &[&str]| kinds.iter().any(|kind| names.iter().any(|name| kind.eq_ignore_ascii_case(name)));
    if kinds.is_empty() || takes(&["application/json", "application/*", "*/*"]) {
        return Some(MediaType::Json);
    }
    takes(&["text/event-stream", "text/*"]).then_some(MediaType::EventStream)
}

fn is_json(call: &Call) -> bool {
    call.header(header::CONTENT_TYPE)
        .is_some_and(|kind| essence(kind).eq_ignore_ascii_case("application/json"))
}

fn essence(kind: &str) -> &str {
    kind.split(';').next().unwrap_or_default().trim()
}

fn reply(form: MediaType, status: StatusCode, body: Value) -> Response {
    match form {
        // An error status has no stream: the body is the answer.
        MediaType::EventStream if status.is_success() => {
            let kind = [(header::CONTENT_TYPE, "text/event-stream")];
            (status, kind, format!("event: message\ndata: {body}\n\n")).into_response()
        }
        MediaType::Json | MediaType::EventStream => (status, Json(body)).into_response(),
    }
}
