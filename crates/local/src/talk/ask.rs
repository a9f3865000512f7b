//! What clients say.

use super::message::{CANCELLED, Message, TOKEN};
use super::stream::{self, Answers, Listening};
use super::{Item, State, Talk, Waiting};
use crate::fault::Fault;
use crate::http::Answer;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::mpsc;

/// Messages that wait in a stream until its reader takes them.
const AHEAD: usize = 4;
/// Requests that wait for a program at a time.
const WAITING: usize = 4096;
const SESSION: &str = "mcp-session-id";

/// How a client asks.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) is_batch: bool,
    /// It takes a stream of events.
    pub(crate) events: bool,
    /// Each message stands for itself: hanging up cancels it.
    pub(crate) is_modern: bool,
    /// The session that begins with it.
    pub(crate) begins: Option<String>,
}

impl Talk {
    /// Says this to the program, and answers.
    pub(crate) async fn ask(self: &Arc<Self>, messages: Vec<Message>, asked: Asked) -> Result<Answer, Fault> {
        let wanted = messages.iter().filter(|message| message.is_request()).count();
        let (to, mut from) = mpsc::channel(AHEAD);
        let (lines, ids) = self.register(&messages, &asked, &to)?;
        drop(to);
        let mut answers = Answers::new(Arc::clone(self), ids, &asked);
        for line in lines {
            self.input.say(line).await;
        }
        if wanted == 0 {
            return Ok(stream::accepted());
        }
        if asked.is_batch && asked.events {
            return Ok(answers.events(from, None));
        }
        let first: Option<Item> = from.recv().await;
        let mut answer = match first {
            None => match self.fault() {
                Some(fault) => return Err(fault),
                None => return Ok(stream::empty()),
            },
            Some(item) if item.is_answer && wanted == 1 => answers.single(item),
            Some(item) if asked.events => answers.events(from, Some(item)),
            Some(item) => answers.batch(from, item).await?,
        };
        begin(&mut answer.headers, asked.begins.as_deref());
        Ok(answer)
    }

    /// What the program says by itself from now on. Who listened before hears no more.
    pub(crate) fn listen(self: &Arc<Self>) -> Result<Answer, Fault> {
        let (to, from) = mpsc::channel(AHEAD);
        let mut state = self.state();
        if let Some(fault) = &state.over {
            return Err(fault.clone());
        }
        state.listener = Some(to);
        state.has_listened = true;
        state.asked_at = Instant::now();
        state.unheard_bytes = 0;
        let unheard = std::mem::take(&mut state.unheard);
        drop(state);
        Ok(Listening::new(Arc::clone(self), unheard, from).answer())
    }

    /// Notes who waits for what. Returns what is written, and under which IDs.
    fn register(
        &self,
        messages: &[Message],
        asked: &Asked,
        to: &mpsc::Sender<Item>,
    ) -> Result<(Vec<Bytes>, Vec<String>), Fault> {
        let mut state = self.state();
        if let Some(fault) = &state.over {
            return Err(fault.clone());
        }
        if state.waiting.len() + messages.len() > WAITING {
            return Err(Fault::TooMuch);
        }
        state.asked_at = Instant::now();
        let (mut lines, mut ids) = (Vec::new(), Vec::new());
        for message in messages {
            let text = match (&message.id, message.is_request()) {
                (Some(id), true) => {
                    let (sent, text) = state.wait(message, id, asked, to);
                    ids.push(sent);
                    text
                }
                _ => state.tell(message),
            };
            lines.push(line(text));
        }
        Ok((lines, ids))
    }

    pub(super) fn fault(&self) -> Option<Fault> {
        self.state().over.clone()
    }

    /// Nobody waits any more for the answers to these.
    pub(super) fn give_up(&self, ids: &[String], tell: bool) {
        let mut state = self.state();
        let left: Vec<String> =
            ids.iter().filter(|id| state.waiting.remove(*id).is_some()).cloned().collect();
        drop(state);
        for id in left.iter().filter(|_| tell) {
            let text = format!(
                r#"{{"jsonrpc":"2.0","method":"notifications/cancelled","params":{{"requestId":{id}}}}}"#
            );
            self.input.say_later(line(text));
        }
    }
}

impl State {
    /// Has a request wait. Its ID and the token of its progress stay as they are, unless another one has
    /// them.
    fn wait(
        &mut self,
        message: &Message,
        id: &str,
        asked: &Asked,
        to: &mpsc::Sender<Item>,
    ) -> (String, String) {
        self.next += 1;
        let other = format!("\"mcp-valet-{}\"", self.next);
        let sent = if self.waiting.contains_key(id) { other.clone() } else { id.to_owned() };
        let token = message.at(&TOKEN).map(|own| {
            let taken = |one: &Waiting| one.token.as_ref().is_some_and(|(_, sent)| *sent == own);
            let is_taken = self.waiting.values().any(taken);
            (own.clone(), if is_taken { other } else { own })
        });
        let mut text = message.text.clone();
        if sent != id {
            text = message.with(&["id"], &sent);
        }
        if let Some((_, sent)) = token.as_ref().filter(|(own, sent)| own != sent)
            && let Some(message) = Message::read(&text)
        {
            text = message.with(&TOKEN, sent);
        }
        let waiting = Waiting {
            id: id.to_owned(),
            token,
            to: to.clone(),
            number: self.next,
            events: asked.events,
            stays: message.is("subscriptions/listen"),
            discovers: message.is("server/discover"),
        };
        self.waiting.insert(sent.clone(), waiting);
        (sent, text)
    }

    /// A notification, or an answer to the program. What a client cancels is not waited for.
    fn tell(&mut self, message: &Message) -> String {
        if !message.is("notifications/cancelled") {
            return message.text.clone();
        }
        let Some(id) = message.at(&CANCELLED) else { return message.text.clone() };
        let sent = self.waiting.iter().find(|(_, waiting)| waiting.id == id).map(|(sent, _)| sent.clone());
        let Some(sent) = sent else { return message.text.clone() };
        self.waiting.remove(&sent);
        message.with(&CANCELLED, &sent)
    }
}

/// As it is written: messages are one line each.
fn line(text: String) -> Bytes {
    let mut text = if text.contains(['\n', '\r']) { text.replace(['\n', '\r'], " ") } else { text };
    text.push('\n');
    text.into()
}

fn begin(headers: &mut HeaderMap, session: Option<&str>) {
    if let Some(id) = session.and_then(|id| HeaderValue::from_str(id).ok()) {
        headers.insert(SESSION, id);
    }
}
