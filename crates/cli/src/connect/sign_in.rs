//! The page of a sign-in, shown by a client that can show one (MCP 2025-11-25, Elicitation, "URL Mode").
//!
//! It is the issuer's own page, which the socket answers to any program that begins a sign-in: the person
//! sees whose it is before they open it, and whoever opens it signs in here and nowhere else. A page of ours
//! in between would hide that, and need a port that is open for as long as nobody has clicked.

use super::bridge::Bridge;
use super::early::Early;
use super::message::Message;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{oneshot, watch};
use tokio::time::sleep;
use wire::{AuthorizeRequest, ConsentState, MAX_WAIT, Server, ServerState};
use words::say;

/// How long after its beginning a client shows nothing yet, and cancels instead.
const SETTLED: Duration = Duration::from_secs(3);
/// How long a call waits before its client is asked to show the page.
const MEANWHILE: Duration = Duration::from_secs(1);
/// Whoever says no sooner is no person: some clients refuse what they would have to show.
const UNSEEN: Duration = Duration::from_secs(1);
/// How often a client may refuse unseen: it may show during a call what it does not show before.
const MOST_UNSEEN: u32 = 2;
/// What IDs of our own requests begin with.
const OURS: &str = "mcp-valet-sign-in-";

/// The page, as far as this client is concerned.
#[derive(Default)]
pub(super) struct SignInPage {
    /// Whether the client can show one.
    can_be_shown: AtomicBool,
    /// How often the client has refused unseen. Held while it is asked.
    unseen: tokio::sync::Mutex<u32>,
    /// Whether the client is not asked any more.
    is_over: watch::Sender<bool>,
    open: Mutex<Option<Open>>,
    numbers: AtomicU64,
}

/// A request of ours that the client has not answered.
struct Open {
    id: String,
    answer: oneshot::Sender<Action>,
}

/// What the client says came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    /// The page is open.
    Accept,
    /// The person does not want to.
    Decline,
    /// Nobody said anything.
    #[serde(other)]
    Cancel,
}

/// When a client is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moment {
    Before,
    DuringCall,
}

impl SignInPage {
    /// Learns what the client can do, as it begins.
    pub(super) fn meet(&self, initialize: &Message) {
        let said: Value = serde_json::from_slice(&initialize.text).unwrap_or_default();
        let can = said["params"]["capabilities"]["elicitation"]["url"].is_object();
        self.can_be_shown.store(can, Ordering::SeqCst);
    }

    fn can_be_shown(&self) -> bool {
        self.can_be_shown.load(Ordering::SeqCst)
    }

    /// Whether somebody may yet sign in by it.
    pub(super) fn may_help(&self) -> bool {
        self.can_be_shown() && !*self.is_over.borrow()
    }

    /// Waits until nobody will.
    pub(super) async fn over(&self) {
        let _ = self.is_over.subscribe().wait_for(|over| *over).await;
    }

    /// Takes a response of the client that is for us. False if it is for the server.
    pub(super) fn takes(&self, message: &Message) -> bool {
        if !message.method.is_empty() || message.is_batch() {
            return false;
        }
        let said: Value = serde_json::from_slice(&message.text).unwrap_or_default();
        let Some(id) = said["id"].as_str().filter(|id| id.starts_with(OURS)) else { return false };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Open { answer, .. }) = open.take_if(|open| open.id == id) {
            let action = Action::deserialize(&said["result"]["action"]).unwrap_or(Action::Cancel);
            let _ = answer.send(action);
        }
        true
    }

    fn ask(&self) -> (String, oneshot::Receiver<Action>) {
        let (answer, heard) = oneshot::channel();
        let id = format!("{OURS}{}", self.numbers.fetch_add(1, Ordering::Relaxed) + 1);
        let open = Open { id: id.clone(), answer };
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = Some(open);
        (id, heard)
    }
}

impl Bridge {
    /// Has the client show the page once somebody has to sign in, until the server is there.
    pub(super) async fn offer_page(self: Arc<Self>, early: Arc<Early>) {
        if !self.page.can_be_shown() {
            return;
        }
        early.begun().await;
        sleep(SETTLED).await;
        tokio::select! {
            () = early.is_there() => return,
            () = self.needs_sign_in() => {}
        }
        self.offer(Moment::Before).await;
    }

    /// The same while a call waits: until what this answers is dropped.
    pub(super) fn offer_page_during(self: &Arc<Self>, message: &Message) -> Option<oneshot::Sender<()>> {
        if !self.page.may_help() || message.method != "tools/call" {
            return None;
        }
        let (waits, over) = oneshot::channel();
        let bridge = Arc::clone(self);
        tokio::spawn(async move {
            let is_needed = async {
                sleep(MEANWHILE).await;
                bridge.needs_sign_in().await;
            };
            tokio::select! {
                _ = over => return,
                () = is_needed => {}
            }
            bridge.offer(Moment::DuringCall).await;
        });
        Some(waits)
    }

    /// Waits until a sign-in is all that is missing.
    async fn needs_sign_in(&self) {
        self.hears(|servers| self.is_among(servers, needs_sign_in)).await;
    }

    /// Begins a sign-in and has the client show its page.
    async fn offer(&self, moment: Moment) {
        let Ok(mut unseen) = self.page.unseen.try_lock() else { return };
        let most = if moment == Moment::DuringCall { MOST_UNSEEN } else { 1 };
        if *unseen >= most || !self.page.may_help() {
            return;
        }
        let Ok(begun) = self.client.authorize(&self.server, &AuthorizeRequest::default()).await else {
            return;
        };
        let (id, answer) = self.page.ask();
        let params = json!({
            "mode": "url",
            "elicitationId": id,
            "url": begun.authorization_url,
            "message": say!(cli_connect_sign_in, server = &begun.server),
        });
        let request = json!({ "jsonrpc": "2.0", "id": id, "method": "elicitation/create", "params": params });
        let since = Instant::now();
        self.output.message(&request.to_string()).await;
        let action = tokio::select! {
            action = answer => action.unwrap_or(Action::Cancel),
            () = self.settles() => {
                let reason = json!({ "requestId": id, "reason": "it is settled" });
                self.notify("notifications/cancelled", &reason).await;
                Action::Accept
            }
        };
        match action {
            Action::Accept => self.settles().await,
            Action::Decline if since.elapsed() >= UNSEEN => {
                let _ = self.client.decline(&self.server).await;
                self.page.is_over.send_replace(true);
                return;
            }
            // Whoever closes a dialog has not said no: MCP Valet's own notice stays.
            Action::Decline | Action::Cancel => {
                let _ = self.client.give_up(&self.server).await;
                *unseen = if since.elapsed() < UNSEEN { *unseen + 1 } else { MOST_UNSEEN };
                self.page.is_over.send_replace(*unseen >= MOST_UNSEEN);
                return;
            }
        }
        self.notify("notifications/elicitation/complete", &json!({ "elicitationId": id })).await;
    }

    /// Waits until no sign-in is under way any more.
    async fn settles(&self) {
        let _ = self.client.settled(&self.server, MAX_WAIT).await;
    }

    async fn notify(&self, method: &str, params: &Value) {
        let message = json!({ "jsonrpc": "2.0", "method": method, "params": params });
        self.output.message(&message.to_string()).await;
    }
}

/// Whether a sign-in is all that is missing, and none is under way.
fn needs_sign_in(server: &Server) -> bool {
    use ServerState::{AuthorizationRequired, Lapsed, RegistrationLost};
    let is_missing = matches!(server.state, AuthorizationRequired | Lapsed | RegistrationLost);
    is_missing && server.consent == ConsentState::Allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Message {
        Message::read(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_response_is_ours_by_its_id_alone() {
        let page = SignInPage::default();
        let (id, mut answer) = page.ask();
        assert!(!page.takes(&message(r#"{"id":"other","result":{}}"#)));
        assert!(!page.takes(&message(&format!(r#"{{"id":"{id}","method":"x"}}"#))));
        assert!(page.takes(&message(r#"{"id":"mcp-valet-sign-in-0","result":{"action":"accept"}}"#)));
        assert!(answer.try_recv().is_err(), "that was an earlier one");
        assert!(page.takes(&message(&format!(r#"{{"id":"{id}","result":{{"action":"decline"}}}}"#))));
        assert_eq!(answer.try_recv(), Ok(Action::Decline));
    }

    #[test]
    fn only_who_says_so_can_show_a_page() {
        let can = |capabilities: &str| {
            let page = SignInPage::default();
            page.meet(&message(&format!(
                r#"{{"id":1,"method":"initialize","params":{{"capabilities":{capabilities}}}}}"#
            )));
            page.can_be_shown()
        };
        assert!(can(r#"{"elicitation":{"form":{},"url":{}}}"#));
        assert!(!can(r#"{"elicitation":{}}"#) && !can("{}") && !can(r#"{"elicitation":{"url":true}}"#));
    }
}
