//! The issuer that tokens for a server are asked of: found out, chosen, and asked about itself. Every way to
//! a grant begins here.

use crate::grants::stopped::Stopped;
use config::{Dpop, OauthBlock, ServerConfig};
use oauth::{Client, Discovery, DpopKey, Http, Issuer, Metadata, Overrides, ServerUrl};
use state::item::GrantParts;
use wire::Problem;

/// The issuer chosen for a server: its metadata, and what the server says.
pub(crate) struct Chosen {
    /// The server's address.
    url: ServerUrl,
    pub(crate) discovery: Discovery,
    pub(crate) metadata: Metadata,
}

impl Chosen {
    /// Asks the server at `url` where it signs in, has one of its issuers chosen, and asks that.
    ///
    /// # Errors
    /// One of the two does not answer, or nothing is chosen.
    pub(crate) async fn find(
        http: &Http,
        url: &ServerUrl,
        overrides: &Overrides,
        choose: impl AsyncFnOnce(&Discovery) -> Result<Issuer, Stopped>,
    ) -> Result<Self, Stopped> {
        let discovery = oauth::discover(http, url, overrides).await?;
        let issuer = choose(&discovery).await?;
        let metadata = discovery.metadata(http, &issuer).await?;
        Ok(Self { url: url.clone(), discovery, metadata })
    }

    pub(crate) const fn issuer(&self) -> &Issuer {
        &self.metadata.issuer
    }

    /// The scopes to ask for, as far as the server and its configuration name any.
    pub(crate) fn scopes(&self) -> Vec<String> {
        self.discovery.scopes_for(self.issuer())
    }

    /// The parts of a grant for `client`, with a key of its own where tokens are to be bound.
    pub(crate) fn parts(
        &self,
        config: &ServerConfig,
        client: Client,
        scopes: Vec<String>,
    ) -> Result<GrantParts, Problem> {
        let (dpop, resource) = (self.key(&config.oauth)?, self.discovery.resource_for(self.issuer()));
        Ok(GrantParts::new(self.url.as_str(), &self.metadata, client, dpop, resource, scopes))
    }

    /// A new key for the tokens of one grant, where the configuration or the server wants them bound (RFC
    /// 9449).
    fn key(&self, oauth: &OauthBlock) -> Result<Option<DpopKey>, Problem> {
        let wanted = match oauth.dpop {
            Dpop::Off => false,
            Dpop::Auto => self.discovery.wants_dpop() && self.metadata.supports_dpop(),
            Dpop::Required => true,
        };
        wanted.then(DpopKey::generate).transpose().map_err(|fault| problems::fault(&fault))
    }
}
