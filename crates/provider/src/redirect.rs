use url::{Host, Url};

const MAX_LENGTH: usize = 2048;

/// A redirect URI that the demo would send somebody to: https, or http on loopback.
#[derive(Debug, Clone)]
pub struct RedirectUri {
    raw: String,
    url: Url,
}

impl RedirectUri {
    /// Checks `raw`; `None` if it is no https or loopback http URI, has a fragment (RFC 6749 §3.1.2) or
    /// credentials, or a host that is written otherwise than it is read.
    pub fn parse(raw: &str) -> Option<Self> {
        if raw.len() > MAX_LENGTH || raw.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return None;
        }
        let url = Url::parse(raw).ok()?;
        let allowed = match url.scheme() {
            "https" => url.host().is_some_and(|host| is_plain(&host)),
            "http" => is_loopback(&url),
            _ => false,
        };
        let clean = url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
        (allowed && clean && is_as_read(raw, &url)).then(|| Self { raw: raw.to_owned(), url })
    }

    /// The URI as it was written: what a token request must repeat.
    pub fn as_str(&self) -> &str {
        &self.raw
    }

    /// Whether a client that registered `self` may ask for `requested`: the same text, or on loopback the
    /// same but for the port (RFC 8252 §7.3), which a desktop program learns only when it listens.
    pub fn admits(&self, requested: &Self) -> bool {
        if self.raw == requested.raw {
            return true;
        }
        let both_loopback = is_loopback(&self.url) && is_loopback(&requested.url);
        both_loopback && without_port(&self.url) == without_port(&requested.url)
    }

    /// Whether it ends on this computer.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }

    /// Host and port, for a person to read.
    pub fn authority(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The source expression that lets a form's answer lead here.
    ///
    /// An IPv6 address cannot be written in a source expression (CSP 3 §2.3.1), so there the scheme stands
    /// for it.
    pub fn csp_source(&self) -> String {
        match self.url.host() {
            Some(Host::Ipv6(_)) => format!("{}:", self.url.scheme()),
            _ => self.url.origin().ascii_serialization(),
        }
    }

    /// The URI with the answer's parameters added to its query (RFC 6749 §4.1.2).
    pub fn with<'a>(&self, answer: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        let mut url = self.url.clone();
        url.query_pairs_mut().extend_pairs(answer);
        url.into()
    }
}

/// A person is shown what is written, and the browser goes where it is read: the URL standard takes
/// `http:2130706433` for `http://127.0.0.1`.
fn is_as_read(raw: &str, url: &Url) -> bool {
    let read = format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default());
    raw.get(..read.len()).is_some_and(|written| written.eq_ignore_ascii_case(&read))
}

/// The URL standard lets `;` and `,` into a host; in a policy they would begin something else.
fn is_plain(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)),
        Host::Ipv4(_) | Host::Ipv6(_) => true,
    }
}

fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http" && matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"))
}

fn without_port(url: &Url) -> Url {
    let mut url = url.clone();
    // Fails only for URLs that have no host, and these have one.
    let _ = url.set_port(None);
    url
}

#[cfg(test)]
mod tests {
    use super::RedirectUri;

    fn admits(registered: &str, requested: &str) -> bool {
        let uri = |raw| RedirectUri::parse(raw).unwrap();
        uri(registered).admits(&uri(requested))
    }

    #[test]
    fn only_https_and_loopback_http_are_redirect_uris() {
        for good in
            ["https://a.example/cb", "http://127.0.0.1/cb", "http://[::1]:1/cb", "http://localhost:9/"]
        {
            assert!(RedirectUri::parse(good).is_some(), "{good}");
        }
        for bad in [
            "http://a.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.1@evil.example/cb",
            "https://user:pw@a.example/cb",
            "https://a.example/cb#fragment",
            "https://a;sandbox/cb",
            "javascript:alert(1)",
            "com.example.app:/cb",
            "http:127.0.0.1/cb",
            "http://127.1/cb",
            "http://2130706433/cb",
            "http://１27.0.0.1/cb",
            "http:\\\\127.0.0.1/cb",
            "https://bücher.example/cb",
            "/cb",
        ] {
            assert!(RedirectUri::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn the_port_is_free_on_loopback_only() {
        assert!(admits("http://127.0.0.1/cb", "http://127.0.0.1:4711/cb"));
        assert!(admits("http://[::1]:1/cb", "http://[::1]:2/cb"));
        assert!(admits("http://localhost:1/cb", "http://localhost/cb"));
        assert!(!admits("http://127.0.0.1/cb", "http://localhost/cb"));
        assert!(!admits("http://127.0.0.1/cb", "http://127.0.0.1/other"));
        assert!(!admits("http://127.0.0.1/cb", "http://127.0.0.1/cb?x=1"));
        assert!(!admits("https://a.example/cb", "https://a.example:444/cb"));
        assert!(!admits("https://a.example/cb", "https://a.example/cb/"));
    }

    #[test]
    fn an_answer_keeps_the_query_that_was_there() {
        let uri = RedirectUri::parse("http://127.0.0.1:5/cb?a=1").unwrap();
        assert_eq!(uri.with([("state", "x y&z")]), "http://127.0.0.1:5/cb?a=1&state=x+y%26z");
    }
}
