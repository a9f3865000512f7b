//! What a header says, in which keys stand by their names.

use secret::Secret;
use std::fmt;
use words::say;
use zeroize::Zeroizing;

/// The name of a key where none is given.
const USUAL: &str = "key";
const BEGIN: &str = "${";
const LONGEST_NAME: usize = 64;

/// The value of a header as it is written: text, and `${key}` or `${key:NAME}` where a key goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Key(KeyName),
}

/// What a key of a server is called: `key` if it has no other name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

impl KeyName {
    /// Reads a name. `None` for what is none: up to 64 letters, digits, dots, dashes and underscores.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let is_one = (1..=LONGEST_NAME).contains(&name.len()) && name.chars().all(is_plain);
        is_one.then(|| Self(name.to_owned()))
    }

    /// One after a header, which is not taken yet.
    pub(super) fn after(header: &str, is_taken: impl Fn(&Self) -> bool) -> Self {
        let plain = |c: char| if is_plain(c) { c } else { '-' };
        let name: String = header.to_ascii_lowercase().chars().take(LONGEST_NAME - 3).map(plain).collect();
        let numbered = (2..=99).map(|number: u8| Self(format!("{name}-{number}")));
        let mut all = std::iter::once(Self(name.clone())).chain(numbered);
        all.find(|name| !is_taken(name)).unwrap_or_default()
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a name is made of.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._-".contains(c)
}

impl Default for KeyName {
    fn default() -> Self {
        Self(USUAL.to_owned())
    }
}

/// As it stands in a header.
impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == USUAL { f.write_str("${key}") } else { write!(f, "${{key:{}}}", self.0) }
    }
}

/// Why a value cannot be read. What it says is not repeated, since it may be secret.
pub(crate) struct BadLine {
    pub(crate) problem: String,
    pub(crate) advice: String,
}

impl Line {
    /// Reads a value.
    pub(crate) fn parse(text: &str) -> Result<Self, BadLine> {
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((before, after)) = rest.split_once(BEGIN) {
            let (name, after) = after.split_once('}').ok_or_else(unknown)?;
            let name = match name.strip_prefix(USUAL) {
                Some("") => KeyName::default(),
                Some(named) => named.strip_prefix(':').and_then(KeyName::parse).ok_or_else(unknown)?,
                None => return Err(unknown()),
            };
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(Part::Key(name));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self(parts))
    }

    /// One key after some text.
    pub(super) fn of_key(before: &str, name: KeyName) -> Self {
        let before = (!before.is_empty()).then(|| Part::Text(before.to_owned()));
        Self(before.into_iter().chain([Part::Key(name)]).collect())
    }

    /// The keys that go into it.
    pub fn keys(&self) -> impl Iterator<Item = &KeyName> {
        self.0.iter().filter_map(|part| match part {
            Part::Key(name) => Some(name),
            Part::Text(_) => None,
        })
    }

    /// The text before its key, where that is all there is.
    #[must_use]
    pub fn around_one_key(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Part::Key(_)] => Some(""),
            [Part::Text(before), Part::Key(_)] => Some(before),
            _ => None,
        }
    }

    /// The value with its keys; nothing where one is missing.
    #[must_use]
    pub fn fill<'a>(&self, key: impl Fn(&KeyName) -> Option<&'a Secret>) -> Option<Zeroizing<String>> {
        let parts: Option<Vec<&str>> = self
            .0
            .iter()
            .map(|part| match part {
                Part::Text(text) => Some(text.as_str()),
                Part::Key(name) => key(name).map(Secret::expose),
            })
            .collect();
        let parts = parts?;
        // Room for all of it, so that no shorter copy is left behind.
        let mut filled = Zeroizing::new(String::with_capacity(parts.iter().map(|part| part.len()).sum()));
        parts.iter().for_each(|part| filled.push_str(part));
        Some(filled)
    }
}

/// As it is written.
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(text),
            Part::Key(name) => name.fmt(f),
        })
    }
}

fn unknown() -> BadLine {
    BadLine { problem: say!(config_header_variable), advice: say!(config_header_variable_advice) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_in_it_by_their_names() {
        let line = Line::parse("a ${key} b ${key:two}").ok().unwrap();
        let names: Vec<&str> = line.keys().map(KeyName::as_str).collect();
        assert_eq!(
            (names.as_slice(), line.to_string()),
            (["key", "two"].as_slice(), "a ${key} b ${key:two}".into())
        );
        let (one, two) = (Secret::from("1".to_owned()), Secret::from("2".to_owned()));
        let filled = line.fill(|name| Some(if name.as_str() == "two" { &two } else { &one }));
        assert_eq!(filled.unwrap().as_str(), "a 1 b 2");
        assert!(line.fill(|name| (name.as_str() == "key").then_some(&one)).is_none());
    }

    #[test]
    fn nothing_else_is_filled_in() {
        for text in [
            "${env:TOKEN}",
            "${TOKEN}",
            "${key",
            "${key:}",
            "${key:a b}",
            "${keys}",
            "${input:x}",
            "${key:${key}}",
        ] {
            assert!(Line::parse(text).is_err(), "{text}");
        }
        assert!(Line::parse("$key and $HOME").is_ok_and(|line| line.keys().next().is_none()));
    }
}
