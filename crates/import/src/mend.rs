//! JSON as other programs write it and most readers refuse it: half of a character, and numbers beyond any
//! measure. What is mended is as long as before, so that a place in it is the same place in the file.

/// Digits of a number that every reader takes.
const LONGEST: usize = 300;

/// The text with what no reader takes written otherwise, byte for byte as long. Nothing that is looked at is
/// such a number, and a half of a character becomes U+FFFD.
#[must_use]
pub fn mended(text: &str) -> String {
    let (mut mended, mut copied, mut at) = (String::with_capacity(text.len()), 0, 0);
    while let Some(first) = text.as_bytes().get(at) {
        let rest = &text[at..];
        let (part, instead) = match first {
            b'"' => {
                let string = string(rest);
                (string, has_half(string).then(|| whole(string)))
            }
            b'/' => (comment(rest), None),
            b'-' | b'0'..=b'9' => {
                let (number, is_odd) = number(rest);
                (number, is_odd.then(|| format!("{:<1$}", '0', number.len())))
            }
            _ => (between(rest), None),
        };
        if let Some(instead) = instead {
            mended.push_str(&text[copied..at]);
            mended.push_str(&instead);
            copied = at + part.len();
        }
        at += part.len();
    }
    mended + &text[copied..]
}

/// What is neither string, comment nor number.
fn between(text: &str) -> &str {
    let begins = |byte: &u8| matches!(byte, b'"' | b'/' | b'-' | b'0'..=b'9');
    text.as_bytes().iter().position(begins).map_or(text, |end| &text[..end])
}

/// Whether there may be half of a character.
fn has_half(string: &str) -> bool {
    string.contains("\\ud") || string.contains("\\uD")
}

/// From one quotation mark to the next that is not escaped.
fn string(text: &str) -> &str {
    let mut escaped = true;
    let end = text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text, |end| &text[..=end])
}

fn comment(text: &str) -> &str {
    let end = match text.as_bytes().get(1) {
        Some(b'/') => text.find('\n').unwrap_or(text.len()),
        Some(b'*') => text[2..].find("*/").map_or(text.len(), |end| end + 4),
        _ => 1,
    };
    &text[..end]
}

/// A number, and whether it is beyond any measure.
fn number(text: &str) -> (&str, bool) {
    let of_number = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
    let number = &text[..text.find(|c| !of_number(c)).unwrap_or(text.len())];
    (number, number.len() > LONGEST || number.parse::<f64>().is_ok_and(f64::is_infinite))
}

/// A string without halves of characters.
fn whole(string: &str) -> String {
    let mut whole = String::with_capacity(string.len());
    let mut rest = string;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        whole.push_str(before);
        let length = match (half(escape), escape.get(6..).and_then(half)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(_), _) => {
                whole.push_str("\\ufffd");
                rest = &escape[6..];
                continue;
            }
            (None, _) => 1 + escape[1..].chars().next().map_or(0, char::len_utf8),
        };
        whole.push_str(&escape[..length]);
        rest = &escape[length..];
    }
    whole.push_str(rest);
    whole
}

/// The half of a character that is escaped here.
fn half(escape: &str) -> Option<u32> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok().filter(|code| (0xd800..=0xdfff).contains(code))
}

#[cfg(test)]
mod tests {
    use super::mended;

    #[test]
    fn half_a_character_and_a_number_without_measure_are_written_otherwise_and_all_else_is_kept() {
        let (huge, wide) = ("9".repeat(400), " ".repeat(399));
        for (text, expected) in [
            (r#"{"a\ud83d":"\ude00\ud83dx"}"#.to_owned(), r#"{"a\ufffd":"\ufffd\ufffdx"}"#),
            (r#"["\ud83d\ude00","\\ud83d"]"#.to_owned(), r#"["\ud83d\ude00","\\ud83d"]"#),
            (format!("[{huge},-{huge}.5,1e999,12]"), &format!("[0{wide},0{wide}   ,0    ,12]")),
            ("// 1e999 \"\n[1]/* \\ud83d */".to_owned(), "// 1e999 \"\n[1]/* \\ud83d */"),
            (r#"["\ud83d"#.to_owned(), r#"["\ufffd"#),
            (r#"["\"#.to_owned(), r#"["\"#),
            ("/*".to_owned(), "/*"),
        ] {
            assert_eq!(mended(&text), expected, "{text}");
        }
    }
}
