//! Requests of the client that have no answer yet. Each gets one, by whichever way it comes.

use super::said::is_same_id;
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
}

/// One request, open until it is answered or this is dropped.
pub(super) struct Pending {
    calls: Calls,
    number: u64,
}

impl Calls {
    /// Opens a request.
    pub(super) fn open(&self, id: &Value) -> Pending {
        let mut open = self.lock();
        open.last += 1;
        let number = open.last;
        open.calls.push(Call { number, id: id.clone() });
        Pending { calls: self.clone(), number }
    }

    /// Closes the request that an answer with this ID is for, and says by which ID the client knows it; nothing
    /// if no such request is open any more.
    pub(super) fn answer(&self, given: &Value) -> Option<Value> {
        let mut open = self.lock();
        let exactly = open.calls.iter().position(|call| call.id == *given);
        let at = exactly.or_else(|| open.calls.iter().position(|call| is_same_id(&call.id, given)))?;
        Some(open.calls.remove(at).id)
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

    /// Closes it; nothing if it was answered already. Whoever gets the ID answers.
    pub(super) fn close(&self) -> Option<Value> {
        let mut open = self.calls.lock();
        let at = open.calls.iter().position(|call| call.number == self.number)?;
        Some(open.calls.remove(at).id)
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
        assert_eq!(calls.answer(&json!("5")), Some(json!("5")));
        assert!(number.is_open() && !text.is_open());
        assert_eq!(calls.answer(&json!("5")), Some(json!(5)));
        assert_eq!((calls.answer(&json!("5")), number.close()), (None, None));
    }

    #[test]
    fn what_is_given_up_is_not_answered() {
        let calls = Calls::default();
        drop(calls.open(&json!(1)));
        assert_eq!(calls.answer(&json!(1)), None);
    }
}
