//! A secret of an entry on its way to being a key of ours.

use crate::place::Place;
use clients::Spelling;
use config::KeyName;
use secret::Secret;
use std::collections::BTreeSet;

/// Letters of a name, with room for a number behind it.
const LONGEST: usize = 60;

/// A secret, and what it is called here.
#[derive(Debug, Clone)]
pub struct Key {
    /// Its name.
    pub name: KeyName,
    /// Itself.
    pub secret: Secret,
    /// Where it was found.
    pub place: Place,
    /// How it is written there, where that is neither as it is nor as the file's format has it.
    pub(crate) spelling: Option<Spelling>,
}

/// Secrets of one entry: each distinct one is one key.
#[derive(Debug, Default)]
pub(crate) struct Keys(pub(crate) Vec<Key>);

impl Keys {
    /// Takes a secret in, and answers how it is named in a text until all are known.
    pub(crate) fn take(&mut self, place: Place, secret: &str, spelling: Option<Spelling>) -> String {
        let same = self.0.iter().find(|key| key.secret.ct_eq(secret)).map(|key| key.name.clone());
        let taken: BTreeSet<&str> = self.0.iter().map(|key| key.name.as_str()).collect();
        let name = same.unwrap_or_else(|| free(&place.called(), &taken));
        let written = named(&name);
        self.0.push(Key { name, secret: Secret::from(secret.to_owned()), place, spelling });
        written
    }

    /// Whether there is only one secret: it has the usual name then.
    pub(crate) fn only(&self) -> Option<KeyName> {
        let first = self.0.first()?;
        self.0.iter().all(|key| key.name == first.name).then(|| first.name.clone())
    }
}

/// How a key stands in a text, by any name.
pub(crate) fn named(name: &KeyName) -> String {
    name.to_string()
}

fn free(called: &str, taken: &BTreeSet<&str>) -> KeyName {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let base: String = called.chars().take(LONGEST).map(plain).collect();
    let numbered = (2..).map(|number: usize| format!("{base}-{number}"));
    let mut all = std::iter::once(base.clone()).chain(numbered).filter(|name| !taken.contains(name.as_str()));
    all.find_map(|name| KeyName::parse(&name)).unwrap_or_default()
}
