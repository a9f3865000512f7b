//! What a caller is told when the server, or the way to it, answers wrongly.

use super::{failed, invalid_request};
use wire::{Problem, Reason};
use words::say;

/// The server would have the token sent elsewhere. Networks that want a sign-in of their own do the same.
#[must_use]
pub fn redirected(server: &str, location: &str) -> Problem {
    failed(
        Reason::RedirectRefused,
        say!(problem_redirected, server = server, location = location),
        say!(problem_redirected_advice),
    )
}

/// The network stands between (RFC 6585 §6, 511).
#[must_use]
pub fn network_wants_sign_in(server: &str, host: &str) -> Problem {
    failed(
        Reason::NetworkSignIn,
        say!(problem_network_wants_sign_in, server = server, host = host),
        say!(problem_network_wants_sign_in_advice),
    )
}

/// The server, or the way to it, ended an answer in the middle.
#[must_use]
pub fn broke_off(server: &str, host: &str) -> Problem {
    failed(
        Reason::AnswerBrokeOff,
        say!(problem_broke_off, server = server, host = host),
        say!(problem_broke_off_advice),
    )
}

/// A server is to be called otherwise, or be elsewhere, while a sign-in to it is under way.
#[must_use]
pub fn edit_while_signing_in(server: &str) -> Problem {
    invalid_request(
        say!(problem_edit_while_signing_in, server = server),
        say!(problem_edit_while_signing_in_advice),
    )
    .because(Reason::SignInUnderWay)
}

/// Only pages that are known are opened.
#[must_use]
pub fn page_unknown() -> Problem {
    invalid_request(say!(problem_page_unknown), say!(problem_page_unknown_advice))
}
