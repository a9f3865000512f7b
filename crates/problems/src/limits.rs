//! What a caller is told who has too much under way.

use super::{internal, invalid_request};
use wire::{Code, Problem, Reason};

/// Somebody who has as much at a time as one application may have.
fn busy(reason: Reason, detail: String, advice: &str) -> Problem {
    Problem::new(Code::Busy, detail, advice).because(reason)
}

/// One application has as many connections as it may have.
#[must_use]
pub fn too_many_connections(agent: &str) -> Problem {
    let detail =
        format!("{agent} has as many connections open as one application may have, and uses them all");
    busy(Reason::TooManyConnections, detail, "End some of them, or wait for their answers, and try again.")
}

/// One application listens in as many places as it may.
#[must_use]
pub fn too_many_listeners(agent: &str, most: usize) -> Problem {
    let detail = format!("{agent} hears events in {most} places already");
    busy(Reason::TooManyListeners, detail, "End some of these streams, then try again.")
}

/// Programs have added as many servers as they may while nobody uses them.
#[must_use]
pub fn too_many_added(who: &str, most: usize) -> Problem {
    let verb = if who == "programs" { "have" } else { "has" };
    let detail = format!("{who} {verb} added {most} servers that nobody has signed in to");
    busy(Reason::TooManyServers, detail, "Remove some of them, or sign in to them, then try again.")
}

/// All places for the sign-ins of programs are taken, none of them for long.
#[must_use]
pub fn no_place_to_sign_in(most: usize) -> Problem {
    let detail = format!("{most} sign-ins that programs began wait already, none of them for long");
    let advice = "Try again in a minute, or sign in from the window of MCP Valet, which always can.";
    busy(Reason::TooManySignIns, detail, advice)
}

/// One program has begun as many sign-ins as it may.
#[must_use]
pub fn too_many_sign_ins(agent: &str) -> Problem {
    let detail = format!("{agent} has begun as many sign-ins as one program may begin");
    busy(Reason::TooManySignIns, detail, "Finish or decline those that wait, or try again in ten minutes.")
}

/// As many ports are listened at as may be.
#[must_use]
pub fn too_many_listening(most: usize) -> Problem {
    let detail = format!("sign-ins are waited for at {most} ports already");
    busy(
        Reason::TooManySignIns,
        detail,
        "Finish or decline those that wait, or set the same `oauth.callbackPort` for several.",
    )
}

/// As many questions are open as may be.
#[must_use]
pub fn too_many_questions() -> Problem {
    internal("too many questions are open", "Answer some of them, then try again.")
}

/// Longer than anybody may wait.
#[must_use]
pub fn too_long_a_wait() -> Problem {
    invalid_request("`wait` is longer than 600 seconds", "Ask for 600 or less.")
}
