//! An address that cannot be used.

/// A text that should have been the address of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{} is not a URL that can be used: {problem}", of.noun())]
pub struct BadUrl {
    /// Of what.
    pub of: Noun,
    /// Why not; completes the sentence "it cannot be used: …".
    pub problem: &'static str,
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
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Issuer => "the authorization server",
            Self::Server => "the server's URL",
            Self::ClientDocument => "the client metadata document",
        }
    }
}

impl BadUrl {
    pub(crate) const fn new(of: Noun, problem: &'static str) -> Self {
        Self { of, problem }
    }

    /// A stable name in snake_case, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "url_invalid"
    }

    /// What the person can do about it.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self.of {
            Noun::Issuer => "Tell the server's operator.",
            Noun::Server | Noun::ClientDocument => "Correct it in the configuration.",
        }
    }
}
