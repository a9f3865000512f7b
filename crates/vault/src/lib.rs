//! Where secrets are kept: the desktop's keychain, an encrypted file, or memory.
//!
//! Everything that touches the keychain happens on one thread of its own: its calls block, some of them on a
//! dialog, and they panic inside an async task. Callers wait with a time-out and are never held up for
//! longer.

mod backend;
mod backup;
mod file;
mod item;
mod keychain;
mod mark;
mod moving;
mod passphrase;
mod sealed;
mod shared;
mod worker;

pub use backup::{Backup, BackupError, Papers};
pub use file::Mend;
use ground::fingerprint::fingerprint;
pub use item::Item;
pub use keychain::from_keychain;
pub use mark::{KnownVault, Marks};
pub use moving::Destination;
use passphrase::LEAST;
pub use passphrase::{credential, from_systemd};
pub use shared::{Answer, Bytes, News, Shared, SharedTurn, SharesSecret, Standing, Turn};
use wire::{Code, Problem, Reason};
pub use worker::{Read, Stored, Vault};

use std::fmt;
use words::say;

/// What an item is called in the keychain.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// A server's grant.
    Grant(String),
    /// The keys of a server.
    Keys(String),
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
    /// What a server's tools do.
    Tools(String),
    /// The callback server's own certificate.
    CallbackTls,
    /// What the audit is sealed with.
    AuditSeal,
    /// Where the audit begins and ends.
    AuditAnchor,
    /// Whether all who share the vault are locked by hand.
    Lock,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grant(id) => write!(f, "grant/{id}"),
            Self::Keys(id) => write!(f, "keys/{id}"),
            Self::Registration(issuer) => write!(f, "registration/{}", fingerprint(&[issuer])),
            Self::DeviceRegistration(issuer) => write!(f, "device-registration/{}", fingerprint(&[issuer])),
            Self::ClientSecret(id) => write!(f, "client-secret/{id}"),
            Self::ProviderSecret(id) => write!(f, "provider-secret/{id}"),
            Self::Consents => f.write_str("consents"),
            Self::Tools(id) => write!(f, "tools/{id}"),
            Self::CallbackTls => f.write_str("callback-tls"),
            Self::AuditSeal => f.write_str("audit-key"),
            Self::AuditAnchor => f.write_str("audit-anchor"),
            Self::Lock => f.write_str("lock"),
        }
    }
}

/// Why the vault did not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The keychain is locked and nobody unlocked it.
    #[error("{}", say!(vault_error_locked))]
    Locked,
    /// There is no keychain.
    #[error("{}", say!(vault_error_absent))]
    Absent,
    /// The keychain did not answer in time; a dialog of its own may be open.
    #[error("{}", say!(vault_error_slow))]
    Slow,
    /// The keychain has no collection in which to keep anything.
    #[error("{}", say!(vault_error_no_collection))]
    NoCollection,
    /// The keychain answered with something that is not ours, or did not keep what it was given.
    #[error("{}", say!(vault_error_broken))]
    Broken,
    /// The encrypted file is to be made, and has no passphrase yet.
    #[error("{}", say!(vault_error_no_passphrase))]
    NoPassphrase,
    /// The encrypted file is shut until the person gives its passphrase.
    #[error("{}", say!(vault_error_passphrase_needed))]
    PassphraseNeeded,
    /// The passphrase that was given is another one.
    #[error("{}", say!(vault_error_passphrase_wrong))]
    PassphraseWrong,
    /// A new passphrase is too easy to guess.
    #[error("{}", say!(vault_error_passphrase_short, least = .LEAST))]
    PassphraseShort,
    /// Another passphrase is being tried.
    #[error("{}", say!(vault_error_busy))]
    Busy,
    /// The encrypted file is not what was written.
    #[error("{}", say!(vault_error_damaged))]
    FileDamaged,
    /// The encrypted file, and its copy, are not there although they were.
    #[error("{}", say!(vault_error_gone))]
    FileGone,
    /// The encrypted file is not the one that was used before.
    #[error("{}", say!(vault_error_other_file))]
    FileOther,
    /// The keychain is not the one that was used before, or was emptied.
    #[error("{}", say!(vault_error_other_keychain))]
    KeychainOther,
    /// A later version wrote what is there.
    #[error("{}", say!(vault_error_newer))]
    Newer,
    /// The encrypted file cannot be read or written.
    #[error("{}", say!(vault_error_refused))]
    FileRefused,
    /// The engine that keeps the shared vault cannot be reached.
    #[error("{}", say!(vault_error_engine_unreachable))]
    EngineUnreachable,
    /// The engine is reached, and too few of its own members are.
    #[error("{}", say!(vault_error_engine_quorum))]
    EngineWithoutQuorum,
    /// The engine does not let us do it.
    #[error("{}", say!(vault_error_engine_refused))]
    EngineRefused,
    /// The engine, or what is before it, answered what the engine never does.
    #[error("{}", say!(vault_error_engine_garbled))]
    EngineGarbled,
    /// The engine has no room.
    #[error("{}", say!(vault_error_engine_full))]
    EngineFull,
    /// What the engine has was not written so by a member: taken back, swapped or forged.
    #[error("{}", say!(vault_error_fleet_tampered))]
    FleetTampered,
    /// This machine is no member, or not any more.
    #[error("{}", say!(vault_error_fleet_unjoined))]
    FleetUnjoined,
    /// Another machine changed the same meanwhile.
    #[error("{}", say!(vault_error_fleet_overtaken))]
    Overtaken,
}

impl VaultError {
    /// Whether it is about a vault that several machines share as a whole, and not about one item.
    #[must_use]
    pub const fn is_of_the_engine(self) -> bool {
        matches!(
            self,
            Self::EngineUnreachable
                | Self::EngineWithoutQuorum
                | Self::EngineRefused
                | Self::EngineGarbled
                | Self::EngineFull
                | Self::FleetUnjoined
        )
    }

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
            // For a program it is the same: there is no etcd there just now.
            Self::EngineUnreachable | Self::EngineGarbled => Reason::EngineUnreachable,
            Self::EngineWithoutQuorum => Reason::EngineWithoutQuorum,
            Self::EngineRefused => Reason::EngineRefused,
            Self::EngineFull => Reason::EngineFull,
            Self::FleetTampered => Reason::FleetTampered,
            Self::FleetUnjoined => Reason::FleetUnjoined,
            Self::Overtaken => Reason::FleetOvertaken,
        }
    }

    /// Whether it is not the vault that it was, or not one of this version.
    pub const fn is_other(self) -> bool {
        matches!(self, Self::KeychainOther | Self::FileOther | Self::FileGone | Self::Newer)
    }

    /// What the person can do.
    #[must_use]
    pub fn advice(self) -> String {
        match self {
            Self::Locked => say!(vault_error_locked_advice),
            Self::Absent => {
                say!(vault_error_absent_advice)
            }
            Self::Slow => {
                say!(vault_error_slow_advice)
            }
            Self::NoCollection => {
                say!(vault_error_no_collection_advice)
            }
            Self::Broken => {
                say!(vault_error_broken_advice)
            }
            Self::NoPassphrase => {
                say!(vault_error_no_passphrase_advice)
            }
            Self::PassphraseNeeded => {
                say!(vault_error_passphrase_needed_advice)
            }
            Self::PassphraseWrong => say!(vault_error_passphrase_wrong_advice),
            Self::PassphraseShort => {
                say!(vault_error_passphrase_short_advice)
            }
            Self::Busy => say!(vault_error_busy_advice),
            Self::FileDamaged => {
                say!(vault_error_damaged_advice)
            }
            Self::FileGone => {
                say!(vault_error_gone_advice)
            }
            Self::FileOther => {
                say!(vault_error_other_file_advice)
            }
            Self::KeychainOther => {
                say!(vault_error_other_keychain_advice)
            }
            Self::Newer => say!(vault_error_newer_advice),
            Self::FileRefused => {
                say!(vault_error_refused_advice)
            }
            Self::EngineUnreachable => say!(vault_error_engine_unreachable_advice),
            Self::EngineWithoutQuorum => say!(vault_error_engine_quorum_advice),
            Self::EngineRefused => say!(vault_error_engine_refused_advice),
            Self::EngineGarbled => say!(vault_error_engine_garbled_advice),
            Self::EngineFull => say!(vault_error_engine_full_advice),
            Self::FleetTampered => say!(vault_error_fleet_tampered_advice),
            Self::FleetUnjoined => say!(vault_error_fleet_unjoined_advice),
            Self::Overtaken => say!(vault_error_fleet_overtaken_advice),
        }
    }
}

impl From<VaultError> for Problem {
    fn from(error: VaultError) -> Self {
        Self::new(Code::Locked, error.to_string(), error.advice()).because(error.reason())
    }
}
