//! A key that a program brings for a server, and the person has to agree to.

use config::{KeyName, Place, ServerConfig};
use ground::fingerprint::fingerprint;
use std::collections::BTreeSet;
use wire::KeyText;

/// A key that a program brings.
pub struct ProposedKey {
    /// The server's name.
    pub server: String,
    /// What tells the server from another of that name.
    pub server_id: String,
    /// Its whole address.
    pub url: String,
    /// Its host.
    pub host: String,
    /// Whether it is a program on this machine.
    pub runs_here: bool,
    /// What the server's headers call the key.
    pub key: KeyName,
    /// The headers that it would go into.
    pub headers: Vec<String>,
    /// Whether it would take another's place.
    pub replaces: bool,
    /// The key itself.
    pub secret: KeyText,
}

impl ProposedKey {
    /// A mark of all of it but the server's name. It is never written down.
    pub(crate) fn mark(&self) -> String {
        let headers = in_lower_case(&self.headers).join(" ");
        fingerprint(&[&self.server_id, self.key.as_str(), self.secret.expose(), &headers])
    }

    /// Whether the key goes into these headers still, as it was shown.
    #[must_use]
    pub fn goes_into(&self, server: &ServerConfig) -> bool {
        let shown = match server.place {
            Place::Remote(_) => in_lower_case(&self.headers),
            Place::Local(_) => self.headers.clone(),
        };
        server.of_key(&self.key) == BTreeSet::from_iter(shown)
    }
}

fn in_lower_case(headers: &[String]) -> Vec<String> {
    headers.iter().map(|name| name.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn into(headers: &[&str]) -> ProposedKey {
        ProposedKey {
            server: "keyed".to_owned(),
            server_id: "1".to_owned(),
            url: "https://a.example/mcp".to_owned(),
            host: "a.example".to_owned(),
            runs_here: false,
            key: KeyName::default(),
            headers: headers.iter().map(|name| (*name).to_owned()).collect(),
            replaces: false,
            secret: KeyText::new("secret-1".to_owned()),
        }
    }

    #[test]
    fn what_goes_into_other_headers_is_another_question() {
        assert_eq!(into(&["X-Api-Key"]).mark(), into(&["x-api-key"]).mark());
        assert_ne!(into(&["X-Api-Key"]).mark(), into(&["X-Elsewhere"]).mark());
        assert_ne!(into(&["X-Api-Key"]).mark(), into(&["X-Api-Key", "X-Elsewhere"]).mark());
    }
}
