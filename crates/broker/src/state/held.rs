//! What the valet holds for a server.

use crate::state::item::Grant;
use std::sync::Arc;
use vault::Stored;
use wire::{GrantState, Problem};

/// What the valet holds for a server.
#[derive(Debug, Default)]
pub(crate) enum Held {
    /// Nothing.
    #[default]
    Nothing,
    /// Not known: the vault has not been read. What was written down the last time.
    Sealed(Noted),
    /// A grant that the vault has, as only the vault can prove.
    Live(Stored<Grant>),
    /// A grant that works but that the vault would not take yet.
    Unsaved(Arc<Grant>),
    /// A grant whose client the issuer does not know any more, and how that showed. It is of no use, but kept
    /// until another takes its place: the issuer may remember.
    Unregistered(Stored<Grant>, String),
    /// A grant that the issuer ended, and why.
    Lapsed(String),
}

/// What is written down of what is held, for as long as the vault has not been read. The vault has the last
/// word: a note may be older than what is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Noted {
    #[default]
    Nothing,
    /// A grant.
    Granted,
    /// A grant that was over, and why.
    Lapsed(String),
}

/// What is wrong with the token that is held.
#[derive(Debug, Default)]
pub(crate) struct Doubts {
    /// It is another server's, and not handed out.
    pub(crate) for_another: Option<Problem>,
    /// Its server refused it, and another can come by a sign-in alone.
    pub(crate) refused: Option<Refused>,
    /// What does not keep it from being used.
    pub(crate) warning: Option<Problem>,
}

/// How a server refused a token that should be good.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) problem: Problem,
    /// What it refused it for: the same is the proof that it takes it again.
    pub(crate) operation: String,
}

impl Held {
    /// The grant that can be used now.
    pub(crate) const fn grant(&self) -> Option<&Arc<Grant>> {
        match self {
            Self::Live(stored) => Some(stored.value()),
            Self::Unsaved(grant) => Some(grant),
            Self::Nothing | Self::Sealed(_) | Self::Unregistered(..) | Self::Lapsed(_) => None,
        }
    }

    /// The grant that is there, of use or not.
    pub(crate) const fn kept(&self) -> Option<&Arc<Grant>> {
        if let Self::Unregistered(stored, _) = self { Some(stored.value()) } else { self.grant() }
    }

    /// Whether `grant` is still the one that is held: a slow task must not write over what came after it
    /// began.
    pub(crate) fn is(&self, grant: &Arc<Grant>) -> bool {
        self.kept().is_some_and(|held| Arc::ptr_eq(held, grant))
    }

    /// Whether this is `grant`, or what the vault has of it: read again after a lock, or not yet. Said while
    /// the server's pen is held, so that nobody else writes to the vault.
    pub(crate) fn is_of(&self, grant: &Grant) -> bool {
        match self {
            Self::Sealed(_) => true,
            Self::Live(_) | Self::Unsaved(_) | Self::Unregistered(..) => {
                self.kept().is_some_and(|held| held.has_tokens_of(grant))
            }
            Self::Nothing | Self::Lapsed(_) => false,
        }
    }

    pub(crate) const fn to_wire(&self) -> GrantState {
        match self {
            Self::Nothing | Self::Sealed(Noted::Nothing | Noted::Lapsed(_)) => GrantState::None,
            Self::Sealed(Noted::Granted) | Self::Live(_) => GrantState::Live,
            Self::Unsaved(_) => GrantState::Unsaved,
            Self::Unregistered(..) => GrantState::RegistrationLost,
            Self::Lapsed(_) => GrantState::Lapsed,
        }
    }
}
