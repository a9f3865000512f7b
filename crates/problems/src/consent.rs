//! What a caller is told whom the person did not allow.

use super::{authorize, by_another_name, invalid_request};
use plain::plain;
use std::path::Path;
use wire::{Code, Problem, Reason};

/// `of` is the name that it was said of.
#[must_use]
pub fn declined(server: &str, of: &str) -> Problem {
    Problem::new(
        Code::Declined,
        format!("\"not now\" was said to signing in to \"{server}\"{}", by_another_name(server, of)),
        format!("Nobody is asked again in this session. {} takes it back.", authorize(server)),
    )
}

/// The person does not want to be asked for this server at all.
#[must_use]
pub fn declined_for_good(server: &str, of: &str) -> Problem {
    let other = by_another_name(server, of);
    Problem::new(
        Code::Declined,
        format!("the person does not want to be asked to sign in to \"{server}\"{other}"),
        "They take it back in MCP Valet: on the page of this server, or by typing `ask` and its name where mcp-valetd runs.",
    )
    .because(Reason::DeclinedForGood)
}

/// The person said no to this program.
#[must_use]
pub fn denied(server: &str, agent: &str) -> Problem {
    Problem::new(
        Code::Denied,
        format!("{agent} is not allowed to use \"{server}\""),
        "Take the answer back in MCP Valet: on the page of this server, or with `forget` where mcp-valetd runs.",
    )
}

/// Nobody answered about this program; the configuration says what such programs get.
#[must_use]
pub fn denied_by_policy(server: &str, agent: &str) -> Problem {
    Problem::new(
        Code::Denied,
        format!("{agent} has not been allowed to use \"{server}\", and nobody is asked about new programs"),
        "Change what new programs get in the settings of MCP Valet, or \"agents\" in the configuration.",
    )
    .because(Reason::AgentsDenied)
}

/// `new` are the scopes that are beyond what was allowed.
#[must_use]
pub fn consent_required(server: &str, agent: &str, new: &[String]) -> Problem {
    let beyond = if new.is_empty() { String::new() } else { format!(" with {}", new.join(" ")) };
    Problem::new(
        Code::ConsentRequired,
        format!("{agent} has not been allowed to use \"{server}\"{beyond}, and nobody can be asked here"),
        "Start `mcp-valetd` in a terminal to be asked, or set \"agents\": \"allow\" in the configuration and restart it.",
    )
}

/// A program brought what only the person may confirm: they are asked, and a late answer counts.
#[must_use]
pub fn proposed(server: &str) -> Problem {
    Problem::new(
        Code::ConsentRequired,
        format!(
            "the person is asked whether to add \"{server}\" with these settings, and has not answered yet"
        ),
        "Answer the question in MCP Valet: then it is added, and nothing else has to be done.",
    )
    .because(Reason::Proposed)
}

/// The same, where there is no shell. What to write into the configuration by hand is said whole, but for
/// secrets.
#[must_use]
pub fn nobody_for_proposal(server: &str, keys: &str, entry: &str, file: &Path) -> Problem {
    Problem::new(
        Code::ConsentRequired,
        format!(
            "\"{server}\" brings what only the person may confirm ({keys}), and nobody can be asked here"
        ),
        format!(
            "Write this below \"mcpServers\" in {}, then restart MCP Valet:\n{entry}",
            plain(&file.to_string_lossy(), 400)
        ),
    )
    .because(Reason::NobodyToAsk)
}

/// The person said no to it, and is not asked the same again in this run.
#[must_use]
pub fn proposal_refused(server: &str) -> Problem {
    Problem::new(
        Code::Denied,
        format!("the person does not want \"{server}\" to be added with these settings"),
        "They are not asked again until MCP Valet is restarted. They can write it into the configuration themselves.",
    )
    .because(Reason::ProposalRefused)
}

/// More than a question can show is not asked about.
#[must_use]
pub fn proposal_too_long(server: &str) -> Problem {
    invalid_request(
        format!("\"{server}\" brings more settings, or longer ones, than a question can show"),
        "Write it into the configuration by hand.",
    )
    .because(Reason::ProposalTooLong)
}

/// The person took back what they had said.
#[must_use]
pub fn consent_taken_back(server: &str, agent: &str) -> Problem {
    Problem::new(
        Code::ConsentRequired,
        format!("the consent for {agent} to use \"{server}\" was taken back"),
        "Ask again: the person is then asked anew.",
    )
}
