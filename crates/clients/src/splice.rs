//! Edits of a text, span by span, and their inverse: whatever is not edited stays as it was, byte for byte.

use serde::{Deserialize, Serialize};

/// One span of a text, and what takes its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Splice {
    /// Where it begins in the text before, in bytes.
    pub at: usize,
    /// What was there.
    pub old: String,
    /// What is there instead.
    pub new: String,
}

impl Splice {
    pub(crate) fn put(at: usize, new: String) -> Self {
        Self { at, old: String::new(), new }
    }

    pub(crate) fn take(text: &str, from: usize, to: usize) -> Option<Self> {
        Some(Self { at: from, old: text.get(from..to)?.to_owned(), new: String::new() })
    }

    /// Puts one more behind the last of those between brackets, which end at `end`; `last` is where that one
    /// ends, or where the brackets begin. Nothing where anything but a comma is in between.
    pub(crate) fn put_between(
        text: &str,
        last: usize,
        end: usize,
        is_first: bool,
        new: &str,
    ) -> Option<Self> {
        match (text.get(last..end)?.trim(), is_first) {
            ("", true) => Some(Self::put(last, new.to_owned())),
            ("" | ",", false) => Some(Self::put(last, format!(", {new}"))),
            _ => None,
        }
    }

    /// Takes one of those between brackets, with the comma before it, or else behind it.
    pub(crate) fn take_between(text: &str, from: usize, to: usize) -> Option<Self> {
        let before = text.get(..from)?.trim_end();
        if before.ends_with(',') {
            return Self::take(text, before.len() - 1, to);
        }
        let behind =
            text.get(to..)?.trim_start().strip_prefix(',').map(|rest| rest.trim_start_matches([' ', '\t']));
        Self::take(text, from, behind.map_or(to, |rest| text.len() - rest.len()))
    }
}

/// The text with all of them made, which are in their order. `None` where it is not the text they are of.
#[must_use]
pub fn made(text: &str, splices: &[Splice]) -> Option<String> {
    let pairs = splices.iter().map(|splice| (splice.at, splice.old.as_str(), splice.new.as_str()));
    replaced(text, pairs)
}

/// The text as it was before they were made.
#[must_use]
pub fn undone(text: &str, splices: &[Splice]) -> Option<String> {
    let mut shift = 0_isize;
    let mut pairs = Vec::new();
    for splice in splices {
        pairs.push((splice.at.checked_add_signed(shift)?, splice.new.as_str(), splice.old.as_str()));
        shift += splice.new.len().cast_signed() - splice.old.len().cast_signed();
    }
    replaced(text, pairs.into_iter())
}

fn replaced<'a>(text: &str, pairs: impl Iterator<Item = (usize, &'a str, &'a str)>) -> Option<String> {
    let (mut out, mut from) = (String::with_capacity(text.len()), 0);
    for (at, old, new) in pairs {
        out.push_str(text.get(from..at)?);
        text.get(at..)?.starts_with(old).then_some(())?;
        out.push_str(new);
        from = at + old.len();
    }
    out.push_str(text.get(from..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_undone_and_another_text_is_left_alone() {
        let splices = [
            Splice::put(1, "XY".to_owned()),
            Splice { at: 2, old: "c".to_owned(), new: String::new() },
            Splice { at: 3, old: "d".to_owned(), new: "Z".to_owned() },
        ];
        assert_eq!(made("abcd", &splices).as_deref(), Some("aXYbZ"));
        assert_eq!(undone("aXYbZ", &splices).as_deref(), Some("abcd"));
        assert_eq!(undone("aXYbY", &splices), None);
        assert_eq!(made("ab", &splices), None);
    }
}
