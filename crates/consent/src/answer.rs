//! One answer of the person.

use crate::extent::Extent;
use crate::permit::Permit;
use peer::Longest;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wire::Act;

/// The person's answer to "may this agent use this server?".
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// One token.
    AllowOnce,
    /// Until the valet ends.
    AllowSession,
    /// Until the person takes it back.
    AllowAlways,
    /// No, until the valet ends.
    Deny,
    /// No, until the person takes it back.
    DenyAlways,
}

impl Answer {
    /// The answers that there are for a program that is known again for so long.
    pub fn offered(longest: Longest) -> Vec<Self> {
        let all = [Self::AllowOnce, Self::AllowSession, Self::AllowAlways, Self::Deny, Self::DenyAlways];
        all.into_iter().filter(|answer| answer.within(longest) == *answer).collect()
    }

    /// What it comes to for a program that is known again for so long.
    pub fn within(self, longest: Longest) -> Self {
        match self {
            Self::AllowAlways | Self::AllowSession if longest < Longest::Session => Self::AllowOnce,
            Self::AllowAlways if longest < Longest::Always => Self::AllowSession,
            Self::DenyAlways if longest < Longest::Always => Self::Deny,
            Self::AllowOnce | Self::AllowSession | Self::AllowAlways | Self::Deny | Self::DenyAlways => self,
        }
    }

    /// Whether it is a "yes", for however long.
    pub const fn is_yes(self) -> bool {
        matches!(self, Self::AllowOnce | Self::AllowSession | Self::AllowAlways)
    }

    /// The permit that comes with a "yes" to `extent`, for who waited for it.
    pub fn permit(self, extent: Extent) -> Option<Permit> {
        match self {
            Self::AllowOnce => Some(Permit { once: true, extent: Arc::new(extent) }),
            Self::AllowSession | Self::AllowAlways => Some(Permit { once: false, extent: Arc::new(extent) }),
            Self::Deny | Self::DenyAlways => None,
        }
    }

    /// The answer, as an act of the audit.
    pub const fn act(self) -> Act {
        match self {
            Self::AllowOnce => Act::AllowOnce,
            Self::AllowSession => Act::AllowSession,
            Self::AllowAlways => Act::AllowAlways,
            Self::Deny => Act::Deny,
            Self::DenyAlways => Act::DenyAlways,
        }
    }
}
