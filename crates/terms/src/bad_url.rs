//! An address that cannot be used.

use words::say;

/// A text that should have been the address of something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", say!(url_bad, what = of.noun(), problem = .problem))]
pub struct BadUrl {
    /// Of what.
    pub of: Noun,
    /// Why not; completes the sentence "it cannot be used: …".
    pub problem: String,
}

/// What has an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    /// An authorization server, which others may have named.
    Issuer,
    /// The MCP server.
    Server,
    /// The client metadata document.
    ClientDocument,
}

impl Noun {
    /// In words.
    #[must_use]
    pub fn noun(self) -> String {
        match self {
            Self::Issuer => say!(url_issuer),
            Self::Server => say!(url_server),
            Self::ClientDocument => say!(url_document),
        }
    }
}

impl BadUrl {
    pub(crate) const fn new(of: Noun, problem: String) -> Self {
        Self { of, problem }
    }

    /// A stable name in snake_case, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "url_invalid"
    }

    /// What the person can do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        match self.of {
            Noun::Issuer => say!(url_issuer_advice),
            Noun::Server | Noun::ClientDocument => say!(url_own_advice),
        }
    }
}
