//! What goes wrong between a machine and the fleet.

use vault::VaultError;
use words::say;

/// Why the engine did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EngineError {
    /// No endpoint answers.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// It answers, and cannot agree on anything.
    #[error("no quorum")]
    NoQuorum,
    /// It wants another user, or gives this one no right.
    #[error("refused: {0}")]
    Refused(String),
    /// The token of the sign-in is not known any more.
    #[error("signed out")]
    SignedOut,
    /// The database is full.
    #[error("full")]
    Full,
    /// It does not know a lease any more.
    #[error("no such lease")]
    NoLease,
    /// What was asked for is compacted away.
    #[error("compacted")]
    Compacted,
    /// It said something that cannot be, or something in between did: nothing follows from it.
    #[error("garbled: {0}")]
    Garbled(String),
}

impl From<EngineError> for VaultError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Unreachable(_) => Self::EngineUnreachable,
            EngineError::NoQuorum => Self::EngineWithoutQuorum,
            EngineError::Refused(_) | EngineError::SignedOut => Self::EngineRefused,
            EngineError::Full => Self::EngineFull,
            EngineError::NoLease | EngineError::Compacted | EngineError::Garbled(_) => Self::EngineGarbled,
        }
    }
}

/// Why something about the fleet did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum FleetError {
    /// The engine, or what it has.
    #[error("{}", .0)]
    Vault(VaultError),
    /// This machine has no keys yet.
    #[error("{}", say!(fleet_error_no_keys))]
    NoKeys,
    /// There is a fleet already.
    #[error("{}", say!(fleet_error_there))]
    There,
    /// The words that were given are not those of a machine, or of a fleet.
    #[error("{}", say!(fleet_error_words))]
    Words,
    /// The fleet that is there is not the one that was named.
    #[error("{}", say!(fleet_error_other))]
    Other,
    /// Nobody of this name is a member, or somebody else of it is.
    #[error("{}", say!(fleet_error_name, name = .0.as_str()))]
    Name(String),
    /// The last member stays.
    #[error("{}", say!(fleet_error_last))]
    Last,
    /// A setting, file or credential cannot be used.
    #[error("{}", say!(fleet_error_setting, name = .0.as_str(), why = .1.as_str()))]
    Setting(String, String),
}

impl FleetError {
    /// A stable name.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Vault(_) => "engine",
            Self::NoKeys => "no_keys",
            Self::There => "there_already",
            Self::Words => "not_understood",
            Self::Other => "other_fleet",
            Self::Name(_) => "name",
            Self::Last => "last_member",
            Self::Setting(..) => "setting",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Vault(error) => error.advice(),
            Self::NoKeys => VaultError::FleetUnjoined.advice(),
            Self::There => say!(fleet_error_there_advice),
            Self::Words => say!(fleet_error_words_advice),
            Self::Other => say!(fleet_error_other_advice),
            Self::Name(_) => say!(fleet_error_name_advice),
            Self::Last => say!(fleet_error_last_advice),
            Self::Setting(..) => say!(fleet_error_setting_advice),
        }
    }
}

impl From<VaultError> for FleetError {
    fn from(error: VaultError) -> Self {
        Self::Vault(error)
    }
}

impl From<EngineError> for FleetError {
    fn from(error: EngineError) -> Self {
        Self::Vault(error.into())
    }
}
