//! Uses that were written down since the records were: a line for each server, so that a use costs the same
//! with many servers. What is lost of them is lost; whatever matters is in the records.

use crate::server::Server;
use consent::answers::Consents;
use consent::remembered::Used;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vault::Vault;
use wire::VaultKind;

/// The uses of one server, as they were by then.
#[derive(Debug, Serialize, Deserialize)]
pub struct UsesOf {
    /// Its id.
    pub id: String,
    /// When anybody used it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<Timestamp>,
    /// By agents whose answer outlives the valet, by their marks.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub uses: BTreeMap<String, Used>,
}

impl UsesOf {
    /// The uses of one server as they are now.
    #[must_use]
    pub fn of(server: &Server, consents: &Consents, vault: &Vault) -> Self {
        let lasts = vault.kind() != VaultKind::Memory;
        let uses = if lasts { consents.uses(&server.id) } else { Vec::new() };
        Self { id: server.id.clone(), last_used: server.last_used, uses: uses.into_iter().collect() }
    }
}

/// Those that can be read: the last may have been cut short.
pub fn read(text: &str) -> impl Iterator<Item = UsesOf> {
    text.lines().filter_map(|line| serde_json::from_str(line).ok())
}
