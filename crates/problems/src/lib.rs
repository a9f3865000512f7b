//! What a caller is told when there is no token: each outcome with a sentence and a remedy.

mod account;
mod backup;
mod consent;
mod door;
mod files;
mod forward;
mod keys;
mod limits;
mod reason;
mod rules;
mod server;
mod waiting;

pub use account::*;
pub use backup::*;
pub use consent::*;
pub use door::*;
pub use files::*;
pub use forward::*;
pub use keys::*;
pub use limits::*;
pub use rules::*;
pub use server::*;

use oauth::{Fault, FaultCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use plain::command;
use reason::reason;
pub use waiting::*;
use wire::{Code, Problem, Reason};
use words::say;

/// All but what stands for itself in a path.
const NO_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Nobody has signed in yet.
#[must_use]
pub fn authorization_required(server: &str) -> Problem {
    Problem::new(
        Code::AuthorizationRequired,
        say!(problem_authorization_required, server = server),
        say!(problem_authorization_required_advice, command = authorize(server)),
    )
}

/// A sign-in waits in a browser.
#[must_use]
pub fn sign_in_open(server: &str) -> Problem {
    Problem::new(
        Code::AuthorizationRequired,
        say!(problem_sign_in_open, server = server),
        say!(problem_sign_in_open_advice, command = authorize(server)),
    )
    .because(Reason::SignInOpen)
}

/// The provider wants to be asked in another way than the sign-in that waits asks.
#[must_use]
pub fn sign_in_again(server: &str, url: &str) -> Problem {
    Problem::new(
        Code::AuthorizationRequired,
        say!(problem_sign_in_again, server = server),
        say!(problem_sign_in_again_advice, url = url),
    )
    .because(Reason::SignInOpen)
}

/// The sign-in does not cover what is wanted.
#[must_use]
pub fn more_scopes_required(server: &str, scopes: &[String]) -> Problem {
    Problem::new(
        Code::AuthorizationRequired,
        say!(problem_more_scopes_required, server = server, scopes = what(scopes)),
        say!(problem_more_scopes_required_advice, command = authorize(server)),
    )
    .because(Reason::InsufficientScope)
}

/// Scopes that are missing. A server may name none, or only such as were granted.
fn what(scopes: &[String]) -> String {
    if scopes.is_empty() {
        return say!(problem_scopes_unnamed);
    }
    format!(": {}", scopes.join(" "))
}

/// The same problem, with the words of the server that it is about, where it said any. They come in quotes.
#[must_use]
pub fn quoting(problem: Problem, said: Option<&str>) -> Problem {
    let Some(said) = said else { return problem };
    Problem { detail: say!(problem_quoting, detail = problem.detail, said = said), ..problem }
}

/// Scopes that the person configured are the limit.
#[must_use]
pub fn configured_too_narrow(server: &str, missing: &[String]) -> Problem {
    failed(
        Reason::InsufficientScope,
        say!(problem_configured_too_narrow, server = server, scopes = what(missing)),
        say!(problem_configured_too_narrow_advice),
    )
    .at("oauth.scopes")
}

/// The grant is over, and `why`.
#[must_use]
pub fn lapsed(server: &str, why: &str) -> Problem {
    Problem::new(
        Code::Lapsed,
        say!(problem_lapsed, server = server, why = why),
        say!(problem_lapsed_advice, command = authorize(server)),
    )
}

/// The issuer does not know our client any more, and the token is over.
#[must_use]
pub fn registration_lost(server: &str, why: &str) -> Problem {
    Problem::new(
        Code::RegistrationLost,
        say!(problem_registration_lost, server = server, why = why),
        say!(problem_registration_lost_advice, command = authorize(server)),
    )
}

/// A code was sent, and the issuer takes its time.
#[must_use]
pub fn exchange_slow(server: &str, host: &str) -> Problem {
    Problem::new(
        Code::Timeout,
        say!(problem_exchange_slow, server = server, host = host),
        say!(problem_exchange_slow_advice),
    )
    .because(Reason::IssuerSlow)
}

/// The time that the caller gave ran out.
#[must_use]
pub fn timeout(waited_for: &str) -> Problem {
    Problem::new(Code::Timeout, say!(problem_timeout, waited_for = waited_for), say!(problem_timeout_advice))
}

/// The question outlives who asked: an answer that comes soon after still counts.
#[must_use]
pub fn unanswered(server: &str) -> Problem {
    Problem::new(Code::Timeout, say!(problem_unanswered, server = server), say!(problem_unanswered_advice))
}

/// A sign-in that waited when the valet was locked.
#[must_use]
pub fn locked_meanwhile(server: &str) -> Problem {
    failed(
        Reason::LockedMeanwhile,
        say!(problem_locked_meanwhile, server = server),
        say!(problem_locked_meanwhile_advice, command = authorize(server)),
    )
}

/// `of` is the name that it was said of.
#[must_use]
pub fn proxy_only(server: &str, of: &str) -> Problem {
    let or = match of == server {
        true => say!(problem_proxy_only_or_take_out),
        false => say!(problem_proxy_only_or_set),
    };
    Problem::new(
        Code::ProxyOnly,
        say!(problem_proxy_only, server = server, other = by_another_name(server, of)),
        say!(problem_proxy_only_advice, proxy = the_proxy(server), or = or),
    )
}

/// A program on this machine has no address, nobody signs in to it, and it has no token.
#[must_use]
pub fn runs_here(server: &str) -> Problem {
    let (detail, advice) = (
        say!(problem_runs_here, server = server),
        say!(problem_runs_here_advice, connect = command("mcp-valet connect", &[server])),
    );
    Problem::new(Code::InvalidRequest, detail, advice).because(Reason::RunsHere)
}

/// The same, told to who wants the token of one.
#[must_use]
pub fn runs_here_without_token(server: &str) -> Problem {
    Problem { code: Code::ProxyOnly, ..runs_here(server) }
}

fn by_another_name(server: &str, of: &str) -> String {
    if of == server { String::new() } else { say!(problem_by_another_name, of = of) }
}

/// A token that could not be recalled is not handed out.
#[must_use]
pub fn lasting_token(server: &str) -> Problem {
    Problem::new(
        Code::ProxyOnly,
        say!(problem_lasting_token, server = server),
        say!(problem_lasting_token_advice, proxy = the_proxy(server)),
    )
    .because(Reason::LastingToken)
}

fn the_proxy(server: &str) -> String {
    // As a segment of a path (RFC 3986 §3.3).
    let path = utf8_percent_encode(server, NO_SEGMENT).to_string();
    say!(problem_the_proxy, command = command("mcp-valet connect", &[server]), path = path)
}

/// The server does not take the token, although it should be good.
#[must_use]
pub fn refused_by_server(server: &str) -> Problem {
    Problem::new(
        Code::AuthorizationRequired,
        say!(problem_refused_by_server, server = server),
        say!(problem_refused_by_server_advice, command = authorize(server)),
    )
    .because(Reason::RefusedByServer)
}

/// The same, where nobody signs in.
#[must_use]
pub fn refused_for_good(server: &str) -> Problem {
    failed(
        Reason::RefusedByServer,
        say!(problem_refused_for_good, server = server),
        say!(problem_refused_for_good_advice),
    )
}

/// Where the valet signs in by itself, nobody else can.
#[must_use]
pub fn no_sign_in_needed(server: &str) -> Problem {
    invalid_request(
        say!(problem_no_sign_in_needed, server = server),
        say!(problem_no_sign_in_needed_advice, command = command("mcp-valet token", &[server])),
    )
    .because(Reason::NoSignInNeeded)
}

/// A token that nobody else could use is not handed out.
#[must_use]
pub fn bound_to_a_key(server: &str) -> Problem {
    Problem::new(
        Code::ProxyOnly,
        say!(problem_bound_to_a_key, server = server),
        say!(problem_bound_to_a_key_advice, proxy = the_proxy(server)),
    )
    .because(Reason::BoundToAKey)
}

/// There is no server of that name or address.
#[must_use]
pub fn unknown_server(server: &str) -> Problem {
    let advice = if server.contains("://") {
        say!(problem_unknown_address_advice, command = command("mcp-valet add", &[server]))
    } else {
        say!(problem_unknown_server_advice)
    };
    Problem::new(Code::UnknownServer, say!(problem_unknown_server, server = server), advice)
}

/// An address that several servers have names none of them.
#[must_use]
pub fn ambiguous_server<'a>(
    url: &str,
    accounts: impl Iterator<Item = (&'a str, &'a [String])> + Clone,
) -> Problem {
    let names: Vec<&str> = accounts.clone().map(|(name, _)| name).collect();
    let said = accounts.map(|(name, folders)| match folders {
        [] => name.to_owned(),
        folders => say!(problem_account_for, account = name, folders = folders.join(", ")),
    });
    Problem::new(
        Code::AmbiguousServer,
        say!(problem_ambiguous_server, url = url, names = names.join(", ")),
        say!(problem_ambiguous_server_advice, accounts = said.collect::<Vec<_>>().join("; ")),
    )
}

/// The caller asks for something that makes no sense, or that it may not ask for.
#[must_use]
pub fn invalid_request(detail: impl Into<String>, advice: impl Into<String>) -> Problem {
    Problem::new(Code::InvalidRequest, detail, advice)
}

/// A program wants to sign in where a sign-in of the person, or of another program, waits.
#[must_use]
pub fn sign_in_under_way(server: &str, by: Option<&str>) -> Problem {
    let by = by.map_or_else(|| say!(problem_somebody_else), |name| format!("\"{}\"", name.replace('"', "'")));
    Problem::new(
        Code::AuthorizationRequired,
        say!(problem_sign_in_under_way, server = server, by = by),
        say!(problem_sign_in_under_way_advice, command = command("mcp-valet decline", &[server])),
    )
    .because(Reason::SignInUnderWay)
}

/// Something of our own went wrong.
#[must_use]
pub fn internal(detail: impl Into<String>, advice: impl Into<String>) -> Problem {
    Problem::new(Code::Internal, detail, advice)
}

/// What cannot be written down is not handed out.
#[must_use]
pub fn not_audited(error: &std::io::Error) -> Problem {
    internal(say!(problem_not_audited, error = error.to_string()), say!(problem_not_audited_advice))
}

/// The audit cannot be read.
#[must_use]
pub fn audit_unreadable(error: &std::io::Error) -> Problem {
    internal(say!(problem_audit_unreadable, error = error.to_string()), say!(problem_audit_unreadable_advice))
}

/// The server said 403 for a reason of its own.
#[must_use]
pub fn forbidden(server: &str) -> Problem {
    failed(Reason::Forbidden, say!(problem_forbidden, server = server), say!(problem_forbidden_advice))
}

/// A server that is content with no sign-in.
#[must_use]
pub fn never_content(server: &str, operation: &str) -> Problem {
    failed(
        Reason::AuthorizationLimit,
        say!(problem_never_content, server = server, operation = operation),
        say!(problem_never_content_advice),
    )
    .at("oauth.scopes")
}

/// The server refused the token, and the request was too long to be kept.
#[must_use]
pub fn cannot_repeat(server: &str) -> Problem {
    failed(
        Reason::TooLongToRepeat,
        say!(problem_cannot_repeat, server = server),
        say!(problem_cannot_repeat_advice),
    )
}

/// The endpoint of an event stream is elsewhere (MCP 2024-11-05, Transports, "HTTP with SSE").
#[must_use]
pub fn endpoint_elsewhere(server: &str) -> Problem {
    failed(
        Reason::EndpointElsewhere,
        say!(problem_endpoint_elsewhere, server = server),
        say!(problem_endpoint_elsewhere_advice),
    )
}

/// The HTTP proxy on the way wants a password.
#[must_use]
pub fn proxy_wants_credentials(server: &str) -> Problem {
    failed(
        Reason::ProxyRefused,
        say!(problem_proxy_wants_credentials, server = server),
        say!(problem_proxy_wants_credentials_advice),
    )
    .at("valet.proxy")
}

/// A session that is over, was forgotten, or belongs to another program.
#[must_use]
pub fn unknown_session(server: &str) -> Problem {
    Problem::new(
        Code::NotFound,
        say!(problem_unknown_session, server = server),
        say!(problem_unknown_session_advice),
    )
    .because(Reason::UnknownSession)
}

/// A fault of discovery, sign-in or refresh.
#[must_use]
pub fn fault(fault: &Fault) -> Problem {
    let code = if fault.code() == FaultCode::ProviderError { Code::ProviderError } else { Code::Failed };
    let problem = Problem::new(code, fault.to_string(), fault.advice()).because(reason(fault.code()));
    match fault.setting() {
        Some(setting) => problem.at(setting),
        None => problem,
    }
}

/// A sign-in that did not succeed for a reason of our own.
#[must_use]
pub fn failed(reason: Reason, detail: impl Into<String>, advice: impl Into<String>) -> Problem {
    Problem::new(Code::Failed, detail, advice).because(reason)
}

/// The command that signs in to a server.
#[must_use]
pub fn authorize(server: &str) -> String {
    command("mcp-valet authorize", &[server])
}
