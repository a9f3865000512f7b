//! Text that a person reads and that came from outside.

use std::fmt::Write;

/// The same for what other programs list, and for all surfaces.
pub use import::misleads;

/// The text with every misleading character written out, cut after `most` characters.
pub(crate) fn plain(text: &str, most: usize) -> String {
    let mut plain = String::new();
    for c in text.chars().take(most) {
        if misleads(c) {
            let _ = write!(plain, "{}", c.escape_unicode());
        } else {
            plain.push(c);
        }
    }
    if text.chars().nth(most).is_some() {
        plain.push('…');
    }
    plain
}

/// JSON in which every misleading character is written out as JSON has it; what ends its lines stays.
pub(crate) fn plain_json(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars() {
        if c == '\n' || !misleads(c) {
            plain.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(plain, "\\u{unit:04x}");
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{plain, plain_json};

    #[test]
    fn nothing_in_a_name_starts_a_line_or_turns_it() {
        assert_eq!(plain("a\nb\u{202e}c", 9), "a\\u{a}b\\u{202e}c");
        assert_eq!(plain("abcdef", 3), "abc…");
    }

    #[test]
    fn json_with_misleading_letters_still_means_the_same() {
        let text = serde_json::to_string("a\u{202e}\u{e0041}\"").unwrap();
        assert!(!plain_json(&text).contains(super::misleads));
        assert_eq!(serde_json::from_str::<String>(&plain_json(&text)).unwrap(), "a\u{202e}\u{e0041}\"");
    }
}
