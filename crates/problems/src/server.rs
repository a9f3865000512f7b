//! What a caller is told when the server, or the way to it, answers wrongly.

use super::failed;
use wire::{Problem, Reason};

/// The server would have the token sent elsewhere. Networks that want a sign-in of their own do the same.
#[must_use]
pub fn redirected(server: &str, location: &str) -> Problem {
    failed(
        Reason::RedirectRefused,
        format!(
            "\"{server}\" redirects to {location}, and a token is sent no further than to the configured address and below it"
        ),
        "If that address is right, put it into the configuration as the server's `url`. If it is a page on which your network wants you to sign in, do so in a browser.",
    )
}

/// The network stands between (RFC 6585 §6, 511).
#[must_use]
pub fn network_wants_sign_in(server: &str, host: &str) -> Problem {
    failed(
        Reason::NetworkSignIn,
        format!("the network wants you to sign in to it before \"{server}\" at {host} can be reached"),
        "Open any page in a browser, and sign in to the network there.",
    )
}

/// The server, or the way to it, ended an answer in the middle.
#[must_use]
pub fn broke_off(server: &str, host: &str) -> Problem {
    failed(
        Reason::AnswerBrokeOff,
        format!("\"{server}\" at {host} ended its answer before it was complete"),
        "Try again. If it happens again, tell whoever runs the server.",
    )
}
