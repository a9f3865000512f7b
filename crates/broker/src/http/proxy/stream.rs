//! The server's answer on its way to the agent, piece by piece: the next is taken when the agent has the one
//! before.

use super::endpoint::Endpoint;
use super::leave::Leave;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use http::header::{CONTENT_LENGTH, TE, TRAILER};
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body_util::StreamBody;
use hyper::body::Frame;
use oauth::Download;
use relay::headers::to_agent;
use serde_json::{Value, json};
use std::io;
use std::time::Duration;
use tokio::sync::mpsc;
use wire::Problem;

/// How long an agent that reads slowly is given for the last words on its stream.
const PARTING: Duration = Duration::from_secs(1);
const TOLD: HeaderName = HeaderName::from_static(wire::PROBLEM_TRAILER);

type Pipe = mpsc::Sender<Result<Frame<Bytes>, io::Error>>;

/// How an agent learns that an answer broke off.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BreakOff {
    /// By a trailer that says why (RFC 9110 §6.5).
    Said,
    /// By its connection, which breaks off as well.
    Unsaid,
}

impl BreakOff {
    /// For an agent that asks with these headers.
    pub(super) fn to(agent: &HeaderMap) -> Self {
        if agent.get(TE).is_some_and(|takes| takes == "trailers") { Self::Said } else { Self::Unsaid }
    }

    fn announce(self, headers: &mut HeaderMap) {
        if self == Self::Said {
            headers.remove(CONTENT_LENGTH);
            headers.insert(TRAILER, HeaderValue::from_static(wire::PROBLEM_TRAILER));
        }
    }

    fn frame(self, problem: &Problem) -> Result<Frame<Bytes>, io::Error> {
        let value = HeaderValue::from_maybe_shared(Bytes::from(json!(problem).to_string()));
        match (self, value) {
            (Self::Said, Ok(value)) => Ok(Frame::trailers(HeaderMap::from_iter([(TOLD, value)]))),
            (Self::Said, Err(_)) | (Self::Unsaid, _) => Err(io::Error::other("the answer broke off")),
        }
    }
}

/// The answer as the agent gets it, with these headers of it. `endpoint` looks at a stream in which one may be
/// named. It ends when `leave` is taken back; `farewell`
/// makes the JSON-RPC error that then ends a stream of events.
pub(super) fn answer(
    download: Download,
    headers: &HeaderMap,
    leave: Leave,
    endpoint: Option<Endpoint>,
    break_off: BreakOff,
    farewell: impl Fn(&Problem) -> Option<Value> + Send + Sync + 'static,
) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = download.status();
    *response.headers_mut() = to_agent(headers);
    break_off.announce(response.headers_mut());
    let events = download.is_events();
    let (pipe, pieces) = mpsc::channel(1);
    let runtime = leave.agent.valet.runtime.clone();
    runtime.spawn(async move {
        let server = leave.meant.name.clone();
        let mut flow = Flow { server, download, pipe, endpoint, break_off, end: *b"\n\n\n\n" };
        tokio::select! {
            () = flow.run() => {}
            problem = leave.taken_back() => {
                let last_words = farewell(&problem).filter(|_| events);
                let _ = tokio::time::timeout(PARTING, flow.end(last_words, &problem)).await;
            }
        }
    });
    let next = |mut pieces: mpsc::Receiver<_>| async { pieces.recv().await.map(|piece| (piece, pieces)) };
    *response.body_mut() = Body::new(StreamBody::new(stream::unfold(pieces, next)));
    response
}

struct Flow {
    server: String,
    download: Download,
    pipe: Pipe,
    endpoint: Option<Endpoint>,
    break_off: BreakOff,
    /// The last bytes that went through.
    end: [u8; 4],
}

impl Flow {
    /// Until the server's answer ends, or the agent is gone.
    async fn run(&mut self) {
        loop {
            let piece = tokio::select! {
                piece = self.download.piece() => piece.map(|piece| piece.map(|piece| self.look(piece))),
                said = said(&mut self.endpoint) => Ok(Some(Ok(event("message", &said)))),
                () = self.pipe.closed() => return,
            };
            match piece {
                Ok(Some(Ok(piece))) if piece.is_empty() => {}
                Ok(Some(Ok(piece))) => {
                    self.remember(&piece);
                    if self.pipe.send(Ok(Frame::data(piece))).await.is_err() {
                        return;
                    }
                }
                Ok(Some(Err(problem))) => {
                    let _ = self.pipe.send(Ok(Frame::data(event("problem", &json!(problem))))).await;
                    return;
                }
                Ok(None) => return,
                Err(fault) => {
                    tracing::debug!(%fault, "a server's answer broke off");
                    let problem = match fault.is_transient() {
                        true => problems::broke_off(&self.server, &self.download.host()),
                        false => problems::fault(&fault),
                    };
                    let _ = self.pipe.send(self.break_off.frame(&problem)).await;
                    return;
                }
            }
        }
    }

    fn look(&mut self, piece: Bytes) -> Result<Bytes, Problem> {
        match &mut self.endpoint {
            Some(endpoint) => endpoint.pass(&piece),
            None => Ok(piece),
        }
    }

    fn remember(&mut self, piece: &[u8]) {
        for byte in piece.iter().rev().take(self.end.len()).rev() {
            self.end.rotate_left(1);
            self.end[3] = *byte;
        }
    }

    /// Ends before the server does. Amid an event there is nothing to be said there any more; the answer breaks
    /// off then.
    async fn end(&mut self, last_words: Option<Value>, problem: &Problem) {
        let between_events =
            matches!(self.end, [.., b'\n', b'\n'] | [.., b'\r', b'\r'] | [b'\r', b'\n', b'\r', b'\n']);
        let last = match last_words {
            Some(error) if between_events => Ok(Frame::data(event("message", &error))),
            Some(_) | None => self.break_off.frame(problem),
        };
        let _ = self.pipe.send(last).await;
    }
}

/// What the valet itself has to say on the stream.
async fn said(endpoint: &mut Option<Endpoint>) -> Value {
    match endpoint {
        Some(endpoint) => endpoint.said().await,
        None => std::future::pending().await,
    }
}

fn event(kind: &str, data: &Value) -> Bytes {
    format!("event: {kind}\ndata: {data}\n\n").into()
}
