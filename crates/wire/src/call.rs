//! The other calls of the socket: their requests and answers.

use crate::AnyAct;
use crate::{AccessLevel, Actor, Server, Sum, ToolClass};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The answer to a `NewServer`.
#[cfg_attr(feature = "types", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Added {
    /// The server as it now stands.
    pub server: Server,
    /// False where the same server was there already.
    pub added: bool,
}

/// `POST /v1/servers/{server}/authorize`: begin a sign-in.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
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
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Authorization {
    /// The server's name.
    pub server: String,
    /// The page at which the person signs in.
    pub authorization_url: String,
    /// Where the issuer sends the browser afterwards; nothing on another device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
    /// What the tokens will be for (RFC 8707), where that is not the server itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_resource: Option<String>,
    /// What the person types on another device, if this sign-in goes that way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceCode>,
    /// When the sign-in is no longer waited for.
    #[cfg_attr(feature = "types", ts(type = "string"))]
    pub expires_at: Timestamp,
}

/// A sign-in on another device, for the person to finish there.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceCode {
    /// What they type.
    pub user_code: String,
    /// The page on which they type it.
    pub verification_uri: String,
}

/// `POST /v1/servers/{server}/callback`: finish a sign-in with the address that the browser ended at.
#[cfg_attr(feature = "types", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
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
    /// The vault could not be read, so nothing was asked of the issuer.
    Unread,
}

impl Outcome {
    /// Its name, as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Revoked => "revoked",
            Self::NotOffered => "not_offered",
            Self::Failed => "failed",
            Self::Nothing => "nothing",
            Self::Unread => "unread",
        }
    }
}

/// What became of our client at the issuer (RFC 7592).
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientOutcome {
    /// The issuer deleted it, or had done so before.
    Deregistered,
    /// The issuer offers no way to delete it.
    NotOffered,
    /// It stays: this server signs in with it again, or another one uses it.
    Kept,
    /// The issuer did not confirm; the client may live on there, with nothing granted to it from here.
    Failed,
    /// The valet registered none.
    #[default]
    Nothing,
}

impl ClientOutcome {
    /// Its name, as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deregistered => "deregistered",
            Self::NotOffered => "not_offered",
            Self::Kept => "kept",
            Self::Failed => "failed",
            Self::Nothing => "nothing",
        }
    }
}

/// The answer to `POST …/revoke`: which things happened.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// The server's name.
    pub server: String,
    /// The refresh token, at the issuer.
    pub refresh_token: Outcome,
    /// The access token, at the issuer.
    pub access_token: Outcome,
    /// Whether no copy is left here. True also where there was none.
    pub wiped: bool,
    /// The client that the valet registered at the issuer.
    #[serde(default)]
    pub client: ClientOutcome,
    /// Whether the issuer has yet to answer a request for other tokens: what comes is ended there at once,
    /// and not kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "types", ts(as = "Option<bool>"))]
    pub pending: bool,
    /// Whether the access token lives, and servers can take it without asking the issuer (a JWT): they need
    /// not hear of its end, whatever the issuer confirmed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "types", ts(as = "Option<bool>"))]
    pub self_contained: bool,
    /// When such a token ends, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(as = "Option<String>"))]
    pub ends_at: Option<Timestamp>,
    /// How many keys were there. They are gone here, and good until they are ended at their provider.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[cfg_attr(feature = "types", ts(as = "Option<u32>"))]
    pub keys: usize,
    /// The page of the provider on which that is done, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_page: Option<String>,
    /// Whether the configuration, which could not be written, still has a key itself. Nothing is wiped then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "types", ts(as = "Option<bool>"))]
    pub in_file: bool,
    /// Machines that share the vault and were not heard of just then: they learn it once they are back, and
    /// what they have in memory serves there until it is stale.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "types", ts(as = "Option<Vec<String>>"))]
    pub unreached: Vec<String>,
}

const fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// `POST /v1/servers/{server}/revoke`; the body may be left out.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revoke {
    /// End our client at the issuer as well, unless another server uses it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "types", ts(as = "Option<bool>"))]
    pub client: bool,
}

/// `POST /v1/revoke`: everything is revoked, as far as it has come.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokedAll {
    /// The agent that asked for it, where it was not the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Whether it is over.
    pub done: bool,
    /// Each server, by name.
    pub servers: Vec<RevokedOne>,
    /// Whether the answers about programs that the vault keeps are gone as well.
    pub answers_wiped: bool,
}

/// One server of [`RevokedAll`].
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokedOne {
    /// The server's name.
    pub server: String,
    /// Whether it is in the configuration; one that left it may have something in the vault still.
    pub listed: bool,
    /// What happened; nothing as long as it is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation: Option<Revocation>,
}

/// The answer to `DELETE /v1/servers/{server}`.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Removed {
    /// What became of the tokens.
    pub revocation: Revocation,
    /// Whether the server left the configuration.
    pub removed: bool,
}

/// The vault in use.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultKind {
    /// The keychain of the desktop.
    Keychain,
    /// A file that is encrypted with a passphrase.
    File,
    /// Memory: everything is gone when the valet ends.
    Memory,
    /// A vault that several machines share.
    Shared,
}

/// `POST /v1/show`: bring the window to the front.
#[cfg_attr(feature = "types", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Show {
    /// What the desktop gave to the program that asks (`XDG_ACTIVATION_TOKEN`), so that it lets the window
    /// come to the front.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activation_token: Option<String>,
    /// The screens that the program that asks is on (`DISPLAY`, `WAYLAND_DISPLAY`); none if that does not
    /// matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub displays: Vec<String>,
    /// What the window is to begin; the person has the last word there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errand: Option<Errand>,
}

/// What a window begins that was asked for.
#[cfg_attr(feature = "types", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Errand {
    /// Copying all that is kept to a new file with this whole path.
    BackUp(String),
    /// Taking in what such a file has.
    Restore(String),
}

/// The answer to `GET /v1/health`.
#[cfg_attr(feature = "types", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When.
    #[cfg_attr(feature = "types", ts(type = "string"))]
    pub at: Timestamp,
    /// What was done, such as `hand_out`, `proxied` or `revoke`; `refused` if it was not done.
    pub what: AnyAct,
    /// Who did it, or asked for it.
    #[serde(flatten)]
    pub actor: Actor,
    /// By what the valet knows the agent again, for itself: names and paths can be alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(skip))]
    pub mark: Option<String>,
    /// The program that connected, where it is not the agent's own, such as a command line that the agent
    /// runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<String>,
    /// The server's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Whose account it was, in the words of the issuer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The folder that the program worked in, where that said which account it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// The scopes of what was handed out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "types", ts(as = "Option<Vec<String>>"))]
    pub scopes: Vec<String>,
    /// When an answer ends, if it does so by time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "string"))]
    pub until: Option<Timestamp>,
    /// How far a yes reaches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<AccessLevel>,
    /// The JSON-RPC method of a request that went through the proxy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The tool that was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// What that does, where a rule went by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ToolClass>,
    /// The rule by which it went through, where the program has rules; or the one that was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// A mark of the arguments (HMAC-SHA-256, base64url): whoever has them and the vault can tell that they
    /// are these, and nobody can tell them from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arguments: Option<String>,
    /// What came of it at the issuer and in the vault, where that is more than one thing; or why the valet
    /// did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Why it was refused: the code of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Where it is told again, since the file that told it went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum: Option<Sum>,
    /// Its number. Entries from before the chain have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub seq: Option<u64>,
}
