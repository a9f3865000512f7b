//! What a caller is told of clients of the door.

use super::invalid_request;
use wire::{Code, Problem, Reason};
use words::say;

/// None is known by that.
#[must_use]
pub fn unknown_web_client(which: &str) -> Problem {
    invalid_request(
        say!(problem_unknown_web_client, which = plain::plain(which, 100)),
        say!(problem_unknown_web_client_advice),
    )
}

/// The same problem as a client of the door is told it: what is wrong with its own request, whole; of all
/// else no more than what came of it, since what a server, its issuer or the person said is not for it.
#[must_use]
pub fn told_by_door(problem: &Problem) -> Problem {
    let of_its_call = [
        Reason::CallRefused,
        Reason::AgainstTheRules,
        Reason::CallAsked,
        Reason::BatchHeld,
        Reason::HeaderMismatch,
    ];
    if problem.reason().is_some_and(|reason| of_its_call.contains(&reason)) {
        return problem.clone();
    }
    match problem.code {
        Code::InvalidRequest | Code::NotFound | Code::UnknownServer => problem.clone(),
        Code::Denied | Code::Declined | Code::ProxyOnly | Code::ConsentRequired => {
            Problem::new(Code::Denied, say!(problem_door_denied), say!(problem_door_advice))
        }
        Code::Locked => Problem::new(Code::Locked, say!(problem_door_locked), say!(problem_door_advice)),
        Code::Timeout => {
            Problem::new(Code::Timeout, say!(problem_door_unanswered), say!(problem_again_advice))
        }
        Code::AuthorizationRequired
        | Code::Lapsed
        | Code::RegistrationLost
        | Code::Failed
        | Code::ProviderError
        | Code::Busy
        | Code::AmbiguousServer
        | Code::Internal => Problem::new(Code::Failed, say!(problem_door_failed), say!(problem_door_advice)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_of_the_door_is_told_what_came_of_it_and_nothing_that_others_said() {
        let told = |code, reason| {
            let problem = Problem::new(code, "the issuer login.example.com said: secret", "Look at it");
            told_by_door(&problem.because(reason).at("oauth.scopes"))
        };
        for code in [Code::Denied, Code::Lapsed, Code::ProviderError, Code::Timeout, Code::Internal] {
            let said = told(code, Reason::IssuerMismatch);
            assert!(said.reason().is_none() && said.setting.is_none(), "{said:?}");
            assert!(!said.detail.contains("example"), "{said:?}");
        }
        assert_eq!(told(Code::Denied, Reason::CallRefused).reason(), Some(Reason::CallRefused));
    }
}
