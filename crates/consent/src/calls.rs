//! Questions about calls: only those that are the same word for word are joined, and the person sees how many
//! they answer for.

use crate::about::About;
use crate::answer::Confirmation;
use crate::call::{CallAnswer, CallAsked, CallWish, WaitingForCall};
use crate::lasts::Lasts;
use crate::open::{Asks, AsksForCall, Open};
use crate::question::Questions;
use crate::subject::Subject;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use tokio::sync::watch;

/// How long an answer that came too late still holds for the same call.
const LATE: SignedDuration = SignedDuration::from_mins(5);
/// Such answers that are remembered; the oldest goes first.
const MOST_LATE: usize = 64;

/// An answer to one call that nobody waited for any more.
pub(crate) struct LateCall {
    call: Arc<CallAsked>,
    answer: Confirmation,
    until: Timestamp,
}

impl Questions {
    /// Asks about a call, or joins one that is the same. `None` if too many questions are open.
    pub fn ask_for_call(
        &self,
        call: &Arc<CallAsked>,
        wish: CallWish,
        longest: Lasts,
    ) -> Option<WaitingForCall> {
        let mut book = self.lock();
        let same = book.open.iter_mut().find_map(|open| match &mut open.asks {
            Asks::Call(asks) if asks.takes(call) => Some(asks),
            Asks::Call(_) | Asks::Use(_) | Asks::Matter(_) => None,
        });
        if let Some(same) = same {
            let waiting = same.waiting();
            same.count = same.count.max(same.answer.receiver_count());
            return Some(waiting);
        }
        if !book.has_room_for(Some(&call.who)) {
            return None;
        }
        let number = book.number_before(&Subject::Call(Arc::clone(call)));
        let number = number.unwrap_or_else(|| book.next_number());
        let (call, answer) = (Arc::clone(call), watch::Sender::new(None));
        let asks = AsksForCall { call, wish, longest, answer, count: 1, is_shown: false };
        let waiting = asks.waiting();
        book.open.push(Open::new(number, Asks::Call(asks)));
        Some(waiting)
    }

    /// The call that an open question is about. `None` if it is not open any more, or about something else.
    pub fn call(&self, id: u64) -> Option<(Arc<CallAsked>, CallWish, Lasts)> {
        let book = self.lock();
        let open = book.open.iter().find(|open| open.number == id)?;
        open.asks.as_call().map(|asks| (Arc::clone(&asks.call), asks.wish.clone(), asks.longest))
    }

    /// Closes a question about a call, and gives the answer to all who wait for it. Those of them who went
    /// away find it when they come back.
    pub fn answer_call(&self, id: u64, answer: CallAnswer, now: Timestamp) {
        let mut book = self.lock();
        let Some(at) = book.open.iter().position(|open| open.number == id) else { return };
        let Some(asks) = book.open[at].asks.as_call() else { return };
        let left = asks.count.saturating_sub(asks.answer.receiver_count());
        let until = now.saturating_add(LATE).unwrap_or(now);
        let late = || LateCall { call: Arc::clone(&asks.call), answer: answer.answer, until };
        let late: Vec<LateCall> = std::iter::repeat_with(late).take(left.min(MOST_LATE)).collect();
        asks.answer.send_replace(Some(answer));
        book.open.remove(at);
        book.late_calls.extend(late);
        while book.late_calls.len() > MOST_LATE {
            book.late_calls.pop_front();
        }
    }

    /// Uses up an answer to this very call that came too late.
    pub fn take_late_call(&self, call: &CallAsked, now: Timestamp) -> Option<Confirmation> {
        let mut book = self.lock();
        if book.late_calls.is_empty() {
            return None;
        }
        book.late_calls.retain(|late| now < late.until);
        let at = book.late_calls.iter().position(|late| *late.call == *call)?;
        book.late_calls.remove(at).map(|late| late.answer)
    }

    /// Takes back what was asked about calls that have lost their subject, and answers to them. Whether any
    /// was being asked about.
    pub fn take_back_calls(&self, lost: impl Fn(&CallAsked) -> bool) -> bool {
        let mut book = self.lock();
        let before = book.open.len();
        book.open.retain(|open| !open.asks.as_call().is_some_and(|asks| lost(&asks.call)));
        book.late_calls.retain(|late| !lost(&late.call));
        book.open.len() < before
    }
}

impl AsksForCall {
    pub(crate) fn about(&self) -> About {
        let who = &self.call.who;
        About::Call {
            agent: who.name().to_owned(),
            icon: who.icon().map(ToOwned::to_owned),
            executable: who.path().to_owned(),
            by: who.by().map(ToOwned::to_owned),
            call: self.wish.clone(),
            count: self.count,
            longest: self.longest,
        }
    }
}

impl Asks {
    /// A surface shows it: how many calls an answer is for does not grow any more.
    pub(crate) const fn is_seen(&mut self) {
        if let Self::Call(asks) = self {
            asks.is_shown = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Choice;
    use crate::call::WhyAsked;
    use crate::question::Question;
    use message::deed::Call;
    use peer::Peer;
    use std::os::unix::net::UnixStream;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn asked(id: &str) -> Arc<CallAsked> {
        let (ours, _theirs) = UnixStream::pair().unwrap();
        let who = Peer::of(&ours).unwrap().application().clone();
        let arguments = Some(format!("{{\"id\":{id}}}").into());
        let call = Call { name: "wipe".to_owned(), arguments, beside: Vec::new(), sender: Vec::new() };
        let (server_id, grant, method) = ("s".to_owned(), "g".to_owned(), "tools/call".to_owned());
        let tool = Some("wipe".to_owned());
        Arc::new(CallAsked { who, server_id, grant, tool, form: None, method, call })
    }

    fn wish() -> CallWish {
        CallWish {
            server: "good".to_owned(),
            host: String::new(),
            account: None,
            name: "wipe".to_owned(),
            is_tool: true,
            title: None,
            looks_like: None,
            class: None,
            why: WhyAsked::Rule,
            says_else: false,
            arguments: Vec::new(),
        }
    }

    fn ask(questions: &Questions, call: &Arc<CallAsked>) -> WaitingForCall {
        questions.ask_for_call(call, wish(), Lasts::Always).unwrap()
    }

    fn shown(questions: &Questions) -> Vec<(u64, usize)> {
        let (all, _) = questions.list(|_| Choice::FIRST);
        let count = |Question { id, about }| {
            if let About::Call { count, .. } = about { (id, count) } else { (id, 0) }
        };
        all.into_iter().map(count).collect()
    }

    #[test]
    fn equal_calls_are_joined_until_the_person_sees_how_many_they_are() {
        let questions = Questions::default();
        let (one, other) = (asked("1"), asked("2"));
        let _waiting = [ask(&questions, &one), ask(&questions, &one), ask(&questions, &other)];
        assert_eq!(shown(&questions), [(1, 2), (2, 1)]);
        let _late = ask(&questions, &one);
        assert_eq!(shown(&questions), [(1, 2), (2, 1), (3, 1)]);
    }

    #[tokio::test]
    async fn an_answer_is_for_those_who_wait_and_for_those_of_them_who_come_back() {
        let (questions, call) = (Questions::default(), asked("1"));
        let mut stays = ask(&questions, &call);
        let leaves = ask(&questions, &call);
        assert_eq!(shown(&questions), [(1, 2)]);
        drop(leaves);
        let back = ask(&questions, &call);
        assert_eq!(shown(&questions), [(1, 2)], "it is one of the two");
        drop(back);
        questions.answer_call(1, CallAnswer { answer: Confirmation::Yes, tool: None }, NOW);
        assert_eq!(stays.answer().await.map(|answer| answer.answer), Some(Confirmation::Yes));
        assert_eq!(questions.take_late_call(&asked("2"), NOW), None);
        assert_eq!(questions.take_late_call(&call, NOW), Some(Confirmation::Yes));
        assert_eq!(questions.take_late_call(&call, NOW), None, "it was for one");
    }
}
