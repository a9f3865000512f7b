//! The other calls of the socket: their requests and answers.

use crate::Server;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// `POST /v1/servers`: add a server to the configuration.
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewServer {
    /// A short name; made from the host if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The server's URL.
    pub url: String,
    /// The `oauth` block of the configuration, for servers that register no clients by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "Record<string, unknown>", optional))]
    pub oauth: Option<Map<String, Value>>,
}

/// The answer to [`NewServer`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Added {
    /// The server as it now stands.
    pub server: Server,
    /// False where the same server was there already.
    pub added: bool,
}

/// `POST /v1/servers/{server}/authorize`: begin a sign-in.
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorizeRequest {
    /// Which of several authorization servers to sign in at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Sign in on another device, by a code that is typed there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "types", ts(as = "Option<bool>"))]
    pub device: bool,
}

/// The answer to [`AuthorizeRequest`]: what the caller opens in a browser.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Authorization {
    /// The server's name.
    pub server: String,
    /// The page at which the person signs in.
    pub authorization_url: String,
    /// Where the issuer sends the browser afterwards; nothing on another device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
    /// What the person types on another device, if this sign-in goes that way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceCode>,
    /// When the sign-in is no longer waited for.
    #[cfg_attr(feature = "types", ts(type = "string"))]
    pub expires_at: Timestamp,
}

/// A sign-in on another device, for the person to finish there.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceCode {
    /// What they type.
    pub user_code: String,
    /// The page on which they type it.
    pub verification_uri: String,
}

/// `POST /v1/servers/{server}/callback`: finish a sign-in with the address that the browser ended at.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finish {
    /// The whole address, with its query. It holds the code, so it is never printed.
    pub url: String,
}

impl std::fmt::Debug for Finish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Finish")
    }
}

/// What became of one token at the issuer when it was revoked (RFC 7009).
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The issuer confirmed.
    Revoked,
    /// The issuer offers no revocation.
    NotOffered,
    /// The issuer did not confirm; the token may live on there until it expires.
    Failed,
    /// There was no such token.
    Nothing,
}

/// The answer to `POST …/revoke`: which things happened.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Revocation {
    /// The server's name.
    pub server: String,
    /// The refresh token, at the issuer.
    pub refresh_token: Outcome,
    /// The access token, at the issuer.
    pub access_token: Outcome,
    /// Whether the vault's copy is gone. True also where there was none.
    pub wiped: bool,
}

/// The answer to `DELETE /v1/servers/{server}`.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Removed {
    /// What became of the tokens.
    pub revocation: Revocation,
    /// Whether the server left the configuration.
    pub removed: bool,
}

/// The vault in use.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultKind {
    /// The keychain of the desktop.
    Keychain,
    /// Memory: everything is gone when the valet ends.
    Memory,
}

/// `POST /v1/show`: bring the window to the front.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Show {
    /// What the desktop gave to the program that asks (`XDG_ACTIVATION_TOKEN`), so that it lets the window come to the front.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activation_token: Option<String>,
    /// The screens that the program that asks is on (`DISPLAY`, `WAYLAND_DISPLAY`); none if that does not matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub displays: Vec<String>,
}

/// The answer to `GET /v1/health`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Health {
    /// The valet's version.
    pub version: String,
    /// The vault in use.
    pub vault: VaultKind,
    /// Whether the vault is locked or out of reach.
    pub locked: bool,
    /// Standing notices for the person, such as a configuration that could not be read.
    pub notices: Vec<String>,
}

/// One line of the audit, as `GET /v1/audit` lists the caller's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// What was done, such as `hand_out`, `proxied` or `revoke`.
    pub what: String,
    /// Who asked: the agent's name.
    pub agent: String,
    /// The agent's executable, where it was an agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executable: Option<String>,
    /// The program that connected, where it is not the agent's own, such as a command line that the agent runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<String>,
    /// The server's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// The scopes of what was handed out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// The JSON-RPC method of a request that went through the proxy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
}
