//! What an agent sends: which JSON-RPC message it is, and its bytes, of which no more are held than could be
//! sent again.

use crate::http::arrival::drain;
use axum::body::{Body, BodyDataStream};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use http::request::Parts;
use http::{HeaderMap, Method};
use http_body_util::StreamBody;
use hyper::body::Frame;
use message::deed::{self, Deeds};
use message::flaw::Flaw;
use oauth::{Pieces, Upload};
use plain::plain;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::timeout;
use wire::Problem;
use words::say;

/// Bytes of a body that are held, so that it can be sent again after a challenge.
const HELD: usize = 1 << 20;
/// How long the next piece of a body that is being held may take.
const PATIENCE: Duration = Duration::from_secs(60);
const MAX_METHOD: usize = 100;
/// Bytes of a message that is read strictly at once, whoever sends it. What is longer is looked at as far as
/// it is needed, and read whole only where it is judged.
const SHORT: usize = 16 << 10;
/// Kinds of messages that are named of a batch.
const MAX_KINDS: usize = 8;
const MAX_NAME: usize = 200;

type Piece = Result<Bytes, Box<dyn Error + Send + Sync>>;

/// What the valet reads of a request.
#[derive(Debug, Default)]
pub(super) struct Message {
    /// The IDs of the requests that want an answer: one, or those of a batch.
    pub(super) ids: Vec<Value>,
    /// Whether it is a batch (MCP 2025-03-26).
    pub(super) batch: bool,
    /// Whether it begins a session.
    pub(super) initializes: bool,
    /// Whether it asks for a list of tools, if only among other things.
    pub(super) lists_tools: bool,
    /// The JSON-RPC method, or else the HTTP one.
    pub(super) method: String,
    /// What it is applied to: a tool, a prompt, a resource.
    pub(super) subject: Option<String>,
    /// Both of them, as they are shown.
    pub(super) operation: String,
    /// All that it says, or why that could be read in several ways, where it has been read.
    deeds: Option<Result<Arc<Deeds>, Flaw>>,
    /// Whether who sent it is told no more than what came of it.
    pub(super) is_told_little: bool,
}

/// The body on its way.
pub(super) enum Content {
    /// The whole of it.
    Held(Bytes),
    /// It is too long to hold; once it is sent, it is gone.
    Passing(Option<Pieces>),
}

impl Content {
    /// What is sent now; nothing if it was sent and is gone.
    pub(super) fn take(&mut self) -> Option<Upload> {
        match self {
            Self::Held(bytes) => Some(Upload::Whole(bytes.clone())),
            Self::Passing(pieces) => pieces.take().map(Upload::Stream),
        }
    }

    /// All of it, whether it is held or not.
    pub(super) async fn whole(self, most: usize) -> Result<Bytes, Problem> {
        let mut pieces = match self {
            Self::Held(bytes) => return Ok(bytes),
            Self::Passing(Some(pieces)) => pieces,
            Self::Passing(None) => return Ok(Bytes::new()),
        };
        let mut whole = BytesMut::new();
        while let Some(piece) = timeout(PATIENCE, pieces.next()).await.map_err(|_| broke_off())? {
            let piece = piece.map_err(|_| broke_off())?;
            if whole.len() + piece.len() > most {
                return Err(problems::invalid_request(
                    say!(problem_message_too_long),
                    say!(problem_message_too_long_advice),
                ));
            }
            whole.extend_from_slice(&piece);
        }
        Ok(whole.freeze())
    }

    /// All of it, where it is held.
    pub(super) const fn held(&self) -> Option<&Bytes> {
        if let Self::Held(bytes) = self { Some(bytes) } else { None }
    }

    pub(super) const fn is_held(&self) -> bool {
        matches!(self, Self::Held(_))
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(default)]
    id: Option<Value>,
    #[serde(borrow, default)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    params: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Subject {
    name: Option<String>,
    uri: Option<String>,
}

/// Reads a request as far as that is needed.
pub(super) async fn read(head: &Parts, body: Body) -> Result<(Message, Content), Problem> {
    if head.method != Method::POST {
        drain(body).await;
        let method = head.method.to_string();
        let message = Message { operation: method.clone(), method, ..Message::default() };
        return Ok((message, Content::Held(Bytes::new())));
    }
    match hold(body.into_data_stream()).await? {
        Content::Held(bytes) => Ok((Message::parse(&bytes)?, Content::Held(bytes))),
        passing @ Content::Passing(_) => Ok((Message::announced(&head.headers), passing)),
    }
}

async fn hold(mut body: BodyDataStream) -> Result<Content, Problem> {
    let mut held = BytesMut::new();
    loop {
        let piece = timeout(PATIENCE, body.try_next()).await.map_err(|_| broke_off())?;
        let Some(piece) = piece.map_err(|_| broke_off())? else { return Ok(Content::Held(held.freeze())) };
        if held.len() + piece.len() <= HELD {
            held.extend_from_slice(&piece);
            continue;
        }
        let begun = stream::iter([Ok(held.freeze()), Ok(piece)]);
        let whole = begun.chain(body.map_err(Into::into));
        return Ok(Content::Passing(Some(Box::pin(Rest(Some(Box::pin(whole)))))));
    }
}

fn broke_off() -> Problem {
    problems::invalid_request(say!(problem_request_broke_off), say!(problem_request_broke_off_advice))
}

/// What is left of a body that passes through. Where it is not sent to its end, the rest is read and thrown
/// away, so that the agent gets its answer whoever refused.
struct Rest(Option<Pieces>);

impl Stream for Rest {
    type Item = Piece;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Piece>> {
        let Some(pieces) = self.0.as_mut() else { return Poll::Ready(None) };
        let piece = ready!(pieces.as_mut().poll_next(cx));
        if !matches!(piece, Some(Ok(_))) {
            self.0 = None;
        }
        Poll::Ready(piece)
    }
}

impl Drop for Rest {
    fn drop(&mut self) {
        let (Some(pieces), Ok(runtime)) = (self.0.take(), Handle::try_current()) else { return };
        runtime.spawn(drain(StreamBody::new(pieces.map_ok(Frame::data))));
    }
}

impl Message {
    /// Whether it is no message at all, but a request to listen or to end.
    pub(super) fn is_of_http(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "DELETE") && self.ids.is_empty() && !self.batch
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Problem> {
        if bytes.len() > SHORT {
            return Self::glimpse(bytes);
        }
        match deed::read(bytes) {
            Ok(deeds) => Ok(Self::of(deeds)),
            Err(flaw) => Ok(Self { deeds: Some(Err(flaw)), ..Self::glimpse(bytes)? }),
        }
    }

    /// All that it says: `bytes` is the whole of it.
    pub(super) fn deeds(&self, bytes: &[u8]) -> Result<Arc<Deeds>, Flaw> {
        self.deeds.clone().unwrap_or_else(|| deed::read(bytes).map(Arc::new))
    }

    fn of(deeds: Deeds) -> Self {
        let all = &deeds.all;
        let asks = |method: &str| all.iter().any(|deed| deed.method.as_deref() == Some(method));
        let method = match all.as_slice() {
            [only] if !deeds.batch => one(only.method.as_deref()),
            _ => {
                in_batch(&all.iter().filter_map(|deed| deed.method.as_deref()).collect::<Vec<_>>(), all.len())
            }
        };
        let subject = all.first().and_then(|deed| deed.subject.clone());
        Self {
            is_told_little: false,
            batch: deeds.batch,
            initializes: asks("initialize"),
            lists_tools: asks("tools/list"),
            operation: operation(&method, subject.as_deref()),
            subject,
            method,
            ids: all.iter().filter_map(|deed| deed.id.clone()).collect(),
            deeds: Some(Ok(Arc::new(deeds))),
        }
    }

    /// As much of it as passes for a message to somebody: a server may read what is not judged.
    fn glimpse(bytes: &[u8]) -> Result<Self, Problem> {
        let wrong = |_| problems::invalid_request(say!(problem_no_message), say!(problem_no_message_advice));
        let batch = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
        let envelopes: Vec<Envelope> = if batch {
            serde_json::from_slice(bytes).map_err(wrong)?
        } else {
            vec![serde_json::from_slice(bytes).map_err(wrong)?]
        };
        let methods: Vec<&str> = envelopes.iter().filter_map(|envelope| envelope.method.as_deref()).collect();
        let method = if batch { in_batch(&methods, envelopes.len()) } else { one(methods.first().copied()) };
        let subject = envelopes.first().and_then(Envelope::subject);
        Ok(Self {
            is_told_little: false,
            batch,
            initializes: methods.contains(&"initialize"),
            lists_tools: methods.contains(&"tools/list"),
            operation: operation(&method, subject.as_deref()),
            subject,
            method,
            ids: envelopes.into_iter().filter(|one| one.method.is_some()).filter_map(|one| one.id).collect(),
            deeds: None,
        })
    }

    /// Of a body that is too long to hold, what its headers say of it (MCP 2026-07-28). Nobody has looked
    /// whether that is so.
    fn announced(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let claimed = text("mcp-method").map(|method| plain(method, MAX_METHOD));
        let said = claimed.as_deref().unwrap_or("(too long to read)");
        let operation = operation(said, text("mcp-name"));
        let method = match claimed {
            Some(claimed) => format!("(too long to read; its header says {claimed})"),
            None => "(too long to read)".to_owned(),
        };
        Self { method, operation, ..Self::default() }
    }
}

/// A method and what it is applied to, as they are shown.
fn operation(method: &str, subject: Option<&str>) -> String {
    [method, " ", &plain(subject.unwrap_or_default(), MAX_NAME)].concat()
}

fn one(method: Option<&str>) -> String {
    method.map_or_else(|| "(response)".to_owned(), |method| plain(method, MAX_METHOD))
}

/// Such as "batch of 4: 3 tools/call, 1 (response)". What is not named is counted.
fn in_batch(methods: &[&str], size: usize) -> String {
    let mut kinds: Vec<(&str, usize)> = Vec::new();
    for method in methods {
        match kinds.iter().position(|(kind, _)| kind == method) {
            Some(known) => kinds[known].1 += 1,
            None if kinds.len() < MAX_KINDS => kinds.push((method, 1)),
            None => {}
        }
    }
    let mut said: Vec<String> =
        kinds.iter().map(|(kind, count)| format!("{count} {}", plain(kind, MAX_METHOD))).collect();
    let named: usize = kinds.iter().map(|(_, count)| count).sum();
    let rest = [(methods.len() - named, "of other kinds"), (size - methods.len(), "(response)")];
    said.extend(rest.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
    format!("batch of {size}: {}", said.join(", "))
}

impl Envelope<'_> {
    fn subject(&self) -> Option<String> {
        let subject: Subject = serde_json::from_str(self.params?.get()).ok()?;
        subject.name.or(subject.uri)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_a_notification_and_a_response_are_told_apart() {
        let read = |text: &str| Message::parse(text.as_bytes()).unwrap();
        let request = read(r#"{"params":{"name":"add"},"jsonrpc":"2.0","id":"7","method":"tools/call"}"#);
        assert_eq!(
            (request.ids.as_slice(), request.operation.as_str()),
            ([Value::from("7")].as_slice(), "tools/call add")
        );
        assert!(read(r#"{"method":"notifications/x","params":[1]}"#).ids.is_empty());
        assert!(read(r#"{"id":1,"result":{"method":"no"}}"#).ids.is_empty());
        let batch = read(r#" [{"id":1,"method":"a"},{"method":"b"},{"id":2,"method":"initialize"}]"#);
        assert_eq!((batch.ids.len(), batch.batch, batch.initializes), (2, true, true));
    }

    #[test]
    fn a_message_is_the_same_whether_it_is_read_strictly_or_at_a_glimpse() {
        for text in [
            r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"a\u202e","arguments":{"a":[1]}}}"#,
            r#"{"jsonrpc":"2.0","id":"x","method":"resources/read","params":{"uri":"file:///x"}}"#,
            r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"_meta":{}}}"#,
            r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            r#"{"jsonrpc":"2.0","id":1,"result":{"id":2,"method":"no"}}"#,
            r#" [{"jsonrpc":"2.0","id":1,"method":"tools/list"},{"jsonrpc":"2.0","id":2,"result":{}}]"#,
        ] {
            let strict = Message::parse(text.as_bytes()).unwrap();
            assert!(matches!(strict.deeds, Some(Ok(_))), "{text}");
            let glimpse = Message::glimpse(text.as_bytes()).unwrap();
            let said = |message: &Message| {
                let flags = (message.batch, message.initializes, message.lists_tools);
                (flags, message.ids.clone(), message.method.clone(), message.operation.clone())
            };
            assert_eq!(said(&strict), said(&glimpse), "{text}");
            assert_eq!(strict.subject, glimpse.subject);
        }
    }

    #[test]
    fn what_could_be_read_in_several_ways_passes_and_is_not_judged() {
        let text = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","Name":"b"}}"#;
        let message = Message::parse(text.as_bytes()).unwrap();
        assert_eq!(message.operation, "tools/call a");
        assert_eq!(message.deeds(text.as_bytes()).err(), Some(Flaw::AlikeKeys));
        let long = text.replace("\"a\"", &format!("\"{}\"", "a".repeat(SHORT)));
        let message = Message::parse(long.as_bytes()).unwrap();
        assert_eq!(message.deeds(long.as_bytes()).err(), Some(Flaw::AlikeKeys));
    }

    #[test]
    fn of_a_batch_every_message_is_named_or_counted() {
        let read = |text: &str| Message::parse(text.as_bytes()).unwrap().method;
        assert_eq!(
            read(r#"[{"id":1,"method":"a"},{"method":"b"},{"method":"a"},{"id":7}]"#),
            "batch of 4: 2 a, 1 b, 1 (response)"
        );
        assert_eq!(read("[]"), "batch of 0: ");
        let many: Vec<String> = (0..500).map(|n| format!(r#"{{"method":"m{n}"}}"#)).collect();
        let said = read(&format!("[{}]", many.join(",")));
        assert!(said.starts_with("batch of 500: 1 m0, ") && said.ends_with(", 492 of other kinds"), "{said}");
        let long = read(&format!(r#"[{{"method":"{}"}},{{"method":"last"}}]"#, "x".repeat(5000)));
        assert!(long.len() < 200 && long.ends_with("…, 1 last"), "{long}");
    }

    #[test]
    fn a_method_that_nobody_read_is_not_taken_for_one_that_was() {
        let mut headers = HeaderMap::new();
        assert_eq!(Message::announced(&headers).method, "(too long to read)");
        headers.insert("mcp-method", "tools/list".parse().unwrap());
        assert_eq!(Message::announced(&headers).method, "(too long to read; its header says tools/list)");
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for text in ["", "7", "{", "{\"id\":1,\"method\":1}", "{\"method\":\"a\",\"method\":\"b\"}", "{} {}"]
        {
            assert!(Message::parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}
