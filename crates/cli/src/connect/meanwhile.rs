//! What is answered while the server is not there, and who waits for it.

use super::bridge::Bridge;
use super::early::Early;
use super::message::Message;
use super::modern::complete;
use super::stand_in::{self, Fate};
use super::trouble::Trouble;
use serde_json::Value;
use std::fmt::Display;
use std::time::Duration;
use tokio::time::{Instant, interval, sleep, sleep_until, timeout_at};

/// How long a list of tools waits for a server that is about to be there.
const SOON: Duration = Duration::from_secs(1);
/// How often a client that waits hears that it does.
const STEP: Duration = Duration::from_secs(5);
/// How long a client may take to look at the list of tools once it was told to.
const LOOKS: Duration = Duration::from_secs(2);
/// How long it takes from there until it works with the list.
const TAKES: Duration = Duration::from_millis(500);

/// What becomes of a message that does not go on to the server.
enum Instead {
    /// The client shows this, and sends it again.
    Ask(Value),
    Refuse(Trouble),
}

impl Bridge {
    /// Answers a message in the server's place as long as it is not there, or has no such thing; else gives
    /// it back for the server.
    pub(super) async fn unless_early(&self, message: Message) -> Option<Message> {
        let Some(early) = self.early() else { return Some(message) };
        // The server gets one of ours when it is there.
        if message.method == "notifications/initialized" {
            early.begins();
            return None;
        }
        let message = if early.is_modern { self.unless_subscribed(&early, message).await? } else { message };
        if let Some(capabilities) = early.capabilities() {
            return self.unless_lacking(&early, message, &capabilities).await;
        }
        match stand_in::fate(&message, &self.server) {
            Fate::Drop => None,
            Fate::Answer(result) => self.answer(&message, &result).await,
            Fate::Tools if early.is_there_within(SOON).await => Some(message),
            Fate::Tools => self.answer(&message, &stand_in::tools(&self.server, early.last())).await,
            fate @ (Fate::WaitingTool | Fate::Wait) => match self.wait_or_ask(&early, &message).await {
                Ok(()) if fate == Fate::WaitingTool => self.connected(&early, &message).await,
                Ok(()) => Some(message),
                Err(Instead::Ask(page)) => self.answer(&message, &page).await,
                Err(Instead::Refuse(trouble)) => self.refuse_all(&message, trouble).await,
            },
        }
    }

    async fn unless_lacking(&self, early: &Early, message: Message, capabilities: &Value) -> Option<Message> {
        if stand_in::is_waiting_tool(&message, &self.server) {
            return self.connected(early, &message).await;
        }
        match stand_in::lacking(&message, capabilities) {
            Some(result) => self.answer(&message, &result).await,
            None => Some(message),
        }
    }

    /// Answers the waiting tool, once the server is there.
    async fn connected<T>(&self, early: &Early, message: &Message) -> Option<T> {
        let mut has_listed = early.has_listed_within(Duration::ZERO).await;
        if !has_listed {
            has_listed = early.has_listed_within(LOOKS).await;
            // It has the list, and takes a moment until its model has it.
            sleep(TAKES).await;
        }
        self.answer(message, &stand_in::connected(&self.server, has_listed)).await
    }

    /// Waits for the server, or has the client show the page of a sign-in and come back.
    async fn wait_or_ask(&self, early: &Early, message: &Message) -> Result<(), Instead> {
        if message.is_modern() && message.method == "tools/call" {
            self.page.meet(message);
            if self.page.may_help() {
                return tokio::select! {
                    there = self.wait(early, message) => there.map_err(Instead::Refuse),
                    page = self.requires_page() => Err(Instead::Ask(page)),
                };
            }
        }
        self.wait(early, message).await.map_err(Instead::Refuse)
    }

    /// Waits for the server, and says so where the client wants to hear it.
    async fn wait(&self, early: &Early, message: &Message) -> Result<(), Trouble> {
        let waiting = self.patiently(early);
        let Some(token) = &message.progress else { return waiting.await };
        tokio::pin!(waiting);
        let (mut step, mut clock) = (0, interval(STEP));
        loop {
            tokio::select! {
                there = &mut waiting => return there,
                _ = clock.tick() => {
                    step += 1;
                    self.output.message(&stand_in::progress(token, step)).await;
                }
            }
        }
    }

    /// Waits for the server, and first of all for whatever is closed on the way there.
    async fn patiently(&self, early: &Early) -> Result<(), Trouble> {
        let end = Instant::now() + self.patience();
        let _waits = early.waits();
        loop {
            match early.wait().await {
                Err(trouble) if trouble.is_closed() => {
                    timeout_at(end, early.goes_on()).await.map_err(|_| trouble)?;
                }
                // Where MCP Valet itself can ask nobody, the client may.
                Err(trouble) if trouble.wants_sign_in() && self.page.may_help() => tokio::select! {
                    () = early.goes_on() => {}
                    () = self.page.over() => {}
                    () = sleep_until(end) => return Err(trouble),
                },
                settled => return settled,
            }
        }
    }

    pub(super) async fn answer<T>(&self, message: &Message, result: &(impl Display + Sync)) -> Option<T> {
        let result = result.to_string();
        let result = if message.is_modern() { complete(&result) } else { result };
        for id in &message.ids {
            self.result(id, &result).await;
        }
        None
    }

    async fn refuse_all<T>(&self, message: &Message, trouble: Trouble) -> Option<T> {
        let error = self.told(trouble).await;
        for id in &message.ids {
            self.refuse(Some(message), id, &error).await;
        }
        None
    }

    /// Says why a request is not served. A model can pass on what a result says; an error of the protocol
    /// ends in the program's log.
    pub(super) async fn refuse(&self, message: Option<&Message>, id: &Value, error: &Value) {
        match message.map(|message| message.method.as_str()) {
            Some("tools/call") => self.result(id, &stand_in::refused(error)).await,
            _ => self.output.error(id, error.clone()).await,
        }
    }

    pub(super) async fn result(&self, id: &Value, result: &(impl Display + Sync)) {
        self.output.message(&format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#)).await;
    }
}
