//! Addresses as a person may read them.

use crate::plain;
use url::Url;

/// More of what is no address is not shown.
const MOST: usize = 400;

/// An address in ASCII: the host in punycode (RFC 5891), all else that is not ASCII percent-encoded. It leads
/// to the same place. What is no address is shown as text.
#[must_use]
pub fn address(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return text.to_owned();
    }
    let parsed = Url::parse(text).ok().map(String::from);
    parsed.filter(|url| url.is_ascii()).unwrap_or_else(|| plain(text, MOST))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn an_address_is_shown_in_ascii_and_as_it_is_where_it_is_ascii_already() {
        assert_eq!(address("https://a.example"), "https://a.example");
        assert_eq!(address("https://gооd.example/\u{202e}x"), "https://xn--gd-fmca.example/%E2%80%AEx");
        assert_eq!(address("a\u{202e}b"), "a\\u{202e}b");
    }
}
