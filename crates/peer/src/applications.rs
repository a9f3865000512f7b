//! Who was found behind which process, so that it is found once.

use super::application::Application;
use super::contained::{Container, Containers};
use super::kept::{Keeper, Kept};
use super::standing::{self, KnownProcess, Memory};
use super::system::{Entries, Handle, HeldProcess, OtherEnd};
use super::{Peer, PeerError};
use std::collections::VecDeque;
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Processes that are remembered. A shell that starts many others is found again as long as not too many
/// others came since.
const MOST: usize = 128;

/// The applications that have connected lately, and the desktop's names for all.
#[derive(Debug, Default)]
pub struct Applications {
    known: Mutex<VecDeque<KnownProcess>>,
    entries: Mutex<Arc<Entries>>,
    kept: Kept,
    containers: Containers,
}

/// Somebody who connected, held as what they were then.
#[derive(Debug)]
pub struct Visitor(OtherEnd);

/// Somebody who connected and has to be looked at more closely, which may take reading some files.
#[derive(Debug)]
pub struct Newcomer(OtherEnd);

impl Applications {
    /// Some that know as well which programs the valet has started as servers: `keepers` says which processes
    /// keep them now, each with the name of the server.
    #[must_use]
    pub fn beside(keepers: impl Fn() -> Vec<Keeper> + Send + Sync + 'static) -> Self {
        Self { kept: Kept::by(keepers), ..Self::default() }
    }

    /// Takes hold of the process behind a connection that was just accepted.
    pub fn receive(&self, stream: &impl AsFd) -> Result<Visitor, PeerError> {
        OtherEnd::of(stream, |handle| self.held(handle)).map(Visitor)
    }

    /// Knows somebody again. It is quick: who has not been seen before is a newcomer.
    pub fn greet(&self, Visitor(caller): Visitor) -> Result<Peer, Newcomer> {
        let Some(held) = &caller.held else { return Ok(Peer::gone(&caller)) };
        let Some(known) = self.recall(held) else { return Err(Newcomer(caller)) };
        Ok(Peer::new(&known))
    }

    /// Finds out who a newcomer is.
    pub fn meet(&self, Newcomer(caller): Newcomer) -> Peer {
        let Some(held) = &caller.held else { return Peer::gone(&caller) };
        if let Some(known) = self.kept.find(held) {
            self.keep(&known);
            return Peer::new(&known);
        }
        Peer::new(&standing::find(held, &self.entries(), self))
    }

    /// Looks again at somebody who is in no world of ours, now that an engine has said which container that
    /// may be. Whoever is not in that one stays who it is.
    #[must_use]
    pub fn look_again(&self, peer: Peer, said: &Container) -> Peer {
        // Whoever runs a program in a container may have ended since, which leaves it to another parent.
        let now = peer.held.as_ref().and_then(|held| HeldProcess::open(held.sighting.pid()).ok());
        let Some(now) = now.filter(|now| now.sighting.process == peer.process) else { return peer };
        self.containers.learn(said);
        Peer::new(&standing::find(&Arc::new(now), &self.entries(), self))
    }

    fn held(&self, handle: &Handle) -> Option<Arc<HeldProcess>> {
        self.known().iter().map(|known| &known.held).find(|held| held.is_behind(handle)).map(Arc::clone)
    }

    fn entries(&self) -> Arc<Entries> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if !entries.are_current() {
            *entries = Arc::new(Entries::read());
        }
        Arc::clone(&entries)
    }

    fn known(&self) -> MutexGuard<'_, VecDeque<KnownProcess>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory for Applications {
    fn container(&self, held: &HeldProcess) -> Option<Application> {
        self.containers.around(held)
    }

    fn recall(&self, held: &HeldProcess) -> Option<KnownProcess> {
        let (seen, process) = (&held.sighting, held.sighting.process);
        let known = self.known().iter().find(|known| known.held.sighting.process == process).cloned()?;
        let before = &known.held.sighting;
        // What it calls itself may have told who it is, and a parent by whom it is known must still be its
        // parent.
        let is_same = before.comm == seen.comm
            && (before.parent == seen.parent || !known.standing.is_lent_to(process))
            && known.standing.holds_beside(process);
        is_same.then_some(known)
    }

    fn keep(&self, new: &KnownProcess) {
        let mut known = self.known();
        // Each takes file descriptors, so those that have ended go as well.
        let process = new.held.sighting.process;
        known.retain(|known| known.held.sighting.process != process && known.held.lives());
        if known.len() == MOST {
            known.pop_front();
        }
        known.push_back(new.clone());
    }
}
