//! Which characters a person does not see as what they are.

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};
use std::fmt::Write;

/// Control characters, and those that nothing is seen of, or that turn the direction of writing: what a
/// person reads would not be what is there. Which they are, Unicode says: what formats (general category Cf),
/// what ends lines (Zl, Zp), what may be left out where it is not known (`Default_Ignorable_Code_Point`).
#[must_use]
pub fn misleads(c: char) -> bool {
    if c.is_ascii() {
        return c.is_control();
    }
    let kind = CodePointMapData::<GeneralCategory>::new().get(c);
    let is_unseen = matches!(
        kind,
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
    );
    // A pattern without dots by its kind; and what stands between, of which nothing is said.
    let is_blank = matches!(c, '\u{2800}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}');
    is_unseen || is_blank || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// The text with every misleading character written out, cut after `most` characters.
#[must_use]
pub fn plain(text: &str, most: usize) -> String {
    // Most texts are this.
    if text.len() <= most && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
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
        // Marks of numbers and of verses, and what joins hieroglyphs: Cf, and seen as other than they are.
        let formats = [
            '\u{600}',
            '\u{605}',
            '\u{6dd}',
            '\u{70f}',
            '\u{890}',
            '\u{891}',
            '\u{8e2}',
            '\u{110bd}',
            '\u{110cd}',
            '\u{13430}',
            '\u{1343f}',
        ];
        let turns = [
            '\u{61c}',
            '\u{200e}',
            '\u{2028}',
            '\u{2066}',
            '\u{206f}',
            '\u{fff9}',
            '\u{1bca0}',
            '\u{1d173}',
            '\u{180b}',
            '\u{17b4}',
            '\u{9b}',
        ];
        assert!(formats.into_iter().chain(turns).all(misleads));
        assert!(!"a Z-9_.äß漢字한글ไทย→…".contains(misleads));
    }

    #[test]
    fn nothing_in_a_name_starts_a_line_or_turns_it() {
        assert_eq!(plain("a\nb\u{202e}c", 9), "a\\u{a}b\\u{202e}c");
        assert_eq!(plain("abcdef", 3), "abc…");
        assert_eq!((plain(" a~", 3), plain("a\u{7f}", 9)), (" a~".to_owned(), "a\\u{7f}".to_owned()));
        assert_eq!(json("\"a\u{202e}\u{e0041}\"\n"), "\"a\\u202e\\udb40\\udc41\"\n");
        assert_eq!(shown("a\n\u{1b}[2Jb\u{202e}c"), "a\n[2Jbc");
    }
}
