//! Marks of what was written down, by which it is seen that nothing has changed.

use crate::book::Book;
use crate::record::{record, rest};
use crate::server::Server;
use serde::Serialize;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};
use vault::Vault;
use wire::VaultKind;

/// Marks of what was written down: as long as they are the same, so is that.
#[derive(Debug, Default)]
pub struct Print {
    pub(crate) servers: BTreeMap<String, u64>,
    pub(crate) rest: u64,
}

impl Print {
    /// Whether everything but the other servers, and but uses, is as it was.
    #[must_use]
    pub fn fits(&self, server: &Server, book: &Book, vault: &Vault) -> bool {
        let own = record(server, vault.kind() != VaultKind::Memory).print();
        self.servers.get(&server.id) == Some(&own) && self.rest == rest(book, vault).print_of_rest()
    }
}

pub(crate) fn print(what: &impl Serialize) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(&serde_json::to_vec(what).unwrap_or_default());
    hasher.finish()
}
