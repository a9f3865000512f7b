//! What the program says.

use super::message::{Message, PROGRESS, SUBSCRIPTION};
use super::{Item, State, Talk};
use crate::fault::Fault;
use crate::held::Held;
use bytes::Bytes;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// How long whoever listens may read nothing while others wait.
const STALLED: Duration = Duration::from_secs(10);
/// What a server says that does not know what it is asked (JSON-RPC 2.0, "Error object").
const UNKNOWN: &str = r#""error":{"code":-32601,"message":"Method not found"}"#;
/// Lines that are no messages, without one in between, after which a program is taken for something else.
const WRONG: usize = 1000;
/// Bytes of them.
const WRONG_BYTES: usize = 1 << 20;
/// Bytes of one that are shown.
const SHOWN: usize = 200;

impl Talk {
    /// Brings a line where it belongs. Whoever it is for and does not read has the program wait.
    pub(crate) async fn hear(&self, line: &[u8], held: Held) {
        let Some((messages, _)) = Message::read_all(line) else { return self.heard_wrong(line) };
        // A batch is held as long as its last message.
        let mut held = Some(held);
        let last = messages.len().saturating_sub(1);
        for (at, message) in messages.into_iter().enumerate() {
            let held = if at == last { held.take().unwrap_or_default() } else { Held::default() };
            let Some((to, item)) = self.route(&message, held) else { continue };
            self.bring(&to, item).await;
        }
    }

    /// Waits until there is room for it. Who listens and does not read holds up nobody who waits for an
    /// answer.
    async fn bring(&self, to: &mpsc::Sender<Item>, item: Item) {
        loop {
            match timeout(STALLED, to.reserve()).await {
                Ok(Ok(room)) => return room.send(item),
                Ok(Err(_)) => return,
                Err(_) => {}
            }
            let mut state = self.state();
            let listens = state.listener.as_ref().is_some_and(|listener| listener.same_channel(to));
            if listens && !state.waiting.is_empty() {
                state.listener = None;
                return state.keep(item.text, self.unheard);
            }
        }
    }

    /// Notes a line that is no message. After many of them the program is given up.
    pub(crate) fn heard_wrong(&self, line: &[u8]) {
        if line.trim_ascii().is_empty() {
            return;
        }
        self.wrote(line.get(..crate::stderr::LINE).unwrap_or(line));
        let mut state = self.state();
        let wrong = &mut state.wrong;
        (wrong.lines, wrong.bytes) = (wrong.lines + 1, wrong.bytes + line.len());
        wrong.first.get_or_insert_with(|| shown(line));
        let (is_too_much, said) =
            (wrong.lines > WRONG || wrong.bytes > WRONG_BYTES, wrong.first.clone().unwrap_or_default());
        drop(state);
        if is_too_much {
            self.close(Fault::NoJson { said, lines: self.lines() });
        }
    }

    /// For whom it is; nobody where it is kept, or nobody wants it.
    fn route(&self, message: &Message, held: Held) -> Option<(mpsc::Sender<Item>, Item)> {
        let mut state = self.state();
        (state.heard_at, state.wrong.lines, state.wrong.bytes) = (Instant::now(), 0, 0);
        let item = |text: String, is_answer| Item {
            text: one_line(text),
            is_answer,
            is_error: message.is_error,
            _held: held,
        };
        if message.method.is_none() {
            let (to, text) = state.answer(message)?;
            return Some((to, item(text, true)));
        }
        if let Some((to, text)) = state.belongs(message) {
            return Some((to, item(text, false)));
        }
        match state.anybody() {
            Some(to) => Some((to, item(message.text.clone(), false))),
            None => {
                state.keep(one_line(message.text.clone()), self.unheard);
                None
            }
        }
    }
}

impl State {
    /// Answers in the place of a program that was asked what it is, and does not know this question: some say
    /// nothing then, and some end. Clients begin with a handshake after that.
    pub(super) fn refuse_discovery(&mut self) {
        let asks: Vec<String> =
            self.waiting.iter().filter(|(_, one)| one.discovers).map(|(sent, _)| sent.clone()).collect();
        for waiting in asks.iter().filter_map(|sent| self.waiting.remove(sent)) {
            self.is_before = true;
            let text = format!(r#"{{"jsonrpc":"2.0","id":{},{UNKNOWN}}}"#, waiting.id).into();
            // It is the first in there.
            let _ =
                waiting.to.try_send(Item { text, is_answer: true, is_error: true, _held: Held::default() });
        }
    }

    pub(super) fn is_asked_what_it_is(&self) -> bool {
        !self.has_answered && self.waiting.values().any(|waiting| waiting.discovers)
    }

    fn answer(&mut self, message: &Message) -> Option<(mpsc::Sender<Item>, String)> {
        let id = message.id.as_ref()?;
        let waiting = self.waiting.remove(id)?;
        self.has_answered = true;
        self.is_before |= waiting.discovers && message.is_error;
        let text = if waiting.id == *id { message.text.clone() } else { message.with(&["id"], &waiting.id) };
        Some((waiting.to, text))
    }

    /// A notification that says to which request it belongs, in that one's words.
    fn belongs(&self, message: &Message) -> Option<(mpsc::Sender<Item>, String)> {
        if message.id.is_some() {
            return None;
        }
        if message.is("notifications/progress") {
            let told = message.at(&PROGRESS)?;
            let of_it =
                |token: &Option<(String, String)>| token.as_ref().is_some_and(|(_, sent)| *sent == told);
            let waiting = self.waiting.values().find(|waiting| waiting.events && of_it(&waiting.token))?;
            let (token, _) = waiting.token.as_ref()?;
            let text = if *token == told { message.text.clone() } else { message.with(&PROGRESS, token) };
            return Some((waiting.to.clone(), text));
        }
        let id = message.at(&SUBSCRIPTION)?;
        let waiting = self.waiting.get(&id).filter(|waiting| waiting.events)?;
        let text =
            if waiting.id == id { message.text.clone() } else { message.with(&SUBSCRIPTION, &waiting.id) };
        Some((waiting.to.clone(), text))
    }

    /// Who hears what belongs to nobody: the request that was asked last, since it is likely to be about
    /// that, or else whoever listens.
    fn anybody(&self) -> Option<mpsc::Sender<Item>> {
        let hears = self.waiting.values().filter(|one| one.events && !one.stays && !one.to.is_closed());
        let last = hears.max_by_key(|waiting| waiting.number).map(|waiting| &waiting.to);
        last.or_else(|| self.listener.as_ref().filter(|listener| !listener.is_closed())).cloned()
    }

    fn keep(&mut self, text: Bytes, most: usize) {
        self.unheard_bytes += text.len();
        self.unheard.push_back(text);
        while self.unheard_bytes > most {
            let Some(oldest) = self.unheard.pop_front() else { return };
            self.unheard_bytes -= oldest.len();
        }
    }
}

/// As it can stand in an event: within a JSON text, ends of lines are but spaces.
fn one_line(text: String) -> Bytes {
    if memchr::memchr2(b'\r', b'\n', text.as_bytes()).is_none() {
        return text.into();
    }
    text.replace(['\r', '\n'], " ").into()
}

fn shown(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line.get(..SHOWN).unwrap_or(line));
    text.chars().map(|one| if one.is_control() { ' ' } else { one }).collect::<String>().trim().to_owned()
}
