use std::sync::{Mutex, MutexGuard, PoisonError};

use provider::{Profile, Redirects, Scopes, UnixSeconds};

use crate::clock::Clock;
use crate::jwt::Key;
use crate::ledger::Ledger;
use crate::scope::Scope;

/// How long a refresh token lives when it is not used.
const GRANT_LIFETIME: UnixSeconds = 30 * 24 * 3600;

/// One running demo: what it is called, what it signs with and what it remembers.
pub(crate) struct Demo {
    /// Host and port, the only `Host` that is answered.
    pub(crate) authority: String,
    /// What the authorization server is called and gives; its issuer is `http://HOST:PORT`.
    pub(crate) profile: Profile,
    /// The protected resource (RFC 9728), which is the MCP endpoint's URL.
    pub(crate) resource: String,
    /// Whether clients may register themselves (RFC 7591).
    pub(crate) registers: bool,
    /// The time.
    pub(crate) clock: Clock,
    /// The key that signs access tokens.
    pub(crate) key: Key,
    /// What is remembered. A plain mutex: it is held for short computations only, never across an await.
    pub(crate) books: Mutex<Ledger>,
}

impl Demo {
    /// The ledger. After a panic elsewhere it is used as it stands: every change to it is complete in itself.
    pub(crate) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One of the demo's own URLs.
    pub(crate) fn url(&self, path: &str) -> String {
        self.profile.url(path)
    }
}

/// The authorization server of a demo.
pub(crate) fn profile(issuer: String, sends_iss: bool, token_lifetime: UnixSeconds) -> Profile {
    Profile {
        issuer,
        sends_iss,
        scopes: Scopes::of(&Scope::ALL.map(Scope::name)),
        usual: Scopes::of(&[Scope::Read.name()]),
        offline: Some(Scope::Offline.name()),
        ignores_unknown_scopes: false,
        token_lifetime,
        grant_lifetime: GRANT_LIFETIME,
        // What is registered is gone with the demo, and not before.
        client_lifetime: UnixSeconds::MAX,
        redirects: Redirects::Anywhere,
        realm: "mcp-valet-demo",
    }
}

#[cfg(test)]
impl Demo {
    /// A demo that listens nowhere.
    pub(crate) fn for_test() -> Self {
        Self {
            authority: "127.0.0.1:1".to_owned(),
            profile: profile("http://127.0.0.1:1".to_owned(), true, 300),
            resource: "http://127.0.0.1:1/mcp".to_owned(),
            registers: true,
            clock: Clock::new(),
            key: Key::generate().unwrap(),
            books: Mutex::new(Ledger::new(None)),
        }
    }
}
