//! What a caller is told who has too much under way.

use super::{internal, invalid_request};
use wire::{Code, Problem};

/// Somebody who has as much at a time as one application may have.
fn busy(reason: &str, detail: String, advice: &str) -> Problem {
    Problem::new(Code::Busy, detail, advice).because(reason)
}

pub(crate) fn too_many_connections(agent: &str) -> Problem {
    let detail =
        format!("{agent} has as many connections open as one application may have, and uses them all");
    busy("too_many_connections", detail, "End some of them, or wait for their answers, and try again.")
}

pub(crate) fn too_many_listeners(agent: &str, most: usize) -> Problem {
    let detail = format!("{agent} hears events in {most} places already");
    busy("too_many_listeners", detail, "End some of these streams, then try again.")
}

pub(crate) fn too_many_sign_ins(agent: &str) -> Problem {
    let detail = format!("{agent} has begun as many sign-ins as one program may begin");
    busy("too_many_sign_ins", detail, "Finish or decline those that wait, or try again in ten minutes.")
}

pub(crate) fn too_many_listening(most: usize) -> Problem {
    let detail = format!("sign-ins are waited for at {most} ports already");
    busy(
        "too_many_sign_ins",
        detail,
        "Finish or decline those that wait, or set the same `oauth.callbackPort` for several.",
    )
}

pub(crate) fn too_many_questions() -> Problem {
    internal("too many questions are open", "Answer some of them, then try again.")
}

pub(crate) fn too_long_a_wait() -> Problem {
    invalid_request("`wait` is longer than 600 seconds", "Ask for 600 or less.")
}
