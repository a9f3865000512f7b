//! What all streams of one application hear, made once for all of them.

use super::news::{News, Picture, news};
use bytes::Bytes;
use peer::{Application, Identity, Longest};
use serde_json::json;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// The walls that somebody looks at.
#[derive(Debug, Default)]
pub(super) struct Walls(Mutex<HashMap<(Identity, Longest), Weak<Wall>>>);

/// The place of the newest picture that one application sees.
#[derive(Debug, Default)]
pub(super) struct Wall(Mutex<Newest>);

#[derive(Debug, Default)]
struct Newest {
    /// After which ring of the bell it was drawn.
    rung: u64,
    hung: Option<Arc<Hung>>,
}

/// A picture, as it is told.
#[derive(Debug)]
pub(super) struct Hung {
    number: u64,
    picture: Picture,
    whole: Bytes,
    /// What is told to those who know the one with this number.
    after: Option<(u64, Bytes)>,
}

impl Walls {
    pub(super) fn of(&self, application: &Application) -> Arc<Wall> {
        let mut walls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (application.identity().clone(), application.longest());
        if let Some(wall) = walls.get(&key).and_then(Weak::upgrade) {
            return wall;
        }
        walls.retain(|_, wall| wall.strong_count() > 0);
        let wall = Arc::new(Wall::default());
        walls.insert(key, Arc::downgrade(&wall));
        wall
    }
}

impl Wall {
    /// The picture after this ring of the bell. One that was drawn for somebody else will do if it was after
    /// `since`; and where nothing has changed, it stays the same one.
    pub(super) fn look(&self, since: Option<u64>, rung: u64, draw: impl FnOnce() -> Picture) -> Arc<Hung> {
        let mut newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = newest.hung.take();
        let hung = match last {
            Some(last) if since.is_some_and(|since| newest.rung >= since) => last,
            last => {
                newest.rung = newest.rung.max(rung);
                let picture = draw();
                match last {
                    Some(last) if last.picture == picture => last,
                    last => Arc::new(Hung::after(last.as_deref(), picture)),
                }
            }
        };
        newest.hung = Some(Arc::clone(&hung));
        hung
    }
}

impl Hung {
    fn after(last: Option<&Self>, picture: Picture) -> Self {
        let whole = Bytes::from(event("servers", &json!(picture.servers)));
        let after = last.map(|last| (last.number, told(&last.picture, &picture, &whole)));
        Self { number: last.map_or(0, |last| last.number + 1), picture, whole, after }
    }

    /// What is told to somebody who knows `last`; nothing if that is this one.
    pub(super) fn since(&self, last: Option<&Self>) -> Option<Bytes> {
        let Some(last) = last else { return Some(self.whole.clone()) };
        if last.number == self.number {
            return None;
        }
        match &self.after {
            Some((number, told)) if *number == last.number => Some(told.clone()),
            Some(_) | None => Some(told(&last.picture, &self.picture, &self.whole)),
        }
    }
}

fn told(last: &Picture, now: &Picture, whole: &[u8]) -> Bytes {
    let said: String = news(last, now).iter().map(|news| event(news.name(), &news.data())).collect();
    let mut said = said.into_bytes();
    said.extend_from_slice(whole);
    said.into()
}

fn event(name: &str, data: &serde_json::Value) -> String {
    let mut event = String::new();
    let _ = write!(event, "event: {name}\ndata: {data}\n\n");
    event
}

impl News {
    fn data(&self) -> serde_json::Value {
        match self {
            Self::Removed(server)
            | Self::Revoked(server)
            | Self::Lapsed(server)
            | Self::RegistrationLost(server)
            | Self::Declined(server) => {
                json!({ "server": server })
            }
            Self::Consent(server, consent) => json!({ "server": server, "consent": consent }),
            Self::Locked(reason) => json!({ "reason": reason }),
            Self::Unlocked => json!({}),
        }
    }
}
