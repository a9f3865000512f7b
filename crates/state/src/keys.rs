//! The keys of a server: static secrets that its provider gave the person, each bound to the headers that it
//! goes into.

use crate::item::{Once, kept};
use crate::taken_from::TakenFrom;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use config::{ADDRESS, ARGUMENTS, Header, KeyName, Line, Program, ServerConfig};
use jiff::Timestamp;
use oauth::{Mask, Secret};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use vault::Item;
use zeroize::Zeroizing;

/// Keys that were replaced and are remembered as long as the valet runs: they may well be good still.
const BEFORE: usize = 4;

/// All keys of one server, as the vault has them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Keys {
    /// The server that they are for, as it was configured.
    server_url: String,
    pub(crate) keys: BTreeMap<String, Key>,
    #[serde(skip)]
    before: Vec<Secret>,
    #[serde(skip)]
    mask: Once<Mask>,
    #[serde(skip)]
    spellings: Once<Spellings>,
}

/// What is looked for in the body of an answer.
pub type Spellings = Arc<[Zeroizing<Vec<u8>>]>;

/// One of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Key {
    #[serde(with = "kept")]
    pub(crate) secret: Secret,
    /// The headers that it may go into, in lower case.
    headers: BTreeSet<String>,
    /// When it was set.
    pub set_at: Timestamp,
    /// The program that brought it; nothing where the person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_by: Option<String>,
    /// The entries of other programs that it was taken from. It goes back into these alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken_from: Vec<TakenFrom>,
}

/// A key that is to be set.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// What the server's headers call it.
    pub name: KeyName,
    /// The key itself.
    pub secret: Secret,
    /// The program that brings it; nothing where the person does.
    pub by: Option<String>,
    /// The entries of other programs that it is taken from.
    pub taken_from: Vec<TakenFrom>,
}

/// Why a header cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// A key of this name is not there.
    Missing(KeyName),
    /// It is there, and was set for other headers.
    BoundElsewhere(KeyName),
}

impl Keys {
    /// Those for a server, of which there are none yet.
    #[must_use]
    pub fn of(server: &ServerConfig) -> Self {
        Self { server_url: server.place.as_str().to_owned(), ..Self::default() }
    }

    /// These with `new` in its place, bound to the headers that it goes into now.
    #[must_use]
    pub fn with(&self, new: NewKey, server: &ServerConfig, now: Timestamp) -> Self {
        let mut keys = self.clone();
        let headers = server.of_key(&new.name);
        let (secret, set_by) = (new.secret, new.by);
        let key = Key { secret, headers, set_at: now, set_by, taken_from: Vec::new() };
        let old = keys.keys.insert(new.name.as_str().to_owned(), key);
        keys.remember(old);
        keys.taken_from(&new.name, new.taken_from)
    }

    /// These without one.
    #[must_use]
    pub fn without(&self, name: &KeyName) -> Self {
        let mut keys = self.clone();
        let old = keys.keys.remove(name.as_str());
        keys.remember(old);
        keys
    }

    /// These, each bound to the headers that the server has it go into now, as the person agreed to.
    #[must_use]
    pub fn bound_to(&self, server: &ServerConfig) -> Self {
        let mut keys = self.clone();
        for (name, key) in &mut keys.keys {
            let headers = KeyName::parse(name).map(|name| server.of_key(&name)).unwrap_or_default();
            // What goes nowhere now keeps where it may go.
            if !headers.is_empty() {
                key.headers = headers;
            }
        }
        keys
    }

    /// These for a server that is started otherwise now, as the person agreed to.
    #[must_use]
    pub fn moved_to(&self, server: &ServerConfig) -> Self {
        Self { server_url: server.place.as_str().to_owned(), mask: Once::default(), ..self.bound_to(server) }
    }

    fn remember(&mut self, old: Option<Key>) {
        self.before.splice(0..0, old.map(|old| old.secret));
        self.before.truncate(BEFORE);
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Each with its name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Key)> {
        self.keys.iter().map(|(name, key)| (name.as_str(), key))
    }

    /// The one of this name.
    #[must_use]
    pub fn get(&self, name: &KeyName) -> Option<&Key> {
        self.keys.get(name.as_str())
    }

    /// Whether the one of this name is this.
    #[must_use]
    pub fn has(&self, name: &KeyName, secret: &Secret) -> bool {
        self.get(name).is_some_and(|key| key.secret.ct_eq(secret.expose()))
    }

    /// Whether these are the same keys.
    #[must_use]
    pub fn are(&self, other: &Self) -> bool {
        let same = |(name, key): (&String, &Key)| {
            let theirs = other.keys.get(name);
            theirs.is_some_and(|theirs| {
                theirs.secret.ct_eq(key.secret.expose()) && theirs.headers == key.headers
            })
        };
        self.keys.len() == other.keys.len() && self.keys.iter().all(same)
    }

    /// Whether every header of the server can be sent.
    ///
    /// # Errors
    /// A key is missing, or bound elsewhere.
    pub fn fit(&self, server: &ServerConfig) -> Result<(), Unfit> {
        for header in server.headers.iter() {
            for name in header.line.keys() {
                self.bound(server, &header.folded(), name)?;
            }
        }
        self.fit_address(server)?;
        self.fit_arguments(server)
    }

    fn fit_address(&self, server: &ServerConfig) -> Result<(), Unfit> {
        let mut keys = server.address.iter().flat_map(Line::keys);
        keys.try_for_each(|name| self.bound(server, ADDRESS, name).map(drop))
    }

    fn fit_arguments(&self, server: &ServerConfig) -> Result<(), Unfit> {
        let keys = server.place.program().map(Program::keys).unwrap_or_default();
        keys.into_iter().try_for_each(|name| self.bound(server, ARGUMENTS, name).map(drop))
    }

    /// What a header of the server says, keys and all.
    ///
    /// # Errors
    /// As [`Keys::fit`].
    pub fn fill(&self, server: &ServerConfig, header: &Header) -> Result<Zeroizing<String>, Unfit> {
        for name in header.line.keys() {
            self.bound(server, &header.folded(), name)?;
        }
        let filled = header.line.fill(|name| self.get(name).map(|key| &key.secret));
        filled.ok_or_else(|| Unfit::Missing(KeyName::default()))
    }

    /// The address of the server, keys and all, where some are a part of it.
    ///
    /// # Errors
    /// As [`Keys::fit`].
    pub fn address(&self, server: &ServerConfig) -> Result<Option<Zeroizing<String>>, Unfit> {
        self.fit_address(server)?;
        let Some(address) = &server.address else { return Ok(None) };
        let filled = address.fill(|name| self.get(name).map(|key| &key.secret));
        filled.map(Some).ok_or_else(|| Unfit::Missing(KeyName::default()))
    }

    /// The arguments of the program that the server is, keys and all.
    ///
    /// # Errors
    /// As [`Keys::fit`].
    pub fn arguments(&self, server: &ServerConfig) -> Result<Vec<Zeroizing<String>>, Unfit> {
        self.fit_arguments(server)?;
        let Some(program) = server.place.program() else { return Ok(Vec::new()) };
        let filled = program.fill(|name| self.get(name).map(|key| &key.secret));
        filled.ok_or_else(|| Unfit::Missing(KeyName::default()))
    }

    /// The key of this name, where it may go there in this server.
    fn bound(&self, server: &ServerConfig, there: &str, name: &KeyName) -> Result<&Key, Unfit> {
        let key = self.get(name).ok_or_else(|| Unfit::Missing(name.clone()))?;
        let here = self.server_url == server.place.as_str();
        let fits = here && key.headers.contains(there);
        fits.then_some(key).ok_or_else(|| Unfit::BoundElsewhere(name.clone()))
    }

    /// The only one that goes into the server's headers, with the header and the text before it; nothing
    /// where there are several.
    #[must_use]
    pub fn only<'a>(&'a self, server: &'a ServerConfig) -> Option<Only<'a>> {
        let mut headers = server.headers.iter().filter(|header| header.line.keys().next().is_some());
        let (header, None) = (headers.next()?, headers.next()) else { return None };
        let before = header.line.around_one_key()?;
        let key = self.bound(server, &header.folded(), header.line.keys().next()?).ok()?;
        Some(Only { secret: &key.secret, header: &header.name, before })
    }

    /// Finds them again where the other side says them.
    pub fn mask(&self) -> &Mask {
        self.mask.of(|| Mask::of(&self.secrets().collect::<Vec<_>>()))
    }

    /// What they look like in a body. It is made out once, whoever looks.
    #[must_use]
    pub fn spellings(&self) -> Spellings {
        Arc::clone(self.spellings.of(|| self.mask().spellings().into()))
    }

    /// What must not be said again by the other side: of what is written as user and password, these too.
    pub fn secrets(&self) -> impl Iterator<Item = Secret> {
        let all = self.keys.values().map(|key| &key.secret).chain(&self.before);
        all.flat_map(|secret| std::iter::once(secret.clone()).chain(decoded(secret)))
    }
}

/// A key that is handed out itself.
#[derive(Debug)]
pub struct Only<'a> {
    /// The key.
    pub secret: &'a Secret,
    /// The header that it goes into.
    pub header: &'a str,
    /// What stands before it there.
    pub before: &'a str,
}

/// The user and the password of basic credentials (RFC 7617 §2), together and the password alone.
fn decoded(secret: &Secret) -> Vec<Secret> {
    let Ok(bytes) = BASE64_STANDARD.decode(secret.expose()).map(Zeroizing::new) else { return Vec::new() };
    let Ok(text) = str::from_utf8(&bytes) else { return Vec::new() };
    let Some((_, password)) = text.split_once(':') else { return Vec::new() };
    [text, password].map(|text| Secret::from(text.to_owned())).into()
}

impl Item for Keys {
    fn shares_a_secret_with(&self, before: &Self) -> bool {
        let is_there = |key: &Key| before.keys.values().any(|old| old.secret.ct_eq(key.secret.expose()));
        self.keys.values().any(is_there)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn server(headers: &str) -> ServerConfig {
        let entry = serde_json::json!({ "url": "https://a.example/mcp", "headers": serde_json::from_str::<serde_json::Value>(headers).unwrap() });
        config::check_entry(Path::new("config.json"), "a", entry.as_object().unwrap()).unwrap()
    }

    fn new(secret: &str) -> NewKey {
        let secret = Secret::from(secret.to_owned());
        NewKey { name: KeyName::default(), secret, by: None, taken_from: Vec::new() }
    }

    #[test]
    fn a_key_goes_into_its_own_header_of_its_own_server_alone() {
        let (own, now) = (server(r#"{"X-Api-Key": "${key}"}"#), Timestamp::UNIX_EPOCH);
        let keys = Keys::of(&own).with(new("secret-1"), &own, now);
        let header = own.headers.iter().next().unwrap();
        assert_eq!(keys.fill(&own, header).unwrap().as_str(), "secret-1");
        let elsewhere = Err(Unfit::BoundElsewhere(KeyName::default()));
        for other in [r#"{"X-Other": "${key}"}"#, r#"{"X-Api-Key": "${key}", "X-Other": "${key}"}"#] {
            assert_eq!(keys.fit(&server(other)), elsewhere, "{other}");
            assert_eq!(keys.bound_to(&server(other)).fit(&server(other)), Ok(()), "as the person agreed to");
        }
        let other = server(r#"{"X-Api-Key": "${key:other}"}"#);
        assert_eq!(keys.fit(&other), Err(Unfit::Missing(KeyName::parse("other").unwrap())));
        let url = oauth::ServerUrl::parse("https://b.example/mcp").unwrap();
        let moved = ServerConfig { place: config::Place::Remote(url), ..own };
        assert_eq!(keys.fit(&moved), elsewhere);
    }

    fn program(entry: serde_json::Value) -> ServerConfig {
        config::check_entry(Path::new("config.json"), "a", entry.as_object().unwrap()).unwrap()
    }

    #[test]
    fn a_key_goes_into_its_own_variable_of_its_own_program_alone() {
        use serde_json::json;
        let own = program(json!({ "command": "x", "args": ["1"], "env": { "API_KEY": "${key}" } }));
        let keys = Keys::of(&own).with(new("secret-1"), &own, Timestamp::UNIX_EPOCH);
        assert_eq!(keys.fit(&own), Ok(()));
        let elsewhere = Err(Unfit::BoundElsewhere(KeyName::default()));
        for other in [
            json!({ "command": "y", "args": ["1"], "env": { "API_KEY": "${key}" } }),
            json!({ "command": "x", "args": ["2"], "env": { "API_KEY": "${key}" } }),
            json!({ "command": "x", "args": ["1"], "cwd": "~", "env": { "API_KEY": "${key}" } }),
            json!({ "command": "x", "args": ["1"], "env": { "api_key": "${key}" } }),
        ] {
            let other = program(other);
            assert_eq!(keys.fit(&other), elsewhere, "{}", other.place);
            assert_eq!(keys.moved_to(&other).fit(&other), Ok(()), "as the person agreed to");
        }
        let argument = program(json!({ "command": "x", "args": ["-k", "${key}"], "keysInArgs": ["key"] }));
        let keys = Keys::of(&argument).with(new("secret-1"), &argument, Timestamp::UNIX_EPOCH);
        assert_eq!(keys.arguments(&argument).unwrap()[1].as_str(), "secret-1");
    }

    #[test]
    fn what_was_replaced_and_a_password_are_not_to_be_said_again() {
        let own = server(r#"{"Authorization": "Basic ${key}"}"#);
        let keys = Keys::of(&own).with(new("YWRhOnBhc3N3b3Jk"), &own, Timestamp::UNIX_EPOCH);
        let keys = keys.with(new("another-1"), &own, Timestamp::UNIX_EPOCH);
        let all: Vec<String> = keys.secrets().map(|secret| secret.expose().to_owned()).collect();
        assert_eq!(all, ["another-1", "YWRhOnBhc3N3b3Jk", "ada:password", "password"]);
    }
}
