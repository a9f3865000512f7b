//! What the person said about an agent, and what the agent made of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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

/// An answer of the person that stands.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stands {
    /// Yes, until the valet ends.
    AllowedForNow,
    /// Yes, until the person takes it back.
    AllowedAlways,
    /// No, until the valet ends.
    DeniedForNow,
    /// No, until the person takes it back.
    DeniedAlways,
}

impl Stands {
    /// The answer in the words that a person reads.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::AllowedForNow => "allowed for now",
            Self::AllowedAlways => "allowed always",
            Self::DeniedForNow => "not allowed for now",
            Self::DeniedAlways => "never allowed",
        }
    }

    /// Whether the answer was yes.
    #[must_use]
    pub const fn is_yes(self) -> bool {
        matches!(self, Self::AllowedForNow | Self::AllowedAlways)
    }
}

/// One agent's consent for one server.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The agent's name.
    pub name: String,
    /// What the person said.
    pub answer: Stands,
    /// The scopes that a yes reaches to; null as long as no sign-in has said which there are.
    pub scopes: Option<Vec<String>>,
    /// The form that a yes reaches to.
    pub form: Form,
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
            Form::Proxied => "through the proxy alone",
            Form::Token => "a token",
            Form::LastingToken => "a token that nobody can recall",
        };
        self.answer.is_yes().then(|| match self.scopes.as_deref() {
            None => format!("{form}, whatever the sign-in gives"),
            Some([]) => form.to_owned(),
            Some(scopes) => format!("{form}: {}", scopes.join(" ")),
        })
    }
}
