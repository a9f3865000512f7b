//! Client ID Metadata Documents: a client whose ID is the address of a document that says who it is.

use std::fmt;

use serde::Deserialize;
use serde_json::json;
use url::Url;

use crate::fault::{Fault, Kind, Party};
use crate::http::Http;
use crate::target::Target;
use crate::uri;

/// The address of a client metadata document that the person hosts: https, with a path, and nothing that
/// could be written in two ways (draft-ietf-oauth-client-id-metadata-document §3). It is sent byte for byte.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientDocument {
    raw: String,
    url: Url,
}

#[derive(Deserialize)]
struct Document {
    client_id: String,
    redirect_uris: Vec<String>,
    token_endpoint_auth_method: Option<String>,
}

impl ClientDocument {
    /// Reads an address.
    ///
    /// # Errors
    /// It is not of the kind described above.
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        let wrong =
            |problem| Fault::configuration(Kind::Url { name: "the client metadata document", problem });
        let url = uri::parse(raw).map_err(wrong)?;
        if url.scheme() != "https" {
            return Err(wrong("it must start with https://"));
        }
        if url.path() == "/" || url.query().is_some() {
            return Err(wrong("it needs a path, such as /client.json, and no query"));
        }
        if url.as_str() != raw {
            return Err(wrong("it is not written in the usual form"));
        }
        Ok(Self { raw: raw.to_owned(), url })
    }

    /// The address, which is the client ID.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.raw
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

    /// Looks at the document as an issuer will, which says nothing useful where it is wrong; answers the
    /// first of `redirect_uris` that it allows. Nothing for a document that cannot be reached from here: it
    /// is left to the issuer.
    ///
    /// # Errors
    /// The document is not there, is another client's, wants a proof that we have not, or allows none of
    /// `redirect_uris`: then the first is what is missing.
    pub async fn choose<'a>(&self, http: &Http, redirect_uris: &[&'a str]) -> Result<Option<&'a str>, Fault> {
        let host_this =
            || format!("Host this there: {}", self.text(redirect_uris.get(..1).unwrap_or_default()));
        let Ok(reach) = http.reach_of(&self.url).await else { return Ok(None) };
        let target = Target { url: &self.url, whose: Party::Configuration, reach };
        let answer = match http.get(target).await {
            Err(fault) if fault.party() == Party::Network => return Ok(None),
            answer => answer?,
        };
        if !answer.status.is_success() {
            let problem = format!("is not there: {} answered {}", answer.host, answer.status.as_u16());
            return Err(self.wrong(problem, host_this()));
        }
        let document: Document = answer
            .json()
            .map_err(|_| self.wrong("cannot be read: it is not JSON of the right shape", host_this()))?;
        self.judge(&document, redirect_uris).map(Some)
    }

    /// The first of `redirect_uris` that the document allows.
    fn judge<'a>(&self, document: &Document, redirect_uris: &[&'a str]) -> Result<&'a str, Fault> {
        if document.client_id != self.raw {
            return Err(
                self.wrong("is another client's", format!("Set its client_id to exactly \"{}\".", self.raw))
            );
        }
        if document.token_endpoint_auth_method.as_deref().is_some_and(|method| method != "none") {
            return Err(self.wrong(
                "wants a proof that MCP Valet does not have",
                "Set its token_endpoint_auth_method to \"none\".",
            ));
        }
        let allowed = |uri: &&&str| document.redirect_uris.iter().any(|known| known == **uri);
        redirect_uris.iter().find(allowed).copied().ok_or_else(|| {
            let first = redirect_uris.first().copied().unwrap_or_default();
            self.wrong(
                format!("does not allow the redirect address {first}"),
                format!("Add \"{first}\" to its redirect_uris; or set oauth.callbackPort, oauth.callbackPath and oauth.redirectHost to what is there."),
            )
        })
    }

    fn wrong(&self, problem: impl Into<String>, remedy: impl Into<String>) -> Fault {
        Fault::configuration(Kind::ClientDocument {
            url: self.raw.clone(),
            problem: problem.into(),
            remedy: remedy.into(),
        })
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

    const OURS: &str = "http://localhost:3118/callback";

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

    #[test]
    fn the_document_to_host_passes_its_own_check_and_others_do_not() {
        let client = ClientDocument::parse("https://me.example/client.json").unwrap();
        let read = |text: &str| serde_json::from_str::<Document>(text).unwrap();
        let judged = |text: &str| client.judge(&read(text), &[OURS]);
        assert!(judged(&client.text(&[OURS])).is_ok());
        let elsewhere = judged(&client.text(&["http://localhost:4000/callback"])).unwrap_err();
        assert!(elsewhere.advice().contains(OURS), "{}", elsewhere.advice());
        assert!(judged(&client.text(&[OURS]).replace("me.example", "you.example")).is_err());
        assert!(judged(&client.text(&[OURS]).replace("none", "private_key_jwt")).is_err());
    }
}
