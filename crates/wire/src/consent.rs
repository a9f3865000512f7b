//! What the person said about an agent, and what the agent made of it.

use crate::Rules;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use words::say;

/// In which form an agent gets a credential, from the one that gives least.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// It uses the server through the valet, and sees no token.
    Proxied,
    /// As an access token that is soon over.
    Token,
    /// As an access token that lives longer than a day, or without end: nobody can recall it.
    LastingToken,
}

/// How far a yes reaches.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessLevel {
    /// To all that the question named.
    #[default]
    Everything,
    /// To the server through the valet. A token is refused, and nobody is asked about one.
    ProxyOnly,
    /// The same, and to no more than rules say: at first to what reads, while the rest is asked about.
    ByRules,
}

/// An answer of the person that stands.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Stands {
    /// Yes, until a moment.
    AllowedUntil {
        /// When it ends.
        #[cfg_attr(feature = "types", ts(as = "String"))]
        until: Timestamp,
    },
    /// Yes, until the valet ends.
    AllowedForNow,
    /// Yes, until the person takes it back.
    AllowedAlways,
    /// No, until a moment.
    DeniedUntil {
        /// When it ends.
        #[cfg_attr(feature = "types", ts(as = "String"))]
        until: Timestamp,
    },
    /// No, until the valet ends.
    DeniedForNow,
    /// No, until the person takes it back.
    DeniedAlways,
}

impl Stands {
    /// The answer in the words that a person reads.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::AllowedUntil { until } => say!(state_allowed_until, end = clock(until)),
            Self::AllowedForNow => say!(state_allowed_for_now),
            Self::AllowedAlways => say!(state_allowed_always),
            Self::DeniedUntil { until } => say!(state_denied_until, end = clock(until)),
            Self::DeniedForNow => say!(state_denied_for_now),
            Self::DeniedAlways => say!(state_denied_always),
        }
    }

    /// Whether the answer was yes.
    #[must_use]
    pub const fn is_yes(self) -> bool {
        matches!(self, Self::AllowedUntil { .. } | Self::AllowedForNow | Self::AllowedAlways)
    }
}

/// The hour of a moment that is no more than a day away, as clocks show it here.
fn clock(at: Timestamp) -> String {
    let hour = at.to_zoned(TimeZone::system()).strftime("%H:%M").to_string();
    if hour == "00:00" { say!(state_midnight) } else { hour }
}

/// One agent's consent for one server.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The agent's name.
    pub name: String,
    /// What the person said, and until when.
    #[serde(flatten)]
    pub answer: Stands,
    /// The scopes that a yes reaches to; null as long as no sign-in has said which there are.
    pub scopes: Option<Vec<String>>,
    /// The form that a yes reaches to.
    pub form: Form,
    /// What becomes of a wish for more than that: with `proxy_only` a token is refused, and nobody is asked.
    #[serde(default)]
    pub reach: AccessLevel,
    /// The rules of a yes that goes by them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Rules>,
    /// When it was said.
    #[cfg_attr(feature = "types", ts(as = "String"))]
    pub since: Timestamp,
    /// When the agent last got a token, or used the server through the proxy.
    #[cfg_attr(feature = "types", ts(as = "Option<String>"))]
    pub last_used: Option<Timestamp>,
    /// How often it did.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub uses: u64,
}

impl Consent {
    /// What a yes reaches to, in the words that a person reads; nothing for a no.
    #[must_use]
    pub fn extent(&self) -> Option<String> {
        let form = match self.form {
            Form::Proxied if self.reach == AccessLevel::ProxyOnly => say!(state_reach_proxy_only),
            Form::Proxied if self.reach == AccessLevel::ByRules => say!(state_reach_by_rules),
            Form::Proxied => say!(state_reach_proxied),
            Form::Token => say!(state_reach_token),
            Form::LastingToken => say!(state_reach_lasting),
        };
        self.answer.is_yes().then(|| match self.scopes.as_deref() {
            None => say!(state_reach_any_scopes, form = form),
            Some([]) => form,
            Some(scopes) => format!("{form}: {}", scopes.join(" ")),
        })
    }
}
