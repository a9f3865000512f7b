//! What the valet asks the person about. Questions with the same subject are one.

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
    /// A program wants to use a server.
    Use {
        /// The program.
        who: Application,
        /// The server.
        server_id: String,
        /// How far a yes reaches.
        extent: Extent,
    },
    /// A program wants to have a server added.
    Add(Arc<Proposal>),
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
    /// The program that asks. The valet's own questions come from none.
    /// Whether whoever asks cannot come back to ask again.
    pub fn is_passing(&self) -> bool {
        self.who().is_some_and(Application::is_passing)
    }

    pub(crate) fn who(&self) -> Option<&Application> {
        match self {
            Self::Use { who, .. } => Some(who),
            Self::Add(proposal) => Some(&proposal.who),
            Self::Replace { .. } | Self::SignIn { .. } | Self::Configuration { .. } => None,
        }
    }
}
