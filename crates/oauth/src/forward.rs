//! Requests to an MCP server on behalf of an agent: streams both ways, of which nothing is held.

use std::task::{Context, Poll};
use std::time::Duration;

use ::http::header::ACCEPT_ENCODING;
use ::http::{HeaderMap, Method, StatusCode};
use bytes::Bytes;

use crate::address::Reach;
use crate::fault::{Fault, Kind, Party};
use crate::http::body::Upload;
use crate::http::coding::ACCEPTED;
use crate::http::response::{Response, is_events};
use crate::http::{Http, Request};
use crate::server::ServerUrl;
use crate::target::{Target, broke_off};

/// How long a server may take to receive a request and to begin its answer: a tool without a stream says
/// nothing before it is done. What follows has no limit; that the other side is still there is what the
/// system's keep-alive finds out.
const HEAD_TIME: Duration = Duration::from_mins(10);

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

    /// The next piece of the body, in which small ones that came together are one; nothing at its end.
    ///
    /// # Errors
    /// The answer broke off, or cannot be unpacked.
    pub fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Fault>> {
        self.response.poll_piece(context).map_err(|error| broke_off(at(&self.url), &*error))
    }

    /// Whether all of the body has come.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.response.is_over()
    }
}

/// The person named it.
fn at(server: &ServerUrl) -> Target<'_> {
    Target { url: server.url(), whose: Party::Server, reach: Reach::Loopback }
}
