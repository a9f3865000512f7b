//! Addresses as a person may read them, and paste them.

use std::fmt::Write;
use url::Url;

/// More of what is no address is not shown.
const MOST: usize = 400;

/// An address in ASCII: the host in punycode (RFC 5891), all else that is not ASCII percent-encoded. It leads
/// to the same place. What is no address is shown as text, in ASCII as well.
#[must_use]
pub fn address(text: &str) -> String {
    address_within(text, MOST)
}

/// The same; what is no address is cut after `most` characters.
#[must_use]
pub fn address_within(text: &str, most: usize) -> String {
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return text.to_owned();
    }
    let parsed = Url::parse(text).ok().map(String::from);
    parsed.filter(|url| url.bytes().all(|byte| byte.is_ascii_graphic())).unwrap_or_else(|| ascii(text, most))
}

/// What is made for programs, such as the id of a client: all but what ASCII has is written out, for letters
/// could be taken for others. It is cut after `most` characters.
#[must_use]
pub fn ascii(text: &str, most: usize) -> String {
    let mut ascii = String::new();
    for c in text.chars().take(most) {
        if matches!(c, ' '..='~') {
            ascii.push(c);
        } else {
            let _ = write!(ascii, "{}", c.escape_unicode());
        }
    }
    if text.chars().nth(most).is_some() {
        ascii.push('…');
    }
    ascii
}

/// What stands between the quotes of a JSON string that means exactly this text, all of it in ASCII: to be
/// pasted where it counts byte for byte (RFC 8259 §7).
#[must_use]
pub fn pasted(text: &str) -> String {
    let mut pasted = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' => pasted.extend(['\\', c]),
            ' '..='~' => pasted.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(pasted, "\\u{unit:04x}");
                }
            }
        }
    }
    pasted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_in_ascii_and_as_it_is_where_it_is_ascii_already() {
        assert_eq!(address("https://a.example"), "https://a.example");
        assert_eq!(address("https://gооd.example/\u{202e}x"), "https://xn--gd-fmca.example/%E2%80%AEx");
        assert_eq!(address("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(address("gооd.example"), "g\\u{43e}\\u{43e}d.example");
    }

    #[test]
    fn what_is_for_programs_is_shown_in_ascii() {
        assert_eq!(ascii("a b-9_\u{202e}\u{43e}\u{9b}", 20), "a b-9_\\u{202e}\\u{43e}\\u{9b}");
        assert_eq!(ascii("abc", 2), "ab…");
    }

    #[test]
    fn what_is_pasted_means_the_same_byte_for_byte() {
        assert_eq!(pasted("https://a.example/?x=1"), "https://a.example/?x=1");
        assert_eq!(pasted("gо\"\\d\u{e0041}\n"), "g\\u043e\\\"\\\\d\\udb40\\udc41\\u000a");
    }
}
