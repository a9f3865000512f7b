//! What a caller is told whose message was held by the rules of its program.

use super::invalid_request;
use crate::failed;
use plain::named;
use wire::{Code, Problem, Reason};
use words::say;

/// The rules do not let it do this.
#[must_use]
pub fn against_the_rules(server: &str, agent: &str, what: &str) -> Problem {
    Problem::new(
        Code::Denied,
        say!(problem_against_the_rules, agent = agent, what = named(what), server = server),
        say!(problem_against_the_rules_advice),
    )
    .because(Reason::AgainstTheRules)
}

/// The person did not allow this call.
#[must_use]
pub fn call_refused(server: &str, agent: &str, what: &str) -> Problem {
    Problem::new(
        Code::Denied,
        say!(problem_call_refused, agent = agent, what = named(what), server = server),
        say!(problem_call_refused_advice),
    )
    .because(Reason::CallRefused)
}

/// The person has not answered in time; a late answer counts.
#[must_use]
pub fn call_asked(server: &str, agent: &str, what: &str) -> Problem {
    Problem::new(
        Code::Timeout,
        say!(problem_call_asked, agent = agent, what = named(what), server = server),
        say!(problem_call_asked_advice),
    )
    .because(Reason::CallAsked)
}

/// The person would have to be asked, and nobody can be.
#[must_use]
pub fn nobody_for_call(server: &str, agent: &str, what: &str) -> Problem {
    Problem::new(
        Code::ConsentRequired,
        say!(problem_nobody_for_call, agent = agent, what = named(what), server = server),
        say!(problem_nobody_for_call_advice),
    )
    .because(Reason::NobodyToAsk)
}

/// Nobody could look through all of it.
#[must_use]
pub fn too_long_to_show(server: &str, what: &str) -> Problem {
    invalid_request(
        say!(problem_too_long_to_show, what = named(what), server = server),
        say!(problem_too_long_to_show_advice),
    )
    .because(Reason::TooLongToJudge)
}

/// It is not held, and so not read.
#[must_use]
pub fn too_long_to_judge(server: &str) -> Problem {
    invalid_request(say!(problem_too_long_to_judge, server = server), say!(problem_too_long_to_judge_advice))
        .because(Reason::TooLongToJudge)
}

/// What is never allowed could not be left out of it.
#[must_use]
pub fn list_too_long(server: &str) -> Problem {
    failed(
        Reason::AnswerTooLarge,
        say!(problem_list_too_long, server = server),
        say!(problem_list_too_long_advice),
    )
}

/// It is no message of which it is clear what it asks for.
#[must_use]
pub fn no_message_to_judge(server: &str) -> Problem {
    ambiguous(say!(problem_no_message_to_judge, server = server))
}

/// It is not said to be JSON in UTF-8 that is not coded, or not by that alone.
#[must_use]
pub fn not_plain(server: &str) -> Problem {
    ambiguous(say!(problem_not_plain, server = server))
}

/// Two keys can be taken for the same.
#[must_use]
pub fn alike_keys(server: &str) -> Problem {
    ambiguous(say!(problem_alike_keys, server = server))
}

/// A request has no ID, or a notification has one.
#[must_use]
pub fn id_amiss(server: &str) -> Problem {
    ambiguous(say!(problem_id_amiss, server = server))
}

/// A batch has more messages than are judged at once, or none.
#[must_use]
pub fn batch_too_large(server: &str, most: usize) -> Problem {
    ambiguous(say!(problem_batch_too_large, server = server, most = most))
}

fn ambiguous(detail: String) -> Problem {
    invalid_request(detail, say!(problem_ambiguous_advice)).because(Reason::Ambiguous)
}

/// The headers say something else than the body.
#[must_use]
pub fn header_mismatch(server: &str) -> Problem {
    invalid_request(say!(problem_header_mismatch, server = server), say!(problem_header_mismatch_advice))
        .because(Reason::HeaderMismatch)
}

/// Another message of the same batch was held.
#[must_use]
pub fn batch_held() -> Problem {
    Problem::new(Code::Denied, say!(problem_batch_held), say!(problem_batch_held_advice))
        .because(Reason::BatchHeld)
}

/// What is under way is not allowed any more by the rules as they are now.
#[must_use]
pub fn rules_changed(server: &str, agent: &str) -> Problem {
    Problem::new(
        Code::Denied,
        say!(problem_rules_changed, agent = agent, server = server),
        say!(problem_rules_changed_advice),
    )
    .because(Reason::AgainstTheRules)
}
