//! Client ID Metadata Documents: a client whose ID is the address of a document that says who it is.

use std::fmt;

use serde_json::json;
use url::Url;

use crate::bad_url::{BadUrl, Noun};
use crate::uri;
use words::say;

/// The address of a client metadata document that the person hosts: https, with a path, and nothing that
/// could be written in two ways (draft-ietf-oauth-client-id-metadata-document §3). It is sent byte for byte.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientDocument {
    raw: String,
    url: Url,
}

impl ClientDocument {
    /// Reads an address.
    ///
    /// # Errors
    /// It is not of the kind described above.
    pub fn parse(raw: &str) -> Result<Self, BadUrl> {
        let wrong = |problem| BadUrl::new(Noun::ClientDocument, problem);
        let url = uri::parse(raw).map_err(wrong)?;
        if url.scheme() != "https" {
            return Err(wrong(say!(url_no_https)));
        }
        if url.path() == "/" || url.query().is_some() {
            return Err(wrong(say!(url_no_path)));
        }
        if url.as_str() != raw {
            return Err(wrong(say!(url_unusual)));
        }
        Ok(Self { raw: raw.to_owned(), url })
    }

    /// The address, which is the client ID.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.raw
    }

    /// The address, parsed.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The document to host, for a program that is sent back to one of `redirect_uris`.
    #[must_use]
    pub fn text(&self, redirect_uris: &[&str]) -> String {
        json!({
            "client_id": self.raw,
            "client_name": "MCP Valet",
            "application_type": "native",
            "redirect_uris": redirect_uris,
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
        })
        .to_string()
    }
}

impl fmt::Debug for ClientDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientDocument({:?})", self.raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_path_and_one_way_to_write_it() {
        assert!(ClientDocument::parse("https://me.example/client.json").is_ok());
        for raw in [
            "https://me.example",
            "https://me.example/",
            "https://me.example/a?b",
            "https://me.example/a/../b",
            "https://ME.example/a",
            "https://me.example:443/a",
            "http://localhost/a",
        ] {
            assert_eq!(ClientDocument::parse(raw).unwrap_err().code(), "url_invalid", "{raw}");
        }
    }
}
