//! What a caller is told of servers that take keys.

use super::{failed, invalid_request, the_proxy};
use plain::command;
use std::path::Path;
use wire::{Code, Problem, Reason};
use words::say;

/// A key that a server takes is not there. `key`: which one, where it takes several.
#[must_use]
pub fn key_required(server: &str, key: Option<&str>) -> Problem {
    let detail = match key {
        Some(key) => say!(problem_key_required_named, server = server, key = key),
        None => say!(problem_key_required, server = server),
    };
    let advice = say!(problem_key_set_advice, command = set(server, key));
    Problem::new(Code::AuthorizationRequired, detail, advice).because(Reason::KeyMissing)
}

/// A key is there, and was set for another header or another server. `key`: which one, where it takes
/// several.
#[must_use]
pub fn key_bound_elsewhere(server: &str, key: Option<&str>) -> Problem {
    let detail = match key {
        Some(key) => say!(problem_key_bound_elsewhere_named, server = server, key = key),
        None => say!(problem_key_bound_elsewhere, server = server),
    };
    let advice = say!(problem_key_set_advice, command = set(server, key));
    Problem::new(Code::AuthorizationRequired, detail, advice).because(Reason::KeyBoundElsewhere)
}

/// The server does not take its key. `offers`: whether it says that one can sign in to it as well.
#[must_use]
pub fn key_refused(server: &str, offers: bool) -> Problem {
    let command = command("mcp-valet key set", &[server]);
    let advice = match offers {
        true => say!(problem_key_refused_offers_advice, command = command),
        false => say!(problem_key_refused_advice, command = command),
    };
    Problem::new(Code::AuthorizationRequired, say!(problem_key_refused, server = server), advice)
        .because(Reason::KeyRefused)
}

/// A key that nobody could recall is not handed out.
#[must_use]
pub fn key_stays(server: &str) -> Problem {
    Problem::new(
        Code::ProxyOnly,
        say!(problem_key_stays, server = server),
        say!(problem_lasting_token_advice, proxy = the_proxy(server)),
    )
    .because(Reason::LastingToken)
}

/// Several keys are no one token.
#[must_use]
pub fn several_keys(server: &str) -> Problem {
    Problem::new(
        Code::ProxyOnly,
        say!(problem_several_keys, server = server),
        say!(problem_bound_to_a_key_advice, proxy = the_proxy(server)),
    )
    .because(Reason::SeveralKeys)
}

/// Nobody signs in to a server that takes a key.
#[must_use]
pub fn takes_keys(server: &str) -> Problem {
    invalid_request(
        say!(problem_takes_keys, server = server),
        say!(problem_takes_keys_advice, command = command("mcp-valet key set", &[server])),
    )
    .because(Reason::TakesKeys)
}

/// No header of the server takes a key of this name.
#[must_use]
pub fn no_such_key(server: &str, key: &str) -> Problem {
    invalid_request(
        say!(problem_no_such_key, server = server, key = key),
        say!(problem_no_such_key_advice, line = "${key}"),
    )
    .because(Reason::NoSuchKey)
}

/// A text is no key. It is not repeated.
#[must_use]
pub fn no_key() -> Problem {
    invalid_request(say!(problem_no_key), say!(problem_no_key_advice)).because(Reason::KeyInvalid)
}

/// The person does not want the key that a program brought, and is not asked about it again in this run.
#[must_use]
pub fn key_not_wanted(server: &str) -> Problem {
    let (detail, advice) =
        (say!(problem_key_not_wanted, server = server), say!(problem_proposal_refused_advice));
    Problem::new(Code::Denied, detail, advice).because(Reason::ProposalRefused)
}

/// Nobody can be asked about a key that a program brought.
#[must_use]
pub fn nobody_for_key(server: &str, file: &Path) -> Problem {
    let file = plain::plain(&file.to_string_lossy(), 400);
    let (detail, advice) =
        (say!(problem_nobody_for_key, server = server), say!(problem_nobody_for_key_advice, file = file));
    Problem::new(Code::ConsentRequired, detail, advice).because(Reason::NobodyToAsk)
}

/// The headers that a key was shown to go into are others by now.
#[must_use]
pub fn key_headers_changed(server: &str) -> Problem {
    invalid_request(
        say!(problem_key_headers_changed, server = server),
        say!(problem_key_headers_changed_advice),
    )
    .because(Reason::KeyBoundElsewhere)
}

/// A key could not be taken out of the configuration.
#[must_use]
pub fn key_in_file(why: &str) -> Problem {
    invalid_request(say!(problem_key_in_file, why = why), say!(problem_key_in_file_advice))
        .because(Reason::Configuration)
}

/// A header with its key cannot be sent.
#[must_use]
pub fn unsendable_key() -> Problem {
    failed(Reason::KeyInvalid, say!(problem_no_key), say!(problem_no_key_advice))
}

/// How a key is set. The only one needs no name.
fn set(server: &str, key: Option<&str>) -> String {
    let names: Vec<&str> = std::iter::once(server).chain(key).collect();
    command("mcp-valet key set", &names)
}

/// Of a request that waited until its program could be started.
#[must_use]
pub fn key_replaced(server: &str) -> Problem {
    Problem::new(Code::Busy, say!(problem_key_replaced, server = server), say!(problem_key_replaced_advice))
}
