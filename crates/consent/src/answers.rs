//! Who may use what: the person's answers, and what follows from them.

use crate::answer::{Answer, Choice};
use crate::extent::{Extent, Wanted};
use crate::keeping::Keeping;
use crate::kin::Kin;
use crate::lasts::Lasts;
use crate::noted::NotedAnswer;
use crate::permit::{Decision, Permit};
use crate::question::{Asked, Awaited};
use crate::remembered::{Lasting, Remembered, Said, Used};
use crate::rules::Rules;
use crate::subject::Use;
use crate::taking_back::Withdrawn;
use crate::who::Who;
use config::AgentsPolicy;
use config::thing::Thing;
use jiff::{SignedDuration, Timestamp, Zoned};
use peer::{Application, Identity, Longest};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use wire::{AccessLevel, ClassRules, ConsentState, Form};

/// How long an answer that came too late still holds for who had asked.
const LATE: SignedDuration = SignedDuration::from_mins(5);

/// The answers that are remembered: by server and program.
#[derive(Debug, Default)]
pub struct Consents {
    pub(crate) of: HashMap<String, HashMap<Identity, Remembered>>,
    /// Answers for once that came when nobody waited any more. They are beside what stands, and take nothing
    /// of it away.
    pub(crate) late: HashMap<(String, Identity), OneMore>,
    /// What the person chose last for each program.
    pub(crate) chosen: HashMap<Identity, Choice>,
    /// The latest time that was seen. A clock that is behind it was set back.
    pub(crate) latest: Timestamp,
    /// Whether those that outlive the valet have been read.
    pub(crate) read: bool,
    /// What was taken back before they were.
    pub(crate) unread: Withdrawn,
    pub(crate) keeping: Keeping,
    /// The ID that a server had, and the one that it has, while its file may say either.
    pub(crate) renaming: Option<(String, String)>,
    /// Uses that were written down, of answers that have not been read yet.
    pub(crate) uses: HashMap<(String, String), Used>,
    /// Answers as they were written down beside the vault, by server and mark, until they have been read.
    pub(crate) noted: HashMap<(String, String), NotedAnswer>,
    pub(crate) kin: Kin,
    /// What programs may do that the person never answered about.
    pub(crate) defaults: ClassRules,
}

/// What holds for `who` where nothing was answered. Nobody at another place gets in unasked, since the person
/// who let that place be led here was told so.
pub(crate) fn policy_for(policy: AgentsPolicy, who: &Application) -> AgentsPolicy {
    match policy {
        AgentsPolicy::Allow if who.is_elsewhere() => AgentsPolicy::Ask,
        AgentsPolicy::Allow | AgentsPolicy::Ask | AgentsPolicy::Deny => policy,
    }
}

/// One token, if it is asked for before this moment.
#[derive(Debug)]
pub(crate) struct OneMore {
    until: Timestamp,
    extent: Arc<Extent>,
    rules: Option<Arc<Rules>>,
}

impl Consents {
    /// Decides about one request of `who` for the server with `id`, using up an answer that holds once. No
    /// "yes" is matched to what is wider than what was answered.
    pub fn decide(
        &mut self,
        policy: AgentsPolicy,
        who: Who<'_>,
        id: &str,
        wanted: Wanted<'_>,
        now: Timestamp,
    ) -> Decision {
        self.look(now);
        let is_same = matches!(who, Who::Same(_));
        let who = who.application();
        let policy = policy_for(policy, who);
        match self.stands(who, id, now) {
            Some(found) if found.is_no() => return Decision::Deny,
            Some(found) if found.keeps_from(wanted) => return Decision::ProxyOnly,
            Some(found) if is_same && found.extent.covers(wanted) => {
                return Decision::Allow(Permit {
                    once: false,
                    extent: Arc::clone(&found.extent),
                    rules: found.rules.clone(),
                });
            }
            Some(_) | None => {}
        }
        if is_same && let Some(late) = self.take_late(who, id, wanted, now) {
            return Decision::Allow(Permit { once: true, extent: late.extent, rules: late.rules });
        }
        match policy {
            AgentsPolicy::Ask => Decision::Ask,
            AgentsPolicy::Allow if self.defaults_keep_from(wanted) => Decision::ProxyOnly,
            AgentsPolicy::Allow => {
                let (extent, rules) = (Arc::new(Extent::EVERYTHING), self.default_rules());
                Decision::Allow(Permit { once: false, extent, rules })
            }
            AgentsPolicy::Deny => Decision::Deny,
        }
    }

    /// Remembers an answer to what was asked, in the place of any before. True if what outlives the valet is
    /// another now.
    pub fn remember(&mut self, asked: &Asked, answer: Answer, here: &Zoned) -> bool {
        let (now, Use { who, server_id: id, extent }) = (here.timestamp(), &asked.subject);
        if who.longest() < Longest::Session {
            return false;
        }
        self.look(now);
        let answer = answer.within(who.longest());
        self.choose(who, answer);
        let key = (id.clone(), who.identity().clone());
        let Some(ends) = answer.lasts().ends(here) else {
            if let (Answer::Yes(choice), Awaited::NoMore) = (answer, asked.heard) {
                let until = now.saturating_add(LATE).unwrap_or(now);
                let (extent, rules) = (Arc::new(choice.extent(extent)), choice.rules().map(Arc::new));
                self.late.insert(key, OneMore { until, extent, rules });
            }
            return false;
        };
        self.late.remove(&key);
        let (said, took) = match answer {
            Answer::Yes(choice) => (Said::Yes(self.reach(choice, asked, now)), false),
            Answer::No(_) => (Said::No, self.refuse_aliases(who, id)),
        };
        let is_less = matches!(said, Said::Yes(AccessLevel::ProxyOnly | AccessLevel::ByRules));
        let extent = if is_less { extent.through_the_proxy() } else { extent.clone() };
        let mut new = Remembered::new(who.clone(), said, ends, extent, now);
        let old = self.of.entry(id.clone()).or_default();
        let before = old.remove(who.identity());
        let kept = before.as_ref().is_some_and(Remembered::outlives_the_valet) || new.outlives_the_valet();
        if said == Said::Yes(AccessLevel::ByRules) {
            let rules = before.as_ref().and_then(|before| before.rules.clone());
            new.rules = Some(rules.unwrap_or_else(|| Arc::new(Rules::reads_only())));
        }
        new.used = before.map(|before| before.used).unwrap_or_default();
        old.insert(who.identity().clone(), new);
        kept || took
    }

    /// How far a yes reaches. About the use through the valet it says nothing of tokens: whoever was kept
    /// from them stays so.
    fn reach(&self, choice: Choice, asked: &Asked, now: Timestamp) -> AccessLevel {
        let Use { who, server_id, extent } = &asked.subject;
        let before = self.find(who, server_id, now).map(|before| before.said);
        match before {
            Some(Said::Yes(AccessLevel::ProxyOnly))
                if extent.form() == Form::Proxied && choice.reach == AccessLevel::Everything =>
            {
                AccessLevel::ProxyOnly
            }
            Some(_) | None => choice.reach,
        }
    }

    fn choose(&mut self, who: &Application, answer: Answer) {
        let reach = match answer {
            Answer::Yes(choice) => choice.reach,
            Answer::No(_) => self.suggested(who).reach,
        };
        self.chosen.insert(who.identity().clone(), Choice { reach, lasts: answer.lasts() });
    }

    /// What a question about this program begins with: what was chosen last, but nothing that outlives the
    /// valet without an end.
    pub fn suggested(&self, who: &Application) -> Choice {
        let first = match self.defaults.is_narrow() {
            true => Choice { reach: AccessLevel::ByRules, ..Choice::FIRST },
            false => Choice::FIRST,
        };
        let chosen = self.chosen.get(who.identity()).copied().unwrap_or(first);
        Choice { lasts: chosen.lasts.min(Lasts::ForNow).within(who.longest()), ..chosen }
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
        now: Timestamp,
    ) -> ConsentState {
        self.state(policy_for(policy, who), self.stands(who, id, now), wanted)
    }

    /// What follows from the answer that stands.
    pub(crate) fn state(
        &self,
        policy: AgentsPolicy,
        stands: Option<&Remembered>,
        wanted: Option<Wanted<'_>>,
    ) -> ConsentState {
        let keeps_from = |found: &Remembered| wanted.is_some_and(|wanted| found.keeps_from(wanted));
        let covers = |found: &Remembered| wanted.is_none_or(|wanted| found.extent.covers(wanted));
        match (stands, policy) {
            (Some(found), _) if found.is_no() || keeps_from(found) => ConsentState::Denied,
            (Some(found), _) if covers(found) => ConsentState::Allowed,
            (_, AgentsPolicy::Deny) => ConsentState::Denied,
            (_, AgentsPolicy::Allow) if wanted.is_some_and(|wanted| self.defaults_keep_from(wanted)) => {
                ConsentState::Denied
            }
            (_, AgentsPolicy::Allow) => ConsentState::Allowed,
            (_, AgentsPolicy::Ask) => ConsentState::None,
        }
    }

    /// Whether the answers that stand say something about what is asked.
    pub fn settle(&self, policy: AgentsPolicy, asked: &Use, now: Timestamp) -> bool {
        let scopes = asked.extent.scopes();
        let wanted = Wanted { scopes: scopes.as_deref(), form: asked.extent.form() };
        self.standing(policy, &asked.who, &asked.server_id, Some(wanted), now) != ConsentState::None
    }

    /// How far the "yes" reaches that stands for `who` and the server with `id`.
    pub fn allowed(&self, who: &Application, id: &str, now: Timestamp) -> Option<&Extent> {
        self.find(who, id, now).filter(|found| !found.is_no()).map(|found| &*found.extent)
    }

    /// The answers that stand.
    pub fn lasting(&self) -> impl Iterator<Item = Lasting<'_>> {
        let all = self.of.iter().flat_map(|(id, of)| of.values().map(move |found| (id.as_str(), found)));
        let all = all.filter(|(_, found)| !found.is_over(self.latest, self.latest));
        all.flat_map(|(id, found)| self.names(id, found)).map(|(id, found)| found.show(id, self.latest))
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
            self.stands(&found.who, other, self.latest).is_some_and(|stands| std::ptr::eq(stands, found))
        };
        std::iter::once((id, found)).chain(beside.filter(holds).map(move |other| (other, found)))
    }

    /// The answer that stands for one program and one server.
    pub fn of(&self, who: &Application, id: &str, now: Timestamp) -> Option<wire::Consent> {
        self.stands(who, id, now).map(|found| found.show(id, self.latest).consent)
    }

    /// The answer that holds for `who` and the server with `id`: what was answered about it by its name, or
    /// else a "no" to the same thing by another.
    pub(crate) fn stands(&self, who: &Application, id: &str, now: Timestamp) -> Option<&Remembered> {
        self.find(who, id, now).or_else(|| {
            let beside = self.kin.beside(id).iter();
            let refused = beside.filter_map(|other| self.find(who, other, now)).find(|found| found.is_no());
            refused.filter(|_| !self.kin.is_asked_again(who, id))
        })
    }

    /// What cannot be told from others is matched to nothing, and neither is what is over.
    pub(crate) fn find(&self, who: &Application, id: &str, now: Timestamp) -> Option<&Remembered> {
        let found = self.of.get(id)?.get(who.identity())?;
        (who.longest() >= Longest::Session && !found.is_over(now, self.latest)).then_some(found)
    }

    /// Uses up an answer for once that came too late, if it reaches as far as `wanted` and is not too old.
    fn take_late(
        &mut self,
        who: &Application,
        id: &str,
        wanted: Wanted<'_>,
        now: Timestamp,
    ) -> Option<OneMore> {
        self.late.retain(|_, late| now <= late.until);
        if self.late.is_empty() {
            return None;
        }
        let key = (id.to_owned(), who.identity().clone());
        let covers = self.late.get(&key).is_some_and(|late| late.extent.covers(wanted));
        if covers { self.late.remove(&key) } else { None }
    }
}
