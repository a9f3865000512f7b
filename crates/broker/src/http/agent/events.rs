//! What an agent hears without asking: the servers after every change, and what a change took from it.

use super::news::{News, Picture, news};
use crate::authority::agent::Agent;
use crate::http::body::Ignored;
use crate::http::problem::Refusal;
use axum::Extension;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, stream};
use seats::{Listening, Seat};
use serde_json::json;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use tokio::sync::watch;
use wire::Problem;

/// How many streams one application hears at a time; whatever cannot be told from each other is one.
const LISTENERS: usize = 64;

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
    _: Ignored,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let listening = seat.listen(LISTENERS);
    let listening = listening.map_err(|_| problems::too_many_listeners(&agent.name(), LISTENERS))?;
    let told = Told {
        _listening: listening,
        over: agent.valet.over.subscribe(),
        changes: agent.valet.changes(),
        agent,
        last: None,
        next: VecDeque::new(),
        ended: false,
    };
    Ok(Sse::new(stream::unfold(told, Told::next)).keep_alive(KeepAlive::default()))
}

/// What one agent has been told.
struct Told {
    agent: Agent,
    changes: watch::Receiver<u64>,
    over: watch::Receiver<bool>,
    last: Option<Picture>,
    /// What the last change came to, as far as it has not been told.
    next: VecDeque<News>,
    ended: bool,
    _listening: Listening,
}

impl Told {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            if let Some(news) = self.next.pop_front() {
                let event = Event::default().event(news.name()).json_data(news.data()).ok()?;
                return Some((Ok(event), self));
            }
            if self.ended {
                return None;
            }
            if *self.over.borrow_and_update() {
                self.ended = true;
                self.next.push_back(News::End);
                continue;
            }
            let _ = self.changes.borrow_and_update();
            let now = self.look();
            if self.last.as_ref() != Some(&now) {
                self.next.extend(self.last.as_ref().map(|last| news(last, &now)).unwrap_or_default());
                self.next.push_back(News::Servers(now.servers.clone()));
                self.last = Some(now);
                continue;
            }
            tokio::select! {
                changed = self.changes.changed() => changed.ok()?,
                over = self.over.changed() => over.ok()?,
            }
        }
    }

    fn look(&self) -> Picture {
        let locked = self.agent.valet.view.borrow().locked.as_ref().and_then(Problem::reason);
        Picture { servers: self.agent.servers(), locked }
    }
}

impl News {
    fn data(&self) -> serde_json::Value {
        match self {
            Self::Servers(servers) => json!(servers),
            Self::Removed(server)
            | Self::Revoked(server)
            | Self::Lapsed(server)
            | Self::RegistrationLost(server)
            | Self::Declined(server) => {
                json!({ "server": server })
            }
            Self::Consent(server, consent) => json!({ "server": server, "consent": consent }),
            Self::Locked(reason) => json!({ "reason": reason }),
            Self::Unlocked | Self::End => json!({}),
        }
    }
}
