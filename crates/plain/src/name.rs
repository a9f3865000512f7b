//! Names that look like others: Unicode Technical Standard 39.

use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::{GeneralSecurityProfile, RestrictionLevel, RestrictionLevelDetection, skeleton};

/// What a person sees of a name, whatever characters it is made of (UTS 39 §4: the skeleton), and however
/// they are written: in capitals, in full width, with what cannot be seen between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face(BTreeSet<String>);

impl Face {
    /// What is seen of `name`.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let is_seen = |c: &char| !crate::misleads(*c);
        let seen: String = match name.is_ascii() {
            true => name.chars().filter(is_seen).collect(),
            false => name.nfkc().filter(is_seen).collect(),
        };
        let seen = seen.split_whitespace().collect::<Vec<_>>().join(" ");
        let small = seen.to_lowercase();
        // A capital I looks like a small l, and is a small i.
        let written: &[&str] = if seen == small { &[&seen] } else { &[&seen, &small] };
        let faces = written.iter().map(|text| skeleton(text).collect::<String>());
        Self(faces.flat_map(|face| [face.to_lowercase(), face]).collect())
    }

    /// What is seen of its letters and digits alone.
    #[must_use]
    pub fn of_letters(name: &str) -> Self {
        let letters: String = name.nfkc().filter(|c| c.is_alphanumeric() && !is_combining_mark(*c)).collect();
        Self::of(&letters)
    }

    /// Whether a person could take one for the other.
    #[must_use]
    pub fn looks_like(&self, other: &Self) -> bool {
        !self.0.is_disjoint(&other.0)
    }

    /// By what it is found among many: it looks like those that share one.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// Whether a name is made of letters of scripts that no language writes together (UTS 39 §5.2, beyond "highly
/// restrictive").
#[must_use]
pub fn mixes_scripts(name: &str) -> bool {
    if name.is_ascii() {
        return false;
    }
    let is_letter = |c: &char| c.is_alphanumeric() && c.identifier_allowed();
    let letters: String = name.nfkc().filter(is_letter).collect();
    letters.as_str().detect_restriction_level() > RestrictionLevel::HighlyRestrictive
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike_is_taken_for_alike_and_what_does_not_is_not() {
        for (one, other) in [
            ("good", "gооd"),
            ("good", "GOOD"),
            ("good", "ｇｏｏｄ"),
            ("good", "g0od"),
            ("linear", "Iinear"),
            ("a b", "a  b"),
            ("good", "go\u{200b}od"),
            ("scope", "ѕсоре"),
            ("modern", "modem"),
        ] {
            assert!(Face::of(one).looks_like(&Face::of(other)), "{one} {other}");
        }
        for (one, other) in
            [("good", "goods"), ("work", "home"), ("good-2", "good-3"), ("linear", "linéar"), ("a b", "ab")]
        {
            assert!(!Face::of(one).looks_like(&Face::of(other)), "{one} {other}");
        }
    }

    #[test]
    fn what_a_language_writes_together_is_not_mixed() {
        for name in ["good", "Bücher", "почта", "仕事メール", "work 仕事", "한글 mail", "a-b_c 1.2"]
        {
            assert!(!mixes_scripts(name), "{name}");
        }
        for name in ["gооd", "pаypal", "αdmin", "аdmіn"] {
            assert!(mixes_scripts(name), "{name}");
        }
    }
}
