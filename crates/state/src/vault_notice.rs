//! What the person should know of where their sign-ins are kept.

use serde::Serialize;
use words::say;

/// Stands until another vault is in use.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
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
    pub fn sentence(self) -> String {
        match self {
            Self::Forgets => say!(vault_forgets),
            Self::NoKeychain => say!(vault_no_keychain),
            Self::AtNextStart => say!(vault_at_next_start),
        }
    }
}
