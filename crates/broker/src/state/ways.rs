//! The ways that a sign-in goes.

use crate::state::ledger::Claim;
use oauth::Issuer;

/// What is remembered of them once the sign-in is complete.
#[derive(Debug, Clone)]
pub(crate) struct Ways {
    pub(crate) issuer: Issuer,
    /// What the redirect URI is wanted for; nothing where no browser comes back.
    pub(crate) claim: Option<Claim>,
    /// The origins that the issuer signs in at, its own aside.
    pub(crate) pages: Vec<String>,
    /// Whether the person agreed to those, whoever else has them.
    pub(crate) agreed: bool,
    /// Whether the person has a part in it: they configured the server, or began the sign-in.
    pub(crate) firm: bool,
}
