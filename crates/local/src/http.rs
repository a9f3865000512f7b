//! The side of HTTP.

use crate::fault::Fault;
use bytes::Bytes;
use futures_util::Stream;
use http::{HeaderMap, Method, StatusCode};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// What a client sends to `/mcp/{server}`.
#[derive(Debug, Clone)]
pub struct Request {
    /// POST, GET or DELETE.
    pub method: Method,
    /// Of these, those of MCP count.
    pub headers: HeaderMap,
    /// One message, or a batch (MCP 2025-03-26).
    pub body: Bytes,
}

/// What it gets.
#[derive(Debug)]
pub struct Answer {
    /// As a server would say it.
    pub status: StatusCode,
    /// The type of the body, and the session.
    pub headers: HeaderMap,
    /// A JSON text, or a stream of events.
    pub body: Body,
}

/// The body of an answer. Where a program fails amid a stream of events, the fault is the last item, and
/// comes between two events. Dropping it tells the program that nobody waits any more, where the revision has
/// it so.
pub struct Body(pub(crate) Pin<Box<dyn Stream<Item = Result<Bytes, Fault>> + Send>>);

impl Stream for Body {
    type Item = Result<Bytes, Fault>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Body")
    }
}
