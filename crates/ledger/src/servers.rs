//! To which servers a sign-in was completed, whatever is configured now.

use super::{Doing, Ledger, MOST};
use config::thing::Thing;
use serde::{Deserialize, Serialize};

/// A server, and what its tokens are for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct KnownServer {
    name: String,
    thing: Thing,
    /// Whether a program added it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    by_program: bool,
}

impl Ledger {
    /// A sign-in to this server is complete.
    pub fn record_server(&mut self, id: &str, name: &str, thing: Thing, doing: Doing) {
        let known = KnownServer { name: name.to_owned(), thing, by_program: doing == Doing::Programs };
        self.servers.insert(id.to_owned(), known);
        while self.servers.len() > MOST {
            let programs = self.servers.iter().find(|(other, known)| known.by_program && *other != id);
            let Some(other) = programs.map(|(other, _)| other.clone()) else { break };
            self.servers.remove(&other);
        }
    }

    /// Names of those that are not `here` any more, and what their tokens were for.
    pub fn left(&self, here: impl Fn(&str) -> bool) -> impl Iterator<Item = (&str, &Thing)> {
        let left = self.servers.iter().filter(move |(id, _)| !here(id));
        left.map(|(_, known)| (known.name.as_str(), &known.thing))
    }
}
