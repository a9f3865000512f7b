//! What the valet asks the person about. Questions with the same subject are one.

use crate::account::AccountAsked;
use crate::call::CallAsked;
use crate::extent::Extent;
use crate::proposal::Proposal;
use peer::Application;
use std::sync::Arc;

/// Who asks about what; questions with the same subject are one.
#[expect(
    clippy::large_enum_variant,
    reason = "all but a few are of the first kind, and those that are open are counted"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A program wants to use a server: answered by how far and how long.
    Use(Use),
    /// A program wants to do something at a server that it may use.
    Call(Arc<CallAsked>),
    /// Anything else, which the person agrees to or not.
    Matter(Matter),
}

/// A program wants to use a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The program.
    pub who: Application,
    /// The server.
    pub server_id: String,
    /// How far a yes reaches at most.
    pub extent: Extent,
}

/// Something that the person agrees to or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matter {
    /// A program wants something of the configuration or the vault.
    Proposal(Arc<Proposal>),
    /// A program works in a folder that says of no account that it is the one. A yes comes with the one that
    /// the person chose.
    Account(Arc<AccountAsked>),
    /// A sign-in that a program began would take the place of the one that works.
    Replace {
        /// The number of the sign-in.
        attempt: u64,
    },
    /// A sign-in would go a way that another issuer uses as well.
    SignIn {
        /// The number of the sign-in.
        attempt: u64,
        /// Whether a page is shared, and not the redirect URI.
        page: bool,
    },
    /// An edit of the configuration gives more than before.
    Configuration {
        /// A mark of what it gives.
        mark: String,
    },
}

impl Subject {
    /// Whether whoever asks cannot come back to ask again.
    pub fn is_passing(&self) -> bool {
        self.who().is_some_and(Application::is_passing)
    }

    /// The program that asks. The valet's own questions come from none.
    pub(crate) fn who(&self) -> Option<&Application> {
        match self {
            Self::Use(subject) => Some(&subject.who),
            Self::Call(call) => Some(&call.who),
            Self::Matter(matter) => matter.who(),
        }
    }
}

impl Matter {
    /// The program that asks. The valet's own questions come from none.
    pub(crate) fn who(&self) -> Option<&Application> {
        match self {
            Self::Proposal(proposal) => Some(&proposal.who),
            Self::Account(asked) => Some(&asked.who),
            Self::Replace { .. } | Self::SignIn { .. } | Self::Configuration { .. } => None,
        }
    }

    /// Whether a secret waits in it.
    pub(crate) fn has_secret(&self) -> bool {
        matches!(self, Self::Proposal(proposal) if proposal.has_secret())
    }
}
