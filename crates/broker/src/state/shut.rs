//! Why nothing can be read now.

use ground::cause::Cause;
use vault::VaultError;
use wire::{Code, Problem, Reason};

/// Why nothing can be read: the valet is locked, or its vault does not give what is asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Shut {
    /// The valet itself is locked, and reads nothing.
    #[error("MCP Valet is locked: {}", .0.happened())]
    Locked(Cause),
    /// It is open, and the vault is not.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// What locked the valet, as programs are told.
const fn reason(cause: Cause) -> Reason {
    match cause {
        Cause::Screen => Reason::LockedByScreen,
        Cause::Sleep => Reason::LockedBySleep,
        Cause::Idle => Reason::LockedByIdle,
        Cause::Person => Reason::LockedByPerson,
    }
}

impl From<Shut> for Problem {
    fn from(shut: Shut) -> Self {
        match shut {
            Shut::Vault(error) => error.into(),
            Shut::Locked(cause) => {
                Self::new(Code::Locked, shut.to_string(), cause.advice()).because(reason(cause))
            }
        }
    }
}
