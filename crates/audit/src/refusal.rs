//! Refusals that a person would want to see, and no more of them than that.
//!
//! An agent that is refused may ask again as fast as it can. Of a burst, which is one agent, one server and
//! one reason, the first is written down; the next is when ten minutes have passed. At most [`MOST`] bursts
//! are told apart at a time and what is more is not written, so that refusals can neither fill the disk nor
//! push out what was there: at most 9,216 entries a day, where there is room for 400,000.

use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How long a burst is one.
const BURST: SignedDuration = SignedDuration::from_mins(10);
/// Bursts at a time.
const MOST: usize = 64;

type Burst = (String, String, &'static str);

/// The refusals of the last minutes.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<HashMap<Burst, Timestamp>>);

impl Refusals {
    /// Whether this one begins a burst.
    pub fn begins(&self, burst: Burst, now: Timestamp) -> bool {
        let mut bursts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lasts = |begun: &Timestamp| now.duration_since(*begun).abs() < BURST;
        if bursts.get(&burst).is_some_and(lasts) {
            return false;
        }
        bursts.retain(|_, begun| lasts(begun));
        let room = bursts.len() < MOST;
        if room {
            bursts.insert(burst, now);
        }
        room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_written_down_once_and_many_are_bounded() {
        let refusals = Refusals::default();
        let now = Timestamp::UNIX_EPOCH;
        let burst = |server: usize| ("/usr/bin/curl".to_owned(), server.to_string(), "denied");
        assert!(refusals.begins(burst(0), now));
        assert!(!refusals.begins(burst(0), now));
        let written = (1..1000).filter(|server| refusals.begins(burst(*server), now)).count();
        assert_eq!(written, MOST - 1);
        assert!(refusals.begins(burst(0), now + BURST));
    }
}
