//! The server's answer on its way to the agent, piece by piece: the next is taken when the agent has the one
//! before.

use super::endpoint::Endpoint;
use super::headers::to_agent;
use super::leave::Leave;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use http::HeaderMap;
use oauth::Download;
use serde_json::{Value, json};
use std::io;
use std::time::Duration;
use tokio::sync::mpsc;
use wire::Problem;

/// How long an agent that reads slowly is given for the last words on its stream.
const PARTING: Duration = Duration::from_secs(1);

type Pipe = mpsc::Sender<Result<Bytes, io::Error>>;

/// The answer as the agent gets it, with these headers of it. `endpoint` looks at a stream in which one may be
/// named. It ends when `leave` is taken back; `farewell`
/// makes the JSON-RPC error that then ends a stream of events.
pub(super) fn answer(
    download: Download,
    headers: &HeaderMap,
    leave: Leave,
    endpoint: Option<Endpoint>,
    farewell: impl Fn(&Problem) -> Option<Value> + Send + Sync + 'static,
) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = download.status();
    *response.headers_mut() = to_agent(headers);
    let events = download.is_events();
    let (pipe, pieces) = mpsc::channel(1);
    let runtime = leave.agent.valet.runtime.clone();
    runtime.spawn(async move {
        let mut flow = Flow { download, pipe, endpoint, end: *b"\n\n\n\n" };
        tokio::select! {
            () = flow.run() => {}
            problem = leave.taken_back() => {
                let last_words = farewell(&problem).filter(|_| events);
                let _ = tokio::time::timeout(PARTING, flow.end(last_words)).await;
            }
        }
    });
    let next = |mut pieces: mpsc::Receiver<_>| async { pieces.recv().await.map(|piece| (piece, pieces)) };
    *response.body_mut() = Body::from_stream(stream::unfold(pieces, next));
    response
}

struct Flow {
    download: Download,
    pipe: Pipe,
    endpoint: Option<Endpoint>,
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
                    if self.pipe.send(Ok(piece)).await.is_err() {
                        return;
                    }
                }
                Ok(Some(Err(problem))) => {
                    let _ = self.pipe.send(Ok(event("problem", &json!(problem)))).await;
                    return;
                }
                Ok(None) => return,
                Err(fault) => {
                    tracing::debug!(%fault, "a server's answer broke off");
                    let _ = self.pipe.send(Err(io::Error::other("the server's answer broke off"))).await;
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

    /// Ends before the server does. Amid an event there is nothing to be said any more; the connection breaks
    /// off then.
    async fn end(&mut self, last_words: Option<Value>) {
        let between_events =
            matches!(self.end, [.., b'\n', b'\n'] | [.., b'\r', b'\r'] | [b'\r', b'\n', b'\r', b'\n']);
        let last = match last_words {
            Some(error) if between_events => Ok(event("message", &error)),
            Some(_) | None => Err(io::Error::other("the leave for it was taken back")),
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
