//! What a message asks for.

use crate::flaw::Flaw;
use crate::members::{Inner, Members};
use serde_json::Value;
use serde_json::value::RawValue;
use std::sync::Arc;

/// Messages of one batch (MCP 2025-03-26) that are judged.
pub const MOST: usize = 64;
/// Bytes of a name that is judged: of a tool, a prompt, a resource, a method.
const LONGEST_NAME: usize = 4096;
/// Bytes of what tells a message from others.
const LONGEST_MARK: usize = 512;
const NOTIFICATION: &str = "notifications/";
const PARAMS: &str = "params";
const ARGUMENTS: &str = "arguments";

/// Of the protocol itself, and what lists: nothing is changed, and nothing of anybody's is told.
const OF_THE_PROTOCOL: [&str; 12] = [
    "initialize",
    "server/discover",
    "ping",
    "tools/list",
    "resources/list",
    "resources/templates/list",
    "prompts/list",
    "logging/setLevel",
    "subscriptions/listen",
    "notifications/initialized",
    "notifications/cancelled",
    "notifications/progress",
];
/// The rest of the notifications that clients send.
const TOLD: [&str; 2] = ["notifications/roots/list_changed", "notifications/elicitation/complete"];
/// What reads.
const READS: [&str; 8] = [
    "resources/read",
    "resources/subscribe",
    "resources/unsubscribe",
    "prompts/get",
    "completion/complete",
    "tasks/get",
    "tasks/list",
    "tasks/result",
];

const OF_A_MESSAGE: [&str; 6] = ["jsonrpc", "id", "method", "params", "result", "error"];
/// Members of `params` that say what is asked for.
const OF_PARAMS: [&str; 10] =
    ["name", "arguments", "uri", "taskId", "_meta", "cursor", "ref", "argument", "task", "level"];
/// What of `_meta` says who sends a message, and how that talks.
const OF_THE_SENDER: [&str; 4] = [
    "io.modelcontextprotocol/protocolVersion",
    "io.modelcontextprotocol/clientInfo",
    "io.modelcontextprotocol/clientCapabilities",
    "io.modelcontextprotocol/logLevel",
];

/// What was sent at once.
#[derive(Debug)]
pub struct Deeds {
    /// Whether it is a batch, whose answers are one as well.
    pub batch: bool,
    /// Each message, in its order.
    pub all: Vec<Deed>,
}

/// One message.
#[derive(Debug)]
pub struct Deed {
    /// What an answer names; nothing where none is wanted.
    pub id: Option<Value>,
    /// The JSON-RPC method; nothing where it is itself an answer.
    pub method: Option<String>,
    /// What the method is applied to: a tool, a prompt, a resource, a task.
    pub subject: Option<String>,
    /// What is asked for.
    pub asks: Asks,
}

/// What a message asks for.
#[derive(Debug)]
pub enum Asks {
    /// Nothing that could be allowed or not: the protocol itself, what lists, an answer.
    Nothing,
    /// To read something.
    Read(Call),
    /// To call a tool.
    Tool(Call),
    /// Something that is not known here.
    Unknown(Call),
}

/// What is called, with all that it is told. Only what tells one message from the next is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The tool, or the method.
    pub name: String,
    /// The arguments, as they were written.
    pub arguments: Option<Arc<str>>,
    /// What else is said beside them, by its names, as it was written.
    pub beside: Vec<(String, String)>,
    /// What says who sends it (MCP 2026-07-28, "Per-Request Metadata"), as it was written.
    pub sender: Vec<(String, String)>,
}

/// Reads what was sent at once, all of it.
///
/// # Errors
/// Something of it could be read in another way by the server.
pub fn read(bytes: &[u8]) -> Result<Deeds, Flaw> {
    let text = std::str::from_utf8(bytes).map_err(|_| Flaw::NoMessage)?;
    if !text.trim_start_matches([' ', '\t', '\r', '\n']).starts_with('[') {
        return Ok(Deeds { batch: false, all: vec![Deed::read(text, 0)?] });
    }
    let messages: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| Flaw::NoMessage)?;
    if messages.is_empty() || messages.len() > MOST {
        return Err(Flaw::BatchSize);
    }
    let all = messages.into_iter().map(|message| Deed::read(message.get(), 1));
    Ok(Deeds { batch: true, all: all.collect::<Result<_, _>>()? })
}

impl Deed {
    /// `down` says how many levels down it is.
    fn read(text: &str, down: usize) -> Result<Self, Flaw> {
        let inner = Inner { name: PARAMS, known: &OF_PARAMS };
        let (message, params) = Members::read(text, &OF_A_MESSAGE, inner, down)?;
        if message.text("jsonrpc")?.as_deref() != Some("2.0") {
            return Err(Flaw::NoMessage);
        }
        let id: Option<Value> = message.get("id").and_then(|id| serde_json::from_str(id.get()).ok());
        if id.as_ref().is_some_and(|id| !id.is_string() && !id.is_number()) {
            return Err(Flaw::NoId);
        }
        let Some(method) = message.text("method")? else { return answer(&message, params.is_some(), id) };
        if message.has("result") || message.has("error") || method.len() > LONGEST_NAME {
            return Err(Flaw::NoMessage);
        }
        match (method.starts_with(NOTIFICATION), id.is_some()) {
            (true, true) => return Err(Flaw::NotificationWithId),
            (false, false) => return Err(Flaw::NoId),
            (true, false) | (false, true) => {}
        }
        let subject = match &params {
            Some(params) => subject(&method, params)?,
            None => None,
        };
        let asks = Asks::of(&method, subject.as_deref(), (&message, params.as_ref()))?;
        Ok(Self { id, method: Some(method), subject, asks })
    }

    /// What a message asks for of which only method and subject are known.
    #[must_use]
    pub fn told(method: &str, subject: Option<&str>) -> Self {
        let call = |name: &str| Call::named(name);
        let asks = match method {
            method if OF_THE_PROTOCOL.contains(&method) || TOLD.contains(&method) => Asks::Nothing,
            method if READS.contains(&method) => Asks::Read(call(method)),
            "tools/call" => Asks::Tool(call(subject.unwrap_or_default())),
            method => Asks::Unknown(call(method)),
        };
        Self { id: None, method: Some(method.to_owned()), subject: subject.map(ToOwned::to_owned), asks }
    }

    /// What is called, if that could be allowed or not.
    #[must_use]
    pub const fn call(&self) -> Option<&Call> {
        match &self.asks {
            Asks::Tool(call) | Asks::Read(call) | Asks::Unknown(call) => Some(call),
            Asks::Nothing => None,
        }
    }
}

/// An answer to a request of the server's.
fn answer(message: &Members<'_>, is_told: bool, id: Option<Value>) -> Result<Deed, Flaw> {
    let is_one = message.has("result") != message.has("error");
    if !is_one || id.is_none() || is_told {
        return Err(Flaw::NoMessage);
    }
    Ok(Deed { id: None, method: None, subject: None, asks: Asks::Nothing })
}

/// What a method is applied to, by the name that the method has for it. `Mcp-Name` says the same.
fn subject(method: &str, params: &Members<'_>) -> Result<Option<String>, Flaw> {
    let subject = match method {
        "tools/call" | "prompts/get" => params.text("name")?,
        "resources/read" | "resources/subscribe" | "resources/unsubscribe" => params.text("uri")?,
        method if method.starts_with("tasks/") => params.text("taskId")?,
        _ => None,
    };
    if subject.as_ref().is_some_and(|subject| subject.len() > LONGEST_NAME) {
        return Err(Flaw::NoMessage);
    }
    Ok(subject)
}

/// A message and its parameters.
type Said<'a, 'b> = (&'b Members<'a>, Option<&'b Members<'a>>);

impl Asks {
    fn of(method: &str, subject: Option<&str>, said: Said<'_, '_>) -> Result<Self, Flaw> {
        if OF_THE_PROTOCOL.contains(&method) || TOLD.contains(&method) {
            return Ok(Self::Nothing);
        }
        if READS.contains(&method) {
            return Ok(Self::Read(Call::of(method, &[], said)));
        }
        if method != "tools/call" {
            return Ok(Self::Unknown(Call::of(method, &[], said)));
        }
        let name = subject.filter(|name| !name.is_empty()).ok_or(Flaw::NoMessage)?;
        let call = Call::of(name, &["name"], said);
        // Arguments that are no object are beside.
        if call.beside.iter().any(|(key, _)| key == ARGUMENTS) {
            return Err(Flaw::NoMessage);
        }
        Ok(Self::Tool(call))
    }
}

impl Call {
    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), arguments: None, beside: Vec::new(), sender: Vec::new() }
    }

    /// All that a message says, but for the parameters that its name says `already`.
    fn of(name: &str, already: &[&str], (message, params): Said<'_, '_>) -> Self {
        let mut call = Self::named(name);
        for (key, value) in params.into_iter().flat_map(Members::all) {
            match key {
                key if already.contains(&key) => {}
                ARGUMENTS if value.get().starts_with('{') => call.arguments = Some(value.get().into()),
                "_meta" => call.meta(value),
                key => call.beside.push((key.to_owned(), value.get().to_owned())),
            }
        }
        let beside = message.all().filter(|(key, _)| !OF_A_MESSAGE.contains(key));
        call.beside.extend(beside.map(|(key, value)| (key.to_owned(), value.get().to_owned())));
        call
    }

    fn meta(&mut self, meta: &RawValue) {
        let Some(all) = Members::of(meta.get()) else {
            return self.beside.push(("_meta".to_owned(), meta.get().to_owned()));
        };
        for (key, value) in all.all() {
            let said = (format!("_meta.{key}"), value.get().to_owned());
            match key {
                key if tells_apart(key, value) => {}
                key if OF_THE_SENDER.contains(&key) => self.sender.push(said),
                _ => self.beside.push(said),
            }
        }
    }
}

/// Whether it is but a mark by which a message is told from others, as its ID is.
fn tells_apart(key: &str, value: &RawValue) -> bool {
    let is_mark = || !value.get().starts_with(['{', '[']) && value.get().len() <= LONGEST_MARK;
    ["progressToken", "traceparent", "tracestate"].contains(&key) && is_mark()
}

#[cfg(test)]
#[path = "deed_tests.rs"]
mod tests;
