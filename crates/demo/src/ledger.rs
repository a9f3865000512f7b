use provider::{Asked, Client, Ledger as Books, Limits, Pages};

use crate::account::Account;
use crate::consent;

/// Everything the demo remembers, each part with a limit.
pub(crate) struct Ledger {
    /// Clients, codes and tokens.
    pub(crate) books: Books<Account>,
    /// Consent pages that wait for an answer.
    pub(crate) pages: Pages<Asked>,
}

impl Ledger {
    /// An empty ledger.
    pub(crate) fn new(fixed_client: Option<Client>) -> Self {
        let limits = Limits { clients: 512, codes: 512, grants: 1024, tokens: 4096 };
        Self { books: Books::new(limits, fixed_client), pages: Pages::new(256, consent::PATH, false) }
    }
}
