//! Waiting for what an outside process does.

use std::thread;
use std::time::{Duration, Instant};

/// Long enough for a browser to start on a busy two-core machine.
const PATIENCE: Duration = Duration::from_secs(30);
const STEP: Duration = Duration::from_millis(20);

/// Asks `probe` until it answers, and panics with `what` when it has not after half a minute.
#[track_caller]
pub fn until<T>(what: &str, probe: impl FnMut() -> Option<T>) -> T {
    until_within(PATIENCE, what, probe)
}

/// [`until`] with a deadline that is itself the requirement under test.
#[track_caller]
pub fn until_within<T>(limit: Duration, what: &str, mut probe: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = probe() {
            return found;
        }
        assert!(start.elapsed() < limit, "after {limit:?} still not true: {what}");
        thread::sleep(STEP);
    }
}

/// [`until`] this text is shown. Panics with what is shown instead, and answers all that is.
#[track_caller]
pub(crate) fn until_shown(text: &str, shown: impl Fn() -> String) -> String {
    let start = Instant::now();
    loop {
        let all = shown();
        if all.contains(text) {
            return all;
        }
        assert!(start.elapsed() < PATIENCE, "after {PATIENCE:?} {text:?} is not shown, but:\n{all}");
        thread::sleep(STEP);
    }
}
