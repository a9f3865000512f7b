//! The members of an object, each as it was written.

use crate::distinct::{Key, Seen, check, folded, plain_text};
use crate::flaw::Flaw;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The members of an object no two of whose keys are alike, by their names.
pub(crate) struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Members<'a> {
    /// Of an object that was looked through before.
    pub(crate) fn of(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// Reads an object that is this many levels down and has another in it, however deep both go. A key that
    /// is one of these but for its case is refused: to some readers it is that.
    pub(crate) fn read(
        text: &'a str,
        known: &[&str],
        inner: Inner<'_>,
        down: usize,
    ) -> Result<WithInner<'a>, Flaw> {
        let mut json = serde_json::Deserializer::from_str(text);
        let all = json.deserialize_map(All { inner: Some(inner.name) });
        let (outer, within) = all.and_then(|all| json.end().map(|()| all)).map_err(|_| Flaw::NoMessage)?;
        outer.look_through(known, down + 1)?;
        within.as_ref().map_or(Ok(()), |within| within.look_through(inner.known, down + 2))?;
        Ok((outer, within))
    }

    fn look_through(&self, known: &[&str], down: usize) -> Result<(), Flaw> {
        let mut seen = Seen::default();
        for (key, value) in &self.0 {
            let (is_known, key_folded) = (known.contains(&&**key), folded(Cow::Borrowed(key)));
            let is_like = || known.iter().any(|known| folded(Cow::Borrowed(known)) == key_folded);
            if (!is_known && is_like()) || !seen.is_new(key_folded) {
                return Err(Flaw::AlikeKeys);
            }
            check(value.get(), down)?;
        }
        Ok(())
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'a RawValue> {
        self.all().find_map(|(name, value)| (name == key).then_some(value))
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The text of a member; nothing where there is none.
    pub(crate) fn text(&self, key: &str) -> Result<Option<String>, Flaw> {
        let text = |value: &RawValue| match plain_text(value.get()) {
            Some(text) => Ok(text.to_owned()),
            None => serde_json::from_str(value.get()).map_err(|_| Flaw::NoMessage),
        };
        self.get(key).map(text).transpose()
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(key, value)| (&**key, *value))
    }
}

/// A member that is an object of its own, and the keys that are known there.
pub(crate) struct Inner<'k> {
    pub(crate) name: &'k str,
    pub(crate) known: &'k [&'k str],
}

/// An object, and the one in it. That is not among the members of the outer one.
pub(crate) type WithInner<'a> = (Members<'a>, Option<Members<'a>>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(All { inner: None }).map(|(members, _)| members)
    }
}

/// Members of most objects.
const FEW: usize = 4;

/// Takes all members, and one of them apart.
struct All<'k> {
    inner: Option<&'k str>,
}

impl<'de> Visitor<'de> for All<'_> {
    type Value = WithInner<'de>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Self::Value, A::Error> {
        let (mut members, mut inner) = (Vec::with_capacity(FEW), None);
        while let Some(Key(key)) = all.next_key()? {
            if self.inner != Some(&*key) {
                members.push((key, all.next_value()?));
            } else if inner.replace(all.next_value()?).is_some() {
                return Err(A::Error::custom("alike keys"));
            }
        }
        members.sort_unstable_by(|(one, _), (other, _): &(Cow<'_, str>, _)| one.cmp(other));
        Ok((Members(members), inner))
    }
}
