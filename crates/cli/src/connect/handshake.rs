//! How a session begins. Where the server does not answer within a second, since somebody has to sign in, to
//! allow it or to unlock first, or since no valet runs, the client begins without it: no client waits for
//! long at its start, and few try again.

use super::bridge::{Asked, Bridge};
use super::calls::{Asker, Pending};
use super::early::{Early, Wait};
use super::last::Last;
use super::message::{INITIALIZED, Message};
use super::mistake::Mistake;
use super::modern;
use super::stand_in::{self, LISTS};
use super::trouble::Trouble;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

/// How long a client waits for a server at most.
const SOON: Duration = Duration::from_secs(1);
/// How long a client may take to begin otherwise where `server/discover` is not answered: those that can do
/// so wait three seconds in all. Some of those that cannot give up after five.
const HESITATION: Duration = Duration::from_secs(3);
/// How long the valet may take to say what it knows of a server.
const AT_ONCE: Duration = Duration::from_millis(500);

/// Pages of a list that nobody waits for.
const MOST_PAGES: usize = 20;

/// JSON-RPC 2.0 §5.1.
pub(super) const METHOD_NOT_FOUND: i32 = -32601;

impl Bridge {
    /// Begins a session with the server, or, where that takes longer, without it.
    pub(super) async fn begin(self: Arc<Self>, message: Message) {
        let Some(id) = message.ids.first().cloned() else { return };
        self.set_early(None);
        self.begun.notify_waiters();
        self.page.meet(&message);
        let message = Arc::new(message);
        let mut first = tokio::spawn(Arc::clone(&self).attempt(Arc::clone(&message)));
        let (done, needs_person) = tokio::select! {
            done = &mut first => (Some(done), false),
            () = sleep(SOON) => (None, false),
            () = self.needs_person() => (None, true),
        };
        match done {
            Some(Ok(Ok(answer))) => {
                self.output.message(&answer).await;
                self.through.notify_waiters();
                return;
            }
            Some(Ok(Err(trouble))) if !trouble.may_pass() => {
                let error = self.told(trouble).await;
                return self.output.error(&id, error).await;
            }
            Some(Ok(Err(trouble))) => first = tokio::spawn(async { Err(trouble) }),
            Some(Err(_)) | None => {}
        }
        let early = Arc::new(Early::new(if needs_person { Wait::ForPerson } else { Wait::ForServer }));
        self.learn(&early).await;
        self.set_early(Some(Arc::clone(&early)));
        tokio::spawn(Arc::clone(&self).offer_page(Arc::clone(&early)));
        self.result(&id, &stand_in::initialized(&message, &self.server, early.last())).await;
        tokio::spawn(async move {
            let first = first.await.unwrap_or_else(|_| Err(Mistake::BrokeOff.into()));
            self.go_on(&early, first, message).await;
        });
    }

    /// Asks what the server can do, as clients do that need no handshake, and those that want to know whether
    /// they do (MCP 2026-07-28, "server/discover"). Of a server that is not there, its last answer says
    /// which it is. Of one that was never there nobody knows: whoever can begin with a handshake does so
    /// soon, and whoever cannot is taken at their word.
    pub(super) async fn discover(self: Arc<Self>, message: Message) {
        let Some(id) = message.ids.first().cloned() else { return };
        let bell = Arc::clone(&self);
        let begun = bell.begun.notified();
        tokio::pin!(begun);
        begun.as_mut().enable();
        let message = Arc::new(message);
        let mut asking = tokio::spawn(Arc::clone(&self).attempt(Arc::clone(&message)));
        match timeout(SOON, &mut asking).await {
            Ok(Ok(Ok(answer))) => return self.output.message(&answer).await,
            Ok(Ok(Err(trouble))) if !trouble.may_pass() => {
                let error = self.told(trouble).await;
                return self.output.error(&id, error).await;
            }
            Ok(Ok(Err(trouble))) => asking = tokio::spawn(async { Err(trouble) }),
            Ok(Err(_)) | Err(_) => {}
        }
        let early = Arc::new(Early::new(Wait::ForServer).modern());
        self.learn(&early).await;
        let known = early.last().map(|last| last.discovered.is_object());
        let is_other = match known {
            Some(known) => !known,
            None => timeout(HESITATION, begun).await.is_ok(),
        };
        if is_other || !message.is_modern() {
            let why = format!("{} is not connected yet: begin with initialize", self.server);
            return self.output.error(&id, json!({ "code": METHOD_NOT_FOUND, "message": why })).await;
        }
        self.set_early(Some(Arc::clone(&early)));
        let _: Option<()> = self.answer(&message, &modern::discovered(&self.server, &early)).await;
        tokio::spawn(async move {
            let first = asking.await.unwrap_or_else(|_| Err(Mistake::BrokeOff.into()));
            self.go_on(&early, first, message).await;
        });
    }

    /// Begins with the server, and gives its answer.
    async fn attempt(self: Arc<Self>, message: Arc<Message>) -> Result<String, Trouble> {
        let id = message.ids.first().cloned().unwrap_or_default();
        let (ear, heard) = oneshot::channel();
        let pending: [Pending; 1] = [self.calls.open_for(&id, Asker::Ourselves(ear))];
        self.post(&Asked { message: &message, pending: &pending }).await?;
        let answer = heard.await.map_err(|_| Mistake::BrokeOff)?;
        match Trouble::in_message(answer.as_bytes()) {
            Some(trouble) if trouble.code().is_some() => Err(trouble),
            Some(_) | None => Ok(answer),
        }
    }

    /// Goes on trying until the server is there, each time that there is a reason to, and lets the client
    /// know.
    async fn go_on(
        self: Arc<Self>,
        early: &Arc<Early>,
        first: Result<String, Trouble>,
        message: Arc<Message>,
    ) {
        let (mut outcome, mut failures) = (first, 0);
        let answer = loop {
            if early.is_modern && is_unknown(&outcome) {
                outcome = self.shake_hands(early, &message).await;
            }
            match outcome {
                Ok(answer) => break answer,
                Err(trouble) => {
                    failures += 1;
                    early.failed(failures, trouble.clone());
                    tokio::select! {
                        () = early.wanted() => {}
                        () = self.turns_for_the_better(early, &trouble, failures) => {}
                    }
                }
            }
            if !self.is_current(early) {
                return;
            }
            early.tries();
            let attempt = Arc::clone(&self).attempt(Arc::clone(&message));
            (outcome, _) = tokio::join!(attempt, self.learn_late(early));
        };
        if !early.is_modern || early.wants_handshake() {
            if let Some(initialized) = &Message::read(INITIALIZED) {
                let _ = self.post(&Asked { message: initialized, pending: &[] }).await;
            }
            self.say_again().await;
            self.listen();
        }
        let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
        let capabilities = answer["result"]["capabilities"].clone();
        early.there(capabilities.clone());
        self.through.notify_waiters();
        let meta = if early.is_modern && !early.wants_handshake() { message.meta() } else { None };
        let is_known = self.is_as_last_time(early, &capabilities, meta.clone()).await;
        let changed: &[&str] = if is_known { &["resources", "prompts"] } else { &LISTS };
        match early.is_modern {
            true => self.tell_subscribers(early, &capabilities, changed).await,
            false => self.tell(&capabilities, changed).await,
        }
        if early.last().is_none() {
            // So that the valet knows them the next time: some programs never look again.
            tokio::spawn(async move { self.all_tools(meta).await });
        }
    }

    /// Whether the client has the tools that there are: a program may let a call fail for which its list has
    /// changed meanwhile.
    async fn is_as_last_time(
        self: &Arc<Self>,
        early: &Early,
        capabilities: &Value,
        meta: Option<Value>,
    ) -> bool {
        let Some(last) = early.last().filter(|_| capabilities.get("tools").is_some()) else { return false };
        self.all_tools(meta).await.is_some_and(|tools| last.has(&tools))
    }

    /// The handshake that a server wants from a client that knows of none.
    async fn shake_hands(self: &Arc<Self>, early: &Early, message: &Message) -> Result<String, Trouble> {
        let handshake = message.handshake().ok_or(Mistake::BrokeOff)?;
        let answer = Arc::clone(self).attempt(Arc::new(handshake)).await?;
        early.had_handshake();
        Ok(answer)
    }

    /// Has the client look again at those of these lists that the server has.
    async fn tell(&self, capabilities: &Value, lists: &[&str]) {
        for news in stand_in::news(capabilities, lists) {
            self.output.message(&news).await;
        }
    }

    /// All tools of the server, which wants to know this of whoever had no handshake.
    async fn all_tools(self: &Arc<Self>, meta: Option<Value>) -> Option<Vec<Box<RawValue>>> {
        let (mut tools, mut params) =
            (Vec::new(), Map::from_iter(meta.map(|meta| ("_meta".to_owned(), meta))));
        for page in 0..MOST_PAGES {
            let id = format!("mcp-valet-tools-{page}");
            let request = json!({ "jsonrpc": "2.0", "id": id, "method": "tools/list", "params": params });
            let request = Message::read(request.to_string().as_bytes())?;
            let answer = Arc::clone(self).attempt(Arc::new(request)).await.ok()?;
            let Listed { result } = serde_json::from_str(&answer).ok()?;
            tools.extend(result.tools);
            let Some(cursor) = result.next else { return Some(tools) };
            params.insert("cursor".to_owned(), cursor.into());
        }
        None
    }

    /// Learns what the server said of itself the last time. True if that is news.
    async fn learn(&self, early: &Early) -> bool {
        let asked = timeout(AT_ONCE, self.client.as_it_is().last_time(&self.server)).await;
        let last = asked.ok().and_then(Result::ok).and_then(Last::of);
        last.is_some_and(|last| early.learn(last))
    }

    /// The same where there was no valet that could say it: the client looks at the list of tools again.
    async fn learn_late(&self, early: &Early) {
        if early.last().is_none() && self.learn(early).await {
            match early.is_modern {
                true => self.tell_subscribers(early, &json!({ "tools": {} }), &["tools"]).await,
                false => self.tell(&Value::Null, &["tools"]).await,
            }
        }
    }

    pub(super) fn early(&self) -> Option<Arc<Early>> {
        self.early.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the client began without the server, and it is not there yet.
    pub(super) fn is_early(&self) -> bool {
        self.early().is_some_and(|early| !early.is_there_now())
    }

    fn is_current(&self, early: &Arc<Early>) -> bool {
        self.early().is_some_and(|current| Arc::ptr_eq(&current, early))
    }

    fn set_early(&self, early: Option<Arc<Early>>) {
        *self.early.lock().unwrap_or_else(PoisonError::into_inner) = early;
    }
}

/// An answer with a page of tools.
#[derive(Deserialize)]
struct Listed {
    result: Page,
}

#[derive(Deserialize)]
struct Page {
    tools: Vec<Box<RawValue>>,
    #[serde(rename = "nextCursor", default)]
    next: Option<String>,
}

/// Whether a server answered that it does not know what it was asked.
fn is_unknown(outcome: &Result<String, Trouble>) -> bool {
    match outcome {
        Ok(answer) => Trouble::in_message(answer.as_bytes()).is_some(),
        Err(trouble) => trouble.is_of_server(),
    }
}
