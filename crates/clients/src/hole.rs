//! Secrets of a text that is kept where no secret may be: each stands by what it is called, and goes back
//! into its place from the vault.

use crate::escapes::Escapes;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use zeroize::Zeroizing;

/// What stands around the number of a hole: no program writes these, as they are no characters (Unicode 17,
/// §23.7).
const BEGIN: char = '\u{fdd0}';
const END: char = '\u{fdd1}';
/// What a person sees in its place.
const SEEN: &str = "••••••";
/// What is written in its place where the secret is gone.
const GONE: &str = "FILL IN";
/// Bytes of a line that may be a secret.
const LONGEST: usize = 64 << 10;
/// Places at which a text may begin that are looked at.
const MOST: usize = 1000;

/// A place in a text where a secret was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hole {
    /// Its number, which no other hole in the texts of one file has.
    pub number: usize,
    /// The server here that has it as a key.
    pub server: String,
    /// What tells the server from another of that name.
    pub server_id: String,
    /// What the server calls the key.
    pub key: String,
    /// How it was written.
    pub spelling: Spelling,
}

/// How a secret is written in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spelling {
    /// As it is.
    Plain,
    /// As JSON spells it.
    Json,
    /// What Base64 makes the key of, as in the credentials of an address.
    Decoded,
    /// With escapes that nobody has to write.
    Escaped(Escapes),
}

impl Spelling {
    /// A secret so written; nothing where it cannot be.
    #[must_use]
    pub fn of(&self, secret: &str) -> Option<Zeroizing<String>> {
        match self {
            Self::Plain => Some(Zeroizing::new(secret.to_owned())),
            Self::Json => {
                let quoted = Zeroizing::new(serde_json::to_string(secret).ok()?);
                Some(Zeroizing::new(quoted.strip_prefix('"')?.strip_suffix('"')?.to_owned()))
            }
            Self::Decoded => {
                let bytes = Zeroizing::new(BASE64_STANDARD.decode(secret).ok()?);
                Some(Zeroizing::new(str::from_utf8(&bytes).ok()?.to_owned()))
            }
            Self::Escaped(escapes) => escapes.written(secret),
        }
    }
}

impl Hole {
    pub(crate) fn mark(&self) -> String {
        format!("{BEGIN}{}{END}", self.number)
    }
}

/// Whether a text can have holes, and is not taken for one that has.
#[must_use]
pub fn can_have_holes(text: &str) -> bool {
    !text.contains([BEGIN, END])
}

/// The text with a hole wherever the secret stands, as it is `written`. Nothing where it does not.
#[must_use]
pub(crate) fn dug(text: &str, written: &str, hole: &Hole) -> Option<String> {
    (!written.is_empty() && text.contains(written)).then(|| text.replace(written, &hole.mark()))
}

/// The text with what `secret` says in its holes. What is gone is said to be filled in.
pub(crate) fn filled(
    text: &str,
    holes: &[Hole],
    secret: impl Fn(&Hole) -> Option<Zeroizing<String>>,
) -> Zeroizing<String> {
    let written = |hole: &Hole| {
        let written = secret(hole).and_then(|secret| hole.spelling.of(&secret));
        written.unwrap_or_else(|| Zeroizing::new(GONE.to_owned()))
    };
    let all: BTreeMap<String, Zeroizing<String>> =
        holes.iter().map(|hole| (hole.number.to_string(), written(hole))).collect();
    let (mut filled, mut from) = (Zeroizing::new(String::with_capacity(text.len())), 0);
    for (place, number) in marks(text) {
        let Some(written) = all.get(number) else { continue };
        filled.push_str(&text[from..place.start]);
        filled.push_str(written);
        from = place.end;
    }
    filled.push_str(&text[from..]);
    filled
}

/// Those of the holes that a text has.
pub(crate) fn within(text: &str, holes: &[Hole]) -> Vec<Hole> {
    let there: BTreeSet<&str> = marks(text).map(|(_, number)| number).collect();
    holes.iter().filter(|hole| there.contains(hole.number.to_string().as_str())).cloned().collect()
}

/// How often each hole is in a text, by its number.
pub(crate) fn counted(text: &str) -> BTreeMap<&str, usize> {
    let mut all = BTreeMap::new();
    marks(text).for_each(|(_, number)| *all.entry(number).or_default() += 1);
    all
}

/// Where the holes of a text are, and their numbers.
fn marks(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    text.match_indices(BEGIN).filter_map(|(start, begin)| {
        let inner = start + begin.len();
        let rest = &text[inner..];
        let number = &rest[..rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len()];
        let end = inner + number.len();
        text[end..].starts_with(END).then(|| (start..end + END.len_utf8(), number))
    })
}

/// Whether what has holes stands in a text, whatever is in those: each is within a line.
pub(crate) fn stands(text: &str, dug: &str) -> bool {
    let mut parts = dug.split(BEGIN);
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.map(|part| part.split_once(END).map_or(part, |(_, behind)| behind)).collect();
    let begins = text.match_indices(first).take(MOST);
    let mut begins = begins.filter_map(|(at, _)| text.get(at + first.len()..));
    begins.any(|behind| rest.iter().try_fold(behind, |behind, part| after(behind, part)).is_some())
}

/// What comes behind a hole and this part.
fn after<'text>(text: &'text str, part: &str) -> Option<&'text str> {
    let line = text.find('\n').unwrap_or(text.len()).min(text.floor_char_boundary(LONGEST));
    let near = text.get(..text.floor_char_boundary(line + part.len()))?;
    text.get(near.find(part)? + part.len()..)
}

/// The text as a person sees it.
pub(crate) fn covered(text: &str) -> String {
    let (mut seen, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let Some((_, behind)) = after.split_once(END) else { break };
        seen.push_str(before);
        seen.push_str(SEEN);
        rest = behind;
    }
    seen + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hole(spelling: Spelling) -> Hole {
        let (server, server_id, key) = ("a".to_owned(), "1".to_owned(), "key".to_owned());
        Hole { number: 7, server, server_id, key, spelling }
    }

    #[test]
    fn what_was_dug_is_filled_again_and_neither_shown_nor_kept() {
        let text = r#"{"a": "x\"y", "b": "x\"y"}"#;
        let hole = hole(Spelling::Json);
        let with = dug(text, r#"x\"y"#, &hole).unwrap();
        assert!(!with.contains('x') && can_have_holes(text) && !can_have_holes(&with));
        assert_eq!(covered(&with), r#"{"a": "••••••", "b": "••••••"}"#);
        let holes = [hole];
        let secret = |_: &Hole| Some(Zeroizing::new("x\"y".to_owned()));
        assert_eq!(filled(&with, &holes, secret).as_str(), text);
        assert_eq!(filled(&with, &holes, |_| None).as_str(), r#"{"a": "FILL IN", "b": "FILL IN"}"#);
        assert!(dug(text, "z", &holes[0]).is_none());
    }

    #[test]
    fn what_was_dug_is_found_again_with_anything_in_its_holes() {
        let before = r#"{"a": {"env": {"KEY": "one", "B": "one"}}}"#;
        let dug = dug(before, "one", &hole(Spelling::Plain)).unwrap();
        assert!(stands(before, &dug) && stands(&dug, &dug));
        assert!(stands(&format!("[1, {}]", before.replace("one", "another")), &dug));
        for other in ["", "{}", &before.replace("KEY", "YEK"), &before.replacen("one", "on\ne", 1)] {
            assert!(!stands(other, &dug), "{other}");
        }
    }

    #[test]
    fn credentials_of_an_address_are_written_as_they_were() {
        assert_eq!(Spelling::Decoded.of("YWRhOnB3").unwrap().as_str(), "ada:pw");
        assert!(Spelling::Decoded.of("?").is_none());
    }
}
