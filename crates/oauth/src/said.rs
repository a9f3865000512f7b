//! The provider's own words, made safe to show.

use std::fmt;

/// Most characters of foreign text that we repeat.
const LIMIT: usize = 200;

/// Foreign text, bounded and free of control characters; shown in quotes, so that it reads as theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    shown: String,
    /// For pasting between the quotes of a JSON string, where that is not what is shown.
    pasted: Option<String>,
}

impl Said {
    /// Keeps the first 200 printable characters; nothing if none is left.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let clean: String = text.chars().filter(|c| is_plain(*c)).take(LIMIT).collect();
        let clean = clean.trim();
        (!clean.is_empty()).then(|| Self { shown: clean.to_owned(), pasted: None })
    }

    /// An address or an issuer, in ASCII: its letters could be taken for others.
    pub(crate) fn address(text: &str) -> Option<Self> {
        let said = Self::new(&plain::address(text))?;
        let pasted = (said.shown != text).then(|| plain::pasted(text).chars().take(LIMIT).collect());
        Some(Self { pasted, ..said })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.shown
    }

    /// Exactly what was said, for pasting into the configuration.
    pub(crate) fn pasted(&self) -> &str {
        self.pasted.as_deref().unwrap_or(&self.shown)
    }
}

/// Foreign text as it is, for showing a header whole: bounded, and free of what would disturb the text around
/// it.
pub(crate) fn shown(text: &str) -> String {
    text.chars().filter(|c| is_plain(*c) || *c == '"').take(3 * LIMIT).collect()
}

/// A double quote would let the text pretend to end.
fn is_plain(c: char) -> bool {
    !plain::misleads(c) && c != '"'
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_stripped_and_bounded() {
        let said = Said::new(&format!("a\u{1b}[31m\"\n\u{202e}{}", "x".repeat(500))).unwrap();
        assert!(said.as_str().starts_with("a[31mx"));
        assert_eq!(said.as_str().chars().count(), 200);
        assert_eq!(Said::new("\n \t"), None);
    }

    #[test]
    fn an_address_is_said_in_ascii_and_pasted_byte_for_byte() {
        let said = Said::address("https://g\u{43e}\u{43e}d.example").unwrap();
        assert_eq!(
            (said.as_str(), said.pasted()),
            ("https://xn--gd-fmca.example/", "https://g\\u043e\\u043ed.example")
        );
        let said = Said::address("https://a.example").unwrap();
        assert_eq!((said.as_str(), said.pasted()), ("https://a.example", "https://a.example"));
    }
}
