//! Who may use what: the person's answers, and what follows from them.

use crate::answer::Answer;
use crate::extent::{Extent, Wanted};
use crate::kin::Kin;
use crate::permit::{Decision, Permit};
use crate::remembered::{Kept, Lasting, Remembered, Used};
use config::AgentsPolicy;
use config::thing::Thing;
use jiff::{SignedDuration, Timestamp};
use peer::{Application, Identity, Longest};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use wire::{ConsentState, Stands};

/// How long an answer that came too late still holds for who had asked.
const LATE: SignedDuration = SignedDuration::from_mins(5);

/// The answers that are remembered: by server and program.
#[derive(Debug, Default)]
pub struct Consents {
    of: HashMap<String, HashMap<Identity, Remembered>>,
    /// Answers for once that came when nobody waited any more. They are beside what stands, and take nothing
    /// of it away.
    late: HashMap<(String, Identity), Late>,
    /// Whether those that outlive the valet have been read.
    read: bool,
    /// What was taken back before they were.
    unread: TakenBack,
    keeping: Keeping,
    /// Uses that were written down, of answers that have not been read yet.
    uses: HashMap<(String, String), Used>,
    kin: Kin,
}

/// Every "yes" that does not hold any more, although it was not known yet.
#[derive(Debug, Default)]
struct TakenBack {
    all: bool,
    servers: HashSet<String>,
}

impl TakenBack {
    fn has(&self, kept: &Kept) -> bool {
        kept.allowed && (self.all || self.servers.contains(&kept.server))
    }
}

/// Whether the vault has what outlives the valet as it is now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Keeping {
    #[default]
    Kept,
    NotYet,
    /// It did not take it when it was asked to.
    Refused,
}

/// One token, if it is asked for before this moment.
#[derive(Debug)]
struct Late {
    until: Timestamp,
    extent: Arc<Extent>,
}

impl Consents {
    /// Decides about one request of `who` for the server with `id`, using up an answer that holds once. A
    /// program that changed since it connected (`known` is false) is matched to no "yes", and neither is what
    /// is wider than what was answered.
    pub fn decide(
        &mut self,
        policy: AgentsPolicy,
        who: &Application,
        known: bool,
        id: &str,
        wanted: Wanted<'_>,
        now: Timestamp,
    ) -> Decision {
        match self.stands(who, id) {
            Some(found) if found.is_no() => return Decision::Deny,
            Some(found) if known && found.extent.covers(wanted) => {
                return Decision::Allow(Permit { once: false, extent: Arc::clone(&found.extent) });
            }
            Some(_) | None => {}
        }
        if known && let Some(late) = self.take_late(who, id, wanted, now) {
            return Decision::Allow(Permit { once: true, extent: late.extent });
        }
        match policy {
            AgentsPolicy::Ask => Decision::Ask,
            AgentsPolicy::Allow => {
                Decision::Allow(Permit { once: false, extent: Arc::new(Extent::EVERYTHING) })
            }
            AgentsPolicy::Deny => Decision::Deny,
        }
    }

    /// Remembers an answer about `extent`, in the place of any before. `heard` says whether somebody was
    /// still waiting for it. True if what outlives the valet is another now.
    pub fn remember(
        &mut self,
        who: &Application,
        id: &str,
        answer: Answer,
        extent: &Extent,
        heard: bool,
        now: Timestamp,
    ) -> bool {
        if who.longest() < Longest::Session {
            return false;
        }
        let stands = match answer.within(who.longest()) {
            Answer::AllowAlways => Stands::AllowedAlways,
            Answer::AllowSession => Stands::AllowedForNow,
            Answer::Deny => Stands::DeniedForNow,
            Answer::DenyAlways => Stands::DeniedAlways,
            Answer::AllowOnce if heard => return false,
            Answer::AllowOnce => {
                let until = now.saturating_add(LATE).unwrap_or(now);
                let late = Late { until, extent: Arc::new(extent.clone()) };
                self.late.insert((id.to_owned(), who.identity().clone()), late);
                return false;
            }
        };
        self.late.remove(&(id.to_owned(), who.identity().clone()));
        let took =
            matches!(stands, Stands::DeniedForNow | Stands::DeniedAlways) && self.refuse_aliases(who, id);
        let mut new = Remembered::new(who.clone(), stands, extent.clone(), now);
        let old = self.of.entry(id.to_owned()).or_default();
        let before = old.remove(who.identity());
        let kept = before.as_ref().is_some_and(Remembered::outlives_the_valet) || new.outlives_the_valet();
        new.used = before.map(|before| before.used).unwrap_or_default();
        old.insert(who.identity().clone(), new);
        kept || took
    }

    /// Takes from a program that is refused what it was allowed by names of the same thing that programs gave
    /// it. True if one would have outlived the valet.
    fn refuse_aliases(&mut self, who: &Application, id: &str) -> bool {
        self.kin.refuse(who, id);
        let aliases: Vec<String> = self.kin.aliases(id).cloned().collect();
        let gone = self.drop_those(|other, found| {
            !found.is_no() && found.who == *who && aliases.iter().any(|alias| alias == other)
        });
        self.late.retain(|(other, identity), _| identity != who.identity() || !aliases.contains(other));
        gone.iter().any(Remembered::outlives_the_valet)
    }

    /// Learns which entries there are, and what they are: those of one thing share what is refused.
    pub fn meet<'a>(&mut self, here: impl Iterator<Item = (&'a str, &'a Thing, bool)>) {
        let mut ids = HashSet::new();
        for (id, thing, is_alias) in here {
            ids.insert(id);
            self.kin.learn(id, thing, is_alias);
        }
        let of = &self.of;
        self.kin.relate(|id| ids.contains(id) || of.get(id).is_some_and(|of| !of.is_empty()));
    }

    /// Counts a use of the server, of one that may. What was allowed before it was known how far that goes is
    /// bound to this. True if what outlives the valet is another now.
    pub fn count(&mut self, who: &Application, id: &str, scopes: Option<&[String]>, now: Timestamp) -> bool {
        let Some(found) = self.of.get_mut(id).and_then(|of| of.get_mut(who.identity())) else { return false };
        found.used = Used { times: found.used.times.saturating_add(1), last: Some(now) };
        let bound = scopes.is_some_and(|scopes| Arc::make_mut(&mut found.extent).bind(scopes));
        bound && found.outlives_the_valet()
    }

    /// What was answered about `who` and the server with `id`, for `wanted` or for anything at all.
    pub fn standing(
        &self,
        policy: AgentsPolicy,
        who: &Application,
        id: &str,
        wanted: Option<Wanted<'_>>,
    ) -> ConsentState {
        let covers = |found: &Remembered| wanted.is_none_or(|wanted| found.extent.covers(wanted));
        match (self.stands(who, id), policy) {
            (Some(found), _) if found.is_no() => ConsentState::Denied,
            (Some(found), _) if covers(found) => ConsentState::Allowed,
            (_, AgentsPolicy::Deny) => ConsentState::Denied,
            (_, AgentsPolicy::Allow) => ConsentState::Allowed,
            (_, AgentsPolicy::Ask) => ConsentState::None,
        }
    }

    /// Whether the answers that stand say something about `extent`.
    pub fn settle(&self, policy: AgentsPolicy, who: &Application, id: &str, extent: &Extent) -> bool {
        let scopes = extent.scopes();
        let wanted = Wanted { scopes: scopes.as_deref(), form: extent.form() };
        self.standing(policy, who, id, Some(wanted)) != ConsentState::None
    }

    /// How far the "yes" reaches that stands for `who` and the server with `id`.
    pub fn allowed(&self, who: &Application, id: &str) -> Option<&Extent> {
        self.find(who, id).filter(|found| !found.is_no()).map(|found| &*found.extent)
    }

    /// The answers that stand.
    pub fn lasting(&self) -> impl Iterator<Item = Lasting<'_>> {
        let all = self.of.iter().flat_map(|(id, of)| of.values().map(move |found| (id.as_str(), found)));
        all.flat_map(|(id, found)| self.names(id, found)).map(|(id, found)| found.show(id))
    }

    /// The entries that an answer about the server with `id` holds for.
    fn names<'a>(
        &'a self,
        id: &'a str,
        found: &'a Remembered,
    ) -> impl Iterator<Item = (&'a str, &'a Remembered)> {
        let beside = self.kin.beside(id).iter().map(String::as_str);
        // Where several say no, one of them is shown.
        let holds = move |other: &&str| {
            self.stands(&found.who, other).is_some_and(|stands| std::ptr::eq(stands, found))
        };
        std::iter::once((id, found)).chain(beside.filter(holds).map(move |other| (other, found)))
    }

    /// The answer that stands for one program and one server.
    pub fn of(&self, who: &Application, id: &str) -> Option<wire::Consent> {
        self.stands(who, id).map(|found| found.show(id).consent)
    }

    /// The answers that outlive the valet.
    fn kept(&self) -> Vec<Kept> {
        let all = self.of.iter().flat_map(|(id, of)| of.values().map(move |found| (id, found)));
        let lasting = all.filter(|(_, found)| found.outlives_the_valet());
        lasting.map(|(id, found)| found.keep(id, self.kin.thing(id))).collect()
    }

    /// Uses of answers that outlive the valet, by the mark of the program, for one server.
    pub fn uses(&self, id: &str) -> Vec<(String, Used)> {
        let read = self.of.get(id).into_iter().flat_map(HashMap::values);
        let read = read.filter(|found| found.outlives_the_valet() && found.used.times > 0);
        let unread = self.uses.iter().filter(|((server, _), _)| server == id);
        let unread = unread.map(|((_, mark), used)| (mark.clone(), *used));
        read.map(|found| (found.mark.clone(), found.used)).chain(unread).collect()
    }

    /// Takes over the uses that were written down for one server.
    pub fn expect_uses(&mut self, id: &str, uses: impl IntoIterator<Item = (String, Used)>) {
        if !self.read {
            self.uses.extend(uses.into_iter().map(|(mark, used)| ((id.to_owned(), mark), used)));
        }
    }

    /// Whether [`Consents::restore`] was called.
    pub const fn are_read(&self) -> bool {
        self.read
    }

    /// Notes that the vault does not have what outlives the valet as it is now.
    pub const fn unkeep(&mut self) {
        if matches!(self.keeping, Keeping::Kept) {
            self.keeping = Keeping::NotYet;
        }
    }

    /// Whether there is something that the vault does not have yet.
    pub const fn are_unkept(&self) -> bool {
        !matches!(self.keeping, Keeping::Kept)
    }

    /// Whether the vault did not take it when it was asked to.
    pub const fn were_refused(&self) -> bool {
        matches!(self.keeping, Keeping::Refused)
    }

    /// Notes that the vault did not take what outlives the valet.
    pub const fn refused(&mut self) {
        self.keeping = Keeping::Refused;
    }

    /// What the vault is to have. Whatever changes from here on is to be kept after it.
    pub fn begin_keeping(&mut self) -> Vec<Kept> {
        self.keeping = Keeping::Kept;
        self.kept()
    }

    /// Takes over what was kept, once. What was answered since then is newer, and what was taken back stays
    /// so.
    pub fn restore(&mut self, kept: Vec<Kept>) {
        if self.read {
            return;
        }
        self.read = true;
        let mut uses = std::mem::take(&mut self.uses);
        let taken_back = std::mem::take(&mut self.unread);
        let kept = kept.into_iter().filter(|kept| !taken_back.has(kept));
        for Kept { who, server, allowed, extent, since, thing } in kept {
            if let Some(thing) = &thing {
                let is_alias = self.kin.is_alias(&server);
                self.kin.learn(&server, thing, is_alias);
            }
            let stands = if allowed { Stands::AllowedAlways } else { Stands::DeniedAlways };
            let of = self.of.entry(server.clone()).or_default();
            of.entry(who.identity().clone()).or_insert_with(|| {
                let mut found = Remembered::new(who, stands, extent, since);
                found.used = uses.remove(&(server, found.mark.clone())).unwrap_or_default();
                found
            });
        }
        self.kin.relate(|_| true);
    }

    /// Takes the answer about one program, given by its mark, and one server back; tells which program it
    /// was, and whether the answer would have outlived the valet. A "no" to another entry of the same thing
    /// stays one to that.
    pub fn take_back(&mut self, mark: &str, id: &str) -> Option<(Application, bool)> {
        let gone = self.drop_those(|server, found| server == id && found.mark == mark).pop();
        let Some(gone) = gone else { return self.ask_again(mark, id) };
        self.late.remove(&(id.to_owned(), gone.who.identity().clone()));
        let kept = gone.outlives_the_valet();
        Some((gone.who, kept))
    }

    fn ask_again(&mut self, mark: &str, id: &str) -> Option<(Application, bool)> {
        let beside =
            self.kin.beside(id).iter().filter_map(|other| self.of.get(other)).flat_map(HashMap::values);
        let who = beside.into_iter().find(|found| found.mark == mark)?.who.clone();
        self.kin.ask_again(&who, id);
        Some((who, false))
    }

    /// Forgets every "yes" about a server, those that have not been read yet included. A "no" stays: whoever
    /// was told it must not be able to have it forgotten. True if one would have outlived the valet.
    pub fn forget(&mut self, id: &str) -> bool {
        self.late.retain(|(server, _), _| server != id);
        if !self.read {
            self.unread.servers.insert(id.to_owned());
        }
        let gone = self.drop_those(|server, found| server == id && !found.is_no());
        gone.iter().any(Remembered::outlives_the_valet)
    }

    /// Whether there is a "yes" that [`Consents::forget`] would forget, about one server or any. `unread`
    /// says whether the vault may have some that were not read.
    pub fn would_forget(&self, id: Option<&str>, unread: bool) -> bool {
        let is_meant = |server: &String| id.is_none_or(|id| id == server);
        let yes =
            self.of.iter().any(|(server, found)| is_meant(server) && found.values().any(|one| !one.is_no()));
        let noted = self.unread.all || id.is_some_and(|id| self.unread.servers.contains(id));
        yes || self.late.keys().any(|(server, _)| is_meant(server)) || (unread && !self.read && !noted)
    }

    /// As [`Consents::forget`], about all servers.
    pub fn forget_all(&mut self) {
        self.late.clear();
        self.unread.all = !self.read;
        self.drop_those(|_, found| !found.is_no());
    }

    /// The answer that holds for `who` and the server with `id`: what was answered about it by its name, or
    /// else a "no" to the same thing by another.
    fn stands(&self, who: &Application, id: &str) -> Option<&Remembered> {
        self.find(who, id).or_else(|| {
            let beside = self.kin.beside(id);
            let refused = beside.iter().filter_map(|other| self.find(who, other)).find(|found| found.is_no());
            refused.filter(|_| !self.kin.is_asked_again(who, id))
        })
    }

    /// What cannot be told from others is matched to nothing.
    fn find(&self, who: &Application, id: &str) -> Option<&Remembered> {
        self.of.get(id)?.get(who.identity()).filter(|_| who.longest() >= Longest::Session)
    }

    /// Uses up an answer for once that came too late, if it reaches as far as `wanted` and is not too old.
    fn take_late(&mut self, who: &Application, id: &str, wanted: Wanted<'_>, now: Timestamp) -> Option<Late> {
        self.late.retain(|_, late| now <= late.until);
        if self.late.is_empty() {
            return None;
        }
        let key = (id.to_owned(), who.identity().clone());
        let covers = self.late.get(&key).is_some_and(|late| late.extent.covers(wanted));
        if covers { self.late.remove(&key) } else { None }
    }

    fn drop_those(&mut self, goes: impl Fn(&str, &Remembered) -> bool) -> Vec<Remembered> {
        let of = self.of.iter_mut();
        let gone = of.flat_map(|(id, of)| of.extract_if(|_, found| goes(id, found)).collect::<Vec<_>>());
        gone.map(|(_, found)| found).collect()
    }
}
