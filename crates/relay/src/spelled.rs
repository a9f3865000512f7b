//! A text as JSON may spell it (RFC 8259 §7): any of its letters escaped, by a backslash or by its number,
//! and JSON that is written into JSON once more.

/// Backslashes before one letter, at most: JSON four times over. More are not waited for.
const MOST: usize = 15;

/// Whether a text stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelled {
    /// It does, in so many bytes.
    Whole(usize),
    /// What is there may be its beginning.
    Begun,
    /// It does not.
    Not,
}

/// Whether a text stands at the beginning of `rest`.
pub(crate) fn spelled(text: &[u8], rest: &[u8]) -> Spelled {
    let mut length = 0;
    for (at, letter) in text.iter().enumerate() {
        // One reading for all backslashes that stand together.
        if *letter == b'\\' && at > 0 && text[at - 1] == b'\\' {
            continue;
        }
        match one(*letter, rest.get(length..).unwrap_or_default()) {
            Spelled::Whole(more) => length += more,
            other @ (Spelled::Begun | Spelled::Not) => return other,
        }
    }
    Spelled::Whole(length)
}

/// The same of one letter.
fn one(letter: u8, rest: &[u8]) -> Spelled {
    let escapes = rest.iter().take(MOST + 1).take_while(|byte| **byte == b'\\').count();
    if escapes > MOST {
        return Spelled::Not;
    }
    let after = rest.get(escapes..).unwrap_or_default();
    let Some(first) = after.first() else { return Spelled::Begun };
    let numbered = match (escapes, first) {
        (1.., b'u') => by_number(letter, &after[1..]),
        _ => Spelled::Not,
    };
    match numbered {
        Spelled::Whole(digits) => Spelled::Whole(escapes + 1 + digits),
        Spelled::Begun => Spelled::Begun,
        Spelled::Not if letter == b'\\' && escapes > 0 => Spelled::Whole(escapes),
        Spelled::Not if *first == letter => Spelled::Whole(escapes + 1),
        Spelled::Not => Spelled::Not,
    }
}

fn by_number(letter: u8, rest: &[u8]) -> Spelled {
    let number = format!("{letter:04x}");
    let there = &rest[..rest.len().min(number.len())];
    match number.as_bytes().get(..there.len()).is_some_and(|number| number.eq_ignore_ascii_case(there)) {
        false => Spelled::Not,
        true if there.len() < number.len() => Spelled::Begun,
        true => Spelled::Whole(number.len()),
    }
}
