//! JSON in which no two keys of an object can be taken for the same.

use crate::flaw::Flaw;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

/// JSON that every reader reads the same: some take the first of two equal keys and some the last, and some
/// do not tell `Method` from `method`. Every text in it is one of Unicode. It has so many levels.
struct Distinct(usize);

/// Levels that `serde_json` goes down, and no further.
const LEVELS: usize = 127;

/// Looks through the whole of a value that is this many levels down.
pub(crate) fn check(text: &str, down: usize) -> Result<(), Flaw> {
    if plain_text(text).is_some() {
        return Ok(());
    }
    match serde_json::from_str::<Distinct>(text) {
        Ok(Distinct(levels)) if down + levels <= LEVELS => Ok(()),
        Err(error) if error.is_data() => Err(Flaw::AlikeKeys),
        Ok(_) | Err(_) => Err(Flaw::NoMessage),
    }
}

/// What a text without escapes says, in which there is nothing to look for.
pub(crate) fn plain_text(value: &str) -> Option<&str> {
    let inside = value.strip_prefix('"')?.strip_suffix('"')?;
    let is_special = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    (!inside.bytes().any(is_special)).then_some(inside)
}

/// The key as those readers see it that do not tell upper case from lower case, in all of Unicode: `ſ` is an
/// `s` to some, and `K` (Kelvin) a `k`.
pub(crate) fn folded(key: Cow<'_, str>) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    if key.bytes().all(plain) { key } else { Cow::Owned(key.to_uppercase().to_lowercase()) }
}

/// A key of an object, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Key<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

/// As many keys are sooner looked through than hashed.
const FEW: usize = 16;

/// The keys of one object, as they were met.
#[derive(Default)]
pub(crate) struct Seen<'a> {
    few: Vec<Cow<'a, str>>,
    many: HashSet<Cow<'a, str>>,
}

impl<'a> Seen<'a> {
    /// False if it was there.
    pub(crate) fn is_new(&mut self, key: Cow<'a, str>) -> bool {
        if self.few.len() == FEW {
            self.many.extend(self.few.drain(..));
        }
        if !self.many.is_empty() {
            return self.many.insert(key);
        }
        let is_new = !self.few.contains(&key);
        self.few.push(key);
        is_new
    }
}

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Look)
    }
}

struct Look;

impl<'de> Visitor<'de> for Look {
    type Value = Distinct;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Distinct, E> {
        Ok(Distinct(0))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Distinct, E> {
        Ok(Distinct(0))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Distinct, E> {
        Ok(Distinct(0))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Distinct, E> {
        Ok(Distinct(0))
    }

    fn visit_str<E>(self, _: &str) -> Result<Distinct, E> {
        Ok(Distinct(0))
    }

    fn visit_unit<E>(self) -> Result<Distinct, E> {
        Ok(Distinct(0))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Distinct, A::Error> {
        let mut levels = 0;
        while let Some(Distinct(inner)) = all.next_element()? {
            levels = levels.max(inner);
        }
        Ok(Distinct(levels + 1))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Distinct, A::Error> {
        let (mut seen, mut levels) = (Seen::default(), 0);
        while let Some(Key(key)) = all.next_key()? {
            if !seen.is_new(folded(key)) {
                return Err(A::Error::custom("alike keys"));
            }
            let Distinct(inner) = all.next_value()?;
            levels = levels.max(inner);
        }
        Ok(Distinct(levels + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_some_reader_takes_for_one_are_found_at_any_depth() {
        for text in [
            r#"{"a":1,"a":2}"#,
            r#"{"a":1,"A":2}"#,
            r#"{"x":[{"name":1,"nAme":2}]}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"params":1,"paramſ":2}"#,
            r#"{"key":1,"Key":2}"#,
        ] {
            assert_eq!(check(text, 0), Err(Flaw::AlikeKeys), "{text}");
        }
        assert_eq!(check(r#"{"a":{"b":1},"b":[{"a":1},{"a":2}]}"#, 0), Ok(()));
    }

    #[test]
    fn a_text_without_escapes_is_what_it_says() {
        assert_eq!(plain_text(r#""ſ a""#), Some("ſ a"));
        for other in ["\"", "\"\\\"", r#""a\u0061""#, "\"\n\"", r#""a" "b""#, "1", ""] {
            assert_eq!(plain_text(other), None, "{other}");
        }
    }

    #[test]
    fn keys_are_found_again_however_many_there_are() {
        let object = |keys: &[String]| format!("{{{}}}", keys.join(","));
        let of = |count: usize| (0..count).map(|n| format!("\"k{n}\":{n}")).collect::<Vec<_>>();
        for count in [FEW - 1, FEW, FEW + 1, FEW + 2, 10 * FEW] {
            assert_eq!(check(&object(&of(count)), 0), Ok(()), "{count}");
            for again in [0, count / 2, count - 1] {
                let twice = [of(count), vec![format!("\"K{again}\":0")]].concat();
                assert_eq!(check(&object(&twice), 0), Err(Flaw::AlikeKeys), "{count}, {again}");
            }
        }
    }

    #[test]
    fn what_readers_read_in_several_ways_is_no_json() {
        for text in ["", "{", "{} {}", "[1,]", "{'a':1}", "1e999", r#""\ud800""#, "\u{feff}{}", "NaN", "01"] {
            assert_eq!(check(text, 0), Err(Flaw::NoMessage), "{text}");
        }
        let deep = "[".repeat(200) + &"]".repeat(200);
        assert_eq!(check(&deep, 0), Err(Flaw::NoMessage));
    }
}
