//! What a request needs of a token.

use crate::base::problems;
use crate::state::item::Grant;
use oauth::Challenge;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use wire::{Problem, TokenRequest};

/// Seconds for which a token must be good if the request does not say.
const MIN_TTL: i64 = 30;
/// Seconds by which a token may seem to come from the future. Beyond that the clock was set back since it was
/// issued, and nobody knows how long it is good for.
const SKEW: i64 = 60;
/// Scopes that one request may name.
const MOST_SCOPES: usize = 64;

/// What a request needs of a token.
pub(crate) struct Need {
    pub(crate) scopes: Vec<String>,
    pub(super) min_ttl: Option<i64>,
    /// An agent says that the server refused the last token as invalid.
    pub(super) refused: bool,
    /// We saw ourselves that the server refused the token of this grant.
    pub(crate) rejected: Option<Rejected>,
    /// The server wants a sign-in for this.
    pub(crate) challenged: bool,
    pub(crate) deadline: Instant,
}

/// A grant whose token the server refused, and what can be done about it.
pub(crate) struct Rejected {
    pub(crate) grant: Arc<Grant>,
    pub(crate) remedy: Remedy,
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
        Self {
            scopes: Vec::new(),
            min_ttl: None,
            refused: false,
            rejected: None,
            challenged: false,
            deadline,
        }
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
            return Err(problems::invalid_request(
                "`scope` names too many scopes, or something that is none",
                "Name at most 64, separated by spaces.",
            ));
        }
        Ok(Self {
            scopes,
            min_ttl: request.min_ttl.map(i64::from),
            refused: error == Some("invalid_token"),
            rejected: None,
            challenged: false,
            deadline: Instant::now() + Duration::from_secs(wait.into()),
        })
    }

    pub(super) fn enough_life(&self, grant: &Grant, now: jiff::Timestamp) -> bool {
        let (Some(left), Some(life)) = (grant.seconds_left(now), grant.lifetime()) else { return true };
        if left > life + SKEW {
            return false;
        }
        left >= self.min_ttl.unwrap_or_else(|| MIN_TTL.min(life / 2)) && left > 0
    }

    /// What is left to be done if the token of this very grant was refused. One that came in its place
    /// meanwhile was not.
    pub(super) fn remedy(&self, grant: &Grant) -> Option<Remedy> {
        let rejected = self.rejected.as_ref()?;
        let same = rejected.grant.access.expose() == grant.access.expose();
        let renewable = grant.refresh.is_some();
        same.then_some(if renewable { rejected.remedy } else { Remedy::SignIn })
    }

    /// Whether a token that could not be renewed is still better than none.
    pub(super) fn still_serves(&self, grant: &Grant, now: jiff::Timestamp) -> bool {
        !self.refused
            && self.rejected.is_none()
            && grant.seconds_left(now).is_none_or(|left| left > self.min_ttl.unwrap_or(0).max(0))
    }

    /// Why another grant is needed than the one that the server refused.
    pub(super) fn why_refused(&self, server: &str) -> Problem {
        if self.scopes.is_empty() {
            return problems::refused_by_server(server);
        }
        problems::more_scopes_required(server, &self.scopes)
    }

    /// What `grant` does not cover. Where the server itself refused one, it is the judge of the next.
    pub(super) fn missing_scopes(&self, grant: &Grant) -> Vec<String> {
        if self.rejected.is_some() {
            return Vec::new();
        }
        let granted: BTreeSet<&str> = grant.parts.scopes.iter().map(String::as_str).collect();
        self.scopes.iter().filter(|scope| !granted.contains(scope.as_str())).cloned().collect()
    }
}
