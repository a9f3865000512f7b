use http::StatusCode;
use serde_json::{Value, json};

use super::rpc::Refusal;
use crate::call::Call;

/// A dated version of the protocol, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    /// The last one with batches.
    V2025_03_26,
    V2025_06_18,
    /// The last one with a handshake.
    V2025_11_25,
    /// Each request stands for itself.
    V2026_07_28,
}

impl Version {
    const ALL: [Self; 4] = [Self::V2025_03_26, Self::V2025_06_18, Self::V2025_11_25, Self::V2026_07_28];

    /// The date.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::V2025_03_26 => "2025-03-26",
            Self::V2025_06_18 => "2025-06-18",
            Self::V2025_11_25 => "2025-11-25",
            Self::V2026_07_28 => "2026-07-28",
        }
    }

    /// All dates, newest first.
    pub(super) fn names() -> Vec<&'static str> {
        Self::ALL.into_iter().rev().map(Self::name).collect()
    }

    /// Whether a request says all that the server needs to know, without a handshake before it.
    pub(super) fn is_stateless(self) -> bool {
        self >= Self::V2026_07_28
    }

    /// What `initialize` agrees on: the client's wish, or else the newest version that has a handshake.
    pub(super) fn agreed(wish: Option<&Value>) -> Self {
        let wished = wish.and_then(Value::as_str).and_then(Self::named);
        wished.filter(|version| !version.is_stateless()).unwrap_or(Self::V2025_11_25)
    }

    /// The version that a message is in: its header, which `_meta` must not contradict; else what `_meta`
    /// says; else the version that knew neither.
    ///
    /// # Errors
    /// A version that is not spoken here, or two that differ.
    pub(super) fn of(call: &Call, message: &Value) -> Result<Self, Refusal> {
        let header = call.header("mcp-protocol-version");
        let meta = message["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"].as_str();
        if let (Some(header), Some(meta)) = (header, meta)
            && header != meta
        {
            return Err(Refusal::mismatch("MCP-Protocol-Version and _meta name different versions"));
        }
        let Some(name) = header.or(meta) else { return Ok(Self::V2025_03_26) };
        Self::named(name).ok_or_else(|| Refusal {
            status: StatusCode::BAD_REQUEST,
            code: -32022,
            message: "Unsupported protocol version",
            data: Some(json!({"supported": Self::names(), "requested": name})),
        })
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.name() == name)
    }
}
