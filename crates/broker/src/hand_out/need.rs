//! What a request needs of a token.

use oauth::Challenge;
use state::item::Grant;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use wire::{Problem, TokenRequest};
use words::say;

/// Seconds for which a token must be good if the request does not say.
const MIN_TTL: i64 = 30;
/// Seconds by which a token may seem to come from the future. Beyond that the clock was set back since it was
/// issued, and nobody knows how long it is good for.
const SKEW: i64 = 60;
/// A token this young, in seconds, is not renewed because a server refused it: a newer one would be refused
/// as well.
const YOUNG: i64 = 10;
/// Scopes that one request may name.
const MOST_SCOPES: usize = 64;

/// What a request needs of a token.
pub(crate) struct Need {
    pub(crate) scopes: Vec<String>,
    pub(super) min_ttl: Option<i64>,
    pub(crate) heard: Heard,
    pub(crate) deadline: Instant,
}

/// What is known of how the server took the last request.
pub(crate) enum Heard {
    Nothing,
    /// An agent says that it refused the last token as invalid.
    SaidRefused,
    /// We saw that it wants a sign-in, where none was shown.
    WantsSignIn,
    /// We saw that it refused the token of this grant.
    Rejected {
        grant: Arc<Grant>,
        /// What can be done about it.
        remedy: Remedy,
        /// What to say where that is of no use.
        why: Box<Problem>,
    },
}

/// What can be done about a token that the server refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Another token for the same grant.
    Renew,
    /// Another grant.
    SignIn,
}

impl Need {
    /// The need of a request that uses the token at once, through the proxy.
    pub(crate) const fn at_once(deadline: Instant) -> Self {
        Self { scopes: Vec::new(), min_ttl: None, heard: Heard::Nothing, deadline }
    }

    pub(super) fn of(request: &TokenRequest) -> Result<Self, Problem> {
        let wait = request.wait.unwrap_or(wire::DEFAULT_WAIT);
        if wait > wire::MAX_WAIT {
            return Err(problems::too_long_a_wait());
        }
        let words = |text: &str| text.split_ascii_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>();
        // Of a challenge only `error` and `scope` are believed: the rest would let an agent steer the
        // sign-in.
        let challenge = request.challenge.as_deref().and_then(Challenge::parse);
        let error = challenge.as_ref().and_then(|challenge| challenge.error.as_deref());
        let mut scopes = request.scope.as_deref().map(words).unwrap_or_default();
        if error == Some("insufficient_scope") {
            scopes.extend(
                challenge
                    .as_ref()
                    .and_then(|challenge| challenge.scope.as_deref())
                    .map(words)
                    .unwrap_or_default(),
            );
        }
        if scopes.len() > MOST_SCOPES || scopes.iter().any(|scope| !config::is_scope(scope)) {
            return Err(problems::invalid_request(say!(problem_scope), say!(problem_scope_advice)));
        }
        Ok(Self {
            scopes,
            min_ttl: request.min_ttl.map(i64::from),
            heard: if error == Some("invalid_token") { Heard::SaidRefused } else { Heard::Nothing },
            deadline: Instant::now() + Duration::from_secs(wait.into()),
        })
    }

    /// Whether the token is good for long enough, and nobody doubts it.
    pub(super) fn is_met_by(&self, grant: &Grant, now: jiff::Timestamp) -> bool {
        // A clock that was set back makes an old token look as if it were yet to come.
        let young = now.duration_since(grant.issued_at).as_secs().abs() < YOUNG;
        (young || !matches!(self.heard, Heard::SaidRefused)) && self.enough_life(grant, now)
    }

    fn enough_life(&self, grant: &Grant, now: jiff::Timestamp) -> bool {
        let (Some(left), Some(life)) = (grant.seconds_left(now), grant.lifetime()) else { return true };
        if left > life + SKEW {
            return false;
        }
        left >= self.min_ttl.unwrap_or_else(|| MIN_TTL.min(life / 2)) && left > 0
    }

    /// What is left to be done if the token of this very grant was refused, and why. One that came in its
    /// place meanwhile was not.
    pub(super) fn remedy(&self, grant: &Grant) -> Option<(Remedy, &Problem)> {
        let Heard::Rejected { grant: rejected, remedy, why } = &self.heard else { return None };
        (rejected.access.expose() == grant.access.expose()).then_some((*remedy, why))
    }

    /// Whether a token that could not be renewed is still better than none.
    pub(super) fn still_serves(&self, grant: &Grant, now: jiff::Timestamp) -> bool {
        let refused = match self.heard {
            Heard::SaidRefused | Heard::Rejected { .. } => true,
            Heard::Nothing | Heard::WantsSignIn => false,
        };
        !refused && grant.seconds_left(now).is_none_or(|left| left > self.min_ttl.unwrap_or(0).max(0))
    }

    /// What `grant` does not cover. Where the server itself refused one, it is the judge of the next.
    pub(super) fn missing_scopes(&self, grant: &Grant) -> Vec<String> {
        if matches!(self.heard, Heard::Rejected { .. }) {
            return Vec::new();
        }
        let granted: BTreeSet<&str> = grant.parts.scopes.iter().map(String::as_str).collect();
        self.scopes.iter().filter(|scope| !granted.contains(scope.as_str())).cloned().collect()
    }
}
