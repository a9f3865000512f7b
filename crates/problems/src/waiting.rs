//! Where the person waits for a sign-in: what does not come back, comes back wrong, or is refused before.

use crate::{authorize, failed};
use oauth::Fault;
use wire::{Code, Problem, Reason};
use words::say;

/// A sign-in that nobody has come back from for a minute, by a client that was registered there.
#[must_use]
pub fn not_back_yet(server: &str) -> Problem {
    let again = authorize(server);
    nobody_back(server, say!(problem_not_back_yet_advice, again = again))
}

/// The same, by a client that the person registered.
#[must_use]
pub fn not_back_from_own_client(server: &str, redirect_uri: &str) -> Problem {
    nobody_back(server, say!(problem_not_back_from_own_client_advice, redirect_uri = redirect_uri))
}

fn nobody_back(server: &str, advice: String) -> Problem {
    let detail = say!(problem_not_back_yet, server = server);
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
        Untaken::Posted => {
            (say!(problem_callback_refused_posted), say!(problem_callback_refused_posted_advice))
        }
        Untaken::Incomplete => {
            (say!(problem_callback_refused_incomplete), say!(problem_callback_refused_incomplete_advice))
        }
        Untaken::Anothers => {
            (say!(problem_callback_refused_anothers), say!(problem_callback_refused_anothers_advice))
        }
    };
    let detail = say!(problem_callback_refused, server = server, problem = problem);
    Problem::new(Code::AuthorizationRequired, detail, advice).because(Reason::CallbackRefused)
}

/// An issuer refuses the client that it has registered a moment ago.
#[must_use]
pub fn registered_in_vain(fault: &Fault) -> Problem {
    Problem { advice: say!(problem_registered_in_vain_advice).to_owned(), ..crate::fault(fault) }
}

/// The same, where programs have had this one registered anew a short while ago.
#[must_use]
pub fn registered_lately(fault: &Fault) -> Problem {
    Problem { advice: say!(problem_registered_lately_advice).to_owned(), ..crate::fault(fault) }
}

/// Something else was done with the server while a sign-in was under way.
#[must_use]
pub fn overtaken(name: &str) -> Problem {
    failed(Reason::Overtaken, say!(problem_overtaken, server = name), say!(problem_overtaken_advice))
}
