//! Which hosts keep a connection open after an answer. All say so by HTTP/1.1, and some close it all the
//! same, without a word: what is sent at that moment is lost, and cannot be sent again unless it only reads.
//!
//! So the first request that would be the second on its connection lets it rest for a moment. By then a host
//! of that kind has closed it, and each request gets a connection of its own.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a connection to an unknown host rests: a close that goes with the answer comes at its heels.
const REST: Duration = Duration::from_millis(20);
/// A close within this time of an answer belongs to it. Later, a host may be tired of waiting.
pub(super) const SOON: Duration = Duration::from_secs(1);
/// How long it is remembered that a host closes: it may be another program by then.
const REMEMBERED: Duration = Duration::from_mins(10);
/// Most hosts that are remembered.
const HOSTS: usize = 256;

/// What is known, by scheme, host and port.
#[derive(Debug, Default)]
pub(super) struct Habits(Mutex<HashMap<String, Habit>>);

#[derive(Debug, Clone, Copy)]
enum Habit {
    /// Nothing, but when it last said something.
    Unknown(Instant),
    /// A second request on a connection was answered.
    Keeps,
    /// It closed a connection soon after an answer.
    Closes(Instant),
}

impl Habits {
    /// Whether a connection to the host can be used again; waits until that is likely to be known.
    pub(super) async fn keeps(&self, host: &str) -> bool {
        let rest = self.rest(host, Instant::now());
        // A sleep of no time takes a while.
        if !rest.is_zero() {
            tokio::time::sleep(rest).await;
        }
        !self.closes(host, Instant::now())
    }

    /// The host has said something.
    pub(super) fn heard(&self, host: &str, now: Instant) {
        let mut hosts = self.lock();
        if matches!(hosts.get(host), None | Some(Habit::Unknown(_))) {
            note(&mut hosts, host, Habit::Unknown(now));
        }
    }

    /// The host has answered the second request on a connection.
    pub(super) fn kept(&self, host: &str) {
        note(&mut self.lock(), host, Habit::Keeps);
    }

    /// The host has closed a connection soon after an answer.
    pub(super) fn closed(&self, host: &str, now: Instant) {
        note(&mut self.lock(), host, Habit::Closes(now));
    }

    fn rest(&self, host: &str, now: Instant) -> Duration {
        match self.of(host) {
            Some(Habit::Unknown(said)) => (said + REST).saturating_duration_since(now),
            Some(Habit::Keeps | Habit::Closes(_)) | None => Duration::ZERO,
        }
    }

    fn closes(&self, host: &str, now: Instant) -> bool {
        matches!(self.of(host), Some(Habit::Closes(since)) if now.duration_since(since) < REMEMBERED)
    }

    fn of(&self, host: &str) -> Option<Habit> {
        self.lock().get(host).copied()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Habit>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn note(hosts: &mut HashMap<String, Habit>, host: &str, habit: Habit) {
    if let Some(known) = hosts.get_mut(host) {
        *known = habit;
        return;
    }
    if hosts.len() >= HOSTS {
        hosts.clear();
    }
    hosts.insert(host.to_owned(), habit);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_judged_by_what_it_did_last() {
        let (habits, now) = (Habits::default(), Instant::now());
        let judged = |now| (habits.rest("http://a", now), habits.closes("http://a", now));
        assert_eq!(judged(now), (Duration::ZERO, false));
        habits.heard("http://a", now);
        assert_eq!(judged(now), (REST, false), "an unknown host gets a moment");
        assert_eq!(judged(now + REST), (Duration::ZERO, false));
        habits.closed("http://a", now);
        habits.heard("http://a", now);
        assert_eq!(judged(now), (Duration::ZERO, true));
        assert_eq!(judged(now + REMEMBERED), (Duration::ZERO, false), "it may be another program by then");
        habits.kept("http://a");
        habits.heard("http://a", now);
        assert_eq!(judged(now), (Duration::ZERO, false));
    }

    #[test]
    fn no_number_of_hosts_fills_the_memory() {
        let habits = Habits::default();
        for host in 0..10 * HOSTS {
            habits.heard(&host.to_string(), Instant::now());
        }
        assert!(habits.lock().len() <= HOSTS);
    }
}
