//! The ways that a sign-in goes.

use ledger::Claim;
use oauth::Issuer;
use url::Url;

/// What is remembered of them once the sign-in is complete.
#[derive(Debug, Clone)]
pub(crate) struct Ways {
    pub(crate) issuer: Issuer,
    /// What the redirect URI is wanted for; nothing where no browser comes back.
    pub(crate) claim: Option<Claim>,
    /// The pages that the issuer signs in at.
    pub(crate) pages: Vec<Url>,
    /// Whether the person agreed to those, whoever else has them.
    pub(crate) agreed: Agreed,
    /// Whether the person has a part in it: they configured the server, or began the sign-in.
    pub(crate) firm: bool,
    /// Whether pages may be taken that others have by a program's doing alone; see [`Claim::takes_over`].
    pub(crate) takes_over: bool,
}

/// Whether the person agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Agreed {
    No,
    Yes,
}
