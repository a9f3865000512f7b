//! Who was found behind which process, so that it is found once.

use super::standing::{self, Known, Memory};
use super::system::{Caller, Entries, Sighting};
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
    known: Mutex<VecDeque<Known>>,
    entries: Mutex<Arc<Entries>>,
}

/// Somebody who connected, held as what they were then.
#[derive(Debug)]
pub struct Visitor(Caller);

/// Somebody who connected and has to be looked at more closely, which may take reading some files.
#[derive(Debug)]
pub struct Newcomer(Caller);

impl Visitor {
    /// Takes hold of the process behind a connection that was just accepted.
    pub fn of(stream: &impl AsFd) -> Result<Self, PeerError> {
        Caller::of(stream).map(Self)
    }
}

impl Applications {
    /// Knows somebody again. It is quick: who has not been seen before is a newcomer.
    pub fn greet(&self, Visitor(caller): Visitor) -> Result<Peer, Newcomer> {
        let Some(held) = &caller.held else { return Ok(Peer::gone(&caller)) };
        let Some(known) = self.recall(&held.sighting) else { return Err(Newcomer(caller)) };
        Ok(Peer::new(caller, &known))
    }

    /// Finds out who a newcomer is.
    pub fn meet(&self, Newcomer(caller): Newcomer) -> Peer {
        let Some(held) = &caller.held else { return Peer::gone(&caller) };
        let known = standing::find(held, &self.entries(), self);
        Peer::new(caller, &known)
    }

    fn entries(&self) -> Arc<Entries> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if !entries.are_current() {
            *entries = Arc::new(Entries::read());
        }
        Arc::clone(&entries)
    }

    fn known(&self) -> MutexGuard<'_, VecDeque<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory for Applications {
    fn recall(&self, sighting: &Sighting) -> Option<Known> {
        let known = self.known().iter().find(|known| known.sighting.process == sighting.process).cloned()?;
        let process = sighting.process;
        // What it calls itself may have told who it is, and a parent by whom it is known must still be its
        // parent.
        let is_same = known.sighting.comm == sighting.comm
            && (known.sighting.parent == sighting.parent || !known.standing.is_lent_to(process))
            && known.standing.holds_beside(process);
        is_same.then_some(known)
    }

    fn keep(&self, new: &Known) {
        let mut known = self.known();
        known.retain(|known| known.sighting.process != new.sighting.process);
        if known.len() == MOST {
            known.pop_front();
        }
        known.push_back(new.clone());
    }
}
