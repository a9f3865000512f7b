//! Where keys were taken from, which each says itself: what is written down beside files may be anybody's
//! word.

use crate::keys::Keys;
use config::KeyName;
use oauth::Secret;
use serde::{Deserialize, Serialize};

/// Entries that one key is remembered to be taken from.
const MOST: usize = 256;

/// An entry in the file of another program that a key was taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenFrom {
    /// A word for the program.
    pub client: String,
    /// Where its file really was.
    pub file: String,
    /// What the entry was called.
    pub entry: String,
    /// A mark of all that the entry said, and of the place of the key in it.
    pub mark: String,
}

/// Why a key does not go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotBack {
    /// It was wiped.
    Gone,
    /// There is one of its name, and that was not taken from there.
    Another,
}

impl Keys {
    /// These with one that was found in these entries as well.
    #[must_use]
    pub fn taken_from(mut self, name: &KeyName, entries: Vec<TakenFrom>) -> Self {
        let Some(key) = self.keys.get_mut(name.as_str()) else { return self };
        key.taken_from.retain(|known| !entries.contains(known));
        key.taken_from.extend(entries);
        // The oldest are the likeliest to be gone.
        key.taken_from.drain(..key.taken_from.len().saturating_sub(MOST));
        self
    }

    /// The key of this name itself, for entries that it was taken from, once the person agreed to have it
    /// there in plain text again. What asks for it may be anybody's word, so the key says where it came from.
    ///
    /// # Errors
    /// It is not there, or was not taken from all of them, or they are none.
    pub fn given_back(&self, name: &KeyName, entries: &[TakenFrom]) -> Result<&Secret, NotBack> {
        let key = self.get(name).ok_or(NotBack::Gone)?;
        let is_theirs = !entries.is_empty() && entries.iter().all(|entry| key.taken_from.contains(entry));
        is_theirs.then_some(&key.secret).ok_or(NotBack::Another)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::NewKey;
    use config::ServerConfig;
    use jiff::Timestamp;
    use std::path::Path;

    fn server() -> ServerConfig {
        let entry =
            serde_json::json!({ "url": "https://a.example/mcp", "headers": { "X-Api-Key": "${key}" } });
        config::check_entry(Path::new("config.json"), "a", entry.as_object().unwrap()).unwrap()
    }

    fn new(secret: &str) -> NewKey {
        let secret = Secret::from(secret.to_owned());
        NewKey { name: KeyName::default(), secret, by: None, taken_from: Vec::new() }
    }

    #[test]
    fn a_key_goes_back_into_the_entry_that_it_was_taken_from_until_another_takes_its_place() {
        let (own, name) = (server(), KeyName::default());
        let from = |file: &str| {
            let (client, entry, mark) = ("cursor".to_owned(), "hub".to_owned(), "1".to_owned());
            vec![TakenFrom { client, file: file.to_owned(), entry, mark }]
        };
        let moved = NewKey { taken_from: from("/a"), ..new("secret-1") };
        let keys = Keys::of(&own).with(moved, &own, Timestamp::UNIX_EPOCH);
        let back =
            |keys: &Keys, file| keys.given_back(&name, &from(file)).map(|secret| secret.expose().to_owned());
        assert_eq!(back(&keys, "/a"), Ok("secret-1".to_owned()));
        assert_eq!(back(&keys, "/b"), Err(NotBack::Another));
        assert_eq!(keys.given_back(&name, &[]).err(), Some(NotBack::Another));
        let keys = keys.taken_from(&name, from("/b"));
        assert!(back(&keys, "/a").is_ok() && back(&keys, "/b").is_ok());
        assert!(back(&keys.bound_to(&own), "/a").is_ok());
        let keys = keys.with(new("secret-2"), &own, Timestamp::UNIX_EPOCH);
        assert_eq!(back(&keys, "/a"), Err(NotBack::Another));
        assert_eq!(back(&keys.without(&name), "/a"), Err(NotBack::Gone));
    }
}
