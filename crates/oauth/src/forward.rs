//! Requests to an MCP server on behalf of an agent: streams both ways, of which nothing is held.

use std::error::Error;
use std::pin::Pin;
use std::time::Duration;

use ::http::{HeaderMap, Method, StatusCode};
use bytes::Bytes;
use futures_util::Stream;

use crate::address::Reach;
use crate::direct::Direct;
use crate::fault::{Fault, Kind, Party};
use crate::http::Http;
use crate::obstacle::Obstacle;
use crate::response::Response;
use crate::server::ServerUrl;
use crate::target::{Target, failed};

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

/// One request to a server. What its headers are is the caller's business.
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
    host: String,
    response: Response,
}

impl Http {
    /// Sends a request to the server itself, which may be anywhere since the person named it. A redirect is
    /// an answer like any other.
    ///
    /// # Errors
    /// The server cannot be reached, or does not begin to answer within ten minutes.
    pub async fn forward(&self, forward: Forward<'_>) -> Result<Download, Fault> {
        let target = Target { url: forward.server.url(), whose: Party::Server, reach: Reach::Loopback };
        target.permit()?;
        if let Some(server) = self.kept_direct(target) {
            return directly(server, target, forward).await;
        }
        let request =
            self.kept_proxied().request(forward.method, target.url.clone()).headers(forward.headers);
        let request = match forward.body {
            Upload::Whole(bytes) if bytes.is_empty() => request,
            Upload::Whole(bytes) => request.body(bytes),
            Upload::Stream(pieces) => request.body(reqwest::Body::wrap_stream(pieces)),
        };
        let answer = tokio::time::timeout(HEAD_TIME, request.send()).await;
        let answer = answer.map_err(|_| target.fault(Kind::Slow { host: target.host() }))?;
        let response = answer.map_err(|error| failed(target, error, self.proxy(target.url)))?;
        Ok(Download { host: target.host(), response: Response::ByProxy(Box::new(response)) })
    }
}

async fn directly(server: &Direct, target: Target<'_>, forward: Forward<'_>) -> Result<Download, Fault> {
    let answer = server.ask(target, forward.method, forward.headers, forward.body);
    let answer = tokio::time::timeout(HEAD_TIME, answer).await;
    let answer = answer.map_err(|_| target.fault(Kind::Slow { host: target.host() }))?;
    let response = answer.map_err(|lost| lost.fault)?;
    Ok(Download { host: target.host(), response })
}

impl Download {
    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The next piece of the body; nothing at its end. It can be asked again after it was cancelled.
    ///
    /// # Errors
    /// The answer broke off.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Fault> {
        let broke_off =
            |_| Fault::server(Kind::Unreachable { host: self.host.clone(), obstacle: Obstacle::Other });
        self.response.piece().await.map_err(broke_off)
    }
}
