//! What goes out by the socket and the door.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, HeaderValue, header};
use hyper::body::{Bytes, Frame, SizeHint};
use seats::Turn;
use std::pin::Pin;
use std::task::{Context, Poll};

/// An answer that is there as a whole.
pub(in crate::http) struct Whole(http::Response<Bytes>);

impl Whole {
    /// JSON, with one more header.
    pub(in crate::http) fn json(text: Vec<u8>, name: HeaderName, value: HeaderValue) -> Self {
        let mut response = http::Response::new(Bytes::from(text));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(name, value);
        Self(response)
    }

    pub(in crate::http) fn going_out(self, turn: Turn) -> http::Response<Outgoing> {
        self.0.map(|bytes| Outgoing { body: Kind::Whole(bytes), _turn: turn })
    }
}

/// The body of an answer. Until it is out, the connection is in the middle of something.
pub(in crate::http) struct Outgoing {
    body: Kind,
    _turn: Turn,
}

enum Kind {
    Whole(Bytes),
    Stream(Body),
}

impl Outgoing {
    /// The answer to a request whose turn it is.
    pub(in crate::http) fn answer(response: Response, turn: Turn) -> http::Response<Self> {
        response.map(|body| Self { body: Kind::Stream(body), _turn: turn })
    }
}

impl hyper::body::Body for Outgoing {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match &mut self.body {
            Kind::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Kind::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Kind::Stream(body) => Pin::new(body).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.body {
            Kind::Whole(bytes) => bytes.is_empty(),
            Kind::Stream(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.body {
            Kind::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Kind::Stream(body) => body.size_hint(),
        }
    }
}
