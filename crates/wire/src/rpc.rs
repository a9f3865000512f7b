//! Problems as JSON-RPC errors, for requests of MCP clients.

use crate::{Code, Problem, Reason};
use serde_json::{Value, json};

/// The header in which an MCP client may say how many seconds a request waits for the person or the provider.
pub const WAIT_HEADER: &str = "mcp-valet-wait";
/// The trailer (RFC 9110 §6.5) in which an answer of the proxy that breaks off says why, as a [`Problem`].
/// Who does not send `TE: trailers` sees the connection break off.
pub const PROBLEM_TRAILER: &str = "mcp-valet-problem";
/// Seconds that a request through the proxy waits if it does not say. MCP clients commonly give up after
/// sixty, and what we have to say is better than their "timed out".
pub const PROXY_WAIT: u32 = 50;

/// What MCP calls a header that says something else than the body.
const HEADER_MISMATCH: i32 = -32020;

impl Code {
    /// The number of the code in a JSON-RPC error. Ours are outside the ranges that JSON-RPC and MCP keep for
    /// themselves.
    #[must_use]
    pub const fn number(self) -> i32 {
        match self {
            Self::AuthorizationRequired => 1001,
            Self::Lapsed => 1002,
            Self::ConsentRequired => 1003,
            Self::Locked => 1004,
            Self::Declined => 1005,
            Self::Denied => 1006,
            Self::ProxyOnly => 1007,
            Self::Failed => 1008,
            Self::ProviderError => 1009,
            Self::Timeout => 1010,
            Self::UnknownServer => 1011,
            Self::AmbiguousServer => 1012,
            Self::NotFound => 1013,
            Self::RegistrationLost => 1014,
            Self::Busy => 1015,
            Self::InvalidRequest => -32600,
            Self::Internal => -32603,
        }
    }
}

impl Problem {
    /// The `error` member of a JSON-RPC response. Most clients show its `message` alone, so that says all.
    #[must_use]
    pub fn to_rpc(&self) -> Value {
        let mut data = json!({ "code": self.code, "advice": self.advice });
        if let Some(reason) = &self.reason {
            data["reason"] = json!(reason);
        }
        // MCP 2026-07-28, Streamable HTTP, "Server Validation".
        let number =
            if self.reason() == Some(Reason::HeaderMismatch) { HEADER_MISMATCH } else { self.code.number() };
        json!({ "code": number, "message": format!("{}. {}", self.detail, self.advice), "data": data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const ALL: [Code; 17] = [
        Code::AuthorizationRequired,
        Code::Lapsed,
        Code::RegistrationLost,
        Code::ConsentRequired,
        Code::Locked,
        Code::Declined,
        Code::Denied,
        Code::ProxyOnly,
        Code::Failed,
        Code::ProviderError,
        Code::Timeout,
        Code::Busy,
        Code::UnknownServer,
        Code::AmbiguousServer,
        Code::InvalidRequest,
        Code::NotFound,
        Code::Internal,
    ];

    #[test]
    fn no_two_codes_share_a_number_or_a_name() {
        assert_eq!(ALL.iter().map(|code| code.number()).collect::<BTreeSet<_>>().len(), ALL.len());
        assert_eq!(ALL.iter().map(|code| code.as_str()).collect::<BTreeSet<_>>().len(), ALL.len());
    }
}
