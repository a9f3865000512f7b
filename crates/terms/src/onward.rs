//! Where a server may send a request on, credential and all.

use percent_encoding::percent_decode_str;
use url::Url;

use crate::server::ServerUrl;
use crate::uri;

impl ServerUrl {
    /// Where `location`, said at `from`, leads within this server: the same scheme, host and port, its own
    /// path or one below, a slash at the end aside, and its own query if it has one. Nothing if it leads
    /// elsewhere: no credential goes there.
    #[must_use]
    pub fn onward(&self, from: &Self, location: &str) -> Option<Self> {
        let mut url = from.url().join(location).ok()?;
        // It is for whoever shows the answer (RFC 9110 §10.2.2).
        url.set_fragment(None);
        let onward = Self::parse(url.as_str()).ok()?;
        let query = self.url().query();
        let is_within = uri::is_same_origin(self.url(), &url)
            && is_below(self.url(), &url)
            && (query.is_none() || query == url.query());
        is_within.then_some(onward)
    }

    /// Where `reference`, said at this address, leads beside it: the same scheme, host and port. Nothing if
    /// it leads elsewhere.
    #[must_use]
    pub fn beside(&self, reference: &str) -> Option<Self> {
        let mut url = self.url().join(reference).ok()?;
        url.set_fragment(None);
        let beside = Self::parse(url.as_str()).ok()?;
        uri::is_same_origin(self.url(), &url).then_some(beside)
    }
}

/// Whether `url` has the path of `parent` or one below it, however many times whoever reads it decodes it.
fn is_below(parent: &Url, url: &Url) -> bool {
    let top = parent.path().trim_end_matches('/');
    let below = url.path().strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let mut path = url.path().to_owned();
    loop {
        if path.split(['/', '\\']).any(|segment| matches!(segment, "." | "..")) {
            return false;
        }
        let decoded = percent_decode_str(&path).decode_utf8_lossy().into_owned();
        if decoded == path {
            return below;
        }
        path = decoded;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn onward(server: &str, location: &str) -> Option<String> {
        let server = ServerUrl::parse(server).unwrap();
        server.onward(&server, location).map(|url| url.as_str().to_owned())
    }

    #[test]
    fn a_request_is_sent_on_within_the_server_alone() {
        let server = "https://a.example/mcp";
        for (location, to) in [
            ("/mcp/", "https://a.example/mcp/"),
            ("mcp/", "https://a.example/mcp/"),
            ("https://a.example:443/mcp/docs/1?x=1#y", "https://a.example/mcp/docs/1?x=1"),
            ("", server),
            ("?x", "https://a.example/mcp?x"),
        ] {
            assert_eq!(onward(server, location).as_deref(), Some(to), "{location}");
        }
        for elsewhere in [
            "http://a.example/mcp/",
            "https://b.example/mcp/",
            "//b.example/mcp/",
            "https://a.example:8443/mcp/",
            "https://u@a.example/mcp/",
            "https://a.example.evil/mcp/",
            "/",
            "/mcp2",
            "/other/mcp/",
            "/mcp/../admin",
            "/mcp/%2e%2e/admin",
            "/mcp/..%2fadmin",
            "/mcp/%252e%252e%252fadmin",
            "/mcp/..\\admin",
            "/mcp/..%5cadmin",
            "javascript:alert(1)",
        ] {
            assert_eq!(onward(server, elsewhere), None, "{elsewhere}");
        }
        assert_eq!(onward("https://a.example/mcp/", "/mcp").as_deref(), Some(server));
        assert_eq!(onward("https://a.example", "/mcp").as_deref(), Some(server));
        let stream = ServerUrl::parse("https://a.example/sse").unwrap();
        let beside = |reference| stream.beside(reference).map(|url| url.as_str().to_owned());
        assert_eq!(beside("/messages?id=1").as_deref(), Some("https://a.example/messages?id=1"));
        assert_eq!(beside("?id=1").as_deref(), Some("https://a.example/sse?id=1"));
        for elsewhere in
            ["//b.example/", "http://a.example/m", "https://a.example:1/m", "https://u@a.example/m"]
        {
            assert_eq!(beside(elsewhere), None, "{elsewhere}");
        }
        let narrow = "https://a.example/mcp?read_only=1";
        assert!(onward(narrow, "/mcp/?read_only=1").is_some());
        assert!(onward(narrow, "/mcp/").is_none() && onward(narrow, "/mcp/?read_only=0").is_none());
    }
}
