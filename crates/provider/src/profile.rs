//! What is particular about one authorization server.

use crate::redirect::RedirectUri;
use crate::scopes::Scopes;

/// Seconds since 1970, the unit of `iat` and `exp` (RFC 7519 §2).
pub type UnixSeconds = i64;

/// What an authorization server is called, what it gives, and to whom.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The issuer: an origin, without a slash at its end. All endpoints are below it.
    pub issuer: String,
    /// Whether authorization responses carry `iss` (RFC 9207).
    pub sends_iss: bool,
    /// Every scope there is.
    pub scopes: Scopes,
    /// What a client gets that asks for nothing in particular.
    pub usual: Scopes,
    /// The scope without which there is no refresh token (OpenID Connect Core §11); without one, whoever
    /// registered for refresh tokens gets them.
    pub offline: Option<&'static str>,
    /// Whether a scope that there is not is left out (RFC 6749 §3.3) rather than refused.
    pub ignores_unknown_scopes: bool,
    /// How long an access token lives.
    pub token_lifetime: UnixSeconds,
    /// How long a refresh token lives when it is not used.
    pub grant_lifetime: UnixSeconds,
    /// How long a registered client is remembered that nobody has used since.
    pub client_lifetime: UnixSeconds,
    /// Where answers may go.
    pub redirects: Redirects,
    /// The name of the realm in which clients show their secrets (RFC 9110 §11.5).
    pub realm: &'static str,
}

/// Where a client may have its answers sent.
#[derive(Debug, Clone)]
pub enum Redirects {
    /// To any https address, and to this computer.
    Anywhere,
    /// To this computer, and to exactly these.
    Here(Vec<String>),
    /// To these alone: of those on loopback, the port is free (RFC 8252 §7.3).
    Listed(Vec<String>),
}

impl Redirects {
    /// Whether a client may register this one.
    #[must_use]
    pub fn admit(&self, uri: &RedirectUri) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Here(listed) => uri.is_loopback() || has(listed, uri),
            Self::Listed(listed) => has(listed, uri),
        }
    }
}

fn has(listed: &[String], uri: &RedirectUri) -> bool {
    listed.iter().filter_map(|one| RedirectUri::parse(one)).any(|one| one.admits(uri))
}

impl Profile {
    /// One of its own addresses.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }
}

#[cfg(test)]
impl Profile {
    /// One that nobody serves.
    pub(crate) fn for_test() -> Self {
        Self {
            issuer: "https://as.example".to_owned(),
            sends_iss: true,
            scopes: Scopes::of(&["read", "write"]),
            usual: Scopes::of(&["read"]),
            offline: None,
            ignores_unknown_scopes: true,
            token_lifetime: 300,
            grant_lifetime: 3_000,
            client_lifetime: 30_000,
            redirects: Redirects::Anywhere,
            realm: "test",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{RedirectUri, Redirects};

    #[test]
    fn loopback_is_this_computer_only_where_that_is_certain() {
        let uri = |raw| RedirectUri::parse(raw).unwrap();
        let listed = vec!["https://app.example.com/cb".to_owned(), "http://localhost/callback".to_owned()];
        let (here, alone) = (Redirects::Here(listed.clone()), Redirects::Listed(listed));
        assert!(here.admit(&uri("http://127.0.0.1:1/any")) && !alone.admit(&uri("http://127.0.0.1:1/any")));
        for good in ["https://app.example.com/cb", "http://localhost:4711/callback"] {
            assert!(here.admit(&uri(good)) && alone.admit(&uri(good)), "{good}");
        }
        for bad in ["https://app.example.com:444/cb", "https://app.example.com/cb/"] {
            assert!(!here.admit(&uri(bad)) && !alone.admit(&uri(bad)), "{bad}");
        }
    }
}
