//! What an agent hears without asking: the servers after every change, and what a change took from it.

use super::news::Picture;
use super::wall::{Hung, Wall, Walls};
use crate::authority::agent::Agent;
use crate::http::body::Ignored;
use crate::http::problem::Refusal;
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use http::header;
use seats::{Listening, Seat};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How many streams one application hears at a time; whatever cannot be told from each other is one.
const LISTENERS: usize = 64;
/// How often something is said, so that it is known that the other side is there: a comment.
const ALIVE: Duration = Duration::from_secs(15);
const COMMENT: Bytes = Bytes::from_static(b":\n\n");
const END: Bytes = Bytes::from_static(b"event: end\ndata: {}\n\n");

/// The servers now and after every change of them, as server-sent events named `servers`; before each, one
/// event for everything that the change took or gave, by its name. The last is `end`.
///
/// Nothing is made before the agent takes it: for one that does not read, what it missed is summed up when it
/// reads on.
///
/// # Errors
/// This program hears them in many places already.
pub(super) async fn events(
    agent: Agent,
    Extension(seat): Extension<Arc<Seat>>,
    State(walls): State<Arc<Walls>>,
    _: Ignored,
) -> Result<Response, Refusal> {
    let listening = seat.listen(LISTENERS);
    let listening = listening.map_err(|_| problems::too_many_listeners(&agent.name(), LISTENERS))?;
    let told = Told {
        _listening: listening,
        over: agent.valet.over.subscribe(),
        changes: agent.valet.changes(),
        wall: walls.of(agent.peer.application()),
        agent,
        last: None,
        ended: false,
    };
    let kind = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-cache")];
    Ok((kind, Body::from_stream(stream::unfold(told, Told::next))).into_response())
}

/// What one agent has been told.
struct Told {
    agent: Agent,
    changes: watch::Receiver<u64>,
    over: watch::Receiver<bool>,
    wall: Arc<Wall>,
    last: Option<Arc<Hung>>,
    ended: bool,
    _listening: Listening,
}

impl Told {
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        loop {
            if self.ended {
                return None;
            }
            if *self.over.borrow_and_update() {
                self.ended = true;
                return Some((Ok(END), self));
            }
            let rung = *self.changes.borrow_and_update();
            let now = self.look(rung);
            if let Some(news) = now.since(self.last.as_deref()) {
                self.last = Some(now);
                return Some((Ok(news), self));
            }
            tokio::select! {
                changed = self.changes.changed() => changed.ok()?,
                over = self.over.changed() => over.ok()?,
                () = tokio::time::sleep(ALIVE) => return Some((Ok(COMMENT), self)),
            }
        }
    }

    /// Who has just come looks for itself: what was drawn may have been so a while ago.
    fn look(&self, rung: u64) -> Arc<Hung> {
        let draw = || Picture { servers: self.agent.servers(), locked: self.agent.why_locked() };
        self.wall.look(self.last.as_ref().map(|_| rung), rung, draw)
    }
}
