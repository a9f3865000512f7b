//! The leave for one request.

use crate::extent::{Extent, Wanted};
use crate::rules::Rules;
use std::sync::Arc;

/// Proof that an agent may use a server, so far and no further. It can be had from
/// [`decide`](crate::answers::Consents::decide) and from the person's answer alone.
#[derive(Debug)]
pub struct Permit {
    pub(super) once: bool,
    pub(super) extent: Arc<Extent>,
    /// Nothing where it is to everything.
    pub(super) rules: Option<Arc<Rules>>,
}

impl Permit {
    /// Whether it holds for one token or one MCP session alone.
    pub const fn is_once(&self) -> bool {
        self.once
    }

    /// Whether it reaches as far as that.
    pub fn covers(&self, wanted: Wanted<'_>) -> bool {
        self.extent.covers(wanted)
    }

    /// The rules by which it goes, where it is not to everything.
    pub const fn rules(&self) -> Option<&Arc<Rules>> {
        self.rules.as_ref()
    }

    /// The same leave for another request of the session that it was given for.
    pub fn within_session(&self) -> Self {
        Self { once: self.once, extent: Arc::clone(&self.extent), rules: self.rules.clone() }
    }
}

/// What is to be done about a request.
#[derive(Debug)]
pub enum Decision {
    /// It may go on.
    Allow(Permit),
    /// It may not.
    Deny,
    /// It may use the server through the valet, and wants a token.
    ProxyOnly,
    /// The person has to be asked.
    Ask,
}
