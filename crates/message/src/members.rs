//! The members of an object, each as it was written.

use crate::distinct::folded;
use crate::flaw::Flaw;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The members of an object of which it is known that no two keys are alike.
pub(crate) struct Members<'a>(BTreeMap<Cow<'a, str>, &'a RawValue>);

impl<'a> Members<'a> {
    /// Reads an object. A key that is one of these but for its case is refused: to some readers it is that.
    pub(crate) fn read(text: &'a RawValue, known: &[&str]) -> Result<Self, Flaw> {
        let members: BTreeMap<Key<'a>, &'a RawValue> =
            serde_json::from_str(text.get()).map_err(|_| Flaw::NoMessage)?;
        let members: BTreeMap<_, _> = members.into_iter().map(|(Key(key), value)| (key, value)).collect();
        let is_like = |key: &str| known.iter().any(|known| *known != key && *known == folded(key));
        if members.keys().any(|key| !known.contains(&&**key) && is_like(key)) {
            return Err(Flaw::AlikeKeys);
        }
        Ok(Self(members))
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'a RawValue> {
        self.0.get(key).copied()
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// The text of a member; nothing where there is none.
    pub(crate) fn text(&self, key: &str) -> Result<Option<String>, Flaw> {
        let text = |value: &RawValue| serde_json::from_str(value.get()).map_err(|_| Flaw::NoMessage);
        self.get(key).map(text).transpose()
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(key, value)| (&**key, *value))
    }
}

/// Borrowed where it has no escapes.
#[derive(serde::Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);
