//! `POST /v1/doctor`: what can be seen from outside of a server and the authorization servers that it names;
//! and `GET /v1/doctor`: how the valet itself is.

use serde::{Deserialize, Serialize};
use words::say;

/// The request: look at a server.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examine {
    /// A server's name or URL; the URL need not be in the configuration.
    pub server: String,
}

/// The answer to [`Examine`].
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The server's URL.
    pub url: String,
    /// What it all comes to.
    pub outcome: Conclusion,
    /// What was looked at, in order.
    pub steps: Vec<Step>,
}

/// The answer to `GET /v1/doctor`: how the valet itself is.
#[cfg_attr(feature = "types", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Itself {
    /// What was looked at, in order.
    pub steps: Vec<Step>,
}

/// What it all comes to.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conclusion {
    /// A sign-in works as far as one can tell from outside.
    Works,
    /// The server asks for no sign-in.
    NoSignIn,
    /// It works once the person has configured a client ID.
    NeedsClientId,
    /// It does not work.
    Trouble,
    /// The server takes a key, which is there, and was not refused when it was last used.
    KeyStands,
    /// The server takes a key, which is not there or was refused.
    KeyNeeded,
}

impl Conclusion {
    /// The exit status of `mcp-valet` for it.
    #[must_use]
    pub const fn exit(self) -> u8 {
        match self {
            Self::Works | Self::NoSignIn | Self::KeyStands => 0,
            Self::NeedsClientId | Self::KeyNeeded => 3,
            Self::Trouble => 5,
        }
    }

    /// What a person reads.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Works => say!(doctor_works),
            Self::NoSignIn => say!(doctor_no_sign_in),
            Self::NeedsClientId => say!(doctor_needs_client_id),
            Self::Trouble => say!(doctor_trouble),
            Self::KeyStands => say!(doctor_key_stands),
            Self::KeyNeeded => say!(doctor_key_needed),
        }
    }
}

/// One thing that was looked at.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What it is.
    pub title: String,
    /// What was asked for it, in order.
    pub exchanges: Vec<Exchange>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// One request and what became of it.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// Method and URL.
    pub request: String,
    /// Status and kind of the answer, or why there was none.
    pub answer: String,
}

/// One thing that was found.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Whether it is well.
    pub verdict: Verdict,
    /// A stable name, for programs.
    pub code: String,
    /// A plain sentence.
    pub text: String,
    /// The rule it is held to, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// What to change, and who must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Remedy>,
}

impl Finding {
    /// Something that is held to no rule, and what the person can do about it.
    #[must_use]
    pub fn of(verdict: Verdict, code: &str, text: String, what: Option<String>) -> Self {
        let remedy = what.map(|what| Remedy { who: Who::Person, what });
        Self { verdict, code: code.to_owned(), text, rule: None, remedy }
    }
}

/// Whether something is well.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is.
    Ok,
    /// It is unusual, and a sign-in works nevertheless.
    Note,
    /// A sign-in does not work like this.
    Trouble,
}

/// A rule and where it stands.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// What it says, in our words.
    pub says: String,
    /// The document and its section.
    pub source: String,
}

/// What to change.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy {
    /// Who must.
    pub who: Who,
    /// What, exactly.
    pub what: String,
}

/// Who can change something.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The person at this computer.
    Person,
    /// Whoever runs the MCP server.
    ServerOperator,
    /// Whoever runs the authorization server.
    IssuerOperator,
}

impl Who {
    /// What a person reads.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Person => say!(doctor_who_person),
            Self::ServerOperator => say!(doctor_who_server),
            Self::IssuerOperator => say!(doctor_who_issuer),
        }
    }
}
