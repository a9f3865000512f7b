//! Sign-ins in which somebody else has the turn.

use crate::state::ledger::Claim;
use crate::state::ways::Ways;
use config::redirect::Endpoint;
use jiff::Timestamp;
use oauth::{Client, DpopKey, Pending, Reach, ServerUrl};
use peer::By;
use url::Url;
use wire::{Authorization, DeviceCode};

/// A sign-in in which the browser has the turn.
pub(crate) struct Waiting {
    pub(crate) number: u64,
    pub(crate) server_id: String,
    pub(crate) by: By,
    pub(crate) pending: Pending,
    pub(crate) endpoint: Endpoint,
    pub(crate) ways: Ways,
    pub(crate) url: Url,
    pub(crate) expires_at: Timestamp,
    pub(crate) client: Client,
    pub(crate) revocation_endpoint: Option<Url>,
    pub(crate) jwks_uri: Option<Url>,
    pub(crate) reach: Reach,
    pub(crate) dpop: Option<DpopKey>,
    pub(crate) notice: Option<String>,
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Waiting").field("number", &self.number).finish_non_exhaustive()
    }
}

impl Waiting {
    /// What it wants its redirect URI for.
    pub(crate) const fn claim(&self) -> Option<&Claim> {
        self.ways.claim()
    }

    /// What the asker opens.
    pub(crate) fn authorization(&self, server: &str, url: &ServerUrl) -> Authorization {
        let other = self.pending.resource().filter(|resource| !url.is_named(resource));
        Authorization {
            server: server.to_owned(),
            authorization_url: self.url.as_str().to_owned(),
            redirect_uri: Some(self.pending.redirect_uri().to_owned()),
            other_resource: other.map(plain::address),
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
