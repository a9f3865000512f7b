//! Programs that serve all requests of one run of an application, where the revision knows no sessions.

use crate::program::Owner;
use crate::talk::Talk;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Mutex as Turn;

type Slot = Arc<Turn<Option<Arc<Talk>>>>;

/// One for each owner. Whoever starts it holds its turn, and the others wait for that.
#[derive(Default)]
pub(super) struct Shared(Mutex<BTreeMap<Owner, Slot>>);

impl Shared {
    pub(super) fn of(&self, owner: &Owner) -> Slot {
        Arc::clone(self.slots().entry(owner.clone()).or_default())
    }

    /// Takes the one out that becomes a session, if there is such a one.
    pub(super) fn becomes(&self, owner: &Owner, session: &str) -> Option<Arc<Talk>> {
        let slot = Arc::clone(self.slots().get(owner)?);
        let mut talk = slot.try_lock().ok()?;
        if !talk.as_ref()?.becomes(session) {
            return None;
        }
        talk.take()
    }

    /// Forgets those that have ended, and that nobody is about to start.
    pub(super) fn forget_ended(&self) {
        self.slots().retain(|_, slot| {
            let is_used = Arc::strong_count(slot) > 1;
            is_used || slot.try_lock().map_or(true, |talk| talk.as_ref().is_some_and(|talk| !talk.is_over()))
        });
    }

    fn slots(&self) -> MutexGuard<'_, BTreeMap<Owner, Slot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
