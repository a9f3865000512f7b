//! Asking for a token, and the one type that carries a credential over the socket.

use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::Zeroize;

/// `POST /v1/token`: one access token, please.
#[cfg_attr(feature = "types", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// The server's name or URL.
    pub server: String,
    /// Seconds to wait for the person or the provider: 60 if absent, at most 600.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<u32>,
    /// The scopes that the token must at least have, separated by spaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The `WWW-Authenticate` header with which the server refused the last token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
    /// Seconds for which the token must at least be good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_ttl: Option<u32>,
}

impl TokenRequest {
    /// A request for `server` with nothing else asked.
    #[must_use]
    pub fn new(server: impl Into<String>) -> Self {
        Self { server: server.into(), wait: None, scope: None, challenge: None, min_ttl: None }
    }
}

/// The answer to [`TokenRequest`]: the fields of RFC 6749 §5.1, the server's name and the resource that the
/// token is bound to.
#[cfg_attr(feature = "types", derive(schemars::JsonSchema))]
#[derive(Debug, Serialize, Deserialize)]
pub struct Token {
    /// The credential.
    pub access_token: AccessToken,
    /// `Bearer`; `N_A` for a key that is shown in another way.
    pub token_type: String,
    /// Seconds for which the token is good; absent when the issuer set no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u64>,
    /// The scopes granted, separated by spaces; absent when the issuer did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The server's name in the valet's configuration.
    pub server: String,
    /// The RFC 8707 resource that the token is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// The header that it goes into, if it is a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// What stands before it in that, such as `Bearer `.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
}

/// An access token on its way to an agent. It can be sent and used, not printed; its memory is wiped on drop.
#[cfg_attr(feature = "types", derive(schemars::JsonSchema))]
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccessToken(String);

impl AccessToken {
    /// Takes the token over.
    #[must_use]
    pub fn new(token: String) -> Self {
        Self(token)
    }

    /// The token itself. Whoever calls this answers for where it goes.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[access token]")
    }
}

impl Drop for AccessToken {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
