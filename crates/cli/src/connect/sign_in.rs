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
use wire::{Authorization, AuthorizeRequest, ConsentState, MAX_WAIT, Server, ServerState};
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
    /// Since when a client has been asked that answers by its next call.
    asked: Mutex<Option<Instant>>,
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
pub(super) enum Action {
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
    /// Learns what the client can do, as it begins, or of a message that stands for itself.
    pub(super) fn meet(&self, message: &Message) {
        let said: Value = serde_json::from_slice(&message.text).unwrap_or_default();
        let params = &said["params"];
        let capabilities = match message.is_modern() {
            true => &params["_meta"]["io.modelcontextprotocol/clientCapabilities"],
            false => &params["capabilities"],
        };
        self.can_be_shown.store(capabilities["elicitation"]["url"].is_object(), Ordering::SeqCst);
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

    fn next_id(&self) -> String {
        format!("{OURS}{}", self.numbers.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn ask(&self) -> (String, oneshot::Receiver<Action>) {
        let (answer, heard) = oneshot::channel();
        let id = self.next_id();
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
        if !self.page.may_help() || message.method != "tools/call" || message.is_modern() {
            return None;
        }
        let (waits, over) = oneshot::channel();
        let bridge = Arc::clone(self);
        tokio::spawn(async move {
            tokio::select! {
                _ = over => return,
                () = bridge.needs_sign_in_during_call() => {}
            }
            bridge.offer(Moment::DuringCall).await;
        });
        Some(waits)
    }

    /// Waits until a sign-in is all that is missing.
    async fn needs_sign_in(&self) {
        self.hears(|servers| self.is_among(servers, needs_sign_in)).await;
    }

    /// The same once a call has waited for a moment.
    pub(super) async fn needs_sign_in_during_call(&self) {
        sleep(MEANWHILE).await;
        self.needs_sign_in().await;
    }

    /// Begins a sign-in, unless so many pages were refused unseen.
    async fn authorize(&self, unseen: u32, most: u32) -> Option<Authorization> {
        if unseen >= most || !self.page.may_help() {
            return None;
        }
        self.client.authorize(&self.server, &AuthorizeRequest::default()).await.ok()
    }

    /// Begins a sign-in whose page the client shows and answers by its next call.
    pub(super) async fn begin_page(&self) -> Option<Value> {
        let unseen = self.page.unseen.try_lock().ok()?;
        let begun = self.authorize(*unseen, MOST_UNSEEN).await?;
        *self.page.asked.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        Some(page(&self.page.next_id(), &begun))
    }

    /// The client answers by its next call.
    pub(super) async fn page_was(&self, action: Action) {
        let since = self.page.asked.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(since) = since.filter(|_| action != Action::Accept) else { return };
        let mut unseen = self.page.unseen.lock().await;
        self.refused(action, since, &mut unseen).await;
    }

    /// Begins a sign-in and has the client show its page.
    async fn offer(&self, moment: Moment) {
        let Ok(mut unseen) = self.page.unseen.try_lock() else { return };
        let most = if moment == Moment::DuringCall { MOST_UNSEEN } else { 1 };
        let Some(begun) = self.authorize(*unseen, most).await else { return };
        let (id, answer) = self.page.ask();
        let params = page(&id, &begun);
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
        if action != Action::Accept {
            return self.refused(action, since, &mut unseen).await;
        }
        self.settles().await;
        self.notify("notifications/elicitation/complete", &json!({ "elicitationId": id })).await;
    }

    /// The page is not shown, or nobody wants it.
    async fn refused(&self, action: Action, since: Instant, unseen: &mut u32) {
        let is_seen = since.elapsed() >= UNSEEN;
        if action == Action::Decline && is_seen {
            let _ = self.client.decline(&self.server).await;
            self.page.is_over.send_replace(true);
            return;
        }
        // Whoever closes a dialog has not said no: MCP Valet's own notice stays.
        let _ = self.client.give_up(&self.server).await;
        *unseen = if is_seen { MOST_UNSEEN } else { *unseen + 1 };
        self.page.is_over.send_replace(*unseen >= MOST_UNSEEN);
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

/// What the client is asked to show.
fn page(id: &str, begun: &Authorization) -> Value {
    json!({
        "mode": "url",
        "elicitationId": id,
        "url": begun.authorization_url,
        "message": say!(cli_connect_sign_in, server = &begun.server),
    })
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
        let modern = SignInPage::default();
        modern.meet(&message(
            r#"{"id":1,"method":"tools/call","params":{"_meta":{
                "io.modelcontextprotocol/protocolVersion":"2026-07-28",
                "io.modelcontextprotocol/clientCapabilities":{"elicitation":{"url":{}}}}}}"#,
        ));
        assert!(modern.can_be_shown());
        assert!(!can(r#"{"elicitation":{}}"#) && !can("{}") && !can(r#"{"elicitation":{"url":true}}"#));
    }
}
