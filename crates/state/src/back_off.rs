//! When an issuer that refused is asked again.

use jiff::{SignedDuration, Timestamp};
use wire::Problem;

/// How often something was refused, and when the issuer is asked again.
#[derive(Debug, Clone)]
pub(crate) struct BackOff {
    refused: u32,
    again: Timestamp,
    /// What it said.
    pub problem: Problem,
}

impl BackOff {
    /// After one more refusal: the pauses grow from `first` seconds to an hour.
    pub(crate) fn after(before: Option<&Self>, first: i64, problem: Problem, now: Timestamp) -> Self {
        let refused = before.map_or(0, |before| before.refused).saturating_add(1);
        let pause =
            SignedDuration::from_secs(4_i64.saturating_pow(refused - 1).saturating_mul(first).min(3600));
        Self { refused, again: now.saturating_add(pause).unwrap_or(now), problem }
    }

    /// Whether the issuer is left alone for now. A clock that was set back holds nobody up.
    pub(crate) fn lasts(&self, now: Timestamp) -> bool {
        let rest = self.again.duration_since(now);
        rest > SignedDuration::ZERO && rest <= SignedDuration::from_hours(1)
    }
}
