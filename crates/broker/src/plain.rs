//! Text that a person reads and that came from outside.

use std::fmt::Write;

/// Control characters, and those that hide or turn the direction of writing: what a person reads would not be what is there.
pub(crate) fn misleads(c: char) -> bool {
    let hides = matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    c.is_control() || hides
}

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
