//! The members of an object, each as it was written.

use crate::distinct::{Key, folded};
use crate::flaw::Flaw;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The members of an object of which it is known that no two keys are alike, by their names.
pub(crate) struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Members<'a> {
    /// Reads an object. A key that is one of these but for its case is refused: to some readers it is that.
    pub(crate) fn read(text: &'a str, known: &[&str]) -> Result<Self, Flaw> {
        let mut members: Self = serde_json::from_str(text).map_err(|_| Flaw::NoMessage)?;
        let is_like = |key: &str| {
            let key = folded(Cow::Borrowed(key));
            known.iter().any(|known| folded(Cow::Borrowed(known)) == key)
        };
        if members.0.iter().any(|(key, _)| !known.contains(&&**key) && is_like(key)) {
            return Err(Flaw::AlikeKeys);
        }
        members.0.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        Ok(members)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'a RawValue> {
        self.all().find_map(|(name, value)| (name == key).then_some(value))
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
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

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(All)
    }
}

struct All;

impl<'de> Visitor<'de> for All {
    type Value = Members<'de>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some((Key(key), value)) = all.next_entry()? {
            members.push((key, value));
        }
        Ok(Members(members))
    }
}
