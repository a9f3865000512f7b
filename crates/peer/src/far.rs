//! Whoever is not seen to connect. By a forward comes all that runs in one other place: nobody there can be
//! told from anybody else, so the place is who it is, and what a program says of itself is no more than its
//! name. By the door comes whoever holds a token: so the authorization that gave it is who it is.

use super::application::{Application, Identity, Place};
use super::{Peer, Process};
use plain::plain;
use rustix::process::getpid;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use words::say;

/// Characters of a name that a program gives itself, together with the place.
const LONGEST_NAME: usize = 40;
/// Those that it has at least.
const SHORTEST_NAME: usize = 12;
/// Characters of a place and the words around it, at most: that of a host has 255.
const LONGEST_WHOLE: usize = 400;

/// A place that is led here, or an authorization of the door, for as long as it is.
#[derive(Debug)]
pub struct Far {
    place: Whence,
    /// All of it is one run, which is no process of this machine.
    process: Process,
    ended: AtomicBool,
}

/// From where somebody asks.
#[derive(Debug)]
enum Whence {
    /// From a place that is led here.
    Forward(String),
    /// By the door, with what one authorization gave.
    Door(ByDoor),
}

/// One authorization of the door, as the person is told of it.
#[derive(Debug, Clone)]
pub struct ByDoor {
    /// Which one it is.
    pub number: u64,
    /// What the client calls itself.
    pub name: String,
    /// The host that vouches for it, if one does.
    pub host: Option<String>,
    /// Where its answers go.
    pub redirect: String,
    /// Whether that is on the machine of whoever asks, which need not be this one.
    pub is_elsewhere: bool,
    /// What the browser shows that waits for it.
    pub code: String,
}

impl ByDoor {
    /// The host comes first, and is never cut: names have no brackets, so none looks like one with a host.
    fn name(&self) -> String {
        let name = plain(self.name.trim(), LONGEST_NAME);
        match &self.host {
            Some(host) => say!(who_of_host_by_door, host = host, name = name),
            None => say!(who_says_by_door, name = name),
        }
    }

    fn application(&self) -> Application {
        let (name, redirect, code) = (self.name(), plain(&self.redirect, LONGEST_WHOLE), &self.code);
        let source = match self.is_elsewhere {
            true => say!(who_by_door_from_elsewhere, code = code),
            false => say!(who_by_door, code = code),
        };
        Application::new(Identity::Place(Place::Door(self.number)), &name, Path::new(&redirect))
            .at_another_place(&name, LONGEST_WHOLE)
            .with_source(&source)
    }
}

impl Far {
    /// What a place is that is led here, by the words that tell it from others: a host, or a container.
    #[must_use]
    pub fn at(place: &str) -> Arc<Self> {
        Self::from(Whence::Forward(place.to_owned()))
    }

    /// A client of the door, by one authorization of it: another one of the same client is somebody else,
    /// since whoever copies a client's id could ask for it.
    #[must_use]
    pub fn by_door(client: ByDoor) -> Arc<Self> {
        Self::from(Whence::Door(client))
    }

    fn from(place: Whence) -> Arc<Self> {
        let process = Process::out_of_sight(getpid());
        Arc::new(Self { place, process, ended: AtomicBool::new(false) })
    }

    /// It is led here no more. Whoever asked by it is nobody from now on.
    pub fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    /// Whether it is led here still.
    #[must_use]
    pub fn stands(&self) -> bool {
        !self.ended.load(Ordering::Relaxed)
    }

    fn application(&self, called: Option<&str>) -> Application {
        match &self.place {
            Whence::Forward(place) => Self::at_place(place, called),
            Whence::Door(client) => client.application(),
        }
    }

    fn at_place(place: &str, called: Option<&str>) -> Application {
        let identity = Identity::Place(Place::Forward(place.to_owned()));
        // What it calls itself never pushes out where it is.
        let room = LONGEST_NAME.saturating_sub(place.len()).max(SHORTEST_NAME);
        let called = called.map(|name| plain(name.trim(), room)).filter(|name| !name.is_empty());
        let name = match called {
            Some(called) => say!(who_says_on, name = called, host = place),
            None => say!(who_on, host = place),
        };
        Application::new(identity, &name, Path::new(place))
            .at_another_place(&name, LONGEST_WHOLE)
            .with_source(&say!(who_forwarded))
    }
}

impl Peer {
    /// Somebody at a place that is led here.
    #[must_use]
    pub fn at(far: &Arc<Far>) -> Self {
        Self::known_as(far, None)
    }

    /// The same, by the name that it gives itself; that of a program of this machine is looked up instead,
    /// and a client of the door keeps the one that the person was asked about.
    #[must_use]
    pub fn calling_itself(&self, name: &str) -> Option<Self> {
        self.far.as_ref().map(|far| Self::known_as(far, Some(name)))
    }

    /// Whether it is at another place, which is led here.
    #[must_use]
    pub const fn is_elsewhere(&self) -> bool {
        self.far.is_some()
    }

    /// The place where it is, if that is another one.
    #[must_use]
    pub const fn far(&self) -> Option<&Arc<Far>> {
        self.far.as_ref()
    }

    /// Whether it comes by the door, with what one authorization gave.
    #[must_use]
    pub fn is_by_door(&self) -> bool {
        self.far.as_ref().is_some_and(|far| matches!(far.place, Whence::Door(_)))
    }

    fn known_as(far: &Arc<Far>, called: Option<&str>) -> Self {
        Self {
            process: far.process,
            held: None,
            standing: None,
            label: None,
            application: far.application(called),
            far: Some(Arc::clone(far)),
            stranger: OnceLock::new(),
            mark: OnceLock::new(),
            seen: AtomicBool::new(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Longest;

    #[test]
    fn a_place_is_one_application_whatever_a_program_there_calls_itself() {
        let (far, other) = (Far::at("build"), Far::at("other"));
        let peer = Peer::at(&far);
        let called = peer.calling_itself("Claude\u{202e} Code").unwrap();
        assert_eq!(peer.application(), called.application());
        assert_eq!(peer.process(), called.process());
        assert_ne!(peer.application(), Peer::at(&other).application());
        assert_ne!(peer.process(), Peer::at(&Far::at("build")).process(), "another forward");
        let name = called.application().name();
        assert!(name.contains("it says") && name.contains("build") && !name.contains('\u{202e}'), "{name}");
        assert_eq!(peer.application().longest(), Longest::Session);
        assert!(peer.folder().is_err() && peer.is_unchanged());
    }

    #[test]
    fn each_authorization_of_the_door_is_somebody_of_its_own_by_the_name_that_was_asked_about() {
        let peer = |number| Peer::at(&Far::by_door(by_door(number, "Chat\u{202e} App", None)));
        let one = peer(1);
        assert_ne!(one.application(), peer(2).application());
        assert_eq!(one.application(), peer(1).application());
        let called = one.calling_itself("Another").unwrap();
        assert_eq!(called.application().name(), one.application().name());
        assert_eq!(one.application().longest(), Longest::Session);
        assert!(one.is_elsewhere() && !one.application().name().contains('\u{202e}'));
    }

    #[test]
    fn the_host_that_vouches_for_a_client_of_the_door_is_first_and_whole_whatever_its_name() {
        let host = format!("{}.example.com", "a".repeat(200));
        let peer = Peer::at(&Far::by_door(by_door(1, &"A name ".repeat(30), Some(host.clone()))));
        let name = peer.application().name();
        assert!(name.starts_with(&format!("{host} (A name")) && name.ends_with("it says)"), "{name}");
    }

    fn by_door(number: u64, name: &str, host: Option<String>) -> ByDoor {
        let (redirect, code) = ("http://127.0.0.1:1/cb".to_owned(), "BCDF".to_owned());
        ByDoor { number, name: name.to_owned(), host, redirect, is_elsewhere: false, code }
    }

    #[test]
    fn a_name_that_a_program_gives_itself_never_pushes_the_place_out() {
        let long = format!("me@{}.example.com", "b".repeat(200));
        for place in
            ["build", "me@build.example.com", "a-host-of-a-name-that-is-rather-long.example.com", &long]
        {
            let peer = Peer::at(&Far::at(place));
            let called = peer.calling_itself(&"Claude Code, it says, on laptop ".repeat(9)).unwrap();
            let name = called.application().name();
            assert!(name.ends_with(&format!("on {place}")), "{name}");
        }
    }

    #[test]
    fn whoever_asked_by_a_forward_that_ended_is_nobody() {
        let far = Far::at("build");
        let peer = Peer::at(&far);
        let before = peer.application().clone();
        far.end();
        assert!(!peer.is_unchanged() && peer.application().is_elsewhere());
        assert_ne!(*peer.application(), before);
        assert_eq!(peer.application().longest(), Longest::Once);
    }
}
