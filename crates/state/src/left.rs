//! What is remembered of a server that left the configuration.

use crate::book::Book;
use crate::server::Server;
use config::Known;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Servers that left the configuration and are remembered.
const MOST_LEFT: usize = 1000;

/// What is remembered of a server that left the configuration: it may come back, and its grant may still be
/// in the vault.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Left {
    /// What it was called.
    pub name: String,
    /// What it had that counts when it comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Known>,
    /// The issuers at which a client of ours was registered for it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub registered_at: BTreeSet<String>,
    /// Whether the vault may still have a grant that was revoked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub revoked: bool,
}

impl Left {
    /// What is remembered of `server`.
    pub fn of(server: &Server) -> Self {
        Self {
            name: server.name.clone(),
            known: Some(Known::of(&server.config)),
            registered_at: server.registered_at.clone(),
            revoked: server.revoked,
        }
    }
}

impl Book {
    /// Remembers those that are gone; returns them.
    pub(crate) fn leave_behind(&mut self, old: BTreeMap<String, Server>) -> Vec<Server> {
        if self.left.is_empty() && old.is_empty() {
            return Vec::new();
        }
        let here: HashSet<&str> = self.servers.values().map(|server| &*server.id).collect();
        self.left.retain(|id, _| !here.contains(&**id));
        let gone: Vec<Server> = old.into_values().filter(|gone| !here.contains(&*gone.id)).collect();
        self.left.extend(gone.iter().map(|gone| (gone.id.clone(), Left::of(gone))));
        while self.left.len() > MOST_LEFT {
            self.left.pop_first();
        }
        gone
    }
}
