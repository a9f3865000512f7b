//! What may be a secret. It is proposed and never taken in silence, so it may be more than what the valet
//! would take for one in its own file.

use std::ops::Range;
use terms::{header, variable};

/// Characters of a text at random that nobody would have chosen.
const RANDOM: usize = 20;
/// Bits that each character of such a text has at least (Shannon).
const BITS: f64 = 3.6;

/// The secret in a header, and the text before it.
pub(crate) fn in_header<'v>(name: &str, value: &'v str) -> Option<(&'v str, &'v str)> {
    lying_in_header(name, value).filter(|(_, secret)| config::is_key(secret))
}

/// The same, also where it can be no key here, as one that ends with a line.
pub(crate) fn lying_in_header<'v>(name: &str, value: &'v str) -> Option<(&'v str, &'v str)> {
    let found = header::secret(name, value).or_else(|| looks_random(value).then_some(("", value)));
    found.filter(|(_, secret)| !secret.trim().is_empty())
}

/// Whether a variable is one.
pub(crate) fn is_variable(name: &str, value: &str) -> bool {
    variable::is_secret(name, value)
        || looks_random(value)
        || says_password(value)
        || !in_address(value).is_empty()
}

/// The secret in an argument behind the one before it, and the text before it.
pub(crate) fn in_argument<'v>(before: Option<&str>, argument: &'v str) -> Option<(&'v str, &'v str)> {
    let option = argument.starts_with('-').then(|| argument.find('=')).flatten();
    let (option, value) = argument.split_at(option.map_or(0, |at| at + 1));
    let named = if option.is_empty() { before } else { option.strip_suffix('=') };
    let from = said_in(named, value).or_else(|| {
        let is_secret = variable::is_secret_argument(before, argument) || looks_random(value);
        let within = || in_address(value).first().map(|place| place.start);
        if is_secret { Some(0) } else { within().or_else(|| says_password(value).then_some(0)) }
    })?;
    Some(argument.split_at(option.len() + from))
}

/// Where in the value of an option a secret begins: of a header, or of a variable that is handed on.
fn said_in(option: Option<&str>, value: &str) -> Option<usize> {
    let is_header = option.is_some_and(|option| ["-H", "--header", "--headers"].contains(&option));
    if let Some((name, content)) = value.split_once(if is_header { ":" } else { ": " }) {
        let content = content.trim_start();
        let (_, secret) = is_name_of_header(name).then(|| in_header(name, content)).flatten()?;
        return Some(value.len() - secret.len());
    }
    let (name, content) = value.split_once('=').filter(|(name, _)| variable::is_name(name))?;
    is_variable(name, content).then(|| value.len() - content.len())
}

fn is_name_of_header(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
}

/// Whether a text, as it is written in a file, has what looks like a secret anywhere.
pub(crate) fn is_anywhere(text: &str) -> bool {
    let is_within = |c: char| c.is_ascii_alphanumeric() || "-_+./@~\\".contains(c);
    let mut words = text.split(|c: char| !is_within(c));
    words.any(|word| {
        let is_key =
            |part: &str| header::begins_like_a_key(part) && part.contains(|c: char| c.is_ascii_digit());
        word.split('/').any(is_key) || looks_random(word)
    })
}

/// Where keys are in a value that is an address.
fn in_address(value: &str) -> Vec<Range<usize>> {
    let is_address = ["http://", "https://"].iter().any(|begin| value.starts_with(begin));
    if is_address { import::keys_within(value) } else { Vec::new() }
}

/// Whether a password is a part of it, as in what leads to a database.
fn says_password(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    let said = ["password=", "pwd=", "accountkey="].iter().filter_map(|word| value.split_once(word));
    said.map(|(_, rest)| rest.trim_start()).any(|rest| !rest.is_empty() && !rest.starts_with([';', '&']))
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
        && !is_one_name(text)
        && !variable::is_hash_or_picture(text)
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

/// A name of words without anything between, `ApplicationInsights2026`, seldom goes from small letters to
/// capitals or digits and back: by chance that is at more than half of all places.
fn is_one_name(text: &str) -> bool {
    let sort = |byte: &u8| (byte.is_ascii_digit(), byte.is_ascii_uppercase(), byte.is_ascii_lowercase());
    let changes = text.as_bytes().windows(2).filter(|pair| sort(&pair[0]) != sort(&pair[1])).count();
    changes * 4 <= text.len()
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
            "ApplicationInsights2026Staging",
            "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcgSpIdNs6c5H0NE8XYXysPDGNKHfuwvY7",
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
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

    #[test]
    fn what_is_handed_on_in_an_argument_is_read_as_what_it_is() {
        for (before, argument, secret) in [
            (Some("--header"), "Authorization: Bearer sk-of-ada", "sk-of-ada"),
            (Some("-H"), "X-Api-Key:of-ada", "of-ada"),
            (Some("x"), "X-Api-Key: of-ada", "of-ada"),
            (None, "--header=Authorization: Basic YWRhOnB3", "YWRhOnB3"),
            (Some("-e"), "DB_PASSWORD=hunter2", "hunter2"),
            (None, "--env=DB_PASSWORD=hunter2", "hunter2"),
            (None, "--url=https://x.example/?a=1&api_key=abc", "abc"),
            (Some("-c"), "Server=db;Password=hunter2", "db;Password=hunter2"),
        ] {
            assert_eq!(in_argument(before, argument).map(|found| found.1), Some(secret), "{argument}");
        }
        for (before, argument) in [
            (Some("--header"), "X-Region: eu"),
            (Some("-e"), "LOG=info"),
            (Some("-e"), "API_KEY"),
            (Some("run"), "auth:latest"),
            (None, "--url=https://x.example/?region=eu"),
        ] {
            assert_eq!(in_argument(before, argument), None, "{argument}");
        }
    }

    #[test]
    fn what_leads_to_a_database_or_has_a_key_in_its_address_is_secret() {
        assert!(is_variable("MSSQL_CONNECTION_STRING", "Server=db;User Id=sa;Password=hunter2"));
        assert!(is_variable("API_URL", "https://x.example/?api_key=abc"));
        assert!(!is_variable("API_URL", "https://x.example/?region=eu"));
        assert!(!is_variable("DATABASE", "Server=db;Password=;Trusted=yes"));
    }

    #[test]
    fn what_looks_like_a_secret_is_found_wherever_it_is_written() {
        assert!(is_anywhere("{\"a\": 1 // old: ghp_4f7Q\n}") && is_anywhere("a=q7Rz2LmXv9Kt4BpWs8Yd"));
        assert!(is_anywhere("\"https://x.example/s/sk-1/mcp\""));
        assert!(!is_anywhere(
            "{\"command\": \"npx\", \"args\": [\"@a/secret_b\", \"https://x.example/mcp\"]}"
        ));
    }
}
