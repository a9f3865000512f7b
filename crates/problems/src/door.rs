//! What a caller is told of clients of the door.

use super::invalid_request;
use wire::Problem;
use words::say;

/// None is known by that.
#[must_use]
pub fn unknown_web_client(which: &str) -> Problem {
    invalid_request(
        say!(problem_unknown_web_client, which = plain::plain(which, 100)),
        say!(problem_unknown_web_client_advice),
    )
}
