//! A key that a program brings for a server, and the person has to agree to.

use config::KeyName;
use ground::fingerprint::fingerprint;
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
        fingerprint(&[&self.server_id, self.key.as_str(), self.secret.expose()])
    }
}
