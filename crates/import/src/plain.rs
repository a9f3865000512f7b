//! Text from outside as a person may read it.

/// Control characters, and those that nothing is seen of, or that turn the direction of writing: what a person reads would not be
/// what is there.
#[must_use]
pub fn misleads(c: char) -> bool {
    let turns =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_unseen = matches!(c, '\u{ad}' | '\u{34f}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    // Letters and a pattern by their kind.
    let is_blank =
        matches!(c, '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}');
    let varies = matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}');
    c.is_control() || turns || is_unseen || is_blank || varies
}

/// What can be seen of a text, and no more than `most` letters.
pub(crate) fn seen(text: &str, most: usize) -> String {
    text.chars().filter(|c| !misleads(*c)).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::misleads;

    #[test]
    fn what_is_not_seen_or_turns_the_line_misleads_and_letters_do_not() {
        for c in "\u{3164}\u{115f}\u{1160}\u{180e}\u{2800}\u{34f}\u{fe00}\u{fe0f}\u{e0000}\u{e007f}\u{202e}\u{200b}\u{ad}\u{feff}\n\u{1b}".chars() {
            assert!(misleads(c), "{c:?}");
        }
        assert!(!"a Z-9_.äß漢字한글ไทย→…".contains(misleads));
    }
}
