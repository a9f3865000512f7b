//! The state of a server: what is held × what a sign-in is doing × whether the person said "not now".

use crate::base::problems;
use crate::config::redirect::Wanted;
use crate::config::thing::Thing;
use crate::config::{HandOut, ServerConfig};
use crate::state::flight::Flight;
use crate::state::item::Grant;
use crate::state::shut::Shut;
use crate::state::thing::DeclinedAs;
use crate::state::waiting::{OnDevice, Waiting};
use ground::fingerprint::fingerprint;
use ground::grace::Late;
use jiff::{SignedDuration, Timestamp};
use oauth::{Issuer, ResourceChoice};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use vault::Stored;
use wire::{AttemptState, ConsentState, GrantState, LookAlike, Problem, ServerState};

/// Scopes that a sign-in asks for at most because of challenges.
const MOST_STEP_UP: usize = 64;

/// What the valet holds for a server.
#[derive(Debug, Default)]
pub(crate) enum Held {
    /// Nothing.
    #[default]
    Nothing,
    /// Not known: the vault has not been read. `granted` is what was written down the last time.
    Sealed { granted: bool },
    /// A grant that the vault has, as only the vault can prove.
    Live(Stored<Grant>),
    /// A grant that works but that the vault would not take yet.
    Unsaved(Arc<Grant>),
    /// A grant whose client the issuer does not know any more, and how that showed. It is of no use, but kept
    /// until another takes its place: the issuer may remember.
    Unregistered(Stored<Grant>, String),
    /// A grant that the issuer ended, and why.
    Lapsed(String),
}

impl Held {
    /// The grant that can be used now.
    pub(crate) const fn grant(&self) -> Option<&Arc<Grant>> {
        match self {
            Self::Live(stored) => Some(stored.value()),
            Self::Unsaved(grant) => Some(grant),
            Self::Nothing | Self::Sealed { .. } | Self::Unregistered(..) | Self::Lapsed(_) => None,
        }
    }

    /// The grant that is there, of use or not.
    pub(crate) const fn kept(&self) -> Option<&Arc<Grant>> {
        if let Self::Unregistered(stored, _) = self { Some(stored.value()) } else { self.grant() }
    }

    /// Whether `grant` is still the one that is held: a slow task must not write over what came after it
    /// began.
    pub(crate) fn is(&self, grant: &Arc<Grant>) -> bool {
        self.kept().is_some_and(|held| Arc::ptr_eq(held, grant))
    }

    /// Whether this is `grant`, or what the vault has of it: read again after a lock, or not yet. Said while
    /// the server's pen is held, so that nobody else writes to the vault.
    pub(crate) fn is_of(&self, grant: &Grant) -> bool {
        match self {
            Self::Sealed { .. } => true,
            Self::Live(_) | Self::Unsaved(_) | Self::Unregistered(..) => {
                self.kept().is_some_and(|held| held.has_tokens_of(grant))
            }
            Self::Nothing | Self::Lapsed(_) => false,
        }
    }

    const fn to_wire(&self) -> GrantState {
        match self {
            Self::Nothing | Self::Sealed { granted: false } => GrantState::None,
            Self::Sealed { granted: true } | Self::Live(_) => GrantState::Live,
            Self::Unsaved(_) => GrantState::Unsaved,
            Self::Unregistered(..) => GrantState::RegistrationLost,
            Self::Lapsed(_) => GrantState::Lapsed,
        }
    }
}

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

/// What a sign-in is doing.
#[derive(Debug, Default)]
pub(crate) enum Attempt {
    /// No sign-in is under way.
    #[default]
    None,
    /// Discovery and registration are under way, in the attempt with this number.
    Preparing(u64),
    /// The person has to choose an authorization server.
    ChoosingIssuer(Vec<Issuer>),
    /// The person has to register a client with this redirect URI and configure its ID.
    NeedsClientId { issuer: String, redirect_uri: String, problem: Problem },
    /// The browser has the turn.
    Waiting(Box<Waiting>),
    /// Another device has the turn.
    OnDevice(Box<OnDevice>),
    /// The code came back and is being exchanged, in the attempt with this number.
    Finishing(u64),
    /// It did not succeed.
    Failed(Problem),
}

impl Attempt {
    /// The number of the attempt that is under way.
    pub(crate) const fn number(&self) -> Option<u64> {
        match self {
            Self::Preparing(number) | Self::Finishing(number) => Some(*number),
            Self::Waiting(waiting) => Some(waiting.number),
            Self::OnDevice(device) => Some(device.number),
            Self::None | Self::ChoosingIssuer(_) | Self::NeedsClientId { .. } | Self::Failed(_) => None,
        }
    }

    const fn to_wire(&self) -> AttemptState {
        match self {
            Self::None => AttemptState::None,
            Self::Preparing(_) => AttemptState::Preparing,
            Self::ChoosingIssuer(_) => AttemptState::ChoosingIssuer,
            Self::NeedsClientId { .. } => AttemptState::NeedsClientId,
            Self::Waiting(_) | Self::OnDevice(_) | Self::Finishing(_) => AttemptState::Waiting,
            Self::Failed(_) => AttemptState::Failed,
        }
    }

    /// The sign-in that the browser has.
    pub(crate) const fn waiting(&self) -> Option<&Waiting> {
        match self {
            Self::Waiting(waiting) => Some(waiting),
            Self::None
            | Self::Preparing(_)
            | Self::ChoosingIssuer(_)
            | Self::NeedsClientId { .. }
            | Self::OnDevice(_)
            | Self::Finishing(_)
            | Self::Failed(_) => None,
        }
    }

    /// What the person types on another device.
    fn device(&self) -> Option<&wire::DeviceCode> {
        if let Self::OnDevice(device) = self { Some(&device.code) } else { None }
    }

    /// The authorization servers to choose from.
    fn issuers(&self) -> &[Issuer] {
        if let Self::ChoosingIssuer(issuers) = self { issuers } else { &[] }
    }

    /// The problem in which it ended.
    pub(crate) const fn problem(&self) -> Option<&Problem> {
        match self {
            Self::NeedsClientId { problem, .. } | Self::Failed(problem) => Some(problem),
            Self::None
            | Self::Preparing(_)
            | Self::ChoosingIssuer(_)
            | Self::Waiting(_)
            | Self::OnDevice(_)
            | Self::Finishing(_) => None,
        }
    }
}

/// How often an issuer said that it does not know our client, and when it is asked again.
#[derive(Debug, Clone)]
pub(crate) struct BackOff {
    refused: u32,
    again: Timestamp,
    /// What it said.
    pub(crate) problem: Problem,
}

impl BackOff {
    /// After one more refusal: the pauses grow from a second to an hour.
    pub(crate) fn after(before: Option<&Self>, problem: Problem, now: Timestamp) -> Self {
        let refused = before.map_or(0, |before| before.refused).saturating_add(1);
        let pause = SignedDuration::from_secs(4_i64.saturating_pow(refused - 1).min(3600));
        Self { refused, again: now.saturating_add(pause).unwrap_or(now), problem }
    }

    /// Whether the issuer is left alone for now. A clock that was set back holds nobody up.
    pub(crate) fn lasts(&self, now: Timestamp) -> bool {
        let rest = self.again.duration_since(now);
        rest > SignedDuration::ZERO && rest <= SignedDuration::from_hours(1)
    }
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
    /// What is wrong with the token although it is used.
    pub(crate) warning: Option<Problem>,
    /// What the server last wanted to see in a proof of possession (RFC 9449 §9).
    pub(crate) dpop_nonce: Option<String>,
    pub(crate) last_used: Option<Timestamp>,
    pub(crate) added_by: Option<String>,
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
            warning: None,
            dpop_nonce: None,
            last_used: None,
            added_by: None,
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
        self.warning = None;
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

    /// Whether nobody has to sign in.
    pub(crate) const fn is_unattended(&self) -> bool {
        self.config.oauth.grant.unattended().is_some()
    }

    pub(crate) const fn is_declined(&self) -> bool {
        !matches!(self.declined, Declined::No) || self.declined_as.is_some()
    }

    const fn is_declined_for_good(&self) -> bool {
        let by_another_name =
            matches!(self.declined_as, Some(DeclinedAs { declined: Declined::ForGood, .. }));
        matches!(self.declined, Declined::ForGood) || by_another_name
    }

    /// The one state that sums up all others.
    const fn state(&self) -> ServerState {
        match (&self.held, &self.attempt) {
            // No agent gets what there is.
            (Held::Live(_) | Held::Unsaved(_), Attempt::None) if self.is_declined() => ServerState::Declined,
            (Held::Live(_) | Held::Unsaved(_), _) => ServerState::Ready,
            (Held::Sealed { .. }, _) => ServerState::Locked,
            (
                _,
                Attempt::Preparing(_) | Attempt::Waiting(_) | Attempt::OnDevice(_) | Attempt::Finishing(_),
            ) => ServerState::Waiting,
            _ if self.is_declined() => ServerState::Declined,
            (_, Attempt::ChoosingIssuer(_)) => ServerState::ChoosingIssuer,
            (_, Attempt::NeedsClientId { .. }) => ServerState::NeedsClientId,
            (_, Attempt::Failed(_)) => ServerState::Failed,
            (Held::Nothing | Held::Unregistered(..) | Held::Lapsed(_), Attempt::None)
                if self.is_unattended() =>
            {
                ServerState::Ready
            }
            (Held::Unregistered(..), Attempt::None) => ServerState::RegistrationLost,
            (Held::Lapsed(_), Attempt::None) => ServerState::Lapsed,
            (Held::Nothing, Attempt::None) => ServerState::AuthorizationRequired,
        }
    }

    /// The server as others may see it.
    pub(crate) fn to_wire(&self, locked: Option<Shut>, consent: ConsentState) -> wire::Server {
        let grant = self.held.grant();
        let parts = grant.map(|grant| &grant.parts);
        let lapse = match &self.held {
            Held::Lapsed(why) => Some(problems::lapsed(&self.name, why)),
            Held::Unregistered(_, why) => Some(problems::registration_lost(&self.name, why)),
            Held::Sealed { .. } => locked.map(Problem::from),
            Held::Nothing | Held::Live(_) | Held::Unsaved(_) => None,
        };
        let ended = self.attempt.problem().cloned().or_else(|| self.problem.clone()).or(lapse);
        let problem = self.finishing_slowly().or(ended);
        let warning = || self.warning.clone().filter(|_| grant.is_some());
        let closed = matches!(locked, Some(Shut::Locked(_))) && grant.is_some();
        wire::Server {
            name: self.name.clone(),
            look_alike: self.look_alike.clone(),
            url: self.config.url.to_string(),
            state: if closed { ServerState::Locked } else { self.state() },
            grant: self.held.to_wire(),
            attempt: self.attempt.to_wire(),
            declined: self.is_declined(),
            declined_for_good: self.is_declined_for_good(),
            consent,
            agents: Vec::new(),
            account: parts.and_then(|parts| parts.account.clone()),
            issuer: parts.map(|parts| plain::address(&parts.issuer)),
            client_id: self.client_id(),
            issuers: self.attempt.issuers().iter().map(Issuer::to_string).collect(),
            resource: self.resources().next().map(plain::address),
            other_resource: self.other_resource().map(plain::address),
            redirect_uri: self.redirect_uri(),
            own_redirect_uri: self.own_redirect_uri(),
            device: self.attempt.device().cloned(),
            scopes_wanted: self.scopes_wanted(),
            scopes_granted: parts.map(|parts| parts.scopes.clone()).unwrap_or_default(),
            expires_at: grant.and_then(|grant| grant.expires_at),
            renews: grant.is_some_and(|grant| grant.refresh.is_some() || self.is_unattended()),
            unattended: self.is_unattended(),
            last_used: self.last_used,
            added_by: self.added_by.clone(),
            problem: problem.or_else(warning),
        }
    }

    /// What whoever waits for a sign-in should know while its code is being exchanged.
    fn finishing_slowly(&self) -> Option<Problem> {
        let (Attempt::Finishing(_), Some((_, host))) = (&self.attempt, self.awaited.last_key_value()) else {
            return None;
        };
        Some(problems::exchange_slow(&self.name, host))
    }

    /// What the person should know of answers that take long.
    pub(crate) fn slow(&self) -> Option<String> {
        let (_, host) = self.awaited.last_key_value()?;
        let ended = matches!(self.held, Held::Nothing | Held::Lapsed(_)) && self.attempt.number().is_none();
        let then = match ended {
            false => {
                "What comes is kept, locked or not. If MCP Valet ends before, or the computer sleeps, authorize again \
                 should it not work afterwards."
            }
            true => "It was revoked meanwhile: what comes is ended there at once, and not kept.",
        };
        Some(format!(
            "\"{}\": {host} was asked for a token and has not answered yet. It is waited for, up to five minutes. {then}",
            self.name
        ))
    }

    /// Our client: of the sign-in that waits, of the grant, or made by hand.
    fn client_id(&self) -> Option<String> {
        let waiting = self.attempt.waiting().map(|waiting| &waiting.client.id);
        let granted = self.held.grant().map(|grant| &grant.parts.client.id);
        waiting.or(granted).or(self.config.oauth.client_id.as_ref()).cloned()
    }

    /// The issuer that the person was asked to make a client at.
    pub(crate) fn issuer_without_client(&self) -> Option<String> {
        let Attempt::NeedsClientId { issuer, .. } = &self.attempt else { return None };
        Some(issuer.clone())
    }

    fn redirect_uri(&self) -> Option<String> {
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
    fn resources(&self) -> impl Iterator<Item = &str> {
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

    fn scopes_wanted(&self) -> Vec<String> {
        if let Some(scopes) = &self.config.oauth.scopes {
            return scopes.clone();
        }
        self.held.grant().map(|grant| grant.parts.scopes_asked.clone()).unwrap_or_default()
    }
}
