//! What a caller is told who has too much under way.

use super::{internal, invalid_request};
use wire::{Code, Problem, Reason};
use words::say;

/// Somebody who has as much at a time as one application may have.
fn busy(reason: Reason, detail: String, advice: String) -> Problem {
    Problem::new(Code::Busy, detail, advice).because(reason)
}

/// One application has as many connections as it may have.
#[must_use]
pub fn too_many_connections(agent: &str) -> Problem {
    let detail = say!(problem_too_many_connections, agent = agent);
    busy(Reason::TooManyConnections, detail, say!(problem_too_many_connections_advice))
}

/// One application listens in as many places as it may.
#[must_use]
pub fn too_many_listeners(agent: &str, most: usize) -> Problem {
    let detail = say!(problem_too_many_listeners, agent = agent, most = most);
    busy(Reason::TooManyListeners, detail, say!(problem_too_many_listeners_advice))
}

/// Programs have added as many servers as they may while nobody uses them.
#[must_use]
pub fn too_many_added(who: &str, most: usize) -> Problem {
    let detail = match who {
        "programs" => say!(problem_too_many_added_by_programs, most = most),
        _ => say!(problem_too_many_added, who = who, most = most),
    };
    busy(Reason::TooManyServers, detail, say!(problem_too_many_added_advice))
}

/// All places for the sign-ins of programs are taken, none of them for long.
#[must_use]
pub fn no_place_to_sign_in(most: usize) -> Problem {
    let detail = say!(problem_no_place_to_sign_in, most = most);
    let advice = say!(problem_no_place_to_sign_in_advice);
    busy(Reason::TooManySignIns, detail, advice)
}

/// One program has begun as many sign-ins as it may.
#[must_use]
pub fn too_many_sign_ins(agent: &str) -> Problem {
    let detail = say!(problem_too_many_sign_ins, agent = agent);
    busy(Reason::TooManySignIns, detail, say!(problem_too_many_sign_ins_advice))
}

/// As many ports are listened at as may be.
#[must_use]
pub fn too_many_listening(most: usize) -> Problem {
    let detail = say!(problem_too_many_listening, most = most);
    busy(Reason::TooManySignIns, detail, say!(problem_too_many_listening_advice))
}

/// As many questions are open as may be.
#[must_use]
pub fn too_many_questions() -> Problem {
    internal(say!(problem_too_many_questions), say!(problem_too_many_questions_advice))
}

/// Longer than anybody may wait.
#[must_use]
pub fn too_long_a_wait() -> Problem {
    invalid_request(say!(problem_too_long_a_wait), say!(problem_too_long_a_wait_advice))
}
