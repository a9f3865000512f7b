//! The door for clients that know nothing but HTTP and OAuth: what is remembered of them, for as long as it
//! is open. All but their registrations is in memory. A token of the door leads to what the person's servers
//! give, so a copy of the disk is not to have one; and after a restart each client is asked about again, as
//! its answers for now are.

use crate::valet::pause::Pause;
use crate::valet::{Valet, web_clients};
use config::DoorConfig;
use ground::ranked::{Ranked, order};
use jiff::Timestamp;
use peer::{By, ByDoor, Far, Peer};
use provider::{
    Asked, Bounded, Ledger, Limits, OAuthError, Pages, Profile, Redirects, Scopes, SealedPages, Secret,
    Shown, short_code,
};
use state::meant::Meant;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use tokio::sync::watch;
use wire::{Act, Actor, AuditEntry, Problem, WebClient};

/// The one scope of a token of the door: to use its server.
pub(crate) const SCOPE: &str = "mcp";
/// The path of the page that asks, and of all that follows from it.
pub(crate) const AUTHORIZE: &str = "/authorize";
/// The path at which a browser waits for the person's answer.
pub(crate) const WAIT: &str = "/authorize/wait";

/// Seconds that an access token lives.
const TOKEN: i64 = 15 * 60;
/// Seconds that a refresh token lives which nobody uses.
const GRANT: i64 = 30 * 24 * 3600;
/// Seconds that a client is remembered which nobody lets in.
const CLIENT: i64 = 24 * 3600;
/// The same where the person was asked about it: it may come again after a restart, and many programs keep
/// their registration whatever came of it. Less than where the person let it in.
const ASKED: i64 = 7 * 24 * 3600;
const LIMITS: Limits = Limits { clients: 256, codes: 64, grants: 64, tokens: 512 };
/// Requests that wait for the person at a time.
const WAITING: usize = 8;
/// Of these, those of one client.
const WAITING_OF_ONE: usize = 3;
/// Sign-ins that lead a browser back to the door.
const RETURNS: usize = 16;
/// Seconds for which a browser may come back.
const COMES_BACK: i64 = 600;

/// The door, if it is open.
#[derive(Default)]
pub(crate) struct Door {
    open: Ranked<Option<Open>, { order::LAST }>,
    trouble: Ranked<Option<String>, { order::LAST }>,
    /// Held while it is written down who has registered.
    pub(super) pen: Ranked<(), { order::WEB_CLIENTS }>,
}

/// All that an open door remembers.
pub(crate) struct Open {
    pub(crate) config: DoorConfig,
    pub(crate) profile: Arc<Profile>,
    pub(crate) ledger: Ledger<Arc<Web>>,
    /// Pages that ask whether to go on.
    pub(crate) pages: SealedPages,
    /// Requests that the person is asked about.
    pub(crate) waiting: Pages<Arc<Waiting>>,
    /// Where a browser goes on that comes back from a sign-in of this number.
    returns: Bounded<u64, String>,
    /// Whoever has tokens, or is about to.
    webs: Vec<Arc<Web>>,
    /// After those that were refused.
    pause: Pause,
    /// Rings whenever tokens were made or ended.
    pub(crate) moved: watch::Sender<()>,
}

/// One authorization of one client, for one server.
pub(crate) struct Web {
    pub(crate) number: u64,
    pub(crate) meant: Meant,
    pub(crate) peer: Arc<Peer>,
    /// What the question shows, and the browser that waits for its answer.
    pub(crate) code: String,
    far: Arc<Far>,
    client: String,
    redirect: String,
    since: Timestamp,
    /// Whether the person has let them in.
    is_in: AtomicBool,
    used: AtomicI64,
    over: watch::Sender<bool>,
}

/// A request that the person is asked about, and the browser that waits for it.
pub(crate) struct Waiting {
    pub(crate) asked: Asked,
    pub(crate) web: Arc<Web>,
    /// How far it is.
    pub(crate) stage: watch::Sender<Stage>,
}

/// How far a request is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The person is asked.
    Asking,
    /// They said yes, and are to sign in to the server itself, at this address.
    SignIn(String),
    /// The same, which begins at the valet alone.
    SignInThere,
    /// It is decided.
    Over(Result<(), OAuthError>),
}

impl Web {
    /// Who comes of this request, the `number`th. `is_from_outside` unless all who ask are of this machine.
    pub(crate) fn new(
        number: u64,
        since: Timestamp,
        meant: Meant,
        asked: &Asked,
        is_from_outside: bool,
    ) -> Arc<Self> {
        let (client, code) = (&asked.client, short_code());
        let far = Far::by_door(ByDoor {
            number,
            name: client.name.clone(),
            host: client.host.clone(),
            redirect: asked.redirect.as_str().to_owned(),
            is_elsewhere: is_from_outside && asked.redirect.is_loopback(),
            code: code.clone(),
        });
        Arc::new(Self {
            number,
            meant,
            code,
            peer: Arc::new(Peer::at(&far)),
            far,
            client: client.id.clone(),
            redirect: asked.redirect.as_str().to_owned(),
            since,
            is_in: AtomicBool::new(false),
            used: AtomicI64::new(0),
            over: watch::Sender::new(false),
        })
    }

    /// It is over: whoever shows its tokens is nobody, and what is under way ends.
    fn end(&self) {
        self.far.end();
        self.over.send_replace(true);
    }

    /// Turns true once it is over.
    pub(crate) fn over(&self) -> watch::Receiver<bool> {
        self.over.subscribe()
    }

    pub(crate) fn is_used(&self, now: Timestamp) {
        self.used.store(now.as_second(), Ordering::Relaxed);
    }

    fn is_in(&self) -> bool {
        self.is_in.load(Ordering::Relaxed)
    }

    fn shown(&self) -> WebClient {
        let used = self.used.load(Ordering::Relaxed);
        WebClient {
            number: self.number,
            name: self.peer.application().name().to_owned(),
            server: self.meant.name.clone(),
            redirect: self.redirect.clone(),
            since: self.since,
            last_used: Timestamp::from_second(used).ok().filter(|_| used > 0),
        }
    }
}

impl Open {
    fn new(config: DoorConfig) -> Self {
        let (is_secure, listed) = (config.external_url.is_some(), config.redirects.clone());
        let profile = Arc::new(Profile {
            issuer: config.origin(),
            sends_iss: true,
            scopes: Scopes::of(&[SCOPE]),
            usual: Scopes::of(&[SCOPE]),
            offline: None,
            // Clients ask for whatever their last server had.
            ignores_unknown_scopes: true,
            token_lifetime: TOKEN,
            grant_lifetime: GRANT,
            client_lifetime: CLIENT,
            // By the address from outside, loopback is the machine of whoever asks, and what runs there is no
            // program of this user.
            redirects: if is_secure { Redirects::Listed(listed) } else { Redirects::Here(listed) },
            realm: "mcp-valet",
        });
        Self {
            profile,
            ledger: Ledger::new(LIMITS, None),
            pages: SealedPages::new(AUTHORIZE, is_secure),
            waiting: Pages::new(2 * WAITING, WAIT, is_secure).reached_from_elsewhere(),
            returns: Bounded::new(RETURNS),
            webs: Vec::new(),
            pause: Pause::default(),
            moved: watch::Sender::new(()),
            config,
        }
    }

    /// The name of the server whose address at this door `resource` is.
    pub(crate) fn server_of<'a>(&self, resource: &'a str) -> Option<&'a str> {
        let path = resource.strip_prefix(self.profile.issuer.as_str())?.strip_prefix("/mcp/")?;
        (!path.is_empty() && !path.contains(['/', '?', '#', '%'])).then_some(path)
    }

    /// Whether one more request of this client may wait for the person.
    pub(crate) fn has_room(&self, client: &str, now: i64) -> bool {
        // From outside anybody may ask, as somebody else each time.
        if self.config.external_url.is_some() && self.pause.holds(now) {
            return false;
        }
        let waiting = || self.webs.iter().filter(|web| !web.is_in());
        waiting().count() < WAITING && waiting().filter(|web| web.client == client).count() < WAITING_OF_ONE
    }

    /// Remembers somebody whom the person is asked about, and the browser that waits for it. Those that wait
    /// for nothing any more make room.
    pub(crate) fn expect(&mut self, waiting: &Arc<Waiting>, now: i64) -> Shown {
        let webs = &self.webs;
        self.waiting.make_room(|one| webs.iter().any(|web| web.number == one.web.number));
        self.webs.push(Arc::clone(&waiting.web));
        self.ledger.keep(&waiting.asked.client, now + ASKED, now);
        self.waiting.show(Arc::clone(waiting), now)
    }

    /// The person said no.
    pub(crate) fn refuse(&mut self, now: i64) {
        self.pause.after_a_no(now);
    }

    /// The person does not let them in.
    pub(crate) fn dismiss(&mut self, web: &Web) {
        self.webs.retain(|one| one.number != web.number);
        web.end();
    }

    /// The browser did not come back for what was decided: nobody is let in by it any more.
    pub(crate) fn withdraw(&mut self, web: &Web) {
        if !web.is_in() {
            self.waiting.forget(|waiting| waiting.web.number == web.number);
            self.dismiss(web);
        }
    }

    /// A code for whom the person has let in. Nothing where that was taken back meanwhile.
    pub(crate) fn code(&mut self, waiting: &Waiting, now: i64) -> Option<Secret> {
        let web = &waiting.web;
        let stands = web.peer.is_unchanged() && self.webs.iter().any(|one| one.number == web.number);
        stands.then(|| {
            web.is_in.store(true, Ordering::Relaxed);
            self.pause = Pause::default();
            self.ledger.code(&waiting.asked, Arc::clone(web), now)
        })
    }

    /// A browser that comes back from this sign-in goes on at `url`.
    pub(crate) fn expect_back(&mut self, sign_in: u64, url: String, now: i64) {
        self.returns.insert(sign_in, url, now + COMES_BACK, now);
    }

    /// Ends whoever has lost the last token, however that came.
    pub(crate) fn settle(&mut self, now: i64) -> Vec<Arc<Web>> {
        self.moved.send_replace(());
        let ledger = &self.ledger;
        let has_lost =
            |web: &Web| web.is_in() && !ledger.has(|approval| approval.whom.number == web.number, now);
        let (lost, left): (Vec<_>, _) = self.webs.drain(..).partition(|web| has_lost(web));
        self.webs = left;
        lost.iter().for_each(|web| web.end());
        lost
    }

    fn end(&mut self, is_meant: impl Fn(&Web) -> bool) -> Vec<Arc<Web>> {
        self.ledger.end(|approval| is_meant(&approval.whom));
        let (ended, left): (Vec<_>, _) = self.webs.drain(..).partition(|web| is_meant(web));
        self.webs = left;
        ended.iter().for_each(|web| web.end());
        ended
    }
}

impl Door {
    /// What is remembered, if the door is open.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&mut Open) -> T) -> Option<T> {
        self.open.lock().as_mut().map(look)
    }

    /// Where a browser goes on that comes back from this sign-in; once.
    pub(crate) fn returns(&self, sign_in: u64, now: i64) -> Option<String> {
        self.look(|open| open.returns.take(&sign_in, now)).flatten()
    }

    /// Why it cannot be opened, where that is so.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.trouble.lock().clone()
    }

    /// Those that are let in.
    pub(crate) fn shown(&self) -> Vec<WebClient> {
        let shown =
            |open: &mut Open| open.webs.iter().filter(|web| web.is_in()).map(|web| web.shown()).collect();
        self.look(shown).unwrap_or_default()
    }
}

/// Opens it, or says why that cannot be. Whoever was let in by an earlier one is not by this.
pub(crate) fn open(valet: &Valet, config: Option<DoorConfig>, trouble: Option<String>) {
    let opened = config.map(|config| {
        let mut open = Open::new(config);
        let registered = web_clients::read(&valet.paths.web_clients(), &open.profile.issuer);
        open.ledger.restore(&registered, &open.profile, valet.clock.now().as_second());
        open
    });
    let before = std::mem::replace(&mut *valet.door.open.lock(), opened);
    if let Some(mut before) = before {
        before
            .end(|_| true)
            .iter()
            .filter(|web| web.is_in())
            .for_each(|web| note(valet, Act::LetInEnded, web));
    }
    *valet.door.trouble.lock() = trouble;
    valet.publish();
}

/// Takes back what one of them was given, by its number.
pub(crate) fn take_back(valet: &Valet, which: &str, by: &By) -> Result<WebClient, Problem> {
    let number: Option<u64> = which.parse().ok();
    let is_meant = |web: &Web| web.is_in() && Some(web.number) == number;
    let ended = valet.door.look(|open| open.end(is_meant)).unwrap_or_default();
    let web = ended.first().ok_or_else(|| problems::unknown_web_client(which))?;
    let entry = AuditEntry { actor: by.actor(), ..entry(valet, Act::LetInEnded, web) };
    valet.note(&entry);
    valet.publish();
    Ok(web.shown())
}

/// Ends all, as what revokes everything does.
pub(crate) fn end_all(valet: &Valet) {
    end(valet, |_| true);
}

/// Ends those of servers that are there no more.
pub(crate) fn drop_removed(valet: &Valet) {
    // Each change comes by here, and most people have no door.
    if valet.door.look(|_| ()).is_none() {
        return;
    }
    let here: HashSet<String> = valet.book().servers.values().map(|server| server.id.clone()).collect();
    end(valet, |web| !here.contains(&web.meant.id));
}

/// Ends those whose last token is over by now. Answers when the next will be.
pub(crate) fn settle(valet: &Valet) -> Option<Timestamp> {
    let now = valet.clock.now().as_second();
    let (lost, next) = valet.door.look(|open| (open.settle(now), open.ledger.next_end(now)))?;
    tell(valet, &lost);
    Timestamp::from_second(next?).ok()
}

fn end(valet: &Valet, is_meant: impl Fn(&Web) -> bool) {
    let ended = valet.door.look(|open| open.end(is_meant)).unwrap_or_default();
    tell(valet, &ended);
}

/// Writes down that some have lost what they had.
pub(crate) fn tell(valet: &Valet, ended: &[Arc<Web>]) {
    ended.iter().filter(|web| web.is_in()).for_each(|web| note(valet, Act::LetInEnded, web));
    if !ended.is_empty() {
        valet.publish();
    }
}

/// Writes down what becomes of one.
pub(crate) fn note(valet: &Valet, act: Act, web: &Web) {
    valet.note(&entry(valet, act, web));
}

fn entry(valet: &Valet, act: Act, web: &Web) -> AuditEntry {
    let mut entry = audit::entry(valet.clock.now(), act, Actor::valet());
    entry.server = Some(web.meant.name.clone());
    entry.result = Some(format!("{} ({})", web.peer.application().name(), web.redirect));
    entry
}

#[cfg(test)]
#[path = "door_tests.rs"]
mod tests;
