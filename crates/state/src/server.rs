//! The state of a server: what is held × what a sign-in is doing × whether the person said "not now".

use crate::added::AddedBy;
use crate::agreed::Agreed;
use crate::attempt::Attempt;
use crate::held::{Doubts, Held, InVault, Noted};
use crate::keys::{Keys, Unfit};
use crate::not_now::NotNow;
use crate::spent::{Spent, SpentStates};
use crate::upkeep::Upkeep;
use crate::wish::SignInWish;
use config::redirect::WantedRedirect;
use config::thing::Thing;
use config::{HandOut, ServerConfig};
use ground::fingerprint::fingerprint;
use jiff::Timestamp;
use ledger::Doing;
use oauth::{Issuer, ResourceChoice, ServerUrl, Transport};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use wire::{LookAlike, Problem};

/// A client made by hand, and the one issuer that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientAt {
    /// As the issuer knows it.
    pub id: String,
    /// Where it is known.
    pub issuer: String,
}

/// A server and all that is known of it.
#[derive(Debug)]
pub struct Server {
    /// What the vault knows it by.
    pub id: String,
    /// What the person calls it.
    pub name: String,
    /// What the file says of it.
    pub config: Arc<ServerConfig>,
    /// What there is to hand out.
    pub held: Held,
    /// What a sign-in is doing.
    pub attempt: Attempt,
    /// Whether the person wants to be asked to sign in.
    pub not_now: NotNow,
    /// What it is, whatever it is called.
    pub thing: Thing,
    /// The one at its address alone.
    pub(crate) at: Thing,
    /// The names of which `thing` was made last.
    pub(crate) known_as: Vec<String>,
    /// The name under which the same thing is kept to the proxy, where this one does not say otherwise.
    pub(crate) proxy_of: Option<String>,
    /// Why its name may be taken for another.
    pub look_alike: Option<LookAlike>,
    /// The wish that somebody signs in.
    pub wish: SignInWish,
    /// How many sign-ins were completed in this run.
    pub sign_ins: u64,
    /// The issuers whose answers to requests for tokens take long, by the numbers of the requests.
    pub awaited: BTreeMap<u64, String>,
    /// How it goes with new tokens.
    pub upkeep: Upkeep,
    /// What is wrong with the one that is held.
    pub doubts: Doubts,
    /// What the server last wanted to see in a proof of possession (RFC 9449 §9).
    pub dpop_nonce: Option<String>,
    /// Whether it said that it has a sign-in, when it refused a key in this run.
    pub offers_sign_in: bool,
    /// How it spoke when it was last used in this run.
    pub transport: Option<Transport>,
    /// When a program last used it.
    pub last_used: Option<Timestamp>,
    /// `None`: the person wrote it down themselves.
    pub added: Option<AddedBy>,
    /// The issuers at which a client of ours was registered for it.
    pub registered_at: BTreeSet<String>,
    /// Whether the vault may still have a grant that was revoked.
    pub revoked: bool,
    /// When a refresh was marked in a vault that several machines share, of which it is known here that it
    /// used up nothing: the mark could not be taken back yet.
    pub unsent: Option<Timestamp>,
    /// An issuer that would not have `resource`, see [`oauth::Fault::refuses_resource`].
    pub resource_refused_by: Option<String>,
    /// Where the client made by hand was used.
    pub client_at: Option<ClientAt>,
    /// The port of the redirect URI, once one was chosen.
    pub callback_port: Option<u16>,
    /// Held while the vault's copy of the grant is written and published, so that writes keep the order of
    /// events.
    pub pen: Arc<tokio::sync::Mutex<()>>,
}

impl Server {
    /// The issuers that it is known to sign in at: of what is held, and where a client of ours was
    /// registered.
    pub fn known_issuers(&self) -> Vec<Issuer> {
        let held = self.held.kept().map(|grant| &grant.parts.issuer);
        held.into_iter().chain(&self.registered_at).filter_map(|issuer| Issuer::parse(issuer).ok()).collect()
    }

    /// One of which nothing is known yet.
    pub fn new(name: &str, config: Arc<ServerConfig>) -> Self {
        let at = Thing::of(&config.place);
        let known_as = vec![config.place.as_str().to_owned()];
        Self {
            id: Self::id_of(name, &config),
            name: name.to_owned(),
            config,
            held: Held::Nothing,
            attempt: Attempt::None,
            not_now: NotNow::default(),
            thing: at.clone(),
            at,
            known_as,
            proxy_of: None,
            look_alike: None,
            wish: SignInWish::default(),
            sign_ins: 0,
            awaited: BTreeMap::new(),
            upkeep: Upkeep::default(),
            doubts: Doubts::default(),
            dpop_nonce: None,
            offers_sign_in: false,
            transport: None,
            last_used: None,
            added: None,
            registered_at: BTreeSet::new(),
            revoked: false,
            unsent: None,
            resource_refused_by: None,
            client_at: None,
            callback_port: None,
            pen: Arc::default(),
        }
    }

    /// The same server after an edit of its configuration. What stopped a sign-in before may be mended now.
    pub(crate) fn with_config(mut self, config: Arc<ServerConfig>) -> Self {
        let stopped = matches!(
            self.attempt,
            Attempt::Failed(_) | Attempt::NeedsClientId { .. } | Attempt::ChoosingIssuer(_)
        );
        if stopped && self.config != config {
            self.attempt = Attempt::None;
        }
        if self.config != config {
            self.upkeep.ask_again();
        }
        if self.config.takes_keys() != config.takes_keys() {
            // It is read anew, and what was held by the other kind stays in the vault.
            (self.held, self.attempt) = (Held::Sealed(Noted::Nothing), Attempt::None);
            self.doubts = Doubts::default();
        }
        self.config = config;
        self.doubts.for_another = None;
        self
    }

    /// It is called otherwise from now on, and the vault has this of it under its new id.
    pub fn rename(&mut self, name: &str, copied: InVault) {
        self.id = Self::id_of(name, &self.config);
        name.clone_into(&mut self.name);
        // Whoever waits asked for what had another name.
        self.wish.hush();
        let InVault { grant, keys } = copied;
        self.held = match (std::mem::take(&mut self.held), grant, keys) {
            (Held::Live(_), Some(stored), _) => Held::Live(stored),
            (Held::Unregistered(_, why), Some(stored), _) => Held::Unregistered(stored, why),
            (Held::Keys(_), _, Some(stored)) => Held::Keys(stored),
            (held, ..) => held,
        };
    }

    /// A sign-in is complete: what it brought is held, and nothing of what led to it is left.
    pub fn take_over(&mut self, held: Held) {
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
    pub fn close(&mut self, spent: &mut SpentStates) {
        if matches!(self.held, Held::Live(_) | Held::Unregistered(..) | Held::Keys(_)) {
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
            self.give_up(spent);
        }
    }

    /// A sign-in that is under way is not waited for any more; nothing went wrong with it.
    pub fn give_up(&mut self, spent: &mut SpentStates) {
        if let Some(waiting) = self.attempt.waiting() {
            spent.note(waiting.pending.state().expose(), Spent::GivenUp);
        }
        self.attempt = Attempt::None;
    }

    /// A changed URL is a new server: what was granted and consented for the old one does not pass on to it.
    pub fn id_of(name: &str, config: &ServerConfig) -> String {
        fingerprint(&[name, config.place.as_str()])
    }

    /// Its address.
    ///
    /// # Errors
    /// It is a program on this machine, and has none: there is nothing to sign in to, and nothing to ask.
    pub fn url(&self) -> Result<&ServerUrl, Problem> {
        self.config.place.url().ok_or_else(|| problems::runs_here(&self.name))
    }

    /// Whether it is a program on this machine.
    #[must_use]
    pub fn runs_here(&self) -> bool {
        self.config.place.program().is_some()
    }

    /// What an agent is told of a server that the person does not want to be asked about.
    pub fn declined(&self) -> Option<Problem> {
        self.not_now.problem(&self.name)
    }

    /// The name under which it is said that agents get no token of this itself.
    pub fn kept_to_the_proxy(&self) -> Option<&str> {
        let own = (self.config.hand_out == Some(HandOut::Proxy)).then_some(self.name.as_str());
        own.or(self.proxy_of.as_deref())
    }

    /// Whether the person configured it, or agreed to how a program did.
    pub fn is_persons(&self) -> bool {
        self.added.as_ref().is_none_or(|added| added.agreed == Agreed::ByThePerson)
    }

    /// Whose doing a sign-in to it is, as far as the server tells.
    pub fn doing(&self) -> Doing {
        if self.is_persons() { Doing::Persons } else { Doing::Programs }
    }

    /// Whether the person wrote it down themselves.
    pub const fn is_of_the_file(&self) -> bool {
        self.added.is_none()
    }

    /// Whether nobody has to sign in.
    pub fn is_unattended(&self) -> bool {
        self.config.oauth.grant.unattended().is_some()
    }

    /// Whether it knows the person by keys, and not by a sign-in.
    pub fn takes_keys(&self) -> bool {
        self.config.takes_keys()
    }

    /// The keys that are held, where all its headers can be sent with them.
    ///
    /// # Errors
    /// One is missing, or bound elsewhere.
    pub fn fitting_keys(&self) -> Result<&Arc<Keys>, Unfit> {
        let missing =
            || Unfit::Missing(self.config.keys().first().map(|name| (*name).clone()).unwrap_or_default());
        let keys = self.held.keys().ok_or_else(missing)?;
        keys.fit(&self.config).map(|()| keys)
    }

    /// The issuer that the person was asked to make a client at.
    pub fn issuer_without_client(&self) -> Option<String> {
        let Attempt::NeedsClientId { issuer, .. } = &self.attempt else { return None };
        Some(issuer.clone())
    }

    /// Where the browser comes back to: of the sign-in that is under way, or else of the last.
    pub fn redirect_uri(&self) -> Option<String> {
        if let Attempt::NeedsClientId { redirect_uri, .. } = &self.attempt {
            return Some(redirect_uri.clone());
        }
        if let Some(waiting) = self.attempt.waiting() {
            return Some(waiting.pending.redirect_uri().to_owned());
        }
        self.held.grant().and_then(|grant| grant.parts.redirect_uri.clone())
    }

    /// The redirect URI of a client made by hand.
    pub fn own_redirect_uri(&self) -> String {
        WantedRedirect::by_hand(&self.config.oauth, self.callback_port).example()
    }

    /// Where this server signs in, if that is known already.
    pub fn known_issuer(&self) -> Option<&str> {
        let waiting = self.attempt.waiting().map(|waiting| waiting.pending.issuer().as_str());
        let granted = self.held.grant().map(|grant| grant.parts.issuer.as_str());
        waiting.or(granted).or(self.config.oauth.authorization_server.as_ref().map(Issuer::as_str))
    }

    /// The same, or where its client made by hand was used.
    pub fn likely_issuer(&self) -> Option<&str> {
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
    pub fn other_resource(&self) -> Option<&str> {
        let url = self.config.place.url()?;
        self.resources().find(|resource| !url.is_named(resource))
    }

    /// The scopes that a sign-in asks for before the server names any.
    pub fn scopes_wanted(&self) -> Vec<String> {
        if let Some(scopes) = &self.config.oauth.scopes {
            return scopes.clone();
        }
        self.held.grant().map(|grant| grant.parts.scopes_asked.clone()).unwrap_or_default()
    }
}
