//! Why nothing can be read now.

use ground::cause::Cause;
use vault::VaultError;
use wire::{Code, Problem, Reason};
use words::say;

/// Why nothing can be read: the valet is locked, or its vault does not give what is asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Shut {
    /// The valet itself is locked, and reads nothing.
    #[error("{}", detail(*.0))]
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

fn detail(cause: Cause) -> String {
    match cause {
        Cause::Screen => say!(vault_locked_by_screen),
        Cause::Sleep => say!(vault_locked_by_sleep),
        Cause::Idle => say!(vault_locked_by_idle),
        Cause::Person => say!(vault_locked_by_person),
    }
}

fn advice(cause: Cause) -> String {
    match cause {
        Cause::Screen | Cause::Sleep => say!(vault_unlock_screen),
        Cause::Idle | Cause::Person => say!(vault_unlock),
    }
}

impl From<Shut> for Problem {
    fn from(shut: Shut) -> Self {
        match shut {
            Shut::Vault(error) => error.into(),
            Shut::Locked(cause) => {
                Self::new(Code::Locked, detail(cause), advice(cause)).because(reason(cause))
            }
        }
    }
}
