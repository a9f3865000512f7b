//! When the valet was last used.

use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use tokio::sync::Notify;

/// When the valet was last used, and by how many requests it is used now.
#[derive(Debug)]
pub struct Usage {
    /// Seconds since 1970.
    last: AtomicI64,
    under_way: AtomicUsize,
    /// Whether somebody waits until nothing is under way.
    is_awaited: AtomicBool,
    changed: Notify,
}

impl Usage {
    /// Used just now.
    pub fn new(now: Timestamp) -> Self {
        let last = AtomicI64::new(now.as_second());
        let (under_way, is_awaited) = (AtomicUsize::new(0), AtomicBool::new(false));
        Self { last, under_way, is_awaited, changed: Notify::new() }
    }

    /// The valet is used now. No task is woken for that: whoever waits for the end of a pause looks again
    /// when it should be over.
    pub fn touch(&self, now: Timestamp) {
        self.last.store(now.as_second(), Ordering::Relaxed);
    }

    /// A request begins that takes its time.
    pub fn begin(&self) {
        self.under_way.fetch_add(1, Ordering::SeqCst);
    }

    /// It is over now, and the pause begins. A task is woken for that only if it waits for it.
    pub fn end(&self, now: Timestamp) {
        self.touch(now);
        let was_last = self.under_way.fetch_sub(1, Ordering::SeqCst) == 1;
        if was_last && self.is_awaited.swap(false, Ordering::SeqCst) {
            self.look_again();
        }
    }

    /// Whether from here on somebody waits until nothing is under way.
    pub fn await_end(&self, is_awaited: bool) {
        self.is_awaited.store(is_awaited, Ordering::SeqCst);
    }

    /// How long it has not been used; `None` while it is.
    pub fn pause(&self, now: Timestamp) -> Option<SignedDuration> {
        // A clock that was set back has the pause begin anew, and not in the future.
        let last = self.last.fetch_min(now.as_second(), Ordering::Relaxed).min(now.as_second());
        let idle = self.under_way.load(Ordering::SeqCst) == 0;
        idle.then(|| SignedDuration::from_secs(now.as_second().saturating_sub(last)))
    }

    /// What the pause is compared with, or whether it is at all, is another thing now.
    pub fn look_again(&self) {
        self.changed.notify_one();
    }

    /// Waits until there is something to look at again.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }
}
