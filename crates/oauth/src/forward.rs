//! Requests to an MCP server on behalf of an agent: streams both ways, of which nothing is held.

use std::error::Error;
use std::pin::Pin;
use std::time::Duration;

use ::http::header::ACCEPT_ENCODING;
use ::http::{HeaderMap, Method, StatusCode};
use bytes::Bytes;
use futures_util::Stream;

use crate::address::Reach;
use crate::fault::{Fault, Kind, Party};
use crate::http::coding::ACCEPTED;
use crate::http::response::{Response, is_events};
use crate::http::{Http, Request};
use crate::server::ServerUrl;
use crate::target::{Target, broke_off};

/// How long a server may take to receive a request and to begin its answer: a tool without a stream says
/// nothing before it is done. What follows has no limit; that the other side is still there is what the
/// system's keep-alive finds out.
const HEAD_TIME: Duration = Duration::from_mins(10);

/// What is sent along with a request.
pub enum Upload {
    /// All of it.
    Whole(Bytes),
    /// It comes in pieces, each asked for when the one before is sent.
    Stream(Pieces),
}

/// A body in pieces.
pub type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, Box<dyn Error + Send + Sync>>> + Send>>;

/// One request to a server. What its headers are is the caller's business, but for how the answer is coded on
/// its way: that is undone here.
pub struct Forward<'a> {
    /// Where to, exactly.
    pub server: &'a ServerUrl,
    /// The method.
    pub method: Method,
    /// All headers, with the credential.
    pub headers: HeaderMap,
    /// The body.
    pub body: Upload,
}

/// An answer that has begun.
#[derive(Debug)]
pub struct Download {
    url: ServerUrl,
    response: Response,
}

impl Http {
    /// Sends a request to the server itself, which may be anywhere since the person named it. A redirect is
    /// an answer like any other.
    ///
    /// # Errors
    /// The server cannot be reached, does not begin to answer within ten minutes, or answers in a coding that
    /// cannot be read.
    pub async fn forward(&self, forward: Forward<'_>) -> Result<Download, Fault> {
        let target = at(forward.server);
        let mut headers = forward.headers;
        headers.insert(ACCEPT_ENCODING, ACCEPTED);
        let request = Request { method: forward.method, headers, body: forward.body };
        let answer = async {
            let response = self.ask(target, request).await?;
            if has_head_alone(response.status) { Ok(response) } else { response.decoded(target).await }
        };
        let answer = tokio::time::timeout(HEAD_TIME, answer).await;
        let response = answer.map_err(|_| target.fault(Kind::Slow { host: target.host() }))??;
        Ok(Download { url: forward.server.clone(), response })
    }
}

/// Whether nobody looks at the body: what a server wants first, or where else it is, its head says.
fn has_head_alone(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) || status.is_redirection()
}

impl Upload {
    pub(crate) fn by_proxy(self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        match self {
            Self::Whole(bytes) if bytes.is_empty() => request,
            Self::Whole(bytes) => request.body(bytes),
            Self::Stream(pieces) => request.body(reqwest::Body::wrap_stream(pieces)),
        }
    }
}

impl Download {
    /// The host that was asked, as its URL has it.
    #[must_use]
    pub fn host(&self) -> String {
        at(&self.url).host()
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.response.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.response.headers
    }

    /// Whether it is a stream of events.
    #[must_use]
    pub fn is_events(&self) -> bool {
        is_events(&self.response.headers)
    }

    /// The next piece of the body; nothing at its end. It can be asked again after it was cancelled.
    ///
    /// # Errors
    /// The answer broke off, or cannot be unpacked.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Fault> {
        self.response.piece().await.map_err(|error| broke_off(at(&self.url), &*error))
    }
}

/// The person named it.
fn at(server: &ServerUrl) -> Target<'_> {
    Target { url: server.url(), whose: Party::Server, reach: Reach::Loopback }
}
