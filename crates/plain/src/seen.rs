//! Which characters a person does not see as what they are.

use std::fmt::Write;

/// Control characters, and those that nothing is seen of, or that turn the direction of writing: what a
/// person reads would not be what is there.
#[must_use]
pub fn misleads(c: char) -> bool {
    let turns =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_unseen = matches!(c, '\u{ad}' | '\u{34f}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}');
    // Letters and a pattern by their kind.
    let is_blank =
        matches!(c, '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}');
    let varies = matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}');
    c.is_control() || turns || is_unseen || is_blank || varies
}

/// The text with every misleading character written out, cut after `most` characters.
#[must_use]
pub fn plain(text: &str, most: usize) -> String {
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

/// Lines as they may go to a terminal: without anything that it would take for orders, or that a person would
/// not see.
#[must_use]
pub fn shown(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !misleads(*c)).collect()
}

/// JSON with every misleading character as an escape (RFC 8259 §7): to a program it is the same. What ends
/// its lines stays.
#[must_use]
pub fn json(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
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
    use super::*;

    #[test]
    fn what_is_not_seen_or_turns_the_line_misleads_and_letters_do_not() {
        for c in "\u{3164}\u{115f}\u{1160}\u{180e}\u{2800}\u{34f}\u{fe00}\u{fe0f}\u{e0000}\u{e007f}\u{202e}\u{200b}\u{ad}\u{feff}\n\u{1b}".chars() {
            assert!(misleads(c), "{c:?}");
        }
        assert!(!"a Z-9_.äß漢字한글ไทย→…".contains(misleads));
    }

    #[test]
    fn nothing_in_a_name_starts_a_line_or_turns_it() {
        assert_eq!(plain("a\nb\u{202e}c", 9), "a\\u{a}b\\u{202e}c");
        assert_eq!(plain("abcdef", 3), "abc…");
        assert_eq!(json("\"a\u{202e}\u{e0041}\"\n"), "\"a\\u202e\\udb40\\udc41\"\n");
        assert_eq!(shown("a\n\u{1b}[2Jb\u{202e}c"), "a\n[2Jbc");
    }
}
