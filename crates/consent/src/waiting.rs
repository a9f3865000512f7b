//! Those who wait for an answer. All who ask the same share one question.

use crate::answer::{Answer, Confirmation};
use crate::proposal::Proposal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::watch;

/// One of those who wait for leave to use a server.
pub struct WaitingForUse {
    pub(crate) answer: watch::Receiver<Option<Answer>>,
    pub(crate) once: Arc<AtomicBool>,
}

impl WaitingForUse {
    /// Waits for the answer. `None` if the question was taken back, since it lost its subject or another
    /// answer settled it.
    pub async fn answer(&mut self) -> Option<Answer> {
        heard(&mut self.answer).await
    }

    /// Takes the one hand-out that "once" allows. True for one of all who wait.
    pub fn take_once(&self) -> bool {
        !self.once.swap(true, Ordering::AcqRel)
    }
}

/// One of those who wait for the person to agree to something.
pub struct WaitingForConsent {
    pub(crate) answer: watch::Receiver<Option<Confirmation>>,
    pub(crate) proposal: Option<Arc<Proposal>>,
}

impl WaitingForConsent {
    /// Waits for the answer. `None` if the question was taken back, since it lost its subject.
    pub async fn answer(&mut self) -> Option<Confirmation> {
        heard(&mut self.answer).await
    }

    /// What the question is about, where that is a proposal: the one that was asked first, of all that are
    /// the same.
    pub const fn proposal(&self) -> Option<&Arc<Proposal>> {
        self.proposal.as_ref()
    }
}

async fn heard<T: Copy>(answer: &mut watch::Receiver<Option<T>>) -> Option<T> {
    answer.wait_for(Option::is_some).await.ok().and_then(|answer| *answer)
}
