//! MCP sessions that go through the proxy: each belongs to the program that it was given to.

use crate::extent::Wanted;
use crate::permit::Permit;
use crate::start::{Request, Starts};
use peer::{Identity, Peer, Process};
use std::collections::VecDeque;

/// Sessions that are remembered; the oldest goes first. A client whose session is forgotten begins another,
/// as MCP tells it to.
const MOST: usize = 4096;

/// The sessions that are open, and the starts of applications in which the next may begin. `K` is what is kept
/// for as long as one is open.
#[derive(Debug)]
pub struct Sessions<K> {
    open: VecDeque<Session<K>>,
    starts: Starts,
}

#[derive(Debug)]
struct Session<K> {
    server_id: String,
    name: Name,
    own: Own<K>,
}

/// What belongs to one session alone.
#[derive(Debug)]
pub struct Own<K> {
    /// The person's leave, if it is for this session.
    pub once: Option<Permit>,
    /// What is kept, if there is anything.
    pub kept: Option<K>,
}

#[derive(Debug, PartialEq, Eq)]
enum Name {
    /// The server gave it an ID, by which any process of the program may go on with it.
    Given(Identity, String),
    /// The server knows no sessions: it is one run of the program.
    Run(Process),
}

impl Name {
    fn of(peer: &Peer, id: Option<&str>) -> Self {
        match id {
            Some(id) => Self::Given(peer.application().identity().clone(), id.to_owned()),
            None => Self::Run(peer.process()),
        }
    }
}

impl<K> Default for Sessions<K> {
    fn default() -> Self {
        Self { open: VecDeque::new(), starts: Starts::default() }
    }
}

impl<K: Clone> Sessions<K> {
    /// Begins a session, unless it has begun already, with what is its own.
    pub fn begin(&mut self, peer: &Peer, server_id: &str, id: Option<&str>, own: Own<K>) {
        let name = Name::of(peer, id);
        if let Some(session) =
            self.open.iter_mut().find(|session| session.server_id == server_id && session.name == name)
        {
            session.own.once = own.once.or(session.own.once.take());
            session.own.kept = own.kept.or(session.own.kept.take());
            return;
        }
        let taken = id.is_some_and(|id| self.is_known(server_id, id));
        if taken || (id.is_none() && own.is_empty()) {
            return;
        }
        if self.open.len() == MOST {
            self.open.pop_front();
        }
        self.open.push_back(Session { server_id: server_id.to_owned(), name, own });
    }

    fn is_known(&self, server_id: &str, id: &str) -> bool {
        let has_id = |name: &Name| matches!(name, Name::Given(_, other) if other == id);
        self.open.iter().any(|session| session.server_id == server_id && has_id(&session.name))
    }

    /// Whether this session belongs to this program.
    pub fn is_of(&self, peer: &Peer, server_id: &str, id: &str) -> bool {
        self.find(peer, server_id, Some(id)).is_some()
    }

    /// The person's leave, if it was given for this session alone.
    pub fn permit(&self, peer: &Peer, server_id: &str, id: Option<&str>) -> Option<Permit> {
        self.find(peer, server_id, id)?.own.once.as_ref().map(Permit::within_session)
    }

    /// What is kept for this session.
    pub fn kept(&self, peer: &Peer, server_id: &str, id: Option<&str>) -> Option<K> {
        self.find(peer, server_id, id)?.own.kept.clone()
    }

    /// What is kept for any session.
    pub fn all_kept(&self) -> impl Iterator<Item = &K> {
        self.open.iter().filter_map(|session| session.own.kept.as_ref())
    }

    fn find(&self, peer: &Peer, server_id: &str, id: Option<&str>) -> Option<&Session<K>> {
        let name = Name::of(peer, id);
        self.open.iter().find(|session| session.server_id == server_id && session.name == name)
    }

    /// Ends a session.
    pub fn end(&mut self, peer: &Peer, server_id: &str, id: Option<&str>) {
        let name = Name::of(peer, id);
        self.open.retain(|session| session.server_id != server_id || session.name != name);
    }

    /// Ends all sessions with a server.
    pub fn forget(&mut self, server_id: &str) {
        self.open.retain(|session| session.server_id != server_id);
        self.starts.forget(server_id);
    }

    /// Notes that the person has allowed this request once: the session that begins by it, and those of the
    /// same start of the application.
    pub fn allow_start(&mut self, request: Request<'_>, permit: &Permit) {
        self.starts.allow(request, permit);
    }

    /// The leave of the start that this request belongs to, as far as it reaches.
    pub fn permit_of_start(&mut self, request: Request<'_>, wanted: Wanted<'_>) -> Option<Permit> {
        self.starts.permit(request, wanted)
    }
}

impl<K> Own<K> {
    const fn is_empty(&self) -> bool {
        self.once.is_none() && self.kept.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixStream;

    #[test]
    fn no_more_sessions_are_remembered_than_there_is_room_for() {
        let (ours, _theirs) = UnixStream::pair().unwrap();
        let peer = Peer::of(&ours).unwrap();
        let mut sessions = Sessions::<()>::default();
        for number in 0..=MOST {
            sessions.begin(&peer, "server", Some(&number.to_string()), Own { once: None, kept: None });
        }
        assert_eq!(sessions.open.len(), MOST);
        assert!(!sessions.is_of(&peer, "server", "0"));
        assert!(sessions.is_of(&peer, "server", "1"));
        assert!(!sessions.is_of(&peer, "other", "1"));
        sessions.forget("server");
        assert!(sessions.open.is_empty());
    }
}
