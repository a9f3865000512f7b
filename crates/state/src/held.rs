//! What the valet holds for a server.

use crate::item::Grant;
use crate::keys::Keys;
use oauth::Mask;
use std::sync::Arc;
use vault::Stored;
use wire::{GrantState, Problem};

/// What the valet holds for a server.
#[derive(Debug, Default)]
pub enum Held {
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
    /// Keys, of a server that knows the person by them and not by a sign-in.
    Keys(Stored<Keys>),
}

/// What the vault has for a server under one id.
#[derive(Debug, Default)]
pub struct InVault {
    /// A grant.
    pub grant: Option<Stored<Grant>>,
    /// Keys.
    pub keys: Option<Stored<Keys>>,
}

/// What is written down of what is held, for as long as the vault has not been read. The vault has the last
/// word: a note may be older than what is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Noted {
    /// Nothing was there.
    #[default]
    Nothing,
    /// A grant, or keys.
    Granted,
    /// A grant that was over, and why.
    Lapsed(String),
}

/// What is wrong with the token that is held.
#[derive(Debug, Default)]
pub struct Doubts {
    /// It is another server's, and not handed out.
    pub for_another: Option<Problem>,
    /// Its server refused it, and another can come by a sign-in alone.
    pub refused: Option<RefusedToken>,
    /// What does not keep it from being used.
    pub warning: Option<Problem>,
}

/// How a server refused a token that should be good.
#[derive(Debug)]
pub struct RefusedToken {
    /// What is said of it.
    pub problem: Problem,
    /// What it refused it for: the same is the proof that it takes it again.
    pub operation: String,
}

impl Held {
    /// The grant that can be used now.
    pub const fn grant(&self) -> Option<&Arc<Grant>> {
        match self {
            Self::Live(stored) => Some(stored.value()),
            Self::Unsaved(grant) => Some(grant),
            Self::Nothing | Self::Sealed(_) | Self::Unregistered(..) | Self::Lapsed(_) | Self::Keys(_) => {
                None
            }
        }
    }

    /// The keys.
    pub const fn keys(&self) -> Option<&Arc<Keys>> {
        if let Self::Keys(stored) = self { Some(stored.value()) } else { None }
    }

    /// Finds again what the other side must not say of it.
    pub fn mask(&self) -> Option<&Mask> {
        self.kept().map(|grant| grant.mask()).or_else(|| self.keys().map(|keys| keys.mask()))
    }

    /// Whether these keys are still the ones that are held.
    pub fn has(&self, keys: &Arc<Keys>) -> bool {
        self.keys().is_some_and(|held| Arc::ptr_eq(held, keys))
    }

    /// The grant that is there, of use or not.
    pub const fn kept(&self) -> Option<&Arc<Grant>> {
        if let Self::Unregistered(stored, _) = self { Some(stored.value()) } else { self.grant() }
    }

    /// Whether `grant` is still the one that is held: a slow task must not write over what came after it
    /// began.
    pub fn is(&self, grant: &Arc<Grant>) -> bool {
        self.kept().is_some_and(|held| Arc::ptr_eq(held, grant))
    }

    /// Whether this is `grant`, or what the vault has of it: read again after a lock, or not yet. Said while
    /// the server's pen is held, so that nobody else writes to the vault.
    pub fn is_of(&self, grant: &Grant) -> bool {
        match self {
            Self::Sealed(_) => true,
            Self::Live(_) | Self::Unsaved(_) | Self::Unregistered(..) => {
                self.kept().is_some_and(|held| held.has_tokens_of(grant))
            }
            Self::Nothing | Self::Lapsed(_) | Self::Keys(_) => false,
        }
    }

    /// As the socket has it.
    pub const fn to_wire(&self) -> GrantState {
        match self {
            Self::Nothing | Self::Sealed(Noted::Nothing | Noted::Lapsed(_)) => GrantState::None,
            Self::Sealed(Noted::Granted) | Self::Live(_) | Self::Keys(_) => GrantState::Live,
            Self::Unsaved(_) => GrantState::Unsaved,
            Self::Unregistered(..) => GrantState::RegistrationLost,
            Self::Lapsed(_) => GrantState::Lapsed,
        }
    }
}
