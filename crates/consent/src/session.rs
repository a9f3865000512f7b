//! MCP sessions that go through the proxy: each belongs to the program that it was given to, and is found at
//! once however many are open.

use crate::extent::Wanted;
use crate::permit::Permit;
use crate::start::{Request, Starts};
use jiff::{SignedDuration, Timestamp};
use lru::LruCache;
use peer::{Identity, Peer, Process};
use std::sync::Arc;

/// Sessions that are remembered; the one that was unused for longest goes first. A client whose session is
/// forgotten begins another, as MCP tells it to.
const MOST: usize = 4096;
/// How long a session is remembered in which nothing is asked and no answer is under way.
const IDLE: SignedDuration = SignedDuration::from_hours(24);

/// The sessions that are open, and the starts of applications in which the next may begin. `K` is what is
/// kept for as long as one is open.
#[derive(Debug)]
pub struct Sessions<K> {
    open: LruCache<Key, Session<K>>,
    starts: Starts,
}

#[derive(Debug)]
struct Session<K> {
    whose: Whose,
    own: Own<K>,
    used: Timestamp,
    /// Held by whatever is under way in it.
    under_way: Arc<()>,
}

/// What belongs to one session alone.
#[derive(Debug)]
pub struct Own<K> {
    /// The person's leave, if it is for this session.
    pub once: Option<Permit>,
    /// What is kept, if there is anything.
    pub kept: Option<K>,
}

/// An answer that is under way in a session, which is not idle until this is dropped.
#[derive(Debug)]
pub struct UnderWay {
    _session: Arc<()>,
}

/// By what a session is found.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    server_id: String,
    name: Name,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Name {
    /// The server gave it an ID.
    Given(String),
    /// The server knows no sessions: it is one run of the program.
    Run(Process),
}

/// Who goes on with a session.
#[derive(Debug)]
enum Whose {
    /// Any process of the program that it was given to.
    Program(Identity),
    /// The run that it is.
    Run,
}

impl Key {
    pub(crate) fn of(peer: &Peer, server_id: &str, id: Option<&str>) -> Self {
        let name = id.map_or_else(|| Name::Run(peer.process()), |id| Name::Given(id.to_owned()));
        Self { server_id: server_id.to_owned(), name }
    }
}

impl<K> Session<K> {
    fn is_of(&self, peer: &Peer) -> bool {
        match &self.whose {
            Whose::Program(identity) => identity == peer.application().identity(),
            Whose::Run => true,
        }
    }

    fn is_idle(&self, now: Timestamp) -> bool {
        Arc::strong_count(&self.under_way) == 1 && now.duration_since(self.used) >= IDLE
    }

    fn goes_on(&mut self, now: Timestamp) -> UnderWay {
        self.used = now;
        UnderWay { _session: Arc::clone(&self.under_way) }
    }
}

impl<K> Default for Sessions<K> {
    fn default() -> Self {
        Self { open: LruCache::unbounded(), starts: Starts::default() }
    }
}

impl<K: Clone> Sessions<K> {
    /// Begins a session, or goes on with it, with what is its own. Nothing where there is none, or it is
    /// another program's.
    pub fn begin(
        &mut self,
        peer: &Peer,
        server_id: &str,
        id: Option<&str>,
        own: Own<K>,
        now: Timestamp,
    ) -> Option<UnderWay> {
        let key = Key::of(peer, server_id, id);
        if let Some(session) = self.open.get_mut(&key).filter(|session| !session.is_idle(now)) {
            if !session.is_of(peer) {
                return None;
            }
            session.own.once = own.once.or(session.own.once.take());
            session.own.kept = own.kept.or(session.own.kept.take());
            return Some(session.goes_on(now));
        }
        if id.is_none() && own.is_empty() {
            return None;
        }
        self.make_room(now);
        let whose = id.map_or(Whose::Run, |_| Whose::Program(peer.application().identity().clone()));
        let mut session = Session { whose, own, used: now, under_way: Arc::default() };
        let under_way = session.goes_on(now);
        self.open.put(key, session);
        Some(under_way)
    }

    /// Ends those that are idle, and of too many the one that was unused for longest.
    fn make_room(&mut self, now: Timestamp) {
        while let Some((_, oldest)) = self.open.peek_lru()
            && (oldest.is_idle(now) || self.open.len() >= MOST)
        {
            self.open.pop_lru();
        }
    }

    /// Whether this session belongs to this program.
    pub fn is_of(&self, peer: &Peer, server_id: &str, id: &str, now: Timestamp) -> bool {
        self.find(peer, server_id, Some(id), now).is_some()
    }

    /// The person's leave, if it was given for this session alone.
    pub fn permit(&self, peer: &Peer, server_id: &str, id: Option<&str>, now: Timestamp) -> Option<Permit> {
        self.find(peer, server_id, id, now)?.own.once.as_ref().map(Permit::within_session)
    }

    /// What is kept for this session.
    pub fn kept(&self, peer: &Peer, server_id: &str, id: Option<&str>, now: Timestamp) -> Option<K> {
        self.find(peer, server_id, id, now)?.own.kept.clone()
    }

    /// What is kept for any session.
    pub fn all_kept(&self) -> impl Iterator<Item = &K> {
        self.open.iter().filter_map(|(_, session)| session.own.kept.as_ref())
    }

    fn find(&self, peer: &Peer, server_id: &str, id: Option<&str>, now: Timestamp) -> Option<&Session<K>> {
        let session = self.open.peek(&Key::of(peer, server_id, id))?;
        (session.is_of(peer) && !session.is_idle(now)).then_some(session)
    }

    /// Ends a session.
    pub fn end(&mut self, peer: &Peer, server_id: &str, id: Option<&str>) {
        let key = Key::of(peer, server_id, id);
        if self.open.peek(&key).is_some_and(|session| session.is_of(peer)) {
            self.open.pop(&key);
        }
    }

    /// Ends all sessions with a server.
    pub fn forget(&mut self, server_id: &str) {
        let ended = self.open.iter().map(|(key, _)| key).filter(|key| key.server_id == server_id);
        let ended: Vec<Key> = ended.cloned().collect();
        ended.iter().for_each(|key| drop(self.open.pop(key)));
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

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    struct Case {
        peer: Peer,
        sessions: Sessions<()>,
    }

    impl Case {
        fn new() -> Self {
            let (ours, _theirs) = UnixStream::pair().unwrap();
            Self { peer: Peer::of(&ours).unwrap(), sessions: Sessions::default() }
        }

        fn begins(&mut self, id: &str, now: Timestamp) -> UnderWay {
            let own = Own { once: None, kept: None };
            self.sessions.begin(&self.peer, "server", Some(id), own, now).unwrap()
        }

        fn has(&self, id: &str, now: Timestamp) -> bool {
            self.sessions.is_of(&self.peer, "server", id, now)
        }
    }

    #[test]
    fn no_more_sessions_are_remembered_than_there_is_room_for() {
        let mut case = Case::new();
        for number in 0..MOST {
            case.begins(&number.to_string(), NOW);
        }
        case.begins("0", NOW);
        case.begins("new", NOW);
        assert_eq!(case.sessions.open.len(), MOST);
        assert!(
            case.has("0", NOW) && !case.has("1", NOW) && case.has("2", NOW),
            "the one unused for longest"
        );
        assert!(!case.sessions.is_of(&case.peer, "other", "2", NOW));
        case.sessions.forget("other");
        assert_eq!(case.sessions.open.len(), MOST);
        case.begins("another", NOW);
        assert!(!case.has("2", NOW) && case.has("3", NOW), "the order is as it was");
        case.sessions.forget("server");
        assert!(case.sessions.open.is_empty());
    }

    #[test]
    fn a_session_ends_when_nothing_was_under_way_in_it_for_a_day() {
        let mut case = Case::new();
        drop(case.begins("left", NOW));
        let listens = case.begins("listens", NOW);
        assert!(case.has("left", NOW + IDLE - SignedDuration::from_secs(1)));
        assert!(!case.has("left", NOW + IDLE) && case.has("listens", NOW + IDLE));
        case.begins("new", NOW + IDLE);
        assert_eq!(case.sessions.open.len(), 2, "it costs nothing any more");
        drop(listens);
        assert!(!case.has("listens", NOW + IDLE));
    }
}
