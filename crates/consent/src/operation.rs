//! How often an operation made the person sign in again: a server that is never content must not do so for
//! ever.

use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;

/// Sign-ins for one operation at one server, counting the one that was there when it began (MCP 2026-07-28,
/// Authorization, "Scope Challenge Handling").
const MOST_SIGN_INS: u64 = 3;
/// How long an operation that did not succeed is remembered.
const MEMORY: SignedDuration = SignedDuration::from_mins(10);
/// Operations that are remembered; the oldest goes first.
const MOST: usize = 1024;

/// Operations that were challenged and have not succeeded since.
#[derive(Debug, Default)]
pub struct Operations(VecDeque<Challenged>);

#[derive(Debug)]
struct Challenged {
    server_id: String,
    operation: String,
    /// How many sign-ins the server had seen before those that count.
    before: u64,
    /// Whether there was a sign-in already that it refused.
    began_refused: bool,
    last: Timestamp,
}

impl Operations {
    /// Notes a challenge of a server that has seen so many sign-ins, and whether it refused one of them.
    /// False if there were enough for this operation.
    pub fn may_sign_in(&mut self, what: (&str, &str), sign_ins: u64, refused: bool, now: Timestamp) -> bool {
        let (server_id, operation) = what;
        self.0.retain(|one| now.duration_since(one.last) < MEMORY);
        if let Some(known) = self.0.iter_mut().find(|one| one.is(server_id, operation)) {
            known.last = now;
            return sign_ins.saturating_sub(known.before) + u64::from(known.began_refused) < MOST_SIGN_INS;
        }
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        let (server_id, operation) = (server_id.to_owned(), operation.to_owned());
        self.0.push_back(Challenged {
            server_id,
            operation,
            before: sign_ins,
            began_refused: refused,
            last: now,
        });
        true
    }

    /// The operation succeeded.
    pub fn succeeded(&mut self, server_id: &str, operation: &str) {
        self.0.retain(|one| !one.is(server_id, operation));
    }
}

impl Challenged {
    fn is(&self, server_id: &str, operation: &str) -> bool {
        self.server_id == server_id && self.operation == operation
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_sign_in_is_the_last_until_the_operation_succeeds_or_is_forgotten() {
        let now = Timestamp::UNIX_EPOCH;
        let mut operations = Operations::default();
        let what = ("server", "tools/call add");
        let mut may = |sign_ins, refused, now| operations.may_sign_in(what, sign_ins, refused, now);
        assert!(may(1, true, now) && may(1, true, now) && may(2, true, now));
        assert!(!may(3, true, now));
        let later = now + SignedDuration::from_mins(11);
        assert!(may(0, false, later) && may(1, true, later) && may(2, true, later));
        assert!(!may(3, true, later));
        operations.succeeded("server", "tools/call add");
        assert!(operations.may_sign_in(what, 9, true, later));
    }
}
