//! Requests of the client that have no answer yet. Each gets one, by whichever way it comes.

use super::said::is_same_id;
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{oneshot, watch};

/// The requests that are open.
#[derive(Clone, Default)]
pub(super) struct Calls(Arc<Mutex<Open>>);

#[derive(Default)]
struct Open {
    calls: Vec<Call>,
    last: u64,
}

struct Call {
    number: u64,
    id: Value,
    asker: Asker,
    /// Nothing is said here; it ends with the call.
    _bell: watch::Sender<()>,
}

/// Who gets the answer.
#[derive(Debug)]
pub(super) enum Asker {
    Client,
    /// Nobody.
    Nobody,
    /// This program itself.
    Ourselves(oneshot::Sender<String>),
}

/// A request that has just been answered.
#[derive(Debug)]
pub(super) struct Answered {
    /// The ID by which it was asked.
    pub(super) id: Value,
    pub(super) asker: Asker,
}

/// One request, open until it is answered or this is dropped.
pub(super) struct Pending {
    calls: Calls,
    number: u64,
    closed: watch::Receiver<()>,
}

impl Calls {
    /// Opens a request of the client.
    pub(super) fn open(&self, id: &Value) -> Pending {
        self.open_for(id, Asker::Client)
    }

    /// Opens a request whose answer `asker` gets.
    pub(super) fn open_for(&self, id: &Value, asker: Asker) -> Pending {
        let (bell, closed) = watch::channel(());
        let mut open = self.lock();
        open.last += 1;
        let number = open.last;
        open.calls.push(Call { number, id: id.clone(), asker, _bell: bell });
        Pending { calls: self.clone(), number, closed }
    }

    /// Closes the request that an answer with this ID is for, and says by which ID the client knows it;
    /// nothing if no such request is open any more.
    pub(super) fn answer(&self, given: &Value) -> Option<Answered> {
        let mut open = self.lock();
        let exactly = open.calls.iter().position(|call| call.id == *given);
        let at = exactly.or_else(|| open.calls.iter().position(|call| is_same_id(&call.id, given)))?;
        let Call { id, asker, .. } = open.calls.remove(at);
        Some(Answered { id, asker })
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pending {
    /// Whether it still waits for its answer.
    pub(super) fn is_open(&self) -> bool {
        self.calls.lock().calls.iter().any(|call| call.number == self.number)
    }

    /// Waits until it does not.
    pub(super) async fn closed(&self) {
        let mut closed = self.closed.clone();
        while closed.changed().await.is_ok() {}
    }

    /// Closes it; nothing if it was answered already. Whoever gets this answers.
    pub(super) fn close(&self) -> Option<Answered> {
        let mut open = self.calls.lock();
        let at = open.calls.iter().position(|call| call.number == self.number)?;
        let Call { id, asker, .. } = open.calls.remove(at);
        Some(Answered { id, asker })
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_answer_is_for_the_request_with_exactly_its_id_and_else_for_one_that_looks_like_it() {
        let calls = Calls::default();
        let (number, text) = (calls.open(&json!(5)), calls.open(&json!("5")));
        let answered = |id: &Value| calls.answer(id).map(|answered| answered.id);
        assert_eq!(answered(&json!("5")), Some(json!("5")));
        assert!(number.is_open() && !text.is_open());
        assert_eq!(answered(&json!("5")), Some(json!(5)));
        assert!(answered(&json!("5")).is_none() && number.close().is_none());
    }

    #[test]
    fn what_is_given_up_is_not_answered() {
        let calls = Calls::default();
        drop(calls.open(&json!(1)));
        assert!(calls.answer(&json!(1)).is_none());
    }
}
