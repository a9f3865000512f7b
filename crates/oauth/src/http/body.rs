//! What goes along with a request, and comes with an answer.

use bytes::Bytes;
use futures_util::Stream;
use http_body_util::combinators::UnsyncBoxBody;
use std::error::Error;
use std::pin::Pin;

pub(super) type BoxError = Box<dyn Error + Send + Sync>;

pub(super) type Body = UnsyncBoxBody<Bytes, BoxError>;

/// What is sent along with a request.
pub enum Upload {
    /// All of it.
    Whole(Bytes),
    /// It comes in pieces, each asked for when the one before is sent.
    Stream(Pieces),
}

/// A body in pieces.
pub type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, Box<dyn Error + Send + Sync>>> + Send>>;

impl Upload {
    pub(crate) fn by_proxy(self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        match self {
            Self::Whole(bytes) if bytes.is_empty() => request,
            Self::Whole(bytes) => request.body(bytes),
            Self::Stream(pieces) => request.body(reqwest::Body::wrap_stream(pieces)),
        }
    }
}
