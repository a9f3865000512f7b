//! What is asked, and waits for the person.

use crate::about::{About, Wish};
use crate::answer::{Answer, Confirmation};
use crate::call::{CallAnswer, CallAsked, CallWish, WaitingForCall};
use crate::lasts::Lasts;
use crate::subject::{Matter, Subject, Use};
use crate::waiting::{WaitingForConsent, WaitingForUse};
use ground::grace::Late;
use peer::Application;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tokio::sync::watch;

/// One thing that is asked. Several of one program may be shown as one question, which has one number.
pub(crate) struct Open {
    pub(crate) number: u64,
    pub(crate) asks: Asks,
    pub(crate) late: Late,
}

/// What it asks, and the way of the answer to all who ask the same.
pub(crate) enum Asks {
    Use(AsksForUse),
    Call(AsksForCall),
    Matter(AsksAbout),
}

pub(crate) struct AsksForCall {
    pub(crate) call: Arc<CallAsked>,
    pub(crate) wish: CallWish,
    pub(crate) longest: Lasts,
    pub(crate) answer: watch::Sender<Option<CallAnswer>>,
    /// How many calls the answer is for. Once it was shown, it stays.
    pub(crate) count: usize,
    pub(crate) is_shown: bool,
}

pub(crate) struct AsksForUse {
    pub(crate) subject: Use,
    pub(crate) wish: Wish,
    pub(crate) answer: watch::Sender<Option<Answer>>,
    once: Arc<AtomicBool>,
}

pub(crate) struct AsksAbout {
    pub(crate) matter: Matter,
    pub(crate) about: About,
    pub(crate) answer: watch::Sender<Option<Confirmation>>,
}

impl Open {
    pub(crate) fn new(number: u64, asks: Asks) -> Self {
        Self { number, asks, late: Late::default() }
    }
}

impl Asks {
    /// Whether it asks this.
    pub(crate) fn is(&self, subject: &Subject) -> bool {
        match (self, subject) {
            (Self::Use(asks), Subject::Use(subject)) => asks.subject == *subject,
            (Self::Call(asks), Subject::Call(call)) => asks.call == *call,
            (Self::Matter(asks), Subject::Matter(matter)) => asks.matter == *matter,
            (Self::Use(_) | Self::Call(_) | Self::Matter(_), _) => false,
        }
    }

    pub(crate) fn who(&self) -> Option<&Application> {
        match self {
            Self::Use(asks) => Some(&asks.subject.who),
            Self::Call(asks) => Some(&asks.call.who),
            Self::Matter(asks) => asks.matter.who(),
        }
    }

    /// Whether somebody still waits for the answer.
    pub(crate) fn is_waited_for(&self) -> bool {
        match self {
            Self::Use(asks) => asks.answer.receiver_count() > 0,
            Self::Call(asks) => asks.answer.receiver_count() > 0,
            Self::Matter(asks) => asks.answer.receiver_count() > 0,
        }
    }

    pub(crate) fn into_subject(self) -> Subject {
        match self {
            Self::Use(asks) => Subject::Use(asks.subject),
            Self::Call(asks) => Subject::Call(asks.call),
            Self::Matter(asks) => Subject::Matter(asks.matter),
        }
    }

    pub(crate) const fn as_use(&self) -> Option<&AsksForUse> {
        if let Self::Use(asks) = self { Some(asks) } else { None }
    }

    pub(crate) const fn as_call(&self) -> Option<&AsksForCall> {
        if let Self::Call(asks) = self { Some(asks) } else { None }
    }

    pub(crate) const fn as_matter(&self) -> Option<&AsksAbout> {
        if let Self::Matter(asks) = self { Some(asks) } else { None }
    }
}

impl AsksForUse {
    pub(crate) fn new(subject: Use, wish: Wish) -> Self {
        Self { subject, wish, answer: watch::Sender::new(None), once: Arc::new(AtomicBool::new(false)) }
    }

    pub(crate) fn waiting(&self) -> WaitingForUse {
        WaitingForUse { answer: self.answer.subscribe(), once: Arc::clone(&self.once) }
    }
}

impl AsksForCall {
    pub(crate) fn waiting(&self) -> WaitingForCall {
        WaitingForCall { answer: self.answer.subscribe() }
    }

    /// Whether another call that is the same may join: not once the person sees how many there are, but for
    /// one that comes back.
    pub(crate) fn takes(&self, call: &CallAsked) -> bool {
        *self.call == *call && (!self.is_shown || self.answer.receiver_count() < self.count)
    }
}

impl AsksAbout {
    pub(crate) fn new(matter: Matter, about: About) -> Self {
        Self { matter, about, answer: watch::Sender::new(None) }
    }

    pub(crate) fn waiting(&self) -> WaitingForConsent {
        let proposal = match &self.matter {
            Matter::Proposal(proposal) => Some(Arc::clone(proposal)),
            Matter::Account(_)
            | Matter::Replace { .. }
            | Matter::SignIn { .. }
            | Matter::Configuration { .. } => None,
        };
        WaitingForConsent { answer: self.answer.subscribe(), proposal }
    }
}
