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

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn nothing_in_a_name_starts_a_line_or_turns_it() {
        assert_eq!(plain("a\nb\u{202e}c", 9), "a\\u{a}b\\u{202e}c");
        assert_eq!(plain("abcdef", 3), "abc…");
    }
}
