//! Sign-ins in which somebody else has the turn.

use crate::item::GrantParts;
use crate::ways::Ways;
use config::redirect::RedirectEndpoint;
use jiff::Timestamp;
use ledger::Claim;
use oauth::{AccountChoice, Pending, ServerUrl};
use peer::By;
use url::Url;
use wire::{Authorization, DeviceCode, Problem};

/// What a sign-in leaves behind while somebody else has the turn, for when they are done.
pub struct Return {
    /// The number of the attempt.
    pub number: u64,
    /// The server's id when the attempt began.
    pub server_id: String,
    /// Who began it.
    pub by: By,
    /// Which account it is for.
    pub account: AccountChoice,
    /// The ways that it goes.
    pub ways: Ways,
    /// What the grant will be, but for its tokens.
    pub parts: GrantParts,
}

/// A sign-in in which the browser has the turn.
pub struct Waiting {
    /// What it leaves behind.
    pub back: Return,
    /// What the answer must match.
    pub pending: Pending,
    /// Where the browser comes back to.
    pub endpoint: RedirectEndpoint,
    /// The page that the person opens.
    pub url: Url,
    /// When it is not waited for any more.
    pub expires_at: Timestamp,
    /// What whoever waits should know meanwhile.
    pub news: Option<Problem>,
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Waiting").field("number", &self.back.number).finish_non_exhaustive()
    }
}

impl Waiting {
    /// What it wants its redirect URI for.
    pub const fn claim(&self) -> Option<&Claim> {
        self.back.ways.claim()
    }

    /// What the asker opens.
    pub fn authorization(&self, server: &str, url: &ServerUrl) -> Authorization {
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
pub struct OnDevice {
    /// The number of the attempt.
    pub number: u64,
    /// What the person types, and where.
    pub code: DeviceCode,
    /// All that whoever began it is told.
    pub page: Authorization,
    /// What the tokens will be for.
    pub resource: Option<String>,
}
