//! The `headers` of a server: what goes with each request to it. Of a program it is `env`: what goes into
//! its environment. What is secret of them is a key, which the vault has; where the file still has it, it is
//! moved from there.

mod kind;
mod line;

use kind::Kind;

pub use line::{KeyName, Line};

use crate::ConfigError;
use crate::error::Location;
use crate::secret::is_same_secret;
use secret::Secret;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use words::say;

/// Bytes of a name, and of a value.
const LONGEST_NAME: usize = 100;
const LONGEST_VALUE: usize = 8 << 10;
/// A key that is shorter could not be told from other text where a server says it again.
const SHORTEST_KEY: usize = 6;

/// The headers of a server, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Headers(Vec<Header>);

/// One of them.
#[derive(Debug, Clone)]
pub struct Header {
    /// Its name, as it was written.
    pub name: String,
    /// What it says.
    pub line: Line,
    /// The key that goes into it, as long as the file has that itself.
    pub found: Option<Secret>,
    kind: Kind,
}

/// Secrets are compared in constant time.
impl PartialEq for Header {
    fn eq(&self, other: &Self) -> bool {
        is_same_secret(self.found.as_ref(), other.found.as_ref())
            && self.folded() == other.folded()
            && self.line == other.line
    }
}

impl Headers {
    /// Reads the block. No message repeats a value.
    pub(crate) fn read(block: Map<String, Value>, place: &Location) -> Result<Self, ConfigError> {
        Self::read_as(Kind::Header, block, place)
    }

    /// Reads the environment of a program.
    pub(crate) fn read_environment(block: Map<String, Value>, place: &Location) -> Result<Self, ConfigError> {
        Self::read_as(Kind::Variable, block, place)
    }

    fn read_as(kind: Kind, block: Map<String, Value>, place: &Location) -> Result<Self, ConfigError> {
        kind.check_number(block.len(), place)?;
        let mut seen = BTreeSet::new();
        let mut written = Vec::new();
        for (name, value) in block {
            let place = place.at(&plain::plain(&name, LONGEST_NAME));
            kind.check_name(&name, &place)?;
            if !seen.insert(kind.folded(&name)) {
                return Err(place.error(say!(config_header_twice), say!(config_header_twice_advice)));
            }
            let Value::String(value) = value else {
                return Err(place.error(say!(config_no_text), say!(config_no_text_advice)));
            };
            kind.check_value(&value, &place)?;
            written.push((name, value, place));
        }
        Self::of(kind, written)
    }

    fn of(kind: Kind, written: Vec<(String, String, Location)>) -> Result<Self, ConfigError> {
        let is_found = |(name, value, _): &&(String, String, Location)| {
            !value.contains("${") && kind.secret(name, value).is_some()
        };
        let found = written.iter().filter(is_found).count();
        let names_keys = written.iter().any(|(_, value, _)| value.contains("${"));
        let mut headers = Vec::new();
        for (name, value, place) in written {
            headers.push(Header::read(kind, name, &value, &place)?);
        }
        // The usual name is for the only one.
        if found > 1 || names_keys {
            name_apart(&mut headers);
        }
        Ok(Self(headers))
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Header> {
        self.0.iter()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names of the keys that go into them.
    #[must_use]
    pub fn keys(&self) -> BTreeSet<&KeyName> {
        self.0.iter().flat_map(|header| header.line.keys()).collect()
    }

    /// Whether a key goes into any of them: then it is by that, and not by a sign-in, that the server knows
    /// the person.
    #[must_use]
    pub fn take_keys(&self) -> bool {
        self.0.iter().any(|header| header.line.keys().next().is_some())
    }

    /// The headers that a key goes into, by the names that it is bound to.
    #[must_use]
    pub fn of_key(&self, key: &KeyName) -> BTreeSet<String> {
        self.taking(key).map(Header::folded).collect()
    }

    /// Those that this key goes into.
    pub fn taking(&self, key: &KeyName) -> impl Iterator<Item = &Header> {
        self.0.iter().filter(move |header| header.line.keys().any(|name| name == key))
    }

    /// The keys that the file has itself.
    pub fn found(&self) -> impl Iterator<Item = (&KeyName, &Secret)> {
        self.0.iter().filter_map(|header| Some((header.line.keys().next()?, header.found.as_ref()?)))
    }

    /// As they are written, without what is secret.
    #[must_use]
    pub fn plain(&self) -> Map<String, Value> {
        self.0.iter().map(|header| (header.name.clone(), json!(header.line.to_string()))).collect()
    }

    /// The same without what is secret.
    #[must_use]
    pub fn without_secrets(&self) -> Self {
        Self(self.0.iter().map(|header| Header { found: None, ..header.clone() }).collect())
    }

    /// Those that no key goes into.
    #[must_use]
    pub fn without_keys(&self) -> Self {
        Self(self.0.iter().filter(|header| header.line.keys().next().is_none()).cloned().collect())
    }

    /// Those that this key goes into, and no other.
    #[must_use]
    pub fn with_key(&self, key: &KeyName) -> Self {
        Self(self.taking(key).cloned().collect())
    }

    /// The same, once the file has none of the keys of `dropped` itself any more.
    #[must_use]
    pub fn after(&self, dropped: &Self) -> Self {
        let is_dropped = |header: &&Header| dropped.0.contains(header);
        let found = |header: &Header| header.found.clone().filter(|_| !is_dropped(&header));
        Self(self.0.iter().map(|header| Header { found: found(header), ..header.clone() }).collect())
    }

    /// In one line, for a person to read.
    #[must_use]
    pub fn said(&self) -> String {
        let each = self.0.iter().map(|header| plain::plain(&header.said(), header.kind.most_shown()));
        each.collect::<Vec<_>>().join(", ")
    }
}

impl Header {
    /// Its name as keys are bound to it: names of headers have no case.
    #[must_use]
    pub fn folded(&self) -> String {
        self.kind.folded(&self.name)
    }

    fn said(&self) -> String {
        self.kind.said(&self.name, &self.line)
    }

    /// A key that is found in it has the usual name at first.
    fn read(kind: Kind, name: String, value: &str, place: &Location) -> Result<Self, ConfigError> {
        if !value.contains("${")
            && let Some((before, secret)) = kind.secret(&name, value)
        {
            kind.check_key(secret, place)?;
            let line = Line::of_key(before, KeyName::default());
            return Ok(Self { name, line, found: Some(Secret::from(secret.to_owned())), kind });
        }
        let line = Line::parse(value).map_err(|bad| place.error(bad.problem, bad.advice))?;
        Ok(Self { name, line, found: None, kind })
    }
}

/// Gives each key that was found a name of its own, after its header: one name is one key, and goes into
/// every header that says it.
fn name_apart(headers: &mut [Header]) {
    let named = headers.iter().filter(|header| header.found.is_none()).flat_map(|header| header.line.keys());
    let mut taken: BTreeSet<KeyName> = named.cloned().collect();
    for header in headers.iter_mut().filter(|header| header.found.is_some()) {
        let name = KeyName::after(&header.name, |name| taken.contains(name));
        taken.insert(name.clone());
        header.line = Line::of_key(header.line.around_one_key().unwrap_or_default(), name);
    }
}

/// Whether a text can be a key, wherever it comes from: what a header can carry, and long enough to be found
/// where it is said again.
#[must_use]
pub fn is_key(text: &str) -> bool {
    (SHORTEST_KEY..=LONGEST_VALUE).contains(&text.len()) && is_value(text)
}

/// RFC 9110 §5.5, without what older servers take beside: visible ASCII, and spaces in between.
fn is_value(value: &str) -> bool {
    let visible = |c: char| c.is_ascii_graphic() || c == ' ';
    value.chars().all(visible) && !value.starts_with(' ') && !value.ends_with(' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn read(value: Value) -> Result<Headers, ConfigError> {
        let place = Location::new(Path::new("config.json")).at("headers");
        Headers::read(value.as_object().unwrap().clone(), &place)
    }

    #[test]
    fn a_key_that_is_found_leaves_its_name() {
        let headers = read(json!({ "Authorization": "Bearer ghp_SECRET", "X-Region": "eu" })).unwrap();
        assert_eq!(json!(headers.plain()), json!({ "Authorization": "Bearer ${key}", "X-Region": "eu" }));
        assert_eq!(headers.found().count(), 1);
        assert!(headers.take_keys() && !format!("{headers:?}").contains("SECRET"));
        let two = read(json!({ "DD-API-KEY": "SECRET-1", "DD-APPLICATION-KEY": "SECRET-2" })).unwrap();
        let plain =
            json!({ "DD-API-KEY": "${key:dd-api-key}", "DD-APPLICATION-KEY": "${key:dd-application-key}" });
        assert_eq!(json!(two.plain()), plain);
        let beside = read(json!({ "A": "${key}", "X-Api-Key": "SECRET-1" })).unwrap();
        assert_eq!(json!(beside.plain()), json!({ "A": "${key}", "X-Api-Key": "${key:x-api-key}" }));
    }

    #[test]
    fn keys_that_are_found_never_share_a_name_and_keep_theirs_when_others_leave() {
        let plain = |value: Value| json!(read(value).unwrap().plain());
        let named = json!({ "A": "${key:x-api-key}", "X-Api-Key": "SECRET-1" });
        assert_eq!(plain(named), json!({ "A": "${key:x-api-key}", "X-Api-Key": "${key:x-api-key-2}" }));
        let alike = json!({ "X~Key": "sk-SECRET-1", "X!Key": "sk-SECRET-2" });
        assert_eq!(plain(alike), json!({ "X~Key": "${key:x-key}", "X!Key": "${key:x-key-2}" }));
        let long = |end: &str| format!("{}-{end}", "key-".repeat(20));
        let long = read(json!({ long("a"): "SECRET-1", long("b"): "SECRET-2" })).unwrap();
        assert_eq!(long.keys().len(), 2);
        let one_left = json!({ "DD-API-KEY": "${key:dd-api-key}", "DD-APPLICATION-KEY": "SECRET-2" });
        assert_eq!(plain(one_left)["DD-APPLICATION-KEY"], "${key:dd-application-key}");
    }

    #[test]
    fn what_cannot_be_sent_is_refused_and_never_repeated() {
        for headers in [
            json!({ "Host": "SECRET.example" }),
            json!({ "Mcp-Session-Id": "SECRET" }),
            json!({ "Proxy-Authorization": "Basic SECRET" }),
            json!({ "X A": "SECRET" }),
            json!({ "X-A": "SECRET\r\nX-B: 1" }),
            json!({ "X-A": "SECRET\u{e9}" }),
            json!({ "X-A": " SECRET" }),
            json!({ "X-A": "" }),
            json!({ "X-A": 424242 }),
            json!({ "X-A": "SECRET", "x-a": "1" }),
            json!({ "X-A": "${env:SECRET}" }),
            json!({ "X-Api-Key": "short" }),
            json!({ "X-A": "x".repeat(8193) }),
            Value::Object((0..17).map(|n| (format!("X-{n}"), json!("SECRET"))).collect()),
        ] {
            let error = read(headers.clone()).expect_err(&headers.to_string()).to_string();
            assert!(!error.contains("SECRET") && !error.contains("424242"), "{error}");
        }
    }
}
