//! What a caller is told when there is no token: each outcome with a sentence and a remedy.

mod consent;
mod limits;
mod reason;
mod server;
mod waiting;

pub use consent::*;
pub use limits::*;
pub use server::*;

use oauth::{Fault, FaultCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use plain::command;
use reason::reason;
pub use waiting::*;
use wire::{Code, Problem, Reason};

/// All but what stands for itself in a path.
const NO_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Nobody has signed in yet.
#[must_use]
pub fn authorization_required(server: &str) -> Problem {
    Problem::new(
        Code::AuthorizationRequired,
        format!("nobody has signed in to \"{server}\" yet"),
        format!("Run {}.", authorize(server)),
    )
}

/// A sign-in waits in a browser.
#[must_use]
pub fn sign_in_open(server: &str) -> Problem {
    Problem::new(
        Code::AuthorizationRequired,
        format!("a sign-in to \"{server}\" is open in a browser and not finished yet"),
        format!("Finish it there, or begin again with {}.", authorize(server)),
    )
    .because(Reason::SignInOpen)
}

/// The provider wants to be asked in another way than the sign-in that waits asks.
#[must_use]
pub fn sign_in_again(server: &str, url: &str) -> Problem {
    Problem::new(
        Code::AuthorizationRequired,
        format!("the provider of \"{server}\" wants to be asked in another way"),
        format!("Open {url} and paste the address again that the browser ends at."),
    )
    .because(Reason::SignInOpen)
}

/// The sign-in does not cover what is wanted.
#[must_use]
pub fn more_scopes_required(server: &str, scopes: &[String]) -> Problem {
    Problem::new(
        Code::AuthorizationRequired,
        format!("the sign-in to \"{server}\" does not cover{}", what(scopes)),
        format!("Run {} to sign in for these as well.", authorize(server)),
    )
    .because(Reason::InsufficientScope)
}

/// Scopes that are missing. A server may name none, or only such as were granted.
fn what(scopes: &[String]) -> String {
    if scopes.is_empty() {
        return " all that it wants, and it names no scope that is missing".to_owned();
    }
    format!(": {}", scopes.join(" "))
}

/// The same problem, with the words of the server that it is about, where it said any. They come in quotes.
#[must_use]
pub fn quoting(problem: Problem, said: Option<&str>) -> Problem {
    let Some(said) = said else { return problem };
    Problem { detail: format!("{}; it says {said}", problem.detail), ..problem }
}

/// Scopes that the person configured are the limit.
#[must_use]
pub fn configured_too_narrow(server: &str, missing: &[String]) -> Problem {
    failed(
        Reason::InsufficientScope,
        format!("the configured scopes of \"{server}\" do not cover{}", what(missing)),
        "Add them to `oauth.scopes` in the configuration, then sign in again.",
    )
    .at("oauth.scopes")
}

/// The grant is over, and `why`.
#[must_use]
pub fn lapsed(server: &str, why: &str) -> Problem {
    Problem::new(
        Code::Lapsed,
        format!("the sign-in to \"{server}\" has ended: {why}"),
        format!("Run {} to sign in again.", authorize(server)),
    )
}

/// The issuer does not know our client any more, and the token is over.
#[must_use]
pub fn registration_lost(server: &str, why: &str) -> Problem {
    Problem::new(
        Code::RegistrationLost,
        format!("the sign-in to \"{server}\" cannot be renewed: {why}"),
        format!(
            "Run {} to sign in again. Until then it is kept, and tried again now and then.",
            authorize(server)
        ),
    )
}

/// A code was sent, and the issuer takes its time.
#[must_use]
pub fn exchange_slow(server: &str, host: &str) -> Problem {
    Problem::new(
        Code::Timeout,
        format!("you are back from the sign-in to \"{server}\", and {host} has not confirmed it yet"),
        "It is waited for, up to five minutes. Then MCP Valet shows what came of it, and you begin again if nothing did.",
    )
    .because(Reason::IssuerSlow)
}

/// The time that the caller gave ran out.
#[must_use]
pub fn timeout(waited_for: &str) -> Problem {
    Problem::new(
        Code::Timeout,
        format!("the time ran out while waiting for {waited_for}"),
        "Try again, or allow more time with `wait`.",
    )
}

/// The question outlives who asked: an answer that comes soon after still counts.
#[must_use]
pub fn unanswered(server: &str) -> Problem {
    Problem::new(
        Code::Timeout,
        format!("the person was asked about \"{server}\" and has not answered yet"),
        "Answer the question in MCP Valet, then try again, or allow more time with `wait`.",
    )
}

/// A sign-in that waited when the valet was locked.
#[must_use]
pub fn locked_meanwhile(server: &str) -> Problem {
    failed(
        Reason::LockedMeanwhile,
        format!("MCP Valet was locked while the sign-in to \"{server}\" waited"),
        format!("Unlock it, then run {} again.", authorize(server)),
    )
}

/// `of` is the name that it was said of.
#[must_use]
pub fn proxy_only(server: &str, of: &str) -> Problem {
    let or = match of == server {
        true => "take \"handOut\": \"proxy\" out of the configuration".to_owned(),
        false => "set \"handOut\": \"token\" for this name in the configuration".to_owned(),
    };
    Problem::new(
        Code::ProxyOnly,
        format!("the token of \"{server}\" is never handed out{}", by_another_name(server, of)),
        format!("Use {}, or {or}.", the_proxy(server)),
    )
}

fn by_another_name(server: &str, of: &str) -> String {
    if of == server { String::new() } else { format!(", which is the same server as \"{of}\"") }
}

/// A token that could not be recalled is not handed out.
#[must_use]
pub fn lasting_token(server: &str) -> Problem {
    Problem::new(
        Code::ProxyOnly,
        format!(
            "the token of \"{server}\" lives longer than a day, and once handed out it could not be recalled"
        ),
        format!(
            "Use {}, or set \"handOut\": \"token\" for this server in the configuration.",
            the_proxy(server)
        ),
    )
    .because(Reason::LastingToken)
}

fn the_proxy(server: &str) -> String {
    format!("{} or /mcp/{} on the socket", command("mcp-valet connect", &[server]), in_path(server))
}

/// The server does not take the token, although it should be good.
#[must_use]
pub fn refused_by_server(server: &str) -> Problem {
    Problem::new(
        Code::AuthorizationRequired,
        format!("\"{server}\" no longer accepts the sign-in"),
        format!("Run {} to sign in again.", authorize(server)),
    )
    .because(Reason::RefusedByServer)
}

/// The same, where nobody signs in.
#[must_use]
pub fn refused_for_good(server: &str) -> Problem {
    failed(
        Reason::RefusedByServer,
        format!("\"{server}\" does not accept the tokens that its issuer gives"),
        "Ask whoever runs the server whether this client may use it.",
    )
}

/// Where the valet signs in by itself, nobody else can.
#[must_use]
pub fn no_sign_in_needed(server: &str) -> Problem {
    invalid_request(
        format!("\"{server}\" needs no sign-in: its tokens are asked for when they are needed"),
        format!("Use it, for example with {}.", command("mcp-valet token", &[server])),
    )
    .because(Reason::NoSignInNeeded)
}

/// A token that nobody else could use is not handed out.
#[must_use]
pub fn bound_to_a_key(server: &str) -> Problem {
    Problem::new(
        Code::ProxyOnly,
        format!("the token of \"{server}\" works only together with a key that never leaves MCP Valet"),
        format!("Use {}.", the_proxy(server)),
    )
    .because(Reason::BoundToAKey)
}

/// There is no server of that name or address.
#[must_use]
pub fn unknown_server(server: &str) -> Problem {
    let advice = if server.contains("://") {
        format!("Run {}, or see what there is with `mcp-valet list`.", command("mcp-valet add", &[server]))
    } else {
        "See what there is with `mcp-valet list`; add one with `mcp-valet add URL`.".to_owned()
    };
    Problem::new(Code::UnknownServer, format!("there is no server \"{server}\""), advice)
}

/// An address that several servers have names none of them.
#[must_use]
pub fn ambiguous_server(url: &str, names: &[&str]) -> Problem {
    Problem::new(
        Code::AmbiguousServer,
        format!("several servers have the address {url}: {}", names.join(", ")),
        "Name one of them.",
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
    let by = by.map_or_else(|| "somebody else".to_owned(), |name| format!("\"{}\"", name.replace('"', "'")));
    Problem::new(
        Code::AuthorizationRequired,
        format!("a sign-in to \"{server}\" that {by} began is under way"),
        format!(
            "Finish it in the browser where it was begun. Begin another in MCP Valet, or after {}.",
            command("mcp-valet decline", &[server])
        ),
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
    internal(
        format!("the audit entry could not be written ({error}), so the token was not handed out"),
        "Make room on the disk, or mend the folder of the audit.",
    )
}

/// The audit cannot be read.
#[must_use]
pub fn audit_unreadable(error: &std::io::Error) -> Problem {
    internal(format!("the audit cannot be read ({error})"), "Check the permissions of its files.")
}

/// The server said 403 for a reason of its own.
#[must_use]
pub fn forbidden(server: &str) -> Problem {
    failed(
        Reason::Forbidden,
        format!("\"{server}\" answered 403: it refuses this request"),
        "Ask whoever runs the server what your account may do there.",
    )
}

/// A server that is content with no sign-in.
#[must_use]
pub fn never_content(server: &str, operation: &str) -> Problem {
    failed(
        Reason::AuthorizationLimit,
        format!(
            "\"{server}\" asked for another sign-in after the third one for \"{operation}\", so it was given up"
        ),
        "Ask whoever runs the server which scopes this needs, and set them as `oauth.scopes`; it is tried again after ten minutes.",
    )
    .at("oauth.scopes")
}

/// The server refused the token, and the request was too long to be kept.
#[must_use]
pub fn cannot_repeat(server: &str) -> Problem {
    failed(
        Reason::TooLongToRepeat,
        format!(
            "\"{server}\" refused the token, and the request is too long (over 1 MiB) to have been kept for a second try"
        ),
        "Send it again.",
    )
}

/// The endpoint of an event stream is elsewhere (MCP 2024-11-05, Transports, "HTTP with SSE").
#[must_use]
pub fn endpoint_elsewhere(server: &str) -> Problem {
    failed(
        Reason::EndpointElsewhere,
        format!("\"{server}\" wants messages at another scheme, host or port than its own"),
        "Tell the operator of the server: the endpoint of its event stream must be at its own address.",
    )
}

/// The HTTP proxy on the way wants a password.
#[must_use]
pub fn proxy_wants_credentials(server: &str) -> Problem {
    failed(
        Reason::ProxyRefused,
        format!("the HTTP proxy on the way to \"{server}\" wants a password"),
        "Set `valet.proxy` with the user name and password that it needs.",
    )
    .at("valet.proxy")
}

/// A session that is over, was forgotten, or belongs to another program.
#[must_use]
pub fn unknown_session(server: &str) -> Problem {
    Problem::new(
        Code::NotFound,
        format!("this program has no such session with \"{server}\""),
        "Begin one with `initialize`.",
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

/// A name as a segment of a path (RFC 3986 §3.3).
fn in_path(server: &str) -> String {
    utf8_percent_encode(server, NO_SEGMENT).to_string()
}
