//! What a message asks for.

use crate::distinct;
use crate::flaw::Flaw;
use crate::members::Members;
use serde_json::Value;
use serde_json::value::RawValue;

/// Messages of one batch (MCP 2025-03-26) that are judged.
pub const MOST: usize = 64;
/// Bytes of a name that is judged: of a tool, a prompt, a resource, a method.
const LONGEST_NAME: usize = 4096;
const NOTIFICATION: &str = "notifications/";

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
    Read,
    /// To call a tool.
    Tool(Call),
    /// Something that is not known here.
    Unknown(Call),
}

/// What is called, with all that it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The tool, or the method that is not known.
    pub name: String,
    /// The arguments, as they were written.
    pub arguments: Option<String>,
    /// What else is said beside them, by its names, as it was written.
    pub beside: Vec<(String, String)>,
}

/// Reads what was sent at once, all of it.
///
/// # Errors
/// Something of it could be read in another way by the server.
pub fn read(bytes: &[u8]) -> Result<Deeds, Flaw> {
    let text = std::str::from_utf8(bytes).map_err(|_| Flaw::NoMessage)?;
    distinct::check(text)?;
    let batch = text.trim_start_matches([' ', '\t', '\r', '\n']).starts_with('[');
    let messages: Vec<&RawValue> = match batch {
        true => serde_json::from_str(text).map_err(|_| Flaw::NoMessage)?,
        false => vec![serde_json::from_str(text).map_err(|_| Flaw::NoMessage)?],
    };
    if messages.is_empty() || messages.len() > MOST {
        return Err(Flaw::BatchSize);
    }
    Ok(Deeds { batch, all: messages.into_iter().map(Deed::read).collect::<Result<_, _>>()? })
}

impl Deed {
    fn read(text: &RawValue) -> Result<Self, Flaw> {
        let message = Members::read(text, &OF_A_MESSAGE)?;
        if message.text("jsonrpc")?.as_deref() != Some("2.0") {
            return Err(Flaw::NoMessage);
        }
        let id: Option<Value> = message.get("id").and_then(|id| serde_json::from_str(id.get()).ok());
        if id.as_ref().is_some_and(|id| !id.is_string() && !id.is_number()) {
            return Err(Flaw::NoId);
        }
        let Some(method) = message.text("method")? else { return answer(&message, id) };
        if message.has("result") || message.has("error") || method.len() > LONGEST_NAME {
            return Err(Flaw::NoMessage);
        }
        match (method.starts_with(NOTIFICATION), id.is_some()) {
            (true, true) => return Err(Flaw::NotificationWithId),
            (false, false) => return Err(Flaw::NoId),
            (true, false) | (false, true) => {}
        }
        let params = message.get("params").map(|params| Members::read(params, &OF_PARAMS)).transpose()?;
        let subject = match &params {
            Some(params) => subject(&method, params)?,
            None => None,
        };
        let asks = Asks::of(&method, subject.as_deref(), params.as_ref())?;
        Ok(Self { id, method: Some(method), subject, asks })
    }

    /// What a message asks for of which only method and subject are known.
    #[must_use]
    pub fn told(method: &str, subject: Option<&str>) -> Self {
        let call = |name: &str| Call { name: name.to_owned(), arguments: None, beside: Vec::new() };
        let asks = match method {
            method if OF_THE_PROTOCOL.contains(&method) || TOLD.contains(&method) => Asks::Nothing,
            method if READS.contains(&method) => Asks::Read,
            "tools/call" => Asks::Tool(call(subject.unwrap_or_default())),
            method => Asks::Unknown(call(method)),
        };
        Self { id: None, method: Some(method.to_owned()), subject: subject.map(ToOwned::to_owned), asks }
    }

    /// What is called, if anything is that is not just read.
    #[must_use]
    pub const fn call(&self) -> Option<&Call> {
        match &self.asks {
            Asks::Tool(call) | Asks::Unknown(call) => Some(call),
            Asks::Nothing | Asks::Read => None,
        }
    }
}

/// An answer to a request of the server's.
fn answer(message: &Members<'_>, id: Option<Value>) -> Result<Deed, Flaw> {
    let is_one = message.has("result") != message.has("error");
    if !is_one || id.is_none() || message.has("params") {
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

impl Asks {
    fn of(method: &str, subject: Option<&str>, params: Option<&Members<'_>>) -> Result<Self, Flaw> {
        if OF_THE_PROTOCOL.contains(&method) || TOLD.contains(&method) {
            return Ok(Self::Nothing);
        }
        if READS.contains(&method) {
            return Ok(Self::Read);
        }
        if method != "tools/call" {
            return Ok(Self::Unknown(Call::of(method, params)));
        }
        let name = subject.filter(|name| !name.is_empty()).ok_or(Flaw::NoMessage)?;
        let arguments = params.and_then(|params| params.get("arguments"));
        if arguments.is_some_and(|arguments| !arguments.get().starts_with('{')) {
            return Err(Flaw::NoMessage);
        }
        Ok(Self::Tool(Call::of(name, params)))
    }
}

impl Call {
    fn of(name: &str, params: Option<&Members<'_>>) -> Self {
        let all = params.into_iter().flat_map(Members::all);
        let said = |(key, value): (&str, &RawValue)| (key.to_owned(), value.get().to_owned());
        let beside = all.filter(|(key, _)| !["name", "arguments", "_meta"].contains(key)).map(said);
        let mut beside: Vec<_> = beside.collect();
        let meta = params.and_then(|params| params.get("_meta"));
        let meta = meta.and_then(|meta| Members::read(meta, &[]).ok());
        let meta = meta.iter().flat_map(Members::all).filter(|(key, _)| !is_of_the_protocol(key));
        beside.extend(meta.map(|(key, value)| (format!("_meta.{key}"), value.get().to_owned())));
        let arguments = params.and_then(|params| params.get("arguments"));
        Self {
            name: name.to_owned(),
            arguments: arguments.map(|arguments| arguments.get().to_owned()),
            beside,
        }
    }
}

/// What of `_meta` is about the message and not about what it asks for.
fn is_of_the_protocol(key: &str) -> bool {
    let traced = ["progressToken", "traceparent", "tracestate", "baggage"];
    traced.contains(&key) || key.starts_with("io.modelcontextprotocol/")
}

#[cfg(test)]
#[path = "deed_tests.rs"]
mod tests;
