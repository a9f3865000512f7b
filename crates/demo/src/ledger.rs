use std::sync::Arc;

use crate::approval::{Code, Grant};
use crate::bounded::Bounded;
use crate::client::Client;
use crate::clock::UnixSeconds;
use crate::consent::Pending;
use crate::secret::Digest;

/// Everything the demo remembers, each part with a limit.
pub(crate) struct Ledger {
    /// The client of the command line, which no flood of registrations pushes out.
    pub(crate) fixed_client: Option<Arc<Client>>,
    /// Clients by id.
    pub(crate) clients: Bounded<String, Arc<Client>>,
    /// Consent pages that wait for an answer, by the digest of their CSRF token.
    pub(crate) pending: Bounded<Digest, Pending>,
    /// Codes by digest.
    pub(crate) codes: Bounded<Digest, Code>,
    /// Grants by id.
    pub(crate) grants: Bounded<String, Grant>,
    /// The id of the grant that each access token belongs to, by `jti`. A token that is not here is revoked.
    pub(crate) access: Bounded<String, String>,
}

impl Ledger {
    /// An empty ledger.
    pub(crate) fn new(fixed_client: Option<Client>) -> Self {
        Self {
            fixed_client: fixed_client.map(Arc::new),
            clients: Bounded::new(512),
            pending: Bounded::new(256),
            codes: Bounded::new(512),
            grants: Bounded::new(1024),
            access: Bounded::new(4096),
        }
    }

    /// The client with this id.
    pub(crate) fn client(&self, id: &str, now: UnixSeconds) -> Option<Arc<Client>> {
        let fixed = self.fixed_client.as_ref().filter(|client| client.id == id);
        fixed.or_else(|| self.clients.live(&id.to_owned(), now)).cloned()
    }

    /// The grant that an access token belongs to; `None` if either is revoked or over.
    pub(crate) fn grant_of(&self, jti: &str, now: UnixSeconds) -> Option<&Grant> {
        self.access.live(&jti.to_owned(), now).and_then(|id| self.grants.live(id, now))
    }

    /// Ends a grant, its refresh token and its access tokens.
    pub(crate) fn revoke(&mut self, grant_id: &str) {
        self.grants.take(&grant_id.to_owned(), UnixSeconds::MIN);
        self.access.retain(|owner| owner != grant_id);
    }
}
