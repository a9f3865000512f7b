//! The state of a server: what is held × what a sign-in is doing × whether the person said "not now".

use crate::base::problems;
use crate::state::attempt::Attempt;
use crate::state::back_off::BackOff;
use crate::state::flight::Flight;
use crate::state::held::Held;
use crate::state::thing::DeclinedAs;
use config::redirect::Wanted;
use config::thing::Thing;
use config::{HandOut, ServerConfig};
use ground::fingerprint::fingerprint;
use ground::grace::Late;
use jiff::Timestamp;
use oauth::{Issuer, ResourceChoice};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use wire::{LookAlike, Problem};

/// Scopes that a sign-in asks for at most because of challenges.
const MOST_STEP_UP: usize = 64;

/// Whether the person wants to be asked to sign in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Declined {
    /// They do.
    #[default]
    No,
    /// Not now: until the valet ends.
    ForNow,
    /// Not until they say otherwise.
    ForGood,
}

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
    pub(crate) declined: Declined,
    /// "Not now" to the same thing under another name, as far as it holds for this one.
    pub(crate) declined_as: Option<DeclinedAs>,
    /// Whether the person wants to be asked about this name of the thing, whatever they said of its others
    /// before.
    pub(crate) spared: bool,
    /// What it is, whatever it is called.
    pub(crate) thing: Thing,
    /// The name under which the same thing is kept to the proxy, where this one does not say otherwise.
    pub(crate) proxy_of: Option<String>,
    /// Why its name may be taken for another.
    pub(crate) look_alike: Option<LookAlike>,
    /// The agent that waits for the person to sign in.
    pub(crate) wanted_by: Option<String>,
    /// How many requests wait for that.
    pub(crate) wanting: usize,
    /// How long that stays after the last of them.
    pub(crate) late: Late,
    /// Scopes that the server itself asked for in its last challenge, for the next sign-in.
    pub(crate) challenged: Vec<String>,
    /// Scopes that agents asked for beyond those granted, for the next sign-in.
    pub(crate) step_up: BTreeSet<String>,
    /// How many sign-ins were completed in this run.
    pub(crate) sign_ins: u64,
    /// The issuers whose answers to requests for tokens take long, by the numbers of the requests.
    pub(crate) awaited: BTreeMap<u64, String>,
    /// The issuer does not know our client; when it is asked again.
    pub(crate) back_off: Option<BackOff>,
    /// The refresh that is under way.
    pub(crate) flight: Option<Flight>,
    /// The last trouble with the grant.
    pub(crate) problem: Option<Problem>,
    /// The token that is held is another server's, and not handed out.
    pub(crate) for_another: Option<Problem>,
    /// What is wrong with the token although it is used.
    pub(crate) warning: Option<Problem>,
    /// What the server last wanted to see in a proof of possession (RFC 9449 §9).
    pub(crate) dpop_nonce: Option<String>,
    pub(crate) last_used: Option<Timestamp>,
    pub(crate) added_by: Option<String>,
    /// Whether that program cannot be told from others.
    pub(crate) added_by_unknown: bool,
    /// Whether the person agreed to what was added.
    pub(crate) agreed: bool,
    /// The issuers at which a client of ours was registered for it.
    pub(crate) registered_at: BTreeSet<String>,
    /// Why the grant was over when the last run ended; it counts if the vault has none.
    pub(crate) lapse_noted: Option<String>,
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
    pub(crate) fn new(name: &str, config: ServerConfig) -> Self {
        let thing = Thing::at(config.url.as_str());
        Self {
            id: Self::id_of(name, &config),
            name: name.to_owned(),
            config,
            held: Held::Nothing,
            attempt: Attempt::None,
            declined: Declined::No,
            declined_as: None,
            spared: false,
            thing,
            proxy_of: None,
            look_alike: None,
            wanted_by: None,
            wanting: 0,
            late: Late::default(),
            challenged: Vec::new(),
            step_up: BTreeSet::new(),
            sign_ins: 0,
            awaited: BTreeMap::new(),
            back_off: None,
            flight: None,
            problem: None,
            for_another: None,
            warning: None,
            dpop_nonce: None,
            last_used: None,
            added_by: None,
            added_by_unknown: false,
            agreed: false,
            registered_at: BTreeSet::new(),
            lapse_noted: None,
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
            self.back_off = None;
        }
        self.config = config.clone();
        self.for_another = None;
        self
    }

    /// Notes scopes that the next sign-in asks for beside those it would ask for anyway.
    pub(crate) fn step_up_to(&mut self, scopes: &[String]) {
        let room = MOST_STEP_UP.saturating_sub(self.step_up.len());
        self.step_up.extend(scopes.iter().take(room).cloned());
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
        (self.declined, self.spared) = (Declined::No, true);
        self.wanted_by = None;
        self.challenged.clear();
        self.step_up.clear();
        self.problem = None;
        self.back_off = None;
        (self.warning, self.for_another) = (None, None);
        self.lapse_noted = None;
        self.revoked = false;
    }

    /// Wipes from memory what the vault has as well, and sign-ins that wait, with what would finish them.
    /// What is known here alone stays: a grant that the vault would not take, and an answer that an issuer is
    /// about to give.
    pub(crate) fn close(&mut self) {
        if matches!(self.held, Held::Live(_) | Held::Unregistered(..)) {
            self.held = Held::Sealed { granted: true };
        }
        let waits = match self.attempt {
            Attempt::Waiting(_) | Attempt::OnDevice(_) => true,
            Attempt::Preparing(_) => self.flight.is_none(),
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
        let (of, declined) = match &self.declined_as {
            Some(other) if other.declined > self.declined => (other.name.as_str(), other.declined),
            Some(_) | None => (self.name.as_str(), self.declined),
        };
        match declined {
            Declined::No => None,
            Declined::ForNow => Some(problems::declined(&self.name, of)),
            Declined::ForGood => Some(problems::declined_for_good(&self.name, of)),
        }
    }

    /// The name under which it is said that agents get no token of this itself.
    pub(crate) fn kept_to_the_proxy(&self) -> Option<&str> {
        let own = (self.config.hand_out == Some(HandOut::Proxy)).then_some(self.name.as_str());
        own.or(self.proxy_of.as_deref())
    }

    /// Whether the person configured it, or agreed to how a program did.
    pub(crate) const fn is_persons(&self) -> bool {
        self.added_by.is_none() || self.agreed
    }

    /// Whether the person wrote it down themselves.
    pub(crate) const fn is_of_the_file(&self) -> bool {
        self.added_by.is_none()
    }

    /// Whether nobody has to sign in.
    pub(crate) const fn is_unattended(&self) -> bool {
        self.config.oauth.grant.unattended().is_some()
    }

    pub(crate) const fn is_declined(&self) -> bool {
        !matches!(self.declined, Declined::No) || self.declined_as.is_some()
    }

    pub(crate) const fn is_declined_for_good(&self) -> bool {
        let by_another_name =
            matches!(self.declined_as, Some(DeclinedAs { declined: Declined::ForGood, .. }));
        matches!(self.declined, Declined::ForGood) || by_another_name
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
        let waiting = match &self.attempt {
            Attempt::Waiting(waiting) => waiting.pending.resource(),
            Attempt::OnDevice(device) => device.resource.as_deref(),
            Attempt::None
            | Attempt::Preparing(_)
            | Attempt::ChoosingIssuer(_)
            | Attempt::NeedsClientId { .. }
            | Attempt::Finishing(_)
            | Attempt::Failed(_) => None,
        };
        let granted = self.held.grant().and_then(|grant| grant.parts.resource.as_deref());
        let configured = match &self.config.oauth.resource {
            ResourceChoice::Uri(uri) => Some(uri.as_str()),
            ResourceChoice::Auto | ResourceChoice::Omit => None,
        };
        [granted, waiting, configured].into_iter().flatten()
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
