//! Clients of the door.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A client of the door that the person has let in to a server.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebClient {
    /// The number by which it is taken back.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub number: u64,
    /// What it calls itself, and that this is its word.
    pub name: String,
    /// The server.
    pub server: String,
    /// Where its answer went.
    pub redirect: String,
    /// When it was let in.
    #[cfg_attr(feature = "types", ts(type = "string"), schemars(with = "String"))]
    pub since: Timestamp,
    /// When it last asked for anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "string"), schemars(with = "Option<String>"))]
    pub last_used: Option<Timestamp>,
}
