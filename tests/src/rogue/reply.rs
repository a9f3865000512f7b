//! What can be answered.

use std::convert::Infallible;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde_json::Value;

use super::feed::Feed;
use crate::Coding;

const MEBIBYTE: usize = 1 << 20;

/// One answer.
#[derive(Debug, Clone)]
pub enum Reply {
    /// A status and JSON.
    Json(u16, Value),
    /// A form, as some providers answer with.
    Form(String),
    /// A status and HTML.
    Html(u16, String),
    /// A status, headers, and nothing else.
    Bare(u16, Vec<(&'static str, String)>),
    /// A status, headers and a body.
    Whole(u16, Vec<(&'static str, String)>, String),
    /// A status, headers and a body of bytes.
    Bytes(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// Headers, and pieces of a body that stays open after the last.
    Pieces(Vec<(&'static str, String)>, Vec<Vec<u8>>),
    /// Server-sent events, after which the stream stays open.
    Events(Vec<String>),
    /// Server-sent events that come when the test says them.
    Feed(Feed),
    /// A redirect to anywhere.
    Redirect(String),
    /// JSON that goes on for a gibibyte.
    Endless,
    /// The connection breaks off after the head of an answer.
    Broken,
    /// The connection breaks off before any answer.
    Gone,
    /// A kind of content, and the beginning of an answer, after which the connection breaks off.
    BreaksOff(&'static str, String),
    /// The connection stays open and nothing is ever said.
    Silent,
}

impl Reply {
    /// An OAuth error (RFC 6749 §5.2).
    pub fn error(status: u16, error: &str) -> Self {
        Self::Json(status, serde_json::json!({ "error": error }))
    }

    /// The same, coded on its way as this says. What is not JSON stays as it is.
    pub(super) fn coded(self, coding: Coding) -> Self {
        let Self::Json(status, value) = &self else { return self };
        let headers = vec![
            ("content-type", "application/json".to_owned()),
            ("content-encoding", coding.name().to_owned()),
        ];
        Self::Bytes(*status, headers, coding.code(value.to_string().as_bytes()))
    }

    pub(super) fn edit(&mut self, edits: &[(String, Value)]) {
        let Self::Json(_, Value::Object(members)) = self else { return };
        for (member, value) in edits {
            if value.is_null() {
                members.remove(member);
            } else {
                members.insert(member.clone(), value.clone());
            }
        }
    }

    pub(super) async fn into_response(self) -> Response {
        let build = |status, kind, body| {
            Response::builder().status(status).header("content-type", kind).body(body).unwrap()
        };
        match self {
            Self::Json(status, value) => build(status, "application/json", Body::from(value.to_string())),
            Self::Form(text) => build(200, "application/x-www-form-urlencoded", Body::from(text)),
            Self::Html(status, text) => build(status, "text/html", Body::from(text)),
            Self::Bare(status, headers) => with(status, headers, Body::empty()),
            Self::Whole(status, headers, body) => with(status, headers, Body::from(body)),
            Self::Bytes(status, headers, body) => with(status, headers, Body::from(body)),
            Self::Pieces(headers, pieces) => {
                let pieces = pieces.into_iter().map(|piece| Ok::<_, Infallible>(Bytes::from(piece)));
                with(200, headers, Body::from_stream(stream::iter(pieces).chain(stream::pending())))
            }
            Self::Events(events) => build(200, "text/event-stream", unending(events)),
            Self::Feed(feed) => build(200, "text/event-stream", feed.body()),
            Self::Redirect(target) => with(302, vec![("location", target)], Body::empty()),
            Self::Endless => build(200, "application/json", endless()),
            Self::Broken => build(200, "application/json", broken()),
            Self::Gone => std::panic::resume_unwind(Box::new("the connection ends here")),
            Self::BreaksOff(kind, text) => build(200, kind, begun(text)),
            Self::Silent => std::future::pending().await,
        }
    }
}

fn with(status: u16, headers: Vec<(&'static str, String)>, body: Body) -> Response {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    response.body(body).unwrap()
}

fn unending(events: Vec<String>) -> Body {
    let events = events.into_iter().map(|data| Ok::<_, Infallible>(format!("data: {data}\n\n")));
    Body::from_stream(stream::iter(events).chain(stream::pending()))
}

fn broken() -> Body {
    Body::from_stream(stream::iter([Ok(Bytes::from_static(b"{")), Err(std::io::Error::other("broken off"))]))
}

/// What is there is sent when the next piece is not.
fn begun(text: String) -> Body {
    let breaks_off = async {
        tokio::task::yield_now().await;
        Err(std::io::Error::other("broken off"))
    };
    Body::from_stream(stream::iter([Ok(text)]).chain(stream::once(breaks_off)))
}

fn endless() -> Body {
    let chunk = Bytes::from(vec![b' '; MEBIBYTE]);
    Body::from_stream(stream::iter((0..1024).map(move |_| Ok::<_, Infallible>(chunk.clone()))))
}
