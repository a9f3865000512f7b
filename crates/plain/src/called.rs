//! Names in sentences.

use crate::name::Face;
use crate::plain;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::GeneralSecurityProfile;

/// Characters of a name that a sentence shows; the configuration takes 64.
const MOST: usize = 100;

/// What sentences call others than programs and servers, in each language that there is.
const OURS: [&str; 19] = [
    "you", "i", "it", "nobody", "somebody", "someone", "person", "du", "dich", "dir", "sie", "ihnen", "ich",
    "er", "es", "niemand", "jemand", "wer", "man",
];

/// Whatever ends or begins a quotation somewhere.
const QUOTES: [char; 7] = ['"', '“', '”', '„', '«', '»', '‟'];

/// A name in a sentence: as it is where it is one simple word, else in quotes, so that nothing in it reads
/// like the rest of the sentence.
#[must_use]
pub fn named(name: &str) -> String {
    named_in(name, ["\""; 2])
}

/// The same with the quotes of a language.
#[must_use]
pub fn named_in(name: &str, [open, close]: [&str; 2]) -> String {
    let word = name.chars().all(|c| is_letter(c) || joins(c)) && !name.is_empty();
    let ours = || OURS.iter().any(|ours| Face::of(ours).looks_like(&Face::of(name)));
    if word && !ours() && name.chars().count() <= MOST {
        return name.to_owned();
    }
    format!("{open}{}{close}", plain(name, MOST).replace(QUOTES, "'"))
}

/// Whether a name is made of letters and digits that a language writes, with dashes, underscores and dots
/// between them, and nothing else.
#[must_use]
pub fn is_simple(name: &str) -> bool {
    // With its accents: what has none of its own form is a mark upon another letter.
    let composed: String = name.nfc().collect();
    let ends = [composed.chars().next(), composed.chars().next_back()];
    composed.chars().all(|c| is_letter(c) || joins(c))
        && ends.into_iter().all(|end| end.is_some_and(is_letter))
}

const fn joins(c: char) -> bool {
    matches!(c, '-' | '_' | '.')
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && c.identifier_allowed() && !is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_simple_name_has_letters_and_digits_and_what_joins_them() {
        for name in ["good", "good-2", "a.b_c", "почта", "Bücher", "Bu\u{308}cher", "仕事", "2"] {
            assert!(is_simple(name), "{name}");
        }
        for name in [
            "",
            "good\u{332}",
            "good\u{20dd}",
            "good\u{489}",
            "good.",
            "good_",
            "-good",
            "goo d",
            "good\"",
            "ɢood",
            "good\u{600}",
            "a(b)",
            "a,b",
            "a/b",
            "a:b",
            "go·od",
            "good²",
            "good’s",
        ] {
            assert!(!is_simple(name), "{name}");
        }
    }

    #[test]
    fn a_name_that_could_be_more_of_the_sentence_is_quoted() {
        for name in ["linear", "claude-code", "a.b", "почта"] {
            assert_eq!(named(name), name);
        }
        for (name, quoted) in [
            ("linear (mcp.linear.app), signed in as you", "\"linear (mcp.linear.app), signed in as you\""),
            ("You", "\"You\""),
            ("MCP Valet", "\"MCP Valet\""),
            ("the person", "\"the person\""),
            ("a\" b", "\"a' b\""),
            ("a\u{202e}b", "\"a\\u{202e}b\""),
            ("", "\"\""),
        ] {
            assert_eq!(named(name), quoted);
        }
    }
}
