//! How a server speaks MCP over HTTP, as far as that can be seen without a token.

use ::http::header::{ACCEPT, CONTENT_TYPE};
use ::http::{HeaderMap, HeaderValue, Method, StatusCode};

use crate::address::Reach;
use crate::fault::{Fault, Kind, Party};
use crate::http::{Head, Http};
use crate::onward::{MOST_ONWARD, onward};
use crate::server::ServerUrl;
use crate::target::Target;
use words::say;

const EVENTS: &str = "text/event-stream";

/// A transport of MCP over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Streamable HTTP (MCP 2025-03-26 and later): messages are posted at the server's own address.
    Streamable,
    /// HTTP+SSE (MCP 2024-11-05): a stream says where messages are posted, and brings the answers.
    Older,
}

/// What a server answers to one request, and where it sent that on, if it did.
pub(crate) struct Reached {
    pub(crate) head: Head,
    pub(crate) onward: Option<ServerUrl>,
}

/// One request without a token. The person named the server, so it may be anywhere, and is followed where it
/// sends the request on within itself.
pub(crate) async fn reach(
    http: &Http,
    server: &ServerUrl,
    method: Method,
    headers: HeaderMap,
    body: Vec<u8>,
) -> Result<Reached, Fault> {
    let (mut here, mut hops) = (server.clone(), 0);
    loop {
        let target = Target { url: here.url(), whose: Party::Server, reach: Reach::Loopback };
        let head = http.for_head(target, method.clone(), headers.clone(), body.clone()).await?;
        match onward(server, &here, &method, (head.status, &head.headers)) {
            Some(_) if hops == MOST_ONWARD => {
                let problem = say!(fault_answer_too_many_redirects);
                return Err(target.fault(Kind::Answer { host: target.host(), problem }));
            }
            Some(next) => (here, hops) = (next, hops + 1),
            None => return Ok(Reached { head, onward: (hops > 0).then_some(here) }),
        }
    }
}

/// Whether this answer to a posted message may mean that messages are posted elsewhere (MCP 2025-03-26,
/// Transports, "Backwards Compatibility").
pub(crate) fn may_be_older(status: StatusCode) -> bool {
    let means_else = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::TOO_MANY_REQUESTS];
    status.is_client_error() && !means_else.contains(&status)
}

/// Asks for the stream of the older transport: what it says, if that is a stream or wants a sign-in.
pub(crate) async fn listen(http: &Http, server: &ServerUrl) -> Option<Head> {
    let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(EVENTS))]);
    let head = reach(http, server, Method::GET, headers, Vec::new()).await.ok()?.head;
    let kind = head.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_stream = kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(EVENTS));
    let is_older = head.status == StatusCode::UNAUTHORIZED || (head.status.is_success() && is_stream);
    is_older.then_some(head)
}
