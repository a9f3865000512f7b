//! What the person says about a server.

use std::fmt;

use url::Url;

use crate::bad_url::{BadUrl, Noun};
use crate::issuer::Issuer;
use crate::uri;

/// The URL of an MCP server as the person wrote it: https, or http on this machine; no user information, no
/// fragment.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ServerUrl {
    raw: String,
    url: Url,
}

impl ServerUrl {
    /// Reads a URL.
    ///
    /// # Errors
    /// It is not a URL of the kind described above.
    pub fn parse(raw: &str) -> Result<Self, BadUrl> {
        let wrong = |problem| BadUrl::new(Noun::Server, problem);
        let url = uri::parse(raw).map_err(wrong)?;
        Ok(Self { raw: raw.to_owned(), url })
    }

    /// The URL, exactly as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.raw
    }

    /// The URL, parsed.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The host, with its port if that is not the usual one; for a person to read.
    #[must_use]
    pub fn host(&self) -> String {
        uri::host(&self.url)
    }

    /// Whether `resource` is this server, and nothing beside it.
    #[must_use]
    pub fn is_named(&self, resource: &str) -> bool {
        uri::is_same(&self.raw, resource)
    }
}

/// For a person to read.
impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&plain::address(&self.raw))
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerUrl({:?})", self.raw)
    }
}

/// What the person configured instead of what is discovered.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// Trust this authorization server, whatever the server names.
    pub authorization_server: Option<Issuer>,
    /// Read the authorization server's metadata here. Without `authorization_server`, its `issuer` then
    /// counts, because the person named the document itself.
    pub metadata_url: Option<Url>,
    /// What to send as `resource` (RFC 8707).
    pub resource: ResourceChoice,
    /// Whether metadata must promise PKCE.
    pub pkce: Pkce,
    /// Exactly these scopes.
    pub scopes: Option<Vec<String>>,
    /// An issuer that has refused `resource` before.
    pub resource_refused_by: Option<String>,
    /// The issuers that this server is known to sign in at: to confirm one, less is enough.
    pub known_issuers: Vec<Issuer>,
}

/// What to send as `resource` (RFC 8707).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ResourceChoice {
    /// What the server's metadata says.
    #[default]
    Auto,
    /// Nothing.
    Omit,
    /// This, byte for byte.
    Uri(String),
}

/// Whether an authorization server must promise PKCE with S256 in its metadata. It is used in any case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pkce {
    /// It must.
    #[default]
    Required,
    /// The person knows that it does support it.
    Assume,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_raw_text_is_kept() {
        assert_eq!(ServerUrl::parse("https://a.example").unwrap().as_str(), "https://a.example");
    }

    #[test]
    fn what_is_no_server_is_refused() {
        for raw in ["a.example/mcp", "http://a.example/mcp", "https://u:p@a/", "https://a/#x", "ftp://a/"] {
            assert_eq!(ServerUrl::parse(raw).unwrap_err().code(), "url_invalid", "{raw}");
        }
    }
}
