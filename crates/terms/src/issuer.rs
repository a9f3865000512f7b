//! The name of an authorization server.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use url::Url;

use crate::bad_url::{BadUrl, Noun};
use crate::uri;
use words::say;

/// An issuer identifier (RFC 8414 §2): https, or http on this machine; no query, no fragment. It is kept and
/// compared byte for byte: a slash more or less is another issuer.
#[derive(Clone)]
pub struct Issuer {
    raw: String,
    url: Url,
}

impl Issuer {
    /// Reads an identifier.
    ///
    /// # Errors
    /// It is not a URL of the kind described above.
    pub fn parse(raw: &str) -> Result<Self, BadUrl> {
        let wrong = |problem| BadUrl::new(Noun::Issuer, problem);
        let url = uri::parse(raw).map_err(wrong)?;
        if url.query().is_some() {
            return Err(wrong(say!(url_query)));
        }
        Ok(Self { raw: raw.to_owned(), url })
    }

    /// The identifier, exactly as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.raw
    }

    /// The identifier as a URL, for building addresses; not for comparing.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The host, with its port if that is not the usual one; for a person to read.
    #[must_use]
    pub fn host(&self) -> String {
        uri::host(&self.url)
    }
}

impl PartialEq for Issuer {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl Eq for Issuer {}

impl Hash for Issuer {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.raw.hash(state);
    }
}

impl PartialOrd for Issuer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Issuer {
    fn cmp(&self, other: &Self) -> Ordering {
        self.raw.cmp(&other.raw)
    }
}

/// For a person to read.
impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&plain::address(&self.raw))
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Issuer({:?})", self.raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_makes_another_issuer() {
        assert_ne!(Issuer::parse("https://a.example").unwrap(), Issuer::parse("https://a.example/").unwrap());
        assert_eq!(Issuer::parse("https://a.example").unwrap().as_str(), "https://a.example");
    }

    #[test]
    fn what_is_no_issuer_is_refused() {
        for raw in
            ["", "a.example", "http://a.example", "https://a/?x", "https://a/#x", "https://u@a/", "file:///x"]
        {
            assert!(Issuer::parse(raw).is_err(), "{raw}");
        }
        assert!(Issuer::parse("http://127.0.0.1:9/x").is_ok());
    }
}
