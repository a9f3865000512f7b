//! Where things are below the prefix.

use super::engine::coded;
use serde_json::{Value, json};

/// Where items are with secrets that somebody else gave: only another takes one from whoever knew it.
pub(crate) const SECRETS: [&str; 4] = ["grant/", "keys/", "client-secret/", "provider-secret/"];

/// The keys of one fleet.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    pub(crate) prefix: String,
}

/// What a key is of.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Spot<'a> {
    Item(&'a str),
    Lock(&'a str),
    Members(u64),
    Other,
}

impl Keys {
    pub(crate) fn item(&self, name: &str) -> String {
        format!("{}/items/{name}", self.prefix)
    }

    pub(crate) fn lock(&self, name: &str) -> String {
        format!("{}/locks/{name}", self.prefix)
    }

    /// In the order of their generations.
    pub(crate) fn members(&self, generation: u64) -> String {
        format!("{}/members/{generation:010}", self.prefix)
    }

    /// Whose machine is there now.
    pub(crate) fn here(&self, machine: &str) -> String {
        format!("{}/here/{machine}", self.prefix)
    }

    /// The name under which an item is kept that concerns one machine alone.
    pub(crate) fn of_machine(machine: &str, name: &str) -> String {
        format!("machines/{machine}/{name}")
    }

    pub(crate) fn spot<'a>(&self, key: &'a str) -> Spot<'a> {
        let below = key.strip_prefix(&*self.prefix).and_then(|key| key.strip_prefix('/'));
        match below.and_then(|below| below.split_once('/')) {
            Some(("items", name)) => Spot::Item(name),
            Some(("locks", name)) => Spot::Lock(name),
            Some(("members", generation)) => generation.parse().map_or(Spot::Other, Spot::Members),
            _ => Spot::Other,
        }
    }

    /// All keys below `folder`, or below the prefix itself.
    pub(crate) fn below(&self, folder: &str) -> Value {
        json!({
            "key": coded(format!("{}/{folder}", self.prefix)),
            "range_end": coded(after(&format!("{}/{folder}", self.prefix))),
        })
    }
}

/// The first key behind all that begin so.
pub(crate) fn after(prefix: &str) -> Vec<u8> {
    let mut end = prefix.as_bytes().to_vec();
    if let Some(last) = end.last_mut() {
        *last += 1;
    }
    end
}

/// One key, and no other.
pub(crate) fn one(key: &str) -> Value {
    json!({"key": coded(key)})
}

/// Whether a key was last changed at this revision; at 0 where there is none.
pub(crate) fn changed_at(key: &str, revision: i64) -> Value {
    json!({"key": coded(key), "target": "MOD", "result": "EQUAL", "mod_revision": revision.to_string()})
}

/// Whether a key was made at this revision; at 0 where there is none.
pub(crate) fn made_at(key: &str, revision: i64) -> Value {
    json!({"key": coded(key), "target": "CREATE", "result": "EQUAL", "create_revision": revision.to_string()})
}

#[cfg(test)]
mod tests {
    use super::{Keys, Spot};

    #[test]
    fn a_key_is_found_again_below_its_own_prefix_alone() {
        let keys = Keys { prefix: "team/a".to_owned() };
        assert_eq!(keys.spot(&keys.item("grant/x")), Spot::Item("grant/x"));
        assert_eq!(keys.spot(&keys.members(12)), Spot::Members(12));
        assert_eq!(keys.spot("team/ab/items/grant/x"), Spot::Other);
    }
}
