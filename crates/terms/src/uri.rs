//! The one reading of URLs that come from outside.

use url::Url;

use crate::reach;
use words::say;

/// Longest URL that is read, in bytes.
const LIMIT: usize = 2048;

/// Reads an absolute URL: https, or http on this machine; no user information, no fragment, nothing that a
/// lenient parser would silently drop.
///
/// # Errors
/// It is none; the text completes the sentence "it cannot be used: …".
pub fn parse(text: &str) -> Result<Url, String> {
    if text.len() > LIMIT {
        return Err(say!(url_too_long));
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(say!(url_white_space));
    }
    if text.contains(plain::misleads) {
        return Err(say!(url_hidden));
    }
    let url = Url::parse(text).map_err(|_| say!(url_not_absolute))?;
    if !is_permitted(&url) {
        return Err(say!(url_no_https));
    }
    if has_user(&url) {
        return Err(say!(url_user));
    }
    if url.fragment().is_some() {
        return Err(say!(url_fragment));
    }
    Ok(url)
}

/// Https, or http that stays on this machine.
#[must_use]
pub fn is_permitted(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && reach::is_loopback(url))
}

/// Plain http to another machine.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.scheme() == "http" && !reach::is_loopback(&url))
}

/// Whether it holds a user name or password, which would be sent along.
#[must_use]
pub fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Whether both are of one scheme, host and port.
#[must_use]
pub fn is_same_origin(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host() == other.host()
        && one.port_or_known_default() == other.port_or_known_default()
}

/// The same bytes, or the same URL in the two ways in which libraries write a bare origin: with a slash and
/// without.
#[must_use]
pub fn is_same(one: &str, other: &str) -> bool {
    let bare = |text: &str| Url::parse(text).ok().filter(|url| url.path() == "/" && url.query().is_none());
    one == other || bare(one).is_some_and(|origin| bare(other) == Some(origin))
}

/// The host of a URL, with its port if that is not the usual one.
#[must_use]
pub fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_is_tolerated_behind_a_bare_origin_alone() {
        assert!(is_same("https://a.example", "https://a.example/"));
        assert!(is_same("https://a.example/mcp", "https://a.example/mcp"));
        for (one, other) in [
            ("https://a.example/mcp/", "https://a.example/mcp"),
            ("https://a.example/MCP", "https://a.example/mcp"),
            ("https://a.example/", "https://b.example/"),
            ("api://a", "api://b"),
        ] {
            assert!(!is_same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn what_a_lenient_parser_would_drop_is_refused() {
        for text in
            [" https://a/", "https://a/\n", "https://a/ b", "https://u@a/", "https://a/#", "http://a/", "a"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&format!("https://a/{}", "x".repeat(LIMIT))).is_err());
        assert!(parse("http://[::1]:8/x?y").is_ok());
    }
}
