//! Whether the server is there yet, where the client has begun without it.

use super::last::Last;
use super::modern::Subscriptions;
use super::trouble::Trouble;
use serde_json::Value;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// What stands in for the server until it is there.
pub(super) struct Early {
    state: watch::Sender<State>,
    /// What it said of itself the last time, once that is known.
    last: OnceLock<Last>,
    /// How many calls wait for something to open.
    waiting: AtomicUsize,
    /// Whether the client has looked at the list of tools since the server is there.
    has_listed: watch::Sender<bool>,
    wait: Wait,
    /// Whether the client is ready: it has said `notifications/initialized`.
    is_begun: watch::Sender<bool>,
    /// Whether each message of the client stands for itself.
    pub(super) is_modern: bool,
    /// Whether the server is one of before, and has had its handshake from here.
    wants_handshake: AtomicBool,
    /// What such a client wants to hear of.
    pub(super) subscriptions: Subscriptions,
}

/// What a client that begins early waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    /// The server, which may be there in a moment.
    ForServer,
    /// Somebody, who has to do something first.
    ForPerson,
}

#[derive(Debug, Clone)]
enum State {
    /// An attempt to begin is under way.
    Trying,
    /// So many attempts have failed, the last one for this.
    Failed { failures: u32, trouble: Trouble, is_wanted: bool },
    /// It is there, with these capabilities.
    There(Value),
}

impl Early {
    /// With the first attempt under way.
    pub(super) fn new(wait: Wait) -> Self {
        Self {
            state: watch::Sender::new(State::Trying),
            last: OnceLock::new(),
            waiting: AtomicUsize::new(0),
            has_listed: watch::Sender::new(false),
            wait,
            is_begun: watch::Sender::new(false),
            is_modern: false,
            wants_handshake: AtomicBool::new(false),
            subscriptions: Subscriptions::default(),
        }
    }

    /// The same for a client each of whose messages stands for itself.
    pub(super) fn modern(self) -> Self {
        self.begins();
        Self { is_modern: true, ..self }
    }

    /// What the server said of itself the last time, if that is known.
    pub(super) fn last(&self) -> Option<&Last> {
        self.last.get()
    }

    /// Takes over what the server said of itself the last time. False if that was known.
    pub(super) fn learn(&self, last: Last) -> bool {
        self.last.set(last).is_ok()
    }

    /// The client has looked at the list of tools.
    pub(super) fn lists(&self) {
        if self.is_there_now() {
            self.has_listed.send_replace(true);
        }
    }

    /// Whether the client has looked at the list of tools since the server is there, or does so within this
    /// time.
    pub(super) async fn has_listed_within(&self, time: Duration) -> bool {
        let mut listed = self.has_listed.subscribe();
        timeout(time, listed.wait_for(|listed| *listed)).await.is_ok_and(|listed| listed.is_ok())
    }

    /// The server is there.
    pub(super) fn there(&self, capabilities: Value) {
        self.state.send_replace(State::There(capabilities));
    }

    /// An attempt has failed. Nobody wants another one yet: whoever waited for this one is told of it.
    pub(super) fn failed(&self, failures: u32, trouble: Trouble) {
        self.state.send_replace(State::Failed { failures, trouble, is_wanted: false });
    }

    /// Another attempt begins.
    pub(super) fn tries(&self) {
        self.state.send_replace(State::Trying);
    }

    /// The client is ready.
    pub(super) fn begins(&self) {
        self.is_begun.send_replace(true);
    }

    /// Waits until the client is ready.
    pub(super) async fn begun(&self) {
        let _ = self.is_begun.subscribe().wait_for(|begun| *begun).await;
    }

    /// The server is one that wants a handshake, and has had it.
    pub(super) fn had_handshake(&self) {
        self.wants_handshake.store(true, Ordering::SeqCst);
    }

    /// Whether the client speaks without a handshake to a server that wants one.
    pub(super) fn wants_handshake(&self) -> bool {
        self.wants_handshake.load(Ordering::SeqCst)
    }

    /// Whether the server is there.
    pub(super) fn is_there_now(&self) -> bool {
        matches!(*self.state.borrow(), State::There(_))
    }

    /// Waits until the server is there.
    pub(super) async fn is_there(&self) {
        let mut state = self.state.subscribe();
        let _ = state.wait_for(|state| matches!(state, State::There(_))).await;
    }

    /// What the server can do, if it is there.
    pub(super) fn capabilities(&self) -> Option<Value> {
        if let State::There(capabilities) = &*self.state.borrow() { Some(capabilities.clone()) } else { None }
    }

    /// Waits for a moment whether the server is there after all.
    pub(super) async fn is_there_within(&self, time: Duration) -> bool {
        let time = if self.wait == Wait::ForPerson { Duration::ZERO } else { time };
        let mut state = self.state.subscribe();
        let known = timeout(time, state.wait_for(|state| !matches!(state, State::Trying))).await;
        known.is_ok_and(|state| state.is_ok_and(|state| matches!(*state, State::There(_))))
    }

    /// Has the person asked if need be, and waits until the server is there.
    ///
    /// # Errors
    /// The attempt that was under way, or else the next one, has failed.
    pub(super) async fn wait(&self) -> Result<(), Trouble> {
        let mut state = self.state.subscribe();
        let mut before = 0;
        self.state.send_if_modified(|state| {
            let State::Failed { failures, is_wanted, .. } = state else { return false };
            before = *failures;
            !std::mem::replace(is_wanted, true)
        });
        let settled = state
            .wait_for(|state| match state {
                State::Trying => false,
                State::Failed { failures, .. } => *failures > before,
                State::There(_) => true,
            })
            .await;
        match settled.map(|state| state.clone()) {
            Ok(State::Failed { trouble, .. }) => Err(trouble),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Whether a call waits for something to open.
    pub(super) fn is_waited_for(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) > 0
    }

    /// Counts as one that waits for something to open, until this is dropped.
    pub(super) fn waits(&self) -> impl Drop + '_ {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        Waits(&self.waiting)
    }

    /// Waits until another attempt begins or the server is there.
    pub(super) async fn goes_on(&self) {
        let mut state = self.state.subscribe();
        let _ = state.wait_for(|state| !matches!(state, State::Failed { .. })).await;
    }

    /// Waits until the client wants something of the server.
    pub(super) async fn wanted(&self) {
        let mut state = self.state.subscribe();
        let _ = state.wait_for(|state| matches!(state, State::Failed { is_wanted: true, .. })).await;
    }
}

/// A call that waits.
struct Waits<'a>(&'a AtomicUsize);

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn trouble() -> Trouble {
        Trouble::Told(json!({ "message": "locked" }))
    }

    #[tokio::test]
    async fn whoever_waits_hears_of_the_attempt_that_is_under_way() {
        let early = Early::new(Wait::ForServer);
        let (waited, ()) = tokio::join!(early.wait(), async { early.failed(1, trouble()) });
        assert!(waited.is_err());
    }

    #[tokio::test]
    async fn whoever_was_told_of_a_failure_wants_no_other_attempt_by_that() {
        let early = Early::new(Wait::ForServer);
        let (waited, ()) = tokio::join!(early.wait(), async { early.failed(1, trouble()) });
        assert!(waited.is_err());
        assert!(timeout(Duration::ZERO, early.wanted()).await.is_err());
    }

    #[tokio::test]
    async fn whoever_comes_after_a_failure_begins_another_attempt() {
        let early = Early::new(Wait::ForServer);
        early.failed(1, trouble());
        let next = async {
            early.wanted().await;
            early.tries();
            early.there(json!({ "tools": {} }));
        };
        let (waited, ()) = tokio::join!(early.wait(), next);
        assert!(waited.is_ok());
        assert_eq!(early.capabilities(), Some(json!({ "tools": {} })));
    }
}
