//! Refusals that a person would want to see, and no more of them than that.
//!
//! An agent that is refused may ask again as fast as it can. Of a burst, which is one agent, one server and one reason, the first is
//! written down; the next is when ten minutes have passed. At most [`MOST`] bursts are told apart at a time and what is more is not
//! written, so that refusals can neither fill the disk nor push out what was there: at most 9,216 entries a day, where there is room
//! for 400,000.

use super::{entry, mark};
use crate::agent::Agent;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use wire::{Actor, Code, Problem};

/// How long a burst is one.
const BURST: SignedDuration = SignedDuration::from_mins(10);
/// Bursts at a time.
const MOST: usize = 64;

type Burst = (String, String, &'static str);

/// The refusals of the last minutes.
#[derive(Debug, Default)]
pub(crate) struct Refusals(Mutex<HashMap<Burst, Timestamp>>);

impl Refusals {
    /// Whether this one begins a burst.
    fn begins(&self, burst: Burst, now: Timestamp) -> bool {
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

/// Writes down that an agent did not get what it asked a server for, where a person had a part in that.
pub(crate) fn note_refusal(agent: &Agent, server: &str, problem: &Problem) {
    let told = [Code::Denied, Code::Declined, Code::ConsentRequired, Code::Timeout, Code::Locked];
    if told.contains(&problem.code) {
        note(agent, server, problem.code.as_str());
    }
}

/// Writes down that an agent was not let sign in.
pub(crate) fn note_sign_in<T>(agent: &Agent, server: &str, begun: &Result<T, Problem>) {
    match begun {
        Ok(_) => {}
        Err(problem) if problem.reason.as_deref() == Some("sign_in_under_way") => {
            note(agent, server, "sign_in_under_way");
        }
        Err(problem) if problem.code == Code::Busy => note(agent, server, Code::Busy.as_str()),
        Err(problem) => note_refusal(agent, server, problem),
    }
}

/// Of a burst, the first.
fn note(agent: &Agent, server: &str, outcome: &'static str) {
    let valet = &agent.valet;
    let Some(name) = valet.book().find(server).ok().map(|server| server.name.clone()) else { return };
    let (now, executable) = (valet.clock.now(), agent.peer.application().path().to_owned());
    if !valet.refusals.begins((executable.clone(), name.clone(), outcome), now) {
        return;
    }
    let mut entry = entry(now, "refused", Actor::program(&agent.name(), &executable));
    entry.mark = mark(agent.peer.application());
    entry.server = Some(name);
    entry.outcome = Some(outcome.to_owned());
    valet.note(&entry);
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
