//! What a caller is told whom the person did not allow.

use super::{authorize, by_another_name, invalid_request, the_proxy};
use plain::plain;
use std::path::Path;
use wire::{Code, Problem, Reason};
use words::say;

/// `of` is the name that it was said of.
#[must_use]
pub fn declined(server: &str, of: &str) -> Problem {
    Problem::new(
        Code::Declined,
        say!(problem_declined, server = server, other = by_another_name(server, of)),
        say!(problem_declined_advice, command = authorize(server)),
    )
}

/// The person does not want to be asked for this server at all.
#[must_use]
pub fn declined_for_good(server: &str, of: &str) -> Problem {
    let other = by_another_name(server, of);
    Problem::new(
        Code::Declined,
        say!(problem_declined_for_good, server = server, other = other),
        say!(problem_declined_for_good_advice),
    )
    .because(Reason::DeclinedForGood)
}

/// The person said no to this program.
#[must_use]
pub fn denied(server: &str, agent: &str) -> Problem {
    Problem::new(
        Code::Denied,
        say!(problem_denied, agent = agent, server = server),
        say!(problem_denied_advice),
    )
}

/// The person lets this program use the server through the valet, and never gives it a token.
#[must_use]
pub fn kept_to_the_proxy(server: &str, agent: &str) -> Problem {
    Problem::new(
        Code::ProxyOnly,
        say!(problem_kept_to_the_proxy, agent = agent, server = server),
        say!(problem_kept_to_the_proxy_advice, proxy = the_proxy(server)),
    )
    .because(Reason::KeptToTheProxy)
}

/// Nobody answered about this program; the configuration says what such programs get.
#[must_use]
pub fn denied_by_policy(server: &str, agent: &str) -> Problem {
    Problem::new(
        Code::Denied,
        say!(problem_denied_by_policy, agent = agent, server = server),
        say!(problem_denied_by_policy_advice),
    )
    .because(Reason::AgentsDenied)
}

/// `new` are the scopes that are beyond what was allowed.
#[must_use]
pub fn consent_required(server: &str, agent: &str, new: &[String]) -> Problem {
    let detail = match new {
        [] => say!(problem_consent_required, agent = agent, server = server),
        scopes => {
            say!(problem_consent_required_beyond, agent = agent, server = server, scopes = scopes.join(" "))
        }
    };
    Problem::new(Code::ConsentRequired, detail, say!(problem_consent_required_advice))
}

/// A program brought what only the person may confirm: they are asked, and a late answer counts.
#[must_use]
pub fn proposed(server: &str) -> Problem {
    Problem::new(
        Code::ConsentRequired,
        say!(problem_proposed, server = server),
        say!(problem_proposed_advice),
    )
    .because(Reason::Proposed)
}

/// The same, where there is no shell. What to write into the configuration by hand is said whole, but for
/// secrets.
#[must_use]
pub fn nobody_for_proposal(server: &str, keys: &str, entry: &str, file: &Path) -> Problem {
    Problem::new(
        Code::ConsentRequired,
        say!(problem_nobody_for_proposal, server = server, keys = keys),
        format!(
            "{}\n{entry}",
            say!(problem_nobody_for_proposal_advice, file = plain(&file.to_string_lossy(), 400))
        ),
    )
    .because(Reason::NobodyToAsk)
}

/// The person said no to it, and is not asked the same again in this run.
#[must_use]
pub fn proposal_refused(server: &str) -> Problem {
    Problem::new(
        Code::Denied,
        say!(problem_proposal_refused, server = server),
        say!(problem_proposal_refused_advice),
    )
    .because(Reason::ProposalRefused)
}

/// What the person agreed to is not what they saw.
#[must_use]
pub fn program_changed(server: &str) -> Problem {
    invalid_request(say!(problem_program_changed, server = server), say!(problem_program_changed_advice))
}

/// More than a question can show is not asked about.
#[must_use]
pub fn proposal_too_long(server: &str) -> Problem {
    invalid_request(say!(problem_proposal_too_long, server = server), say!(problem_proposal_too_long_advice))
        .because(Reason::ProposalTooLong)
}

/// The person took back what they had said.
#[must_use]
pub fn consent_taken_back(server: &str, agent: &str) -> Problem {
    Problem::new(
        Code::ConsentRequired,
        say!(problem_consent_taken_back, agent = agent, server = server),
        say!(problem_consent_taken_back_advice),
    )
}
