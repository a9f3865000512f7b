//! What the person should know of where their sign-ins are kept.

use serde::Serialize;

/// Stands until another vault is in use.
#[cfg_attr(test, derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultNotice {
    /// The person chose memory.
    Forgets,
    /// Nobody chose memory: there is no keychain.
    NoKeychain,
    /// The configuration names another vault than the one in use.
    AtNextStart,
}

impl VaultNotice {
    /// In words for a terminal, and for programs.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Forgets => "What you authorize is forgotten when MCP Valet ends.",
            Self::NoKeychain => {
                "No keychain is running: what you authorize is forgotten when MCP Valet ends. To keep it, choose the encrypted \
                 file in the settings, or set \"vault\": \"file\" in the configuration."
            }
            Self::AtNextStart => "The other vault is used when MCP Valet is started again.",
        }
    }
}
