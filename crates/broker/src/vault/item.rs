//! What is kept in the vault, and the form in which it is kept: JSON in memory that is wiped.

use jiff::Timestamp;
use oauth::{AuthMethod, Client, Reach, Secret};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Something that the vault can keep.
pub(crate) trait Item: Serialize + DeserializeOwned {
    /// The bytes to keep.
    fn seal(&self) -> Option<Zeroizing<Vec<u8>>> {
        // Room enough from the start: a vector that grows leaves copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(ROOM));
        serde_json::to_writer(&mut *bytes, self).ok()?;
        Some(bytes)
    }

    /// The item that `bytes` were made of; `None` if they are not of its form.
    fn open(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

const ROOM: usize = 64 << 10;

/// What a person gave us at an issuer for one server.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Grant {
    #[serde(with = "kept")]
    pub(crate) access: Secret,
    #[serde(with = "kept_option")]
    pub(crate) refresh: Option<Secret>,
    pub(crate) issued_at: Timestamp,
    /// When the access token ends; `None` if the issuer set no end.
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) parts: GrantParts,
    /// Set while a refresh may be under way; found set at start, the refresh was interrupted.
    pub(crate) refresh_sent_at: Option<Timestamp>,
}

/// The parts of a grant that stay the same when its tokens are renewed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct GrantParts {
    pub(crate) server_url: String,
    pub(crate) resource: Option<String>,
    pub(crate) issuer: String,
    pub(crate) token_endpoint: String,
    pub(crate) revocation_endpoint: Option<String>,
    #[serde(with = "ClientForm")]
    pub(crate) client: Client,
    pub(crate) redirect_uri: String,
    pub(crate) scopes_asked: Vec<String>,
    pub(crate) scopes: Vec<String>,
    /// Who signed in, as far as the issuer said.
    #[serde(default)]
    pub(crate) account: Option<String>,
    #[serde(with = "ReachForm")]
    pub(crate) reach: Reach,
    /// What the person should know about how the issuer was found.
    #[serde(default)]
    pub(crate) notice: Option<String>,
}

impl Grant {
    /// Seconds that the access token is still good for; `None` if it has no end.
    pub(crate) fn seconds_left(&self, now: Timestamp) -> Option<i64> {
        self.expires_at.map(|end| end.duration_since(now).as_secs())
    }

    /// The whole life of the access token in seconds.
    pub(crate) fn lifetime(&self) -> Option<i64> {
        self.seconds_left(self.issued_at)
    }
}

impl GrantParts {
    /// The scopes that a refresh must name to get a token that is no wider than before, and can be refreshed again.
    pub(crate) fn scopes_to_keep(&self) -> Vec<String> {
        let offline = |scope: &&String| *scope == "offline_access" && !self.scopes.contains(scope);
        self.scopes.iter().chain(self.scopes_asked.iter().filter(offline)).cloned().collect()
    }
}

/// Our client at an issuer, registered by us.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Registration {
    pub(crate) issuer: String,
    pub(crate) redirect_uri: String,
    #[serde(with = "ClientForm")]
    pub(crate) client: Client,
}

/// The callback server's own certificate and key, in PEM.
#[derive(Serialize, Deserialize)]
pub(crate) struct TlsIdentity {
    pub(crate) certificate: String,
    #[serde(with = "kept")]
    pub(crate) key: Secret,
    pub(crate) expires_at: Timestamp,
}

/// The secret of a client that the person registered by hand.
#[derive(Serialize, Deserialize)]
pub(crate) struct ClientSecret {
    pub(crate) client_id: String,
    #[serde(with = "kept")]
    pub(crate) secret: Secret,
}

impl Item for Grant {}
impl Item for Registration {}
impl Item for TlsIdentity {}
impl Item for ClientSecret {}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Client")]
struct ClientForm {
    id: String,
    #[serde(with = "kept_option")]
    secret: Option<Secret>,
    #[serde(with = "AuthMethodForm")]
    auth: AuthMethod,
    secret_expires_at: Option<Timestamp>,
    #[serde(with = "kept_option")]
    registration_access_token: Option<Secret>,
    registration_client_uri: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "AuthMethod", rename_all = "snake_case")]
enum AuthMethodForm {
    None,
    Basic,
    Post,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Reach", rename_all = "snake_case")]
enum ReachForm {
    Public,
    Private,
    Loopback,
}

/// The one way by which a secret becomes bytes: into the vault.
mod kept {
    use super::{Deserialize, Secret};

    pub(super) fn serialize<S: serde::Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(secret.expose())
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
        String::deserialize(from).map(Secret::from)
    }
}

mod kept_option {
    use super::{Deserialize, Secret};

    pub(super) fn serialize<S: serde::Serializer>(secret: &Option<Secret>, to: S) -> Result<S::Ok, S::Error> {
        match secret {
            Some(secret) => to.serialize_some(secret.expose()),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Secret>, D::Error> {
        Option::<String>::deserialize(from).map(|secret| secret.map(Secret::from))
    }
}
