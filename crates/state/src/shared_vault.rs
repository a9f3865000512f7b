//! What is to be known of a vault that several machines share.

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
}

impl SharedVault {
    /// What the person should know of it.
    pub fn notices(&self) -> Vec<String> {
        let away = self.away.map(|error| say!(fleet_notice_away, why = error.to_string()));
        let tampered = self.tampered.iter().map(|name| say!(fleet_notice_tampered, server = name));
        away.into_iter().chain(self.clock.clone()).chain(tampered).collect()
    }
}
