//! Who began which sign-in, and how many a program may begin.

use crate::attempt::Attempt;
use crate::server::Server;
use ground::ranked::{Locked, Ranked, order};
use jiff::{SignedDuration, Timestamp};
use oauth::Issuer;
use peer::{By, Room};
use std::collections::{HashMap, VecDeque};
use wire::{Authorization, Problem};

/// How soon a second request counts as the same click. Later it means that the first came to nothing.
const DOUBLE_CLICK: SignedDuration = SignedDuration::from_secs(5);

/// Sign-ins of one program at a time; all that cannot be told from each other are one.
const AT_ONCE: usize = 4;

/// Sign-ins of all programs at a time.
const OF_ALL: usize = 16;

/// More places for programs that the person has answered about.
const KEPT: usize = 4;

/// A sign-in that is younger does not make room for another program's.
const UNDISTURBED: SignedDuration = SignedDuration::from_mins(1);

/// Sign-ins that one program may begin in [`A_WHILE`].
const IN_A_WHILE: usize = 60;

/// How often programs may have us registered anew at one issuer, by beginning again and again.
const A_WHILE: SignedDuration = SignedDuration::from_mins(10);

/// How often in [`A_WHILE`] programs may have us registered anew at one issuer for further scopes.
const WIDENED: usize = 8;

/// The sign-ins that are under way.
#[derive(Debug, Default)]
pub struct SignIns(Ranked<All, { order::SIGN_INS }>);

/// All of them, and what programs had done lately.
#[derive(Debug, Default)]
pub struct All {
    /// In the order in which they began.
    pub under_way: Vec<UnderWay>,
    /// What programs began lately, oldest first.
    begun: VecDeque<(Room, Timestamp)>,
    /// The issuers at which a program had us forget our client.
    given_up: HashMap<String, Timestamp>,
    /// When programs had us registered anew at an issuer because they want further scopes.
    widened: HashMap<String, Vec<Timestamp>>,
}

/// A sign-in that is under way.
#[derive(Debug)]
pub struct UnderWay {
    /// The number of the attempt.
    pub number: u64,
    by: By,
    at: Timestamp,
    /// Since when its place is taken: one that takes the place of another is as old as that.
    since: Timestamp,
    /// Whether it waits for a person, who can begin it again.
    pub waits: bool,
}

/// What becomes of a program's wish to sign in.
#[derive(Debug, PartialEq, Eq)]
pub enum Admission {
    /// It joins the one that it began.
    Joins(u64),
    /// It takes its own place, which it has since then.
    Renews(Timestamp),
    /// It takes a place that is free.
    Takes,
    /// It takes the place of this one.
    TakesOver(u64),
}

/// The page that the person opens.
pub fn page(server: &Server) -> Option<Authorization> {
    if let Attempt::OnDevice(device) = &server.attempt {
        return Some(device.page.clone());
    }
    let url = server.config.place.url()?;
    server.attempt.waiting().map(|waiting| waiting.authorization(&server.name, url))
}

impl All {
    /// Whether a program may begin a sign-in to this server, or joins the one that it began. Whoever is
    /// `known` has places that no others have.
    pub fn judge(
        &mut self,
        server: &Server,
        by: &By,
        known: bool,
        now: Timestamp,
    ) -> Result<Admission, Problem> {
        let number = server.attempt.number();
        let begun = self.under_way.iter().find(|one| Some(one.number) == number);
        match (number, begun) {
            (None, _) => {}
            (Some(number), Some(begun)) if begun.by == *by => {
                let young = now.duration_since(begun.at).abs() < DOUBLE_CLICK;
                let shown = page(server).is_some();
                if young || !shown {
                    return Ok(Admission::Joins(number));
                }
                let since = begun.since;
                return self.is_moderate(by, now).map(|()| Admission::Renews(since));
            }
            (Some(_), begun) => {
                return Err(problems::sign_in_under_way(&server.name, begun.map(|begun| begun.by.name())));
            }
        }
        self.is_moderate(by, now)?;
        self.place(by, known, now)
    }

    /// Whether a program has not begun too many lately.
    fn is_moderate(&mut self, by: &By, now: Timestamp) -> Result<(), Problem> {
        self.begun.retain(|(_, at)| now.duration_since(*at).abs() < A_WHILE);
        let own = room(by);
        let lately = self.begun.iter().filter(|(of, _)| Some(of) == own.as_ref()).count();
        if own.is_some() && lately >= IN_A_WHILE {
            return Err(problems::too_many_sign_ins(by.name()));
        }
        Ok(())
    }

    fn place(&self, by: &By, known: bool, now: Timestamp) -> Result<Admission, Problem> {
        let Some(room) = room(by) else { return Ok(Admission::Takes) };
        let mut taken: HashMap<Room, usize> = HashMap::new();
        for of in self.under_way.iter().filter_map(|one| self::room(&one.by)) {
            *taken.entry(of).or_default() += 1;
        }
        if taken.get(&room).is_some_and(|own| *own >= AT_ONCE) {
            return Err(problems::too_many_sign_ins(by.name()));
        }
        let most = if known { OF_ALL + KEPT } else { OF_ALL };
        if taken.values().sum::<usize>() < most {
            return Ok(Admission::Takes);
        }
        let over = self.makes_room(&taken, now).ok_or_else(|| problems::no_place_to_sign_in(most))?;
        Ok(Admission::TakesOver(over))
    }

    /// The sign-in that makes room where all places are taken: of whoever has most the oldest, once it has
    /// waited for a while. Of whoever begins again and again it need not have.
    fn makes_room(&self, taken: &HashMap<Room, usize>, now: Timestamp) -> Option<u64> {
        let lately = |of: &Room| self.begun.iter().filter(|(room, _)| room == of).count();
        let gives = |one: &&UnderWay| {
            let old = now.duration_since(one.since).abs() >= UNDISTURBED;
            one.waits && room(&one.by).is_some_and(|of| old || lately(&of) > 2 * AT_ONCE)
        };
        let all = self.under_way.iter().filter(gives);
        let most = |one: &&UnderWay| room(&one.by).and_then(|of| taken.get(&of).copied()).unwrap_or_default();
        all.max_by_key(|one| (most(one), std::cmp::Reverse(one.since))).map(|one| one.number)
    }

    /// A sign-in begins that was begun `by` somebody.
    pub fn begins(&mut self, number: u64, by: &By, since: Timestamp, now: Timestamp) {
        self.under_way.push(UnderWay { number, by: by.clone(), at: now, since, waits: false });
        if let Some(room) = room(by) {
            self.begun.push_back((room, now));
        }
    }
}

fn room(by: &By) -> Option<Room> {
    match by {
        By::Person => None,
        By::Agent(application) => Some(Room::of(application)),
    }
}

impl SignIns {
    /// All of them, for as long as they are looked at.
    pub fn all(&self) -> Locked<'_, All> {
        self.0.lock()
    }

    /// Whether our client at an issuer is forgotten because a sign-in there came to nothing: the page may
    /// have shown that the issuer does not know it any more. A program that begins again and again has us
    /// register no more often than this.
    pub fn may_forget(&self, issuer: &Issuer, by: &By, now: Timestamp) -> bool {
        let may = self.could_forget(issuer, by, now);
        // What was noted first counts, or somebody who does not stop would never be through.
        if may && *by != By::Person {
            self.all().given_up.insert(issuer.as_str().to_owned(), now);
        }
        may
    }

    /// Whether we are registered anew at an issuer for a sign-in that asks for further scopes. Programs may
    /// want others each time, and have us registered only so often.
    pub fn may_widen(&self, issuer: &Issuer, by: &By, now: Timestamp) -> bool {
        let widened = &mut self.all().widened;
        widened.retain(|_, at| {
            at.retain(|at| now.duration_since(*at).abs() < A_WHILE);
            !at.is_empty()
        });
        let lately = widened.entry(issuer.as_str().to_owned()).or_default();
        let may = *by == By::Person || lately.len() < WIDENED;
        if may && *by != By::Person {
            lately.push(now);
        }
        may
    }

    /// Whether [`SignIns::may_forget`] would say yes.
    pub fn could_forget(&self, issuer: &Issuer, by: &By, now: Timestamp) -> bool {
        let given_up = &mut self.all().given_up;
        given_up.retain(|_, at| now.duration_since(*at).abs() < A_WHILE);
        *by == By::Person || !given_up.contains_key(issuer.as_str())
    }
}
