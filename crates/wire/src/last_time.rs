//! What a server said of itself the last time, for a client that begins before it can be asked.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// What a server said of itself the last time that it was used. What is not known is missing.
#[cfg_attr(feature = "types", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct LastTime {
    /// The result of `initialize`, as the server wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", schemars(with = "Option<serde_json::Map<String, serde_json::Value>>"))]
    pub initialized: Option<Box<RawValue>>,
    /// The result of `server/discover` (MCP 2026-07-28), as the server wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", schemars(with = "Option<serde_json::Map<String, serde_json::Value>>"))]
    pub discovered: Option<Box<RawValue>>,
    /// All of its tools, as the server wrote them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "types",
        schemars(with = "Option<Vec<serde_json::Map<String, serde_json::Value>>>")
    )]
    pub tools: Option<Vec<Box<RawValue>>>,
}
