//! Lists of tools that programs have asked for. The answer to a request may come by another stream of the
//! same session: always with the older transport, and where a stream is gone on with (MCP, Streamable HTTP,
//! "Resumability and Redelivery").

use crate::session::Key;
use lru::LruCache;
use peer::Peer;
use serde_json::Value;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// Requests that are remembered; the one that was asked first goes first, and what its answer lists is then
/// not known.
const MOST: NonZeroUsize = NonZeroUsize::new(512).unwrap();
/// Bytes of an ID and a cursor that are remembered.
const LONGEST: usize = 8 << 10;

/// A list that a program has asked for.
#[derive(Debug)]
pub struct ListAsked {
    /// The ID of the request.
    pub id: Value,
    /// Where in the list it goes on.
    pub cursor: Option<String>,
    /// The grant that was shown with it.
    pub grant: String,
}

/// The lists that have not come.
#[derive(Debug)]
pub struct Awaited {
    lists: LruCache<(Key, String), Arc<ListAsked>>,
}

impl ListAsked {
    /// Whether an answer with this ID is to this. Some servers answer a number with its digits in quotes.
    pub fn has_id(&self, id: &Value) -> bool {
        written(&self.id) == written(id)
    }

    fn is_short(&self) -> bool {
        written(&self.id).len() + self.cursor.as_ref().map_or(0, String::len) <= LONGEST
    }
}

impl Default for Awaited {
    fn default() -> Self {
        Self { lists: LruCache::new(MOST) }
    }
}

impl Awaited {
    /// A program asks for this in this session.
    pub fn note(&mut self, peer: &Peer, server_id: &str, session: Option<&str>, asked: &Arc<ListAsked>) {
        if asked.is_short() {
            self.lists.put((Key::of(peer, server_id, session), written(&asked.id)), Arc::clone(asked));
        }
    }

    /// What this is the answer to, which came by a stream of this session. It is the answer once.
    pub fn take(
        &mut self,
        peer: &Peer,
        server_id: &str,
        session: Option<&str>,
        id: &Value,
    ) -> Option<Arc<ListAsked>> {
        self.lists.pop(&(Key::of(peer, server_id, session), written(id)))
    }

    /// Whether anything is awaited in this session.
    pub fn awaits(&self, peer: &Peer, server_id: &str, session: Option<&str>) -> bool {
        let key = Key::of(peer, server_id, session);
        self.lists.iter().any(|((of, _), _)| *of == key)
    }

    /// The answer to this has come, by whichever way.
    pub fn came(&mut self, peer: &Peer, server_id: &str, session: Option<&str>, asked: &Arc<ListAsked>) {
        let key = (Key::of(peer, server_id, session), written(&asked.id));
        if self.lists.peek(&key).is_some_and(|awaited| Arc::ptr_eq(awaited, asked)) {
            self.lists.pop(&key);
        }
    }
}

fn written(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::os::unix::net::UnixStream;

    fn asked(id: Value) -> Arc<ListAsked> {
        Arc::new(ListAsked { id, cursor: None, grant: "grant".to_owned() })
    }

    fn peer() -> Peer {
        Peer::of(&UnixStream::pair().unwrap().0).unwrap()
    }

    #[test]
    fn an_answer_is_to_the_request_of_its_session_and_server_and_once() {
        let (mut awaited, peer) = (Awaited::default(), peer());
        awaited.note(&peer, "server", Some("session"), &asked(json!(7)));
        for (server, session, id) in [
            ("other", Some("session"), 7),
            ("server", Some("other"), 7),
            ("server", None, 7),
            ("server", Some("session"), 8),
        ] {
            assert!(awaited.take(&peer, server, session, &json!(id)).is_none(), "{server} {session:?} {id}");
        }
        assert!(awaited.awaits(&peer, "server", Some("session")) && !awaited.awaits(&peer, "server", None));
        assert!(awaited.take(&peer, "server", Some("session"), &json!("7")).is_some(), "in quotes");
        assert!(awaited.take(&peer, "server", Some("session"), &json!(7)).is_none());
    }

    #[test]
    fn what_came_is_awaited_no_more_but_a_later_request_with_its_id_is() {
        let (mut awaited, peer, first, later) =
            (Awaited::default(), peer(), asked(json!(1)), asked(json!(1)));
        awaited.note(&peer, "server", None, &first);
        awaited.note(&peer, "server", None, &later);
        awaited.came(&peer, "server", None, &first);
        assert!(awaited.take(&peer, "server", None, &json!(1)).is_some());
        awaited.note(&peer, "server", None, &later);
        awaited.came(&peer, "server", None, &later);
        assert!(awaited.take(&peer, "server", None, &json!(1)).is_none());
    }

    #[test]
    fn no_more_is_remembered_than_there_is_room_for() {
        let (mut awaited, peer) = (Awaited::default(), peer());
        (0..=MOST.get()).for_each(|id| awaited.note(&peer, "server", None, &asked(json!(id))));
        assert_eq!(awaited.lists.len(), MOST.get());
        assert!(awaited.take(&peer, "server", None, &json!(0)).is_none());
        awaited.note(&peer, "server", None, &asked(json!("x".repeat(LONGEST + 1))));
        assert_eq!(awaited.lists.len(), MOST.get());
    }
}
