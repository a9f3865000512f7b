//! What a caller is told of a socket in another place that is to lead here.

use super::invalid_request;
use wire::{Code, Problem, Reason};
use words::say;

/// The person is asked, and has not answered yet.
#[must_use]
pub fn forward_proposed(host: &str) -> Problem {
    let detail = say!(problem_forward_proposed, host = host);
    Problem::new(Code::ConsentRequired, detail, say!(problem_forward_proposed_advice))
        .because(Reason::Proposed)
}

/// The person does not want it.
#[must_use]
pub fn forward_refused(host: &str) -> Problem {
    let detail = say!(problem_forward_refused, host = host);
    Problem::new(Code::Denied, detail, say!(problem_forward_refused_advice)).because(Reason::ProposalRefused)
}

/// Nobody can be asked.
#[must_use]
pub fn nobody_for_forward(host: &str) -> Problem {
    let detail = say!(problem_nobody_for_forward, host = host);
    Problem::new(Code::ConsentRequired, detail, say!(problem_nobody_for_forward_advice))
        .because(Reason::NobodyToAsk)
}

/// That place is led here already.
#[must_use]
pub fn forward_exists(host: &str) -> Problem {
    invalid_request(say!(problem_forward_exists, host = host), say!(problem_forward_exists_advice))
}

/// As many places are led here as may be.
#[must_use]
pub fn too_many_forwards(most: usize) -> Problem {
    invalid_request(say!(problem_too_many_forwards, most = most), say!(problem_too_many_forwards_advice))
}

/// There is no server that could be used from there.
#[must_use]
pub fn forward_of_nothing() -> Problem {
    invalid_request(say!(problem_forward_of_nothing), say!(problem_forward_of_nothing_advice))
}

/// No such place is led here.
#[must_use]
pub fn unknown_forward(which: &str) -> Problem {
    Problem::new(
        Code::NotFound,
        say!(problem_unknown_forward, which = plain::plain(which, 100)),
        say!(problem_unknown_forward_advice),
    )
}

/// What does not get a place led here, or not any more.
#[must_use]
pub fn forward_failed(host: &str, why: &str, advice: String) -> Problem {
    Problem::new(Code::Failed, say!(problem_forward_failed, host = host, why = why), advice)
}
