//! What is to be known of a vault that several machines share.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use vault::VaultError;
use words::say;

/// How it is with it.
#[derive(Debug, Default)]
pub struct SharedVault {
    /// Why it is away, while what is in memory still serves.
    pub away: Option<VaultError>,
    /// By how much this machine's clock differs from that of its engine, in words.
    pub clock: Option<String>,
    /// Servers of which it had something that no member left there.
    pub tampered: BTreeSet<String>,
    /// Secrets that a machine knows which was taken out, and that only a person can replace, by server.
    pub known: BTreeSet<(Known, String)>,
    /// How far this machine follows the lock by hand that is all of theirs.
    pub lock: FollowedLock,
}

/// A secret that a machine knows which was taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known {
    /// The sign-in.
    SignIn,
    /// The keys.
    Keys,
    /// What proves our client, at the issuer or at the identity provider.
    Client,
}

impl Known {
    /// What is kept in that folder of the vault.
    #[must_use]
    pub fn of(folder: &str) -> Self {
        match folder {
            "grant" => Self::SignIn,
            "keys" => Self::Keys,
            _ => Self::Client,
        }
    }

    fn notice(self, server: &str) -> String {
        match self {
            Self::SignIn => say!(fleet_notice_known, server = server),
            Self::Keys => say!(fleet_notice_known_keys, server = server),
            Self::Client => say!(fleet_notice_known_client, server = server),
        }
    }
}

/// How far a machine follows the lock by hand that is of all machines. It is written down: what the person
/// said while the vault was away holds on in the next run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FollowedLock {
    /// The number of what was last followed, or told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// Whether it was locked or unlocked by hand here, while the others do not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub untold: Option<bool>,
}

impl FollowedLock {
    /// Whether nothing was ever locked in a vault that is shared.
    #[must_use]
    pub fn is_unused(&self) -> bool {
        *self == Self::default()
    }
}

impl SharedVault {
    /// What there was of a server is over: wiped, or replaced by the person.
    pub fn ended(&mut self, name: &str) {
        self.tampered.remove(name);
        self.known.retain(|(known, server)| *known == Known::Client || server != name);
    }

    /// What the person should know of it.
    pub fn notices(&self) -> Vec<String> {
        let away = self.away.map(|error| say!(fleet_notice_away, why = error.to_string()));
        let tampered = self.tampered.iter().map(|name| say!(fleet_notice_tampered, server = name));
        let known = self.known.iter().map(|(known, server)| known.notice(server));
        away.into_iter().chain(self.clock.clone()).chain(tampered).chain(known).collect()
    }
}
