//! Where secrets are kept: the desktop's keychain, an encrypted file, or memory.
//!
//! Everything that touches the keychain happens on one thread of its own: its calls block, some of them on a
//! dialog, and they panic inside an async task. Callers wait with a time-out and are never held up for
//! longer.

mod file;
mod item;
mod keychain;
mod mark;
mod moving;
mod passphrase;
mod sealed;
mod worker;

pub use file::Mend;
use ground::fingerprint::fingerprint;
pub use item::Item;
pub use mark::{Known, Marks};
pub use moving::Destination;
use passphrase::LEAST;
pub use passphrase::from_systemd;
use wire::{Code, Problem, Reason};
pub use worker::{Stored, Vault};

use std::fmt;

/// What an item is called in the keychain.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
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
    /// The encrypted file is to be made, and has no passphrase yet.
    #[error("the encrypted file has no passphrase yet")]
    NoPassphrase,
    /// The encrypted file is shut until the person gives its passphrase.
    #[error("the encrypted file waits for its passphrase")]
    PassphraseNeeded,
    /// The passphrase that was given is another one.
    #[error("this is not the passphrase of the encrypted file")]
    PassphraseWrong,
    /// A new passphrase is too easy to guess.
    #[error("the passphrase has fewer than {LEAST} letters")]
    PassphraseShort,
    /// Another passphrase is being tried.
    #[error("another passphrase is being tried")]
    Busy,
    /// The encrypted file is not what was written.
    #[error("the encrypted file is damaged")]
    FileDamaged,
    /// The encrypted file, and its copy, are not there although they were.
    #[error("the encrypted file is not where it was")]
    FileGone,
    /// The encrypted file is not the one that was used before.
    #[error("this is another encrypted file than the one that was used before")]
    FileOther,
    /// The keychain is not the one that was used before, or was emptied.
    #[error("the keychain does not have what it had")]
    KeychainOther,
    /// A later version wrote what is there.
    #[error("what is kept was written by a newer MCP Valet")]
    Newer,
    /// The encrypted file cannot be read or written.
    #[error("the encrypted file cannot be read or written")]
    FileRefused,
}

impl VaultError {
    /// What it is for programs.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::Locked => Reason::KeychainLocked,
            Self::Absent => Reason::KeychainAbsent,
            Self::Slow => Reason::KeychainSlow,
            Self::NoCollection => Reason::KeychainWithoutCollection,
            Self::Broken => Reason::KeychainBroken,
            Self::NoPassphrase => Reason::PassphraseUnset,
            Self::PassphraseNeeded => Reason::PassphraseNeeded,
            Self::PassphraseWrong => Reason::PassphraseWrong,
            Self::PassphraseShort => Reason::PassphraseShort,
            Self::Busy => Reason::PassphraseBusy,
            Self::FileDamaged => Reason::VaultFileDamaged,
            Self::FileGone => Reason::VaultFileGone,
            Self::FileOther => Reason::VaultFileOther,
            Self::KeychainOther => Reason::KeychainOther,
            Self::Newer => Reason::VaultNewer,
            Self::FileRefused => Reason::VaultFileRefused,
        }
    }

    /// Whether it is not the vault that it was, or not one of this version.
    pub const fn is_other(self) -> bool {
        matches!(self, Self::KeychainOther | Self::FileOther | Self::FileGone | Self::Newer)
    }

    /// What the person can do.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Locked => "Unlock your login keychain (signing in to the desktop does it), then try again.",
            Self::Absent => {
                "Start a keychain such as gnome-keyring or KWallet, or set \"vault\": \"file\" in the configuration for an encrypted file."
            }
            Self::Slow => {
                "Look for a password dialog of the keychain and answer it, or restart the keychain. It then goes on by itself."
            }
            Self::NoCollection => {
                "Open your desktop's password program, create a keyring named \"Login\", then try again."
            }
            Self::Broken => {
                "Check the keychain with your desktop's password program; it may be full or damaged."
            }
            Self::NoPassphrase => {
                "Choose one where MCP Valet runs: in its window, in the terminal of mcp-valetd, or as the systemd credential mcp-valet-passphrase."
            }
            Self::PassphraseNeeded => {
                "Enter it where MCP Valet runs: in its window or in the terminal of mcp-valetd."
            }
            Self::PassphraseWrong => "Try again; nothing was changed.",
            Self::PassphraseShort => {
                "Choose a longer one: several words are easy to remember and hard to guess."
            }
            Self::Busy => "Wait a moment, then try again.",
            Self::FileDamaged => {
                "Nothing was written over it. Use its copy, or begin a new file, where MCP Valet runs: in its window or in the terminal of mcp-valetd."
            }
            Self::FileGone => {
                "Put the files named vault and vault.copy back into the state folder of MCP Valet; then everything is there again. If they are lost, begin anew where MCP Valet runs: in its window or in the terminal of mcp-valetd."
            }
            Self::FileOther => {
                "Put the right one back; then everything is there again. If it is lost, begin anew where MCP Valet runs: in its window or in the terminal of mcp-valetd."
            }
            Self::KeychainOther => {
                "Nothing was changed. It may be another keyring: open the right one, and everything is there again. If it is lost, begin anew where MCP Valet runs: in its window or in the terminal of mcp-valetd."
            }
            Self::Newer => "Install that version again. Nothing was changed.",
            Self::FileRefused => {
                "Check that the disk is not full, and that the files named vault in the state folder of MCP Valet are yours; the log says more."
            }
        }
    }
}

impl From<VaultError> for Problem {
    fn from(error: VaultError) -> Self {
        Self::new(Code::Locked, error.to_string(), error.advice()).because(error.reason())
    }
}
