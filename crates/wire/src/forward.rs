//! Sockets in other places that are led here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// `POST /v1/forwards`: a socket in another place is to lead here. The person is asked.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewForward {
    /// The host, as `ssh` is told it; this or a container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssh: Option<String>,
    /// The name or the ID of a container that runs on this machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// The servers that can be used from there; all that there are if none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<String>,
    /// Seconds to wait for the person; 0 if absent, 600 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<u32>,
}

/// A socket in another place that leads here.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forward {
    /// The number by which it is closed.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub number: u64,
    /// The place: a host, or the word "container" and a name.
    pub host: String,
    /// The servers that can be used from there.
    pub servers: Vec<String>,
    /// Whether it stands.
    pub state: ForwardState,
    /// The path of the socket there, while it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub socket: Option<String>,
    /// Why it does not stand just now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// What helps against that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// Since when it is kept.
    #[cfg_attr(feature = "types", ts(type = "string"), schemars(with = "String"))]
    pub since: Timestamp,
    /// The program that wanted it, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// How many connections were closed unheard: programs that are not there tried to use it.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    #[serde(default)]
    pub refused: u64,
}

/// Whether a forward stands.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForwardState {
    /// What is asked there is answered here.
    Open,
    /// It is tried again.
    Lost,
}
