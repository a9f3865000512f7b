//! What an agent would get, as far as that is known at one moment.

use crate::hand_out::shown::Shown;
use config::AgentsPolicy;
use consent::extent::Wanted;
use state::book::Book;
use state::held::Held;
use state::item::Grant;
use state::server::Server;
use std::sync::Arc;
use wire::Form;

/// The longest life, in seconds, of a token that is handed out unless the person says otherwise.
const DAY: i64 = 24 * 60 * 60;

/// What an agent wants the server for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The token itself.
    Token,
    /// To go through the proxy, where it gets none.
    Proxy,
}

impl Purpose {
    /// `lasts`: whether nobody could recall the token.
    const fn form(self, lasts: bool) -> Form {
        match (self, lasts) {
            (Self::Proxy, _) => Form::Proxied,
            (Self::Token, true) => Form::LastingToken,
            (Self::Token, false) => Form::Token,
        }
    }

    /// What the agent gets with what is `shown` to the server.
    pub(crate) fn wanted(self, shown: &Shown) -> Wanted<'_> {
        Wanted {
            scopes: Some(shown.scopes()),
            form: self.form(shown.grant().is_none_or(|grant| lasts(grant))),
        }
    }
}

/// Whether the token lives longer than a day, or without end.
pub(super) fn lasts(grant: &Grant) -> bool {
    grant.lifetime().is_none_or(|life| life > DAY)
}

/// All that matters to the person's leave, at one moment.
pub(super) struct Prospect {
    /// What an agent gets that was never answered about.
    pub(super) policy: AgentsPolicy,
    pub(super) grant: Option<Arc<Grant>>,
    /// The scopes, where they are not those of the grant.
    scopes: Option<Vec<String>>,
    pub(super) form: Form,
    /// Whether the vault has to be read before more is known.
    pub(super) sealed: bool,
}

impl Prospect {
    /// What an agent gets that wants `scopes` beside those that there are.
    pub(super) fn of(book: &Book, server: &Server, purpose: Purpose, scopes: &[String]) -> Self {
        let grant = server.held.grant().cloned();
        let scopes = match &grant {
            // What a key is good for, its provider alone knows.
            None if server.takes_keys() => Some(Vec::new()),
            None => server.config.oauth.scopes.clone(),
            // Scopes that the person configured are the limit, whatever is asked for.
            Some(_) if scopes.is_empty() || server.config.oauth.scopes.is_some() => None,
            Some(grant) => {
                let new = scopes.iter().filter(|scope| !grant.parts.scopes.contains(scope));
                Some(grant.parts.scopes.iter().chain(new).cloned().collect())
            }
        };
        let form = purpose.form(server.takes_keys() || grant.as_deref().is_some_and(lasts));
        let sealed = matches!(server.held, Held::Sealed(_));
        Self { policy: book.config.valet.agents, grant, scopes, form, sealed }
    }

    pub(super) fn wanted(&self) -> Wanted<'_> {
        let granted = || self.grant.as_ref().map(|grant| grant.parts.scopes.as_slice());
        Wanted { scopes: self.scopes.as_deref().or_else(granted), form: self.form }
    }
}
