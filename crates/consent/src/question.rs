//! Questions that wait for the person. All who ask the same share one, and what a program asks for at the
//! same time is shown as one.

use crate::about::{About, Wish};
use crate::answer::{Answer, Choice, Confirmation};
use crate::calls::LateCall;
use crate::gathering::Gathering;
use crate::lasts::Lasts;
use crate::open::{Asks, AsksAbout, AsksForUse, Open};
use crate::subject::{Matter, Subject, Use};
use crate::waiting::{WaitingForConsent, WaitingForUse};
use ground::ranked::{Locked, Ranked, order};
use jiff::Timestamp;
use peer::{Application, Identity};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

/// How much may be asked at once; more agents than this at a time are not a person's doing.
const MOST: usize = 1024;
/// How much of that by one program.
const MOST_OF_ONE: usize = 32;
/// How much of that may be about what it wants to have added.
const MOST_PROPOSALS_OF_ONE: usize = 8;
/// How many questions a surface is shown at a time, and of one program.
const MOST_SHOWN: usize = 64;
const MOST_SHOWN_OF_ONE: usize = 4;

/// A question as a surface shows it.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    /// The number by which it is answered.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub id: u64,
    /// What is asked.
    pub about: About,
}

/// The questions that are open.
#[derive(Default)]
pub struct Questions {
    pub(crate) open: Ranked<Book, { order::QUESTIONS }>,
}

#[derive(Default)]
pub(crate) struct Book {
    /// The oldest first.
    pub(crate) open: Vec<Open>,
    /// Those that others may join.
    gatherings: VecDeque<Gathering>,
    /// What went unanswered, and in which question that was: asked again, it is the same question, of which
    /// the person was told.
    unanswered: VecDeque<(Subject, u64)>,
    /// Answers about calls that came when not all of them waited any more.
    pub(crate) late_calls: VecDeque<LateCall>,
    last: u64,
}

impl Book {
    fn number_of_use(&mut self, subject: &Use, name: &str, now: Timestamp) -> u64 {
        if let Some(number) = self.number_before(&Subject::Use(subject.clone())) {
            return number;
        }
        self.gatherings.retain(|gathering| gathering.is_open(now));
        if let Some(joined) =
            self.gatherings.iter_mut().find_map(|one| one.take(subject, name).then_some(one.number))
        {
            return joined;
        }
        let number = self.next_number();
        if self.gatherings.len() == MOST {
            self.gatherings.pop_front();
        }
        self.gatherings.push_back(Gathering::begin(number, subject, name, now));
        number
    }

    pub(crate) fn number_before(&mut self, subject: &Subject) -> Option<u64> {
        let at = self.unanswered.iter().position(|(before, _)| before == subject)?;
        self.unanswered.remove(at).map(|(_, number)| number)
    }

    pub(crate) const fn next_number(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    fn find(&mut self, subject: &Subject) -> Option<&mut Open> {
        self.open.iter_mut().find(|open| open.asks.is(subject))
    }

    fn withdraw(&mut self, at: usize) {
        let Open { number, asks, .. } = self.open.remove(at);
        let subject = asks.into_subject();
        // A number is not worth a secret that stays in memory.
        if matches!(&subject, Subject::Matter(matter) if matter.has_secret()) {
            return;
        }
        self.unanswered.push_back((subject, number));
        if self.unanswered.len() > MOST {
            self.unanswered.pop_front();
        }
    }

    /// Programs share a bounded room, and none may fill it; the valet's own questions always find a place.
    pub(crate) fn has_room_for(&self, who: Option<&Application>) -> bool {
        let Some(who) = who else { return true };
        let of_programs = self.open.iter().filter(|open| open.asks.who().is_some()).count();
        of_programs < MOST && self.of(who).count() < MOST_OF_ONE
    }

    fn has_room_to_propose(&self, who: &Application) -> bool {
        let is_proposal = |open: &&Open| matches!(&open.asks, Asks::Matter(asks) if matches!(asks.matter, Matter::Proposal(_)));
        self.of(who).filter(is_proposal).count() < MOST_PROPOSALS_OF_ONE
    }

    fn of(&self, who: &Application) -> impl Iterator<Item = &Open> {
        let room = room_of(who);
        self.open.iter().filter(move |open| open.asks.who().is_some_and(|who| room_of(who) == room))
    }
}

/// Whose room a program's questions take. All that are unknown share one: there may be any number of them.
pub(crate) fn room_of(who: &Application) -> Option<&Identity> {
    Some(who.identity()).filter(|identity| !matches!(identity, Identity::Unknown(_)))
}

/// A use that is asked about.
pub struct Asked {
    /// Who asks for what.
    pub subject: Use,
    /// Whether somebody still waits for the answer.
    pub heard: Awaited,
}

/// Whether somebody still waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    /// Somebody does.
    Still,
    /// Whoever asked gave up.
    NoMore,
}

impl Questions {
    /// Asks for the use of a server, or joins those who asked the same already. `None` if too many questions
    /// are open.
    pub fn ask_for_use(&self, subject: Use, wish: Wish, now: Timestamp) -> Option<WaitingForUse> {
        let mut book = self.lock();
        let same =
            book.open.iter().filter_map(|open| open.asks.as_use()).find(|asks| asks.subject == subject);
        if let Some(same) = same {
            return Some(same.waiting());
        }
        if !book.has_room_for(Some(&subject.who)) {
            return None;
        }
        let number = book.number_of_use(&subject, &wish.server, now);
        let asks = AsksForUse::new(subject, wish);
        let waiting = asks.waiting();
        book.open.push(Open::new(number, Asks::Use(asks)));
        Some(waiting)
    }

    /// Asks about anything else, or joins those who asked the same already. `None` if too many questions are
    /// open.
    pub fn ask(&self, matter: Matter, about: About) -> Option<WaitingForConsent> {
        let mut book = self.lock();
        let same =
            book.open.iter().filter_map(|open| open.asks.as_matter()).find(|asks| asks.matter == matter);
        if let Some(same) = same {
            return Some(same.waiting());
        }
        if !book.has_room_for(matter.who()) || !matter.who().is_none_or(|who| book.has_room_to_propose(who)) {
            return None;
        }
        let number = book.number_before(&Subject::Matter(matter.clone()));
        let number = number.unwrap_or_else(|| book.next_number());
        let asks = AsksAbout::new(matter, about);
        let waiting = asks.waiting();
        book.open.push(Open::new(number, Asks::Matter(asks)));
        Some(waiting)
    }

    /// The uses that an open question asks about, each by the name that is shown. None if it is not open any
    /// more: it was answered elsewhere.
    pub fn uses(&self, id: u64) -> Vec<(String, Asked)> {
        let book = self.lock();
        let of_this = book.open.iter().filter(|open| open.number == id);
        let asked = of_this.filter_map(|open| {
            let asks = open.asks.as_use()?;
            let heard = if open.asks.is_waited_for() { Awaited::Still } else { Awaited::NoMore };
            Some((asks.wish.server.clone(), Asked { subject: asks.subject.clone(), heard }))
        });
        asked.collect()
    }

    /// What else an open question is about. `None` if it is not open any more, or about uses.
    pub fn matter(&self, id: u64) -> Option<Matter> {
        let book = self.lock();
        let open = book.open.iter().find(|open| open.number == id)?;
        open.asks.as_matter().map(|asks| asks.matter.clone())
    }

    /// Closes what was asked, and gives the answer to all who wait for it.
    pub fn answer_use(&self, subject: &Use, answer: Answer) {
        self.lock().open.retain(|open| {
            let asks = open.asks.as_use().filter(|asks| asks.subject == *subject);
            asks.map(|asks| asks.answer.send_replace(Some(answer))).is_none()
        });
    }

    /// As [`Questions::answer_use`], about anything else.
    pub fn answer(&self, matter: &Matter, answer: Confirmation) {
        self.lock().open.retain(|open| {
            let asks = open.asks.as_matter().filter(|asks| asks.matter == *matter);
            asks.map(|asks| asks.answer.send_replace(Some(answer))).is_none()
        });
    }

    /// Takes back what was asked about uses that have lost their subject.
    pub fn take_back_uses(&self, lost: impl Fn(&Use) -> bool) {
        self.lock().open.retain(|open| !open.asks.as_use().is_some_and(|asks| lost(&asks.subject)));
    }

    /// As [`Questions::take_back_uses`], about anything else.
    pub fn take_back(&self, lost: impl Fn(&Matter) -> bool) {
        self.lock().open.retain(|open| !open.asks.as_matter().is_some_and(|asks| lost(&asks.matter)));
    }

    /// Takes back what nobody waits for any more.
    pub fn withdraw_unheard(&self, subject: &Subject) {
        let mut book = self.lock();
        let unheard = |open: &Open| open.asks.is(subject) && !open.asks.is_waited_for();
        if let Some(at) = book.open.iter().position(unheard) {
            book.withdraw(at);
        }
    }

    /// Somebody does not wait for an answer any more. True if the time has to be counted from here on.
    pub fn leave(&self, subject: &Subject, now: Timestamp) -> bool {
        self.lock().find(subject).is_some_and(|open| open.late.leave(now))
    }

    /// How long what somebody has left still stays asked, as [`Late::rest`](ground::grace::Late::rest) has
    /// it. It goes once that is over.
    pub fn rest(&self, subject: &Subject, now: Timestamp) -> Option<Duration> {
        let mut book = self.lock();
        let at = book.open.iter().position(|open| open.asks.is(subject))?;
        let open = &mut book.open[at];
        let waits = open.asks.is_waited_for();
        let rest = open.late.rest(now, waits);
        if rest.is_none() && !waits {
            book.withdraw(at);
        }
        rest
    }

    /// Whether `subject` is being asked about.
    pub fn is_open(&self, subject: &Subject) -> bool {
        self.lock().find(subject).is_some()
    }

    /// Whether the person is being asked about this program and this server.
    pub fn is_asked(&self, who: &Application, id: &str) -> bool {
        let is = |asks: &AsksForUse| asks.subject.who == *who && asks.subject.server_id == id;
        self.lock().open.iter().any(|open| open.asks.as_use().is_some_and(is))
    }

    /// The open questions that a surface shows, oldest first, and how many more there are. No program takes
    /// the room of others. `suggested` says what was chosen last for a program.
    pub fn list(&self, suggested: impl Fn(&Application) -> Choice) -> (Vec<Question>, usize) {
        let mut book = self.lock();
        let mut all = BTreeMap::<u64, Vec<&Open>>::new();
        for open in &book.open {
            all.entry(open.number).or_default().push(open);
        }
        let (mut of_one, mut of_programs) = (HashMap::<Option<Identity>, usize>::new(), 0);
        let mut has_room = |open: &Open| {
            // The valet's own questions always find a place.
            let Some(who) = open.asks.who() else { return true };
            let of_this = of_one.entry(room_of(who).cloned()).or_default();
            let room = *of_this < MOST_SHOWN_OF_ONE && of_programs < MOST_SHOWN;
            *of_this += usize::from(room);
            of_programs += usize::from(room);
            room
        };
        let shown = all.iter().filter(|(_, open)| open.first().is_some_and(|first| has_room(first)));
        let shown =
            shown.filter_map(|(id, open)| Some(Question { id: *id, about: about(open, &suggested)? }));
        let shown: Vec<Question> = shown.collect();
        let more = all.len() - shown.len();
        let is_shown = |open: &Open| shown.iter().any(|question| question.id == open.number);
        for open in book.open.iter_mut().filter(|open| is_shown(open)) {
            open.asks.is_seen();
        }
        (shown, more)
    }

    pub(crate) fn lock(&self) -> Locked<'_, Book> {
        self.open.lock()
    }
}

/// What one question is about: one matter, or the uses that one program asks for.
fn about(open: &[&Open], suggested: impl Fn(&Application) -> Choice) -> Option<About> {
    let first = match &open.first()?.asks {
        Asks::Matter(asks) => return Some(asks.about.clone()),
        Asks::Call(asks) => return Some(asks.about()),
        Asks::Use(asks) => asks,
    };
    let who = &first.subject.who;
    Some(About::Use {
        agent: who.name().to_owned(),
        icon: who.icon().map(ToOwned::to_owned),
        executable: who.path().to_owned(),
        by: who.by().map(ToOwned::to_owned),
        servers: open.iter().filter_map(|open| open.asks.as_use()).map(|asks| asks.wish.clone()).collect(),
        longest: Lasts::longest(who.longest()),
        suggested: suggested(who),
    })
}
