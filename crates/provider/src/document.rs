//! Clients that are known by the address of a document about them (OAuth Client ID Metadata Document).
//! Whoever serves the authorization server fetches it; here it is read.

use serde::Deserialize;
use url::Url;

use crate::client::Client;
use crate::error::OAuthError;
use crate::profile::{Profile, UnixSeconds};
use crate::register::{self, Metadata, invalid};

const MAX_LENGTH: usize = 1024;

/// A client id that is the address of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientUrl(String);

#[derive(Deserialize)]
struct Document {
    client_id: String,
    #[serde(flatten)]
    metadata: Metadata,
}

impl ClientUrl {
    /// The address, if the id is one: https, with a path, without credentials, fragment or dots to climb by
    /// (draft-ietf-oauth-client-id-metadata-document §3).
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        let url = Url::parse(id).ok().filter(|_| id.len() <= MAX_LENGTH)?;
        let clean = url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
        // What is written otherwise than it is read has dots in its path, or worse.
        let is_plain = url.as_str() == id && url.path() != "/";
        (url.scheme() == "https" && clean && is_plain).then(|| Self(id.to_owned()))
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its host, with the port where that is not the usual one: who vouches for the client.
    #[must_use]
    pub fn host(&self) -> &str {
        let rest = self.0.trim_start_matches("https://");
        rest.split_once('/').map_or(rest, |(host, _)| host)
    }
}

/// The client that the document at its address tells of. It is a public one: nothing here would check its
/// key.
///
/// # Errors
/// The document is another client's, or tells of one that cannot be served.
pub fn client_of_document(
    profile: &Profile,
    url: &ClientUrl,
    document: &[u8],
    now: UnixSeconds,
) -> Result<Client, OAuthError> {
    let read: Document = serde_json::from_slice(document)
        .map_err(|_| invalid("the document at client_id is no JSON object of client metadata"))?;
    if read.client_id != url.as_str() {
        return Err(invalid("client_id in the document is not the document's own address"));
    }
    if read.metadata.token_endpoint_auth_method.as_deref().is_some_and(|method| method != "none") {
        return Err(invalid("token_endpoint_auth_method in the document: none is served"));
    }
    let client = register::client(profile, &read.metadata, read.client_id.clone(), now)?;
    Ok(Client { host: Some(url.host().to_owned()), ..client })
}

#[cfg(test)]
mod tests {
    use super::{ClientUrl, client_of_document};
    use crate::profile::{Profile, Redirects};

    const URL: &str = "https://app.example.com/client.json";

    fn read(document: &serde_json::Value) -> Result<String, &'static str> {
        let profile = Profile { redirects: Redirects::Here(Vec::new()), ..Profile::for_test() };
        let url = ClientUrl::parse(URL).unwrap();
        let client = client_of_document(&profile, &url, document.to_string().as_bytes(), 0);
        client.map(|client| format!("{:?} {}", client.host, client.name)).map_err(|error| error.code.name())
    }

    #[test]
    fn only_an_https_address_with_a_path_is_a_document_of_a_client() {
        assert_eq!(ClientUrl::parse(URL).unwrap().host(), "app.example.com");
        for other in [
            "http://app.example.com/client.json",
            "https://app.example.com",
            "https://app.example.com/",
            "https://app.example.com/a/../client.json",
            "https://me@app.example.com/client.json",
            "https://app.example.com/client.json#x",
            "client-7",
        ] {
            assert!(ClientUrl::parse(other).is_none(), "{other}");
        }
    }

    #[test]
    fn a_document_tells_of_the_client_at_its_own_address_alone() {
        let of = |id: &str, uri: &str| serde_json::json!({"client_id": id, "client_name": "An (other.example) App", "redirect_uris": [uri]});
        assert_eq!(
            read(&of(URL, "http://127.0.0.1/cb")),
            Ok(r#"Some("app.example.com") An other.example App"#.to_owned())
        );
        assert_eq!(
            read(&of("https://other.example/c", "http://127.0.0.1/cb")),
            Err("invalid_client_metadata")
        );
        assert_eq!(read(&of(URL, "https://app.example.com/cb")), Err("invalid_redirect_uri"));
    }
}
