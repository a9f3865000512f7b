//! Which servers of ours the entries of other programs come to: the same one in several programs is one, and
//! another account's is another.

use crate::key::Key;
use crate::thing::Thing;
use config::{KeyName, ServerConfig};
use import::{Client, free_name};
use secret::Secret;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// A server that is here already, and is the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct There {
    /// Its name.
    pub name: String,
    /// What its keys are called here, by what they would be called.
    pub keys: BTreeMap<KeyName, KeyName>,
    /// Whether it has none of them yet.
    pub lacks_keys: bool,
}

/// What is here already.
pub trait Here {
    /// The names that are taken.
    fn names(&self) -> BTreeSet<String>;
    /// The server that is the same as this one, with the same keys.
    fn find(&self, wanted: &ServerConfig, keys: &BTreeMap<KeyName, Secret>) -> Option<There>;
    /// What tells a server from another of its name.
    fn id(&self, name: &str, config: &ServerConfig) -> String;
}

/// A server that entries lead to afterwards.
#[derive(Debug)]
pub struct Joined {
    /// Its name.
    pub name: String,
    /// As our file has it, with the names of keys in the place of secrets.
    pub entry: Map<String, Value>,
    /// The same as it is read.
    pub config: ServerConfig,
    /// Its keys, with each place where one was found first.
    pub keys: Vec<Key>,
    /// The one that is here already.
    pub there: Option<There>,
    /// Where it is listed: the program, and its name there.
    pub from: Vec<(Client, String)>,
}

impl Joined {
    /// Each key once.
    #[must_use]
    pub fn secrets(&self) -> BTreeMap<KeyName, Secret> {
        secrets(&self.keys)
    }

    /// What a key is called in the vault.
    #[must_use]
    pub fn called<'a>(&'a self, key: &'a KeyName) -> &'a KeyName {
        self.there.as_ref().and_then(|there| there.keys.get(key)).unwrap_or(key)
    }

    fn is(&self, config: &ServerConfig, keys: &[Key]) -> bool {
        let (ours, theirs) = (self.secrets(), secrets(keys));
        let has =
            |(name, key): (&KeyName, &Secret)| theirs.get(name).is_some_and(|own| own.ct_eq(key.expose()));
        self.config == *config && ours.len() == theirs.len() && ours.iter().all(has)
    }
}

fn secrets(keys: &[Key]) -> BTreeMap<KeyName, Secret> {
    keys.iter().map(|key| (key.name.clone(), key.secret.clone())).collect()
}

/// Servers as they are gathered.
pub(crate) struct Servers<'a> {
    here: &'a dyn Here,
    taken: BTreeSet<String>,
    pub(crate) all: Vec<Joined>,
}

impl<'a> Servers<'a> {
    pub(crate) fn new(here: &'a dyn Here) -> Self {
        Self { here, taken: here.names(), all: Vec::new() }
    }

    /// Finds or makes the server of an entry, and answers its number.
    pub(crate) fn join(
        &mut self,
        (client, called): (Client, &str),
        thing: &Thing,
        config: ServerConfig,
    ) -> usize {
        let from = (client, called.to_owned());
        if let Some(at) = self.all.iter().position(|one| one.is(&config, &thing.keys)) {
            self.all[at].from.push(from);
            return at;
        }
        // One that has no key yet takes that of one account: the next would be given in its place.
        let is_taken = |there: &There| self.all.iter().any(|one| one.name == there.name);
        let there = self.here.find(&config, &secrets(&thing.keys));
        let there = there.filter(|there| !there.lacks_keys || !is_taken(there));
        let name = match &there {
            Some(there) => there.name.clone(),
            None => self.name(client, called, &config),
        };
        self.taken.insert(name.clone());
        let (entry, keys) = (thing.entry.clone(), thing.keys.clone());
        self.all.push(Joined { name, entry, config, keys, there, from: vec![from] });
        self.all.len() - 1
    }

    /// As it is called there; where that is another one here already, with the program behind it.
    fn name(&self, client: Client, called: &str, config: &ServerConfig) -> String {
        let Some(url) = config.place.url().map(|url| url.url().clone()).or_else(nowhere) else {
            return called.to_owned();
        };
        let name = free_name(called, &url, &BTreeSet::new());
        if !self.taken.contains(&name) {
            return name;
        }
        free_name(&format!("{name}-{}", client.word()), &url, &self.taken)
    }
}

/// A program has no address to be called after.
fn nowhere() -> Option<Url> {
    Url::parse("https://server.invalid/").ok()
}
