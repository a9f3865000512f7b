//! The state of a server: what is held × what a sign-in is doing × whether the person said "not now".

use crate::state::added::{Added, Agreed};
use crate::state::attempt::Attempt;
use crate::state::held::{Doubts, Held, Noted};
use crate::state::not_now::NotNow;
use crate::state::upkeep::Upkeep;
use crate::state::wish::Wish;
use config::redirect::Wanted;
use config::thing::Thing;
use config::{HandOut, ServerConfig};
use ground::fingerprint::fingerprint;
use jiff::Timestamp;
use oauth::{Issuer, ResourceChoice, Transport};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use wire::{LookAlike, Problem};

/// A client made by hand, and the one issuer that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClientAt {
    pub(crate) id: String,
    pub(crate) issuer: String,
}

/// A server and all that is known of it.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) config: ServerConfig,
    pub(crate) held: Held,
    pub(crate) attempt: Attempt,
    pub(crate) not_now: NotNow,
    /// What it is, whatever it is called.
    pub(crate) thing: Thing,
    /// The name under which the same thing is kept to the proxy, where this one does not say otherwise.
    pub(crate) proxy_of: Option<String>,
    /// Why its name may be taken for another.
    pub(crate) look_alike: Option<LookAlike>,
    /// The wish that somebody signs in.
    pub(crate) wish: Wish,
    /// How many sign-ins were completed in this run.
    pub(crate) sign_ins: u64,
    /// The issuers whose answers to requests for tokens take long, by the numbers of the requests.
    pub(crate) awaited: BTreeMap<u64, String>,
    pub(crate) upkeep: Upkeep,
    pub(crate) doubts: Doubts,
    /// What the server last wanted to see in a proof of possession (RFC 9449 §9).
    pub(crate) dpop_nonce: Option<String>,
    /// How it spoke when it was last used in this run.
    pub(crate) transport: Option<Transport>,
    pub(crate) last_used: Option<Timestamp>,
    /// `None`: the person wrote it down themselves.
    pub(crate) added: Option<Added>,
    /// The issuers at which a client of ours was registered for it.
    pub(crate) registered_at: BTreeSet<String>,
    /// Whether the vault may still have a grant that was revoked.
    pub(crate) revoked: bool,
    /// An issuer that would not have `resource`, see [`oauth::Fault::refuses_resource`].
    pub(crate) resource_refused_by: Option<String>,
    /// Where the client made by hand was used.
    pub(crate) client_at: Option<ClientAt>,
    /// The port of the redirect URI, once one was chosen.
    pub(crate) callback_port: Option<u16>,
    /// Held while the vault's copy of the grant is written and published, so that writes keep the order of
    /// events.
    pub(crate) pen: Arc<tokio::sync::Mutex<()>>,
}

impl Server {
    /// The issuers that it is known to sign in at: of what is held, and where a client of ours was registered.
    pub(crate) fn known_issuers(&self) -> Vec<Issuer> {
        let held = self.held.kept().map(|grant| &grant.parts.issuer);
        held.into_iter().chain(&self.registered_at).filter_map(|issuer| Issuer::parse(issuer).ok()).collect()
    }

    pub(crate) fn new(name: &str, config: ServerConfig) -> Self {
        let thing = Thing::at(config.url.as_str());
        Self {
            id: Self::id_of(name, &config),
            name: name.to_owned(),
            config,
            held: Held::Nothing,
            attempt: Attempt::None,
            not_now: NotNow::default(),
            thing,
            proxy_of: None,
            look_alike: None,
            wish: Wish::default(),
            sign_ins: 0,
            awaited: BTreeMap::new(),
            upkeep: Upkeep::default(),
            doubts: Doubts::default(),
            dpop_nonce: None,
            transport: None,
            last_used: None,
            added: None,
            registered_at: BTreeSet::new(),
            revoked: false,
            resource_refused_by: None,
            client_at: None,
            callback_port: None,
            pen: Arc::default(),
        }
    }

    /// The same server after an edit of its configuration. What stopped a sign-in before may be mended now.
    pub(crate) fn with_config(mut self, config: &ServerConfig) -> Self {
        let stopped = matches!(
            self.attempt,
            Attempt::Failed(_) | Attempt::NeedsClientId { .. } | Attempt::ChoosingIssuer(_)
        );
        if stopped && self.config != *config {
            self.attempt = Attempt::None;
        }
        if self.config != *config {
            self.upkeep.ask_again();
        }
        self.config = config.clone();
        self.doubts.for_another = None;
        self
    }

    /// A sign-in is complete: what it brought is held, and nothing of what led to it is left.
    pub(crate) fn take_over(&mut self, held: Held) {
        self.held = held;
        self.sign_ins += 1;
        let parts = self.held.grant().map(|grant| &grant.parts);
        let by_hand = parts.filter(|parts| self.config.oauth.client_id.as_ref() == Some(&parts.client.id));
        let client_at =
            by_hand.map(|parts| ClientAt { id: parts.client.id.clone(), issuer: parts.issuer.clone() });
        self.client_at = client_at.or(self.client_at.take());
        self.attempt = Attempt::None;
        self.not_now.take_back();
        self.wish.end();
        self.upkeep.forget_trouble();
        self.doubts = Doubts::default();
        self.revoked = false;
    }

    /// Wipes from memory what the vault has as well, and sign-ins that wait, with what would finish them.
    /// What is known here alone stays: a grant that the vault would not take, and an answer that an issuer is
    /// about to give.
    pub(crate) fn close(&mut self) {
        if matches!(self.held, Held::Live(_) | Held::Unregistered(..)) {
            self.held = Held::Sealed(Noted::Granted);
        }
        let waits = match self.attempt {
            Attempt::Waiting(_) | Attempt::OnDevice(_) => true,
            Attempt::Preparing(_) => self.upkeep.flight().is_none(),
            Attempt::None
            | Attempt::ChoosingIssuer(_)
            | Attempt::NeedsClientId { .. }
            | Attempt::Finishing(_)
            | Attempt::Failed(_) => false,
        };
        if waits {
            self.attempt = Attempt::Failed(problems::locked_meanwhile(&self.name));
        }
    }

    /// A changed URL is a new server: what was granted and consented for the old one does not pass on to it.
    pub(crate) fn id_of(name: &str, config: &ServerConfig) -> String {
        fingerprint(&[name, config.url.as_str()])
    }

    /// What an agent is told of a server that the person does not want to be asked about.
    pub(crate) fn declined(&self) -> Option<Problem> {
        self.not_now.problem(&self.name)
    }

    /// The name under which it is said that agents get no token of this itself.
    pub(crate) fn kept_to_the_proxy(&self) -> Option<&str> {
        let own = (self.config.hand_out == Some(HandOut::Proxy)).then_some(self.name.as_str());
        own.or(self.proxy_of.as_deref())
    }

    /// Whether the person configured it, or agreed to how a program did.
    pub(crate) fn is_persons(&self) -> bool {
        self.added.as_ref().is_none_or(|added| added.agreed == Agreed::ByThePerson)
    }

    /// Whether the person wrote it down themselves.
    pub(crate) const fn is_of_the_file(&self) -> bool {
        self.added.is_none()
    }

    /// Whether nobody has to sign in.
    pub(crate) const fn is_unattended(&self) -> bool {
        self.config.oauth.grant.unattended().is_some()
    }

    /// The issuer that the person was asked to make a client at.
    pub(crate) fn issuer_without_client(&self) -> Option<String> {
        let Attempt::NeedsClientId { issuer, .. } = &self.attempt else { return None };
        Some(issuer.clone())
    }

    pub(crate) fn redirect_uri(&self) -> Option<String> {
        if let Attempt::NeedsClientId { redirect_uri, .. } = &self.attempt {
            return Some(redirect_uri.clone());
        }
        if let Some(waiting) = self.attempt.waiting() {
            return Some(waiting.pending.redirect_uri().to_owned());
        }
        self.held.grant().and_then(|grant| grant.parts.redirect_uri.clone())
    }

    /// The redirect URI of a client made by hand.
    pub(crate) fn own_redirect_uri(&self) -> String {
        Wanted::by_hand(&self.config.oauth, self.callback_port).example()
    }

    /// Where this server signs in, if that is known already.
    pub(crate) fn known_issuer(&self) -> Option<&str> {
        let waiting = self.attempt.waiting().map(|waiting| waiting.pending.issuer().as_str());
        let granted = self.held.grant().map(|grant| grant.parts.issuer.as_str());
        waiting.or(granted).or(self.config.oauth.authorization_server.as_ref().map(Issuer::as_str))
    }

    /// The same, or where its client made by hand was used.
    pub(crate) fn likely_issuer(&self) -> Option<&str> {
        let at = self.client_at.as_ref().filter(|at| self.config.oauth.client_id.as_ref() == Some(&at.id));
        self.known_issuer().or(at.map(|at| at.issuer.as_str()))
    }

    /// What tokens are for: those that there are, that a sign-in waits for, and as the person configured it.
    pub(crate) fn resources(&self) -> impl Iterator<Item = &str> {
        let granted = self.held.grant().and_then(|grant| grant.parts.resource.as_deref());
        let configured = match &self.config.oauth.resource {
            ResourceChoice::Uri(uri) => Some(uri.as_str()),
            ResourceChoice::Auto | ResourceChoice::Omit => None,
        };
        [granted, self.attempt.resource(), configured].into_iter().flatten()
    }

    /// What tokens are for, where that is not the server itself.
    pub(crate) fn other_resource(&self) -> Option<&str> {
        self.resources().find(|resource| !self.config.url.is_named(resource))
    }

    pub(crate) fn scopes_wanted(&self) -> Vec<String> {
        if let Some(scopes) = &self.config.oauth.scopes {
            return scopes.clone();
        }
        self.held.grant().map(|grant| grant.parts.scopes_asked.clone()).unwrap_or_default()
    }
}
