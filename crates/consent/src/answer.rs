//! One answer of the person.

use crate::extent::{Extent, Wanted};
use crate::lasts::{Ends, Lasts};
use crate::permit::Permit;
use crate::rules::Rules;
use jiff::{Timestamp, Zoned};
use peer::Longest;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wire::{AccessLevel, Act, Form};

/// What the person chooses beside a yes.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// How far it reaches.
    pub reach: AccessLevel,
    /// How long it holds.
    pub lasts: Lasts,
}

/// The person's answer to "may this program use this server?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Yes, so far and so long.
    Yes(Choice),
    /// No, for so long.
    No(Lasts),
}

/// The person's answer to a question that is only agreed to or not.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    /// They agree.
    Yes,
    /// They do not.
    No,
}

impl Choice {
    /// What a question begins with that nothing of the kind was answered to before.
    pub(crate) const FIRST: Self = Self { reach: AccessLevel::Everything, lasts: Lasts::ForNow };

    /// The extent of a yes to what is wanted.
    pub(crate) fn extent(self, wanted: &Extent) -> Extent {
        match self.reach {
            AccessLevel::Everything => wanted.clone(),
            AccessLevel::ProxyOnly | AccessLevel::ByRules => wanted.through_the_proxy(),
        }
    }
}

impl Choice {
    /// The rules that a yes begins with, where it goes by rules.
    pub(crate) fn rules(self) -> Option<Rules> {
        (self.reach == AccessLevel::ByRules).then(Rules::reads_only)
    }
}

impl Answer {
    /// How long it holds.
    pub const fn lasts(self) -> Lasts {
        match self {
            Self::Yes(Choice { lasts, .. }) | Self::No(lasts) => lasts,
        }
    }

    /// When it ends, if it is given now and ends by time.
    pub fn until(self, here: &Zoned) -> Option<Timestamp> {
        match self.lasts().ends(here) {
            Some(Ends::At(until)) => Some(until),
            Some(Ends::WithTheValet | Ends::Never) | None => None,
        }
    }

    /// How far a yes reaches.
    pub const fn reach(self) -> Option<AccessLevel> {
        match self {
            Self::Yes(Choice { reach, .. }) => Some(reach),
            Self::No(_) => None,
        }
    }

    /// What it comes to for a program that is known again for so long.
    pub fn within(self, longest: Longest) -> Self {
        match self {
            Self::Yes(Choice { reach, lasts }) => Self::Yes(Choice { reach, lasts: lasts.within(longest) }),
            Self::No(lasts) => Self::No(lasts.within(longest)),
        }
    }

    /// The leave that comes with it for who waited for `wanted`.
    pub fn leave(self, wanted: Wanted<'_>) -> Leave {
        let Self::Yes(choice) = self else { return Leave::Refused };
        if choice.reach != AccessLevel::Everything && wanted.form > Form::Proxied {
            return Leave::ProxyOnly;
        }
        let rules = choice.rules().map(Arc::new);
        let permit =
            Permit { once: choice.lasts == Lasts::Once, extent: Arc::new(Extent::of(wanted)), rules };
        Leave::Given(permit)
    }

    /// The answer, as an act of the audit.
    pub const fn act(self) -> Act {
        match self {
            Self::Yes(Choice { lasts: Lasts::Once, .. }) => Act::AllowOnce,
            Self::Yes(Choice { lasts: Lasts::QuarterHour | Lasts::Hour | Lasts::Today, .. }) => {
                Act::AllowUntil
            }
            Self::Yes(Choice { lasts: Lasts::ForNow, .. }) => Act::AllowSession,
            Self::Yes(Choice { lasts: Lasts::Always, .. }) => Act::AllowAlways,
            Self::No(Lasts::Once) => Act::DenyOnce,
            Self::No(Lasts::QuarterHour | Lasts::Hour | Lasts::Today) => Act::DenyUntil,
            Self::No(Lasts::ForNow) => Act::Deny,
            Self::No(Lasts::Always) => Act::DenyAlways,
        }
    }
}

/// What an answer gives to one who waited for it.
#[derive(Debug)]
pub enum Leave {
    /// It may go on.
    Given(Permit),
    /// It may use the server through the valet, and wanted a token.
    ProxyOnly,
    /// It may not.
    Refused,
}
