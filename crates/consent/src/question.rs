//! Questions that wait for the person. All who ask the same share one.

use crate::about::About;
use crate::answer::Answer;
use crate::proposal::Proposal;
use crate::subject::Subject;
use ground::grace::Late;
use ground::ranked::{Locked, Ranked, order};
use jiff::Timestamp;
use peer::{Application, Identity};
use serde::Serialize;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::watch;

/// How many questions may be open at once; more agents than this at a time are not a person's doing.
const MOST: usize = 1024;
/// How many of them one program may have open.
const MOST_OF_ONE: usize = 32;
/// How many of those may be about what it wants to have added.
const MOST_PROPOSALS_OF_ONE: usize = 8;
/// How many of them a surface is shown at a time, and of one program.
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

struct Open {
    question: Question,
    subject: Subject,
    answer: watch::Sender<Option<Answer>>,
    once: Arc<AtomicBool>,
    late: Late,
}

impl Open {
    fn waiting(&self) -> Waiting {
        let proposal = match &self.subject {
            Subject::Add(proposal) => Some(Arc::clone(proposal)),
            Subject::Use { .. }
            | Subject::Replace { .. }
            | Subject::SignIn { .. }
            | Subject::Configuration { .. } => None,
        };
        Waiting { answer: self.answer.subscribe(), once: Arc::clone(&self.once), proposal }
    }
}

/// One of those who wait for an answer.
pub struct Waiting {
    answer: watch::Receiver<Option<Answer>>,
    once: Arc<AtomicBool>,
    proposal: Option<Arc<Proposal>>,
}

impl Waiting {
    /// Waits for the answer. `None` if the question was taken back, since it lost its subject or another
    /// answer settled it.
    pub async fn answer(&mut self) -> Option<Answer> {
        self.answer.wait_for(Option::is_some).await.ok().and_then(|answer| *answer)
    }

    /// What the question is about, where that is a proposal: the one that was asked first, of all that are
    /// the same.
    pub const fn proposal(&self) -> Option<&Arc<Proposal>> {
        self.proposal.as_ref()
    }

    /// Takes the one hand-out that "once" allows. True for one of all who wait.
    pub fn take_once(&self) -> bool {
        !self.once.swap(true, Ordering::AcqRel)
    }
}

/// The questions that are open.
#[derive(Default)]
pub struct Questions {
    open: Ranked<Book, { order::QUESTIONS }>,
}

#[derive(Default)]
struct Book {
    open: Vec<Open>,
    /// Questions that went unanswered, and their numbers: asked again, they are the same questions, of which
    /// the person was told.
    unanswered: VecDeque<(Subject, u64)>,
    last: u64,
}

impl Book {
    fn number(&mut self, subject: &Subject) -> u64 {
        if let Some(at) = self.unanswered.iter().position(|(before, _)| before == subject) {
            return self.unanswered.remove(at).map_or(self.last, |(_, number)| number);
        }
        self.last += 1;
        self.last
    }

    fn withdraw(&mut self, at: usize) {
        let open = self.open.remove(at);
        // A number is not worth a secret that stays in memory.
        if matches!(&open.subject, Subject::Add(proposal) if proposal.has_secret()) {
            return;
        }
        self.unanswered.push_back((open.subject, open.question.id));
        if self.unanswered.len() > MOST {
            self.unanswered.pop_front();
        }
    }

    /// Programs share a bounded room, and none may fill it; the valet's own questions always find a place.
    fn has_room_for(&self, subject: &Subject) -> bool {
        let Some(who) = subject.who() else { return true };
        let of_programs = self.open.iter().filter(|open| open.subject.who().is_some()).count();
        let room = room_of(who);
        let of_this =
            self.open.iter().filter(|open| open.subject.who().is_some_and(|who| room_of(who) == room));
        let proposals = of_this.clone().filter(|open| matches!(open.subject, Subject::Add(_))).count();
        let adds = matches!(subject, Subject::Add(_));
        of_programs < MOST && of_this.count() < MOST_OF_ONE && (!adds || proposals < MOST_PROPOSALS_OF_ONE)
    }
}

/// Whose room a program's questions take. All that are unknown share one: there may be any number of them.
pub(crate) fn room_of(who: &Application) -> Option<&Identity> {
    Some(who.identity()).filter(|identity| !matches!(identity, Identity::Unknown(_)))
}

/// Who asks about what, and whether somebody still waits for the answer.
pub struct Asked {
    /// Who asks about what.
    pub subject: Subject,
    /// Whether somebody still waits.
    pub heard: bool,
}

impl Questions {
    /// Asks, or joins those who asked the same already. `None` if too many questions are open.
    pub fn ask(&self, subject: Subject, about: About) -> Option<Waiting> {
        let mut book = self.lock();
        if let Some(open) = book.open.iter().find(|open| open.subject == subject) {
            return Some(open.waiting());
        }
        if !book.has_room_for(&subject) {
            return None;
        }
        let question = Question { id: book.number(&subject), about };
        let (answer, once) = (watch::Sender::new(None), Arc::new(AtomicBool::new(false)));
        let open = Open { question, subject, answer, once, late: Late::default() };
        let waiting = open.waiting();
        book.open.push(open);
        Some(waiting)
    }

    /// What an open question is about. `None` if it is not open any more: it was answered elsewhere.
    pub fn about(&self, id: u64) -> Option<Asked> {
        let book = self.lock();
        let open = book.open.iter().find(|open| open.question.id == id)?;
        Some(Asked { subject: open.subject.clone(), heard: open.answer.receiver_count() > 0 })
    }

    /// Closes a question, and gives the answer to all who wait for it.
    pub fn answer(&self, id: u64, answer: Answer) {
        let mut book = self.lock();
        if let Some(at) = book.open.iter().position(|open| open.question.id == id) {
            book.open.remove(at).answer.send_replace(Some(answer));
        }
    }

    /// Takes questions back that have lost their subject.
    pub fn take_back(&self, lost: impl Fn(&Subject) -> bool) {
        self.lock().open.retain(|open| !lost(&open.subject));
    }

    /// Takes a question back that nobody waits for any more.
    pub fn withdraw_unheard(&self, subject: &Subject) {
        let mut book = self.lock();
        let unheard = |open: &Open| open.subject == *subject && open.answer.receiver_count() == 0;
        if let Some(at) = book.open.iter().position(unheard) {
            book.withdraw(at);
        }
    }

    /// Somebody does not wait for an answer any more. The number of the question whose time has to be counted
    /// from here on.
    pub fn leave(&self, subject: &Subject, now: Timestamp) -> Option<u64> {
        let mut book = self.lock();
        let open = book.open.iter_mut().find(|open| open.subject == *subject)?;
        open.late.leave(now).then_some(open.question.id)
    }

    /// How long a question still stays that somebody has left, as [`Late::rest`] has it. It goes once that is
    /// over.
    pub fn rest(&self, id: u64, now: Timestamp) -> Option<Duration> {
        let mut book = self.lock();
        let at = book.open.iter().position(|open| open.question.id == id)?;
        let open = &mut book.open[at];
        let waits = open.answer.receiver_count() > 0;
        let rest = open.late.rest(now, waits);
        if rest.is_none() && !waits {
            book.withdraw(at);
        }
        rest
    }

    /// Whether `subject` is being asked about.
    pub fn is_open(&self, subject: &Subject) -> bool {
        self.lock().open.iter().any(|open| open.subject == *subject)
    }

    /// Whether the person is being asked about this program and this server.
    pub fn is_asked(&self, who: &Application, id: &str) -> bool {
        let asks = |subject: &Subject| matches!(subject, Subject::Use { who: other, server_id, .. } if other == who && server_id == id);
        self.lock().open.iter().any(|open| asks(&open.subject))
    }

    /// The open questions that a surface shows, oldest first, and how many more there are. No program takes
    /// the room of others.
    pub fn list(&self) -> (Vec<Question>, usize) {
        let book = self.lock();
        let (mut of_one, mut of_programs) = (HashMap::<Option<Identity>, usize>::new(), 0);
        let mut has_room = |open: &Open| {
            // The valet's own questions always find a place.
            let Some(who) = open.subject.who() else { return true };
            let of_this = of_one.entry(room_of(who).cloned()).or_default();
            let room = *of_this < MOST_SHOWN_OF_ONE && of_programs < MOST_SHOWN;
            *of_this += usize::from(room);
            of_programs += usize::from(room);
            room
        };
        let shown: Vec<Question> =
            book.open.iter().filter(|open| has_room(open)).map(|open| open.question.clone()).collect();
        let more = book.open.len() - shown.len();
        (shown, more)
    }

    fn lock(&self) -> Locked<'_, Book> {
        self.open.lock()
    }
}
