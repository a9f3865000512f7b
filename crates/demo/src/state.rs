use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::clock::{Clock, UnixSeconds};
use crate::jwt::Key;
use crate::ledger::Ledger;

/// One running demo: what it is called, what it signs with and what it remembers.
pub(crate) struct Demo {
    /// Host and port, the only `Host` that is answered.
    pub(crate) authority: String,
    /// The issuer, `http://HOST:PORT`.
    pub(crate) issuer: String,
    /// The protected resource (RFC 9728), which is the MCP endpoint's URL.
    pub(crate) resource: String,
    /// Whether authorization responses carry `iss` (RFC 9207).
    pub(crate) sends_iss: bool,
    /// Whether clients may register themselves (RFC 7591).
    pub(crate) registers: bool,
    /// How long an access token lives.
    pub(crate) token_lifetime: UnixSeconds,
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
        format!("{}{path}", self.issuer)
    }
}

#[cfg(test)]
impl Demo {
    /// A demo that listens nowhere.
    pub(crate) fn for_test() -> Self {
        Self {
            authority: "127.0.0.1:1".to_owned(),
            issuer: "http://127.0.0.1:1".to_owned(),
            resource: "http://127.0.0.1:1/mcp".to_owned(),
            sends_iss: true,
            registers: true,
            token_lifetime: 300,
            clock: Clock::new(),
            key: Key::generate().unwrap(),
            books: Mutex::new(Ledger::new(None)),
        }
    }
}
