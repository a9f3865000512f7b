//! When the valet was last used.

use crate::valet::Valet;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use tokio::sync::Notify;

/// When the valet was last used, and by how many requests it is used now.
#[derive(Debug)]
pub(crate) struct Activity {
    /// Seconds since 1970.
    last: AtomicI64,
    under_way: AtomicUsize,
    changed: Notify,
}

impl Activity {
    pub(crate) fn new(now: Timestamp) -> Self {
        let last = AtomicI64::new(now.as_second());
        Self { last, under_way: AtomicUsize::new(0), changed: Notify::new() }
    }

    /// The valet is used now. No task is woken for that: whoever waits for the end of a pause looks again when it should be over.
    pub(crate) fn touch(&self, now: Timestamp) {
        self.last.store(now.as_second(), Ordering::Relaxed);
    }

    /// How long it has not been used; `None` while it is.
    pub(super) fn pause(&self, now: Timestamp) -> Option<SignedDuration> {
        // A clock that was set back has the pause begin anew, and not in the future.
        let last = self.last.fetch_min(now.as_second(), Ordering::Relaxed).min(now.as_second());
        let idle = self.under_way.load(Ordering::Relaxed) == 0;
        idle.then(|| SignedDuration::from_secs(now.as_second().saturating_sub(last)))
    }

    /// What the pause is compared with, or whether it is at all, is another thing now.
    pub(crate) fn look_again(&self) {
        self.changed.notify_one();
    }

    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }
}

/// A request that takes its time: until it is over, the valet is used.
pub(crate) struct InUse(Arc<Valet>);

impl InUse {
    pub(crate) fn of(valet: &Arc<Valet>) -> Self {
        valet.activity.under_way.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(valet))
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        self.0.activity.touch(self.0.clock.now());
        self.0.activity.under_way.fetch_sub(1, Ordering::Relaxed);
        self.0.activity.look_again();
    }
}
