use std::sync::Arc;

use crate::approval::{Access, Approval, CODE_LIFETIME, Code, CodeState, Grant};
use crate::authorize::Asked;
use crate::bounded::Bounded;
use crate::client::Client;
use crate::profile::UnixSeconds;
use crate::secret::{Digest, Secret};

/// How much is remembered, each at most.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Clients that registered.
    pub clients: usize,
    /// Codes that wait for their clients, and those that were used.
    pub codes: usize,
    /// Grants that are in use.
    pub grants: usize,
    /// Access tokens that are good.
    pub tokens: usize,
}

/// Everything that the authorization server remembers, each part with a limit. `W` is for whom or what a
/// grant is: the account of the person who allowed it, say.
///
/// Of codes and tokens only digests are here: what is read out of it opens nothing.
pub struct Ledger<W> {
    /// A client that is known from the start, which no flood of registrations pushes out.
    fixed: Option<Arc<Client>>,
    pub(crate) clients: Bounded<String, Arc<Client>>,
    pub(crate) codes: Bounded<Digest, Code<W>>,
    pub(crate) grants: Bounded<String, Grant<W>>,
    pub(crate) access: Bounded<Digest, Access>,
}

impl<W: Clone> Ledger<W> {
    /// An empty ledger.
    #[must_use]
    pub fn new(limits: Limits, fixed: Option<Client>) -> Self {
        Self {
            fixed: fixed.map(Arc::new),
            clients: Bounded::new(limits.clients),
            codes: Bounded::new(limits.codes),
            grants: Bounded::new(limits.grants),
            access: Bounded::new(limits.tokens),
        }
    }

    /// The client with this id.
    #[must_use]
    pub fn client(&self, id: &str, now: UnixSeconds) -> Option<Arc<Client>> {
        let fixed = self.fixed.as_ref().filter(|client| client.id == id);
        fixed.or_else(|| self.clients.live(&id.to_owned(), now)).cloned()
    }

    /// Remembers a client until then, unless it is used meanwhile.
    pub fn remember(&mut self, client: Client, until: UnixSeconds, now: UnixSeconds) -> Arc<Client> {
        let client = Arc::new(client);
        // One that is known already and in use is not forgotten sooner.
        let until = self.clients.expires(&client.id, now).map_or(until, |before| before.max(until));
        self.clients.insert(client.id.clone(), Arc::clone(&client), until, now);
        client
    }

    /// A code for what was asked and is allowed: good for a minute, and once (RFC 6749 §4.1.2).
    pub fn code(&mut self, asked: &Asked, whom: W, now: UnixSeconds) -> Secret {
        let approval = Approval {
            client_id: asked.client.id.clone(),
            resource: asked.resource.clone(),
            scopes: asked.scopes.clone(),
            whom,
        };
        let code = Secret::random();
        let entry = Code {
            approval,
            redirect_uri: asked.redirect.as_str().to_owned(),
            challenge: asked.challenge.clone(),
            state: CodeState::Fresh,
        };
        self.codes.insert(code.digest(), entry, now + CODE_LIFETIME, now);
        code
    }

    /// What an access token is good for; `None` if it is unknown, over or revoked, or its grant is.
    #[must_use]
    pub fn approved(&self, token: &Secret, now: UnixSeconds) -> Option<Approval<W>> {
        let access = self.access.live(&token.digest(), now)?;
        let grant = self.grants.live(&access.grant, now)?;
        Some(Approval { scopes: access.scopes.clone(), ..grant.approval.clone() })
    }

    /// When an access token ends that is good; `None` if it is not.
    #[must_use]
    pub fn ends(&self, token: &Digest, now: UnixSeconds) -> Option<UnixSeconds> {
        let access = self.access.live(token, now)?;
        let (token, grant) = (self.access.expires(token, now)?, self.grants.expires(&access.grant, now)?);
        Some(token.min(grant))
    }

    /// When the next grant or code ends.
    #[must_use]
    pub fn next_end(&self, now: UnixSeconds) -> Option<UnixSeconds> {
        self.grants.next_expires(now).into_iter().chain(self.codes.next_expires(now)).min()
    }

    /// What a refresh token is good for, if it is the newest of its grant.
    #[must_use]
    pub fn refreshes(&self, token: &Secret, now: UnixSeconds) -> Option<&Approval<W>> {
        let grant = self.grants.live(&crate::approval::grant_id(token)?, now)?;
        (grant.refresh == Some(token.digest())).then_some(&grant.approval)
    }

    /// Every grant that is good.
    pub fn grants(&self, now: UnixSeconds) -> impl Iterator<Item = &Approval<W>> {
        self.grants.all_live(now).map(|grant| &grant.approval)
    }

    /// Whether there is a grant that is meant and good, or a code that may become one.
    #[must_use]
    pub fn has(&self, is_meant: impl Fn(&Approval<W>) -> bool, now: UnixSeconds) -> bool {
        let code = |code: &Code<W>| matches!(code.state, CodeState::Fresh) && is_meant(&code.approval);
        self.grants(now).any(&is_meant) || self.codes.all_live(now).any(code)
    }

    /// Ends every grant that is meant, its tokens, and the codes that would become one. Answers how many
    /// grants those were.
    pub fn end(&mut self, is_meant: impl Fn(&Approval<W>) -> bool) -> usize {
        self.codes.retain(|code| !is_meant(&code.approval));
        let (mut ended, mut gone) = (0, Vec::new());
        self.grants.retain_keyed(|id, grant| {
            let is_over = is_meant(&grant.approval);
            if is_over {
                ended += 1;
                gone.push(id.clone());
            }
            !is_over
        });
        self.access.retain(|access| !gone.contains(&access.grant));
        ended
    }

    /// Remembers a client until then at least, unless it is forgotten already.
    pub fn keep(&mut self, client: &Arc<Client>, until: UnixSeconds, now: UnixSeconds) {
        if let Some(before) = self.clients.expires(&client.id, now) {
            self.clients.insert(client.id.clone(), Arc::clone(client), until.max(before), now);
        }
    }

    /// Forgets a client and all that it holds.
    pub(crate) fn forget(&mut self, client_id: &str) {
        self.clients.take(&client_id.to_owned(), UnixSeconds::MIN);
        self.end(|approval| approval.client_id == client_id);
    }

    /// Ends a grant, its refresh token and its access tokens.
    pub(crate) fn revoke(&mut self, grant_id: &str) {
        self.grants.take(&grant_id.to_owned(), UnixSeconds::MIN);
        self.access.retain(|access| access.grant != grant_id);
    }
}
