//! What may be a secret. It is proposed and never taken in silence, so it may be more than what the valet
//! would take for one in its own file.

use terms::{header, variable};

/// Characters of a text at random that nobody would have chosen.
const RANDOM: usize = 20;
/// Bits that each character of such a text has at least (Shannon).
const BITS: f64 = 3.6;

/// The secret in a header, and the text before it.
pub(crate) fn in_header<'v>(name: &str, value: &'v str) -> Option<(&'v str, &'v str)> {
    let found = header::secret(name, value).or_else(|| looks_random(value).then_some(("", value)));
    found.filter(|(_, secret)| config::is_key(secret))
}

/// Whether a variable is one.
pub(crate) fn is_variable(name: &str, value: &str) -> bool {
    variable::is_secret(name, value) || looks_random(value)
}

/// The secret in an argument behind the one before it, and the text before it.
pub(crate) fn in_argument<'v>(before: Option<&str>, argument: &'v str) -> Option<(&'v str, &'v str)> {
    if !variable::is_secret_argument(before, argument) {
        return looks_random(argument).then_some(("", argument));
    }
    let option = argument.starts_with('-').then(|| argument.find('=')).flatten();
    Some(option.map_or(("", argument), |at| argument.split_at(at + 1)))
}

/// Letters and digits of both sorts without a word in them, as keys are made. A UUID is a name, and so is
/// what has dots or slashes.
fn looks_random(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_+=".contains(c);
    let sorts = [
        text.contains(|c: char| c.is_ascii_digit()),
        text.contains(|c: char| c.is_ascii_lowercase()),
        text.contains(|c: char| c.is_ascii_uppercase()),
    ];
    text.len() >= RANDOM
        && text.chars().all(plain)
        && sorts == [true; 3]
        && bits(text) >= BITS
        && !has_words(text)
}

/// A name is made of parts that are words, or numbers: `Region-Europe-West-2026`.
fn has_words(text: &str) -> bool {
    let is_word = |part: &str| {
        let is_number = part.chars().all(|c| c.is_ascii_digit());
        let is_letters = part.chars().all(|c| c.is_ascii_alphabetic());
        is_number || is_letters
    };
    let parts: Vec<&str> = text.split(['-', '_', '+', '=']).filter(|part| !part.is_empty()).collect();
    parts.len() > 1 && parts.iter().all(|part| is_word(part))
}

fn bits(text: &str) -> f64 {
    let length = f64::from(u32::try_from(text.len()).unwrap_or(u32::MAX));
    let mut counts = [0_u32; 256];
    text.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let of = |count: &u32| {
        let share = f64::from(*count) / length;
        -share * share.log2()
    };
    counts.iter().filter(|count| **count > 0).map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_made_at_random_is_suspected_and_names_are_not() {
        for text in ["q7Rz2LmXv9Kt4BpWs8Yd", "Zm9vYmFy-Q2hhbmdlMTIz_Xk"] {
            assert!(is_variable("ANYTHING", text) && in_header("X-Anything", text).is_some(), "{text}");
        }
        for text in [
            "0b5b2d0e-7f0c-4b8e-9a61-2f3d4c5e6a7b",
            "Region-Europe-West-2026-Production",
            "@modelcontextprotocol/server-filesystem",
            "--max-old-space-size=4096",
            "/home/ada/q7Rz2LmXv9Kt4BpWs8Yd",
            "https://api.example.com/v1",
            "aaaaaaaaaaaaaaaaaaaaaaaaB1",
        ] {
            assert!(!is_variable("ANYTHING", text), "{text}");
        }
    }

    #[test]
    fn an_option_stays_and_its_secret_goes() {
        assert_eq!(in_argument(None, "--api-key=abcdef"), Some(("--api-key=", "abcdef")));
        assert_eq!(in_argument(Some("--api-key"), "abcdef"), Some(("", "abcdef")));
        assert_eq!(in_argument(Some("-y"), "some-package"), None);
    }
}
