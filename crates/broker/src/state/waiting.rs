//! Sign-ins in which somebody else has the turn.

use crate::state::item::GrantParts;
use crate::state::ways::Ways;
use config::redirect::Endpoint;
use jiff::Timestamp;
use ledger::Claim;
use oauth::{Pending, ServerUrl};
use peer::By;
use url::Url;
use wire::{Authorization, DeviceCode, Problem};

/// What a sign-in leaves behind while somebody else has the turn, for when they are done.
pub(crate) struct Return {
    /// The number of the attempt.
    pub(crate) number: u64,
    /// The server's id when the attempt began.
    pub(crate) server_id: String,
    /// Who began it.
    pub(crate) by: By,
    pub(crate) ways: Ways,
    /// What the grant will be, but for its tokens.
    pub(crate) parts: GrantParts,
}

/// A sign-in in which the browser has the turn.
pub(crate) struct Waiting {
    pub(crate) back: Return,
    pub(crate) pending: Pending,
    pub(crate) endpoint: Endpoint,
    pub(crate) url: Url,
    pub(crate) expires_at: Timestamp,
    /// What whoever waits should know meanwhile.
    pub(crate) news: Option<Problem>,
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Waiting").field("number", &self.back.number).finish_non_exhaustive()
    }
}

impl Waiting {
    /// What it wants its redirect URI for.
    pub(crate) const fn claim(&self) -> Option<&Claim> {
        self.back.ways.claim()
    }

    /// What the asker opens.
    pub(crate) fn authorization(&self, server: &str, url: &ServerUrl) -> Authorization {
        Authorization {
            server: server.to_owned(),
            authorization_url: self.url.as_str().to_owned(),
            redirect_uri: Some(self.pending.redirect_uri().to_owned()),
            other_resource: self.back.parts.other_resource(url),
            device: None,
            expires_at: self.expires_at,
        }
    }
}

/// A sign-in that another device has.
#[derive(Debug)]
pub(crate) struct OnDevice {
    pub(crate) number: u64,
    /// What the person types, and where.
    pub(crate) code: DeviceCode,
    /// All that whoever began it is told.
    pub(crate) page: Authorization,
    /// What the tokens will be for.
    pub(crate) resource: Option<String>,
}
