//! Where the person waits for a sign-in: what does not come back, comes back wrong, or is refused before.

use crate::authorize;
use oauth::Fault;
use wire::{Code, Problem, Reason};

/// A sign-in that nobody has come back from for a minute, by a client that was registered there.
#[must_use]
pub fn not_back_yet(server: &str) -> Problem {
    let again = authorize(server);
    nobody_back(
        server,
        format!("If the page shows an error, start again with {again}: MCP Valet then registers there anew."),
    )
}

/// The same, by a client that the person registered.
#[must_use]
pub fn not_back_from_own_client(server: &str, redirect_uri: &str) -> Problem {
    nobody_back(
        server,
        format!(
            "If the page shows an error, check that your app there has exactly the redirect URI {redirect_uri}."
        ),
    )
}

fn nobody_back(server: &str, advice: String) -> Problem {
    let detail = format!("nobody has come back from the sign-in to \"{server}\" yet");
    Problem::new(Code::AuthorizationRequired, detail, advice).because(Reason::NotBackYet)
}

/// What came back to a sign-in and was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untaken {
    /// It was sent by POST, as `response_mode=form_post` has it.
    Posted,
    /// Parts are missing, or there twice.
    Incomplete,
    /// Its `state` is another's.
    Anothers,
}

/// Something came back to a sign-in that is still waited for.
#[must_use]
pub fn callback_refused(server: &str, what: Untaken) -> Problem {
    let (problem, advice) = match what {
        Untaken::Posted => (
            "by POST, and is taken by GET alone",
            "If `oauth.authorizeParams` sets `response_mode`, take that out and start again. Else tell the provider's operator: answers must come as `response_mode=query` has it.",
        ),
        Untaken::Incomplete => (
            "without a `state`, or without a code or an error, so it is not believed",
            "If the page does not go on, start the sign-in again; if it happens again, tell the provider's operator.",
        ),
        Untaken::Anothers => (
            "with the `state` of another sign-in, so it is not believed",
            "Finish the page that was opened last, or start the sign-in again.",
        ),
    };
    let detail = format!("an answer to the sign-in to \"{server}\" came {problem}");
    Problem::new(Code::AuthorizationRequired, detail, advice).because(Reason::CallbackRefused)
}

/// An issuer refuses the client that it has registered a moment ago.
#[must_use]
pub fn registered_in_vain(fault: &Fault) -> Problem {
    Problem {
        advice:
            "It has just registered this program anew, and does not know it all the same: tell its operator."
                .to_owned(),
        ..crate::fault(fault)
    }
}

/// The same, where programs have had this one registered anew a short while ago.
#[must_use]
pub fn registered_lately(fault: &Fault) -> Problem {
    Problem {
        advice: "Start the sign-in in MCP Valet itself, or again in ten minutes: then this program registers there anew."
            .to_owned(),
        ..crate::fault(fault)
    }
}
