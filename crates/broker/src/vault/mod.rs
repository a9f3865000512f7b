//! Where secrets are kept: the desktop's keychain, or memory.
//!
//! Everything that touches the keychain happens on one thread of its own: its calls block, some of them on a dialog, and they
//! panic inside an async task. Callers wait with a time-out and are never held up for longer.

mod item;
mod keychain;
mod worker;

pub(crate) use item::{AuditKey, ClientSecret, Grant, GrantParts, Item, Registration, TlsIdentity};
pub(crate) use worker::{Stored, Vault};

use sha2::{Digest, Sha256};
use std::fmt;

/// What an item is called in the keychain.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// A server's grant.
    Grant(String),
    /// The client registered at an issuer.
    Registration(String),
    /// The client registered at an issuer for sign-ins on other devices.
    DeviceRegistration(String),
    /// What proves the client (secret or private key in PEM) that a person registered for a server.
    ClientSecret(String),
    /// The secret of our client at a company's identity provider.
    ProviderSecret(String),
    /// The person's answers that outlive the valet.
    Consents,
    /// The callback server's own certificate.
    CallbackTls,
    /// What the audit is sealed with.
    AuditSeal,
    /// Where the audit begins and ends.
    AuditAnchor,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grant(id) => write!(f, "grant/{id}"),
            Self::Registration(issuer) => write!(f, "registration/{}", fingerprint(&[issuer])),
            Self::DeviceRegistration(issuer) => write!(f, "device-registration/{}", fingerprint(&[issuer])),
            Self::ClientSecret(id) => write!(f, "client-secret/{id}"),
            Self::ProviderSecret(id) => write!(f, "provider-secret/{id}"),
            Self::Consents => f.write_str("consents"),
            Self::CallbackTls => f.write_str("callback-tls"),
            Self::AuditSeal => f.write_str("audit-key"),
            Self::AuditAnchor => f.write_str("audit-anchor"),
        }
    }
}

/// A short name for texts of any length and content: 128 bits of SHA-256 in hexadecimal.
pub(crate) fn fingerprint(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Why the vault did not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The keychain is locked and nobody unlocked it.
    #[error("the keychain is locked")]
    Locked,
    /// There is no keychain.
    #[error("no keychain is running")]
    Absent,
    /// The keychain did not answer in time; a dialog of its own may be open.
    #[error("the keychain does not answer")]
    Slow,
    /// The keychain has no collection in which to keep anything.
    #[error("the keychain has no place to keep passwords")]
    NoCollection,
    /// The keychain answered with something that is not ours, or did not keep what it was given.
    #[error("the keychain does not keep what it is given")]
    Broken,
    /// The person locked the valet.
    #[error("MCP Valet is locked")]
    LockedByPerson,
}

impl VaultError {
    /// A stable name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Locked => "keychain_locked",
            Self::Absent => "keychain_absent",
            Self::Slow => "keychain_slow",
            Self::NoCollection => "keychain_without_collection",
            Self::Broken => "keychain_broken",
            Self::LockedByPerson => "locked_by_person",
        }
    }

    /// What the person can do.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Locked => "Unlock your login keychain (signing in to the desktop does it), then try again.",
            Self::Absent => {
                "Start a keychain such as gnome-keyring or KWallet, or set \"vault\": \"memory\" in the configuration to go without."
            }
            Self::Slow => {
                "Look for a password dialog of the keychain and answer it, or restart the keychain."
            }
            Self::NoCollection => {
                "Open your desktop's password program, create a keyring named \"Login\", then try again."
            }
            Self::Broken => {
                "Check the keychain with your desktop's password program; it may be full or damaged."
            }
            Self::LockedByPerson => "Unlock MCP Valet where it runs, or restart it.",
        }
    }
}
