//! Servers of the older transport, HTTP+SSE (MCP 2024-11-05): a stream opened by GET, whose `endpoint` event
//! says where messages are posted. The agent is told an address of the valet instead, which leads there.
//!
//! No such event passes as the server wrote it: the agent would post to whatever path of the valet it names.

use crate::authority::agent::Agent;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use bytes::{Bytes, BytesMut};
use consent::permit::Permit;
use consent::session::{Own, UnderWay};
use oauth::{ServerUrl, Transport};
use relay::events::{Events, Piece};
use serde_json::Value;
use state::kept::{Carried, Stream};
use state::meant::Meant;
use std::task::{Context, Poll};
use tokio::sync::mpsc;
use wire::Problem;

/// Answers of the valet's own that wait for their way into the stream.
const WAITING: usize = 16;
/// What stands before the session in the address that an agent is told.
pub(super) const QUERY: &str = "session=";

/// The stream that an agent has opened.
pub(super) struct AgentStream {
    pub(super) agent: Agent,
    pub(super) meant: Meant,
    /// The path by which the agent asks for the server.
    pub(super) path: String,
    /// Where the stream comes from.
    pub(super) from: ServerUrl,
    /// The person's leave, if it is for this session alone.
    pub(super) once: Option<Permit>,
    pub(super) kept: Carried,
}

/// A stream in which an endpoint may be named. The session goes on until this is dropped.
pub(super) struct EndpointStream {
    opened: AgentStream,
    session: String,
    says: mpsc::Sender<Value>,
    said: mpsc::Receiver<Value>,
    events: Events,
    under_way: Option<UnderWay>,
}

impl EndpointStream {
    pub(super) fn of(opened: AgentStream) -> Self {
        let session = BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>());
        let (says, said) = mpsc::channel(WAITING);
        Self { opened, session, says, said, events: Events::default(), under_way: None }
    }

    /// The session that begins once it names an endpoint.
    pub(super) fn session(&self) -> &str {
        &self.session
    }

    /// What of a piece of the stream goes to the agent.
    pub(super) fn pass(&mut self, piece: &[u8]) -> Result<Bytes, Problem> {
        let mut pieces = self.events.take(piece);
        if let [Piece::Other(bytes)] = pieces.as_mut_slice() {
            return Ok(std::mem::take(bytes));
        }
        let mut passes = BytesMut::new();
        for piece in pieces {
            match piece {
                Piece::Other(bytes) => passes.extend_from_slice(&bytes),
                Piece::Endpoint(address) => passes.extend_from_slice(self.tell(&address)?.as_bytes()),
                Piece::TooLong => return Err(problems::endpoint_elsewhere(&self.opened.meant.name)),
            }
        }
        Ok(passes.freeze())
    }

    /// The next answer of the valet's own, between two events.
    pub(super) fn poll_said(&mut self, context: &mut Context<'_>) -> Poll<Value> {
        if !self.events.is_between() {
            return Poll::Pending;
        }
        match self.said.poll_recv(context) {
            Poll::Ready(Some(said)) => Poll::Ready(said),
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }

    /// Begins the session, or goes on with it by another address, and says so to the agent.
    fn tell(&mut self, address: &str) -> Result<String, Problem> {
        let AgentStream { agent, meant, path, from, once, kept } = &self.opened;
        let endpoint = from.beside(address).ok_or_else(|| problems::endpoint_elsewhere(&meant.name))?;
        let stream = Some(Stream { endpoint, says: self.says.clone() });
        agent.valet.book().meant_mut(meant)?.transport = Some(Transport::Older);
        let kept = Carried { cookies: kept.cookies.clone(), stream };
        let own = Own { once: once.as_ref().map(Permit::within_session), kept: Some(kept) };
        let now = agent.valet.clock.now();
        self.under_way = agent.valet.sessions().begin(&agent.peer, &meant.id, Some(&self.session), own, now);
        Ok(format!("event: endpoint\ndata: {path}?{QUERY}{}\n\n", self.session))
    }
}

impl Drop for EndpointStream {
    fn drop(&mut self) {
        let AgentStream { agent, meant, .. } = &self.opened;
        agent.valet.sessions().end(&agent.peer, &meant.id, Some(&self.session));
    }
}
