//! Problems in the form in which MCP clients take them.
//!
//! An HTTP error is a broken transport to most clients, and a 401 or 403 begins a sign-in of their own. So a
//! request that has an ID is answered by a JSON-RPC error with status 200, and whatever has none by a problem
//! document with a status that means nothing else to them.

use super::message::Message;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use state::kept::Stream;
use std::borrow::Cow;
use wire::Problem;

impl Message {
    /// Answers with a problem instead.
    pub(super) fn refuse(&self, problem: &Problem) -> Response {
        match self.error(problem) {
            Some(error) => Json(error).into_response(),
            None => document(&self.told(problem)),
        }
    }

    /// A problem as whoever sent this is told it.
    pub(super) fn told<'a>(&self, problem: &'a Problem) -> Cow<'a, Problem> {
        match self.is_told_little {
            true => Cow::Owned(problems::told_by_door(problem)),
            false => Cow::Borrowed(problem),
        }
    }

    /// The same, where answers come by a stream and not by what is posted.
    pub(super) fn refuse_by(&self, stream: &Stream, problem: &Problem) -> Response {
        match self.error(problem).map(|error| stream.says.try_send(error)) {
            Some(Ok(())) => StatusCode::ACCEPTED.into_response(),
            Some(Err(_)) | None => self.refuse(problem),
        }
    }

    /// Tells a client that its session is over or was never its own (MCP, Streamable HTTP, "Session
    /// Management": 404).
    pub(super) fn refuse_session(&self, problem: &Problem) -> Response {
        let mut response = self.refuse(problem);
        *response.status_mut() = StatusCode::NOT_FOUND;
        response
    }

    /// The JSON-RPC error; nothing if nobody waits for an answer, or the ID is not known.
    pub(super) fn error(&self, problem: &Problem) -> Option<Value> {
        let problem = self.told(problem);
        let error = |id: &Value| json!({ "jsonrpc": "2.0", "id": id, "error": problem.to_rpc() });
        match self.ids.as_slice() {
            [] => None,
            [id] if !self.batch => Some(error(id)),
            ids => Some(ids.iter().map(error).collect()),
        }
    }
}

pub(super) fn document(problem: &Problem) -> Response {
    let status = match StatusCode::from_u16(problem.code.status()) {
        Ok(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) | Err(_) => StatusCode::FAILED_DEPENDENCY,
        Ok(status) => status,
    };
    let mut response = (status, Json(problem)).into_response();
    let kind = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
