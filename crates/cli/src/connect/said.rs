//! What a server says: messages of MCP, and what is none. Servers send heartbeats as if they were messages,
//! begin with a byte order mark, and give back IDs in another form than they got them.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// A byte order mark in UTF-8. No JSON begins with it (RFC 8259 §8.1).
const MARK: &[u8] = b"\xef\xbb\xbf";

/// One message of a server.
#[derive(Debug)]
pub(super) enum Said<'a> {
    /// A request or a notification.
    New(&'a str),
    /// The answer to a request; without an ID where the server could not tell which.
    Answer(Reply<'a>),
}

/// An answer, as far as it counts.
#[derive(Debug)]
pub(super) struct Reply<'a> {
    pub(super) id: Option<Value>,
    /// The whole of it, as it was written.
    whole: &'a str,
    outcome: (&'static str, &'a RawValue),
    /// Whether it is written as JSON-RPC 2.0 wants it, but for the ID.
    is_proper: bool,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(default)]
    jsonrpc: Option<Value>,
    #[serde(default)]
    id: Option<Value>,
    #[serde(default)]
    method: Option<Value>,
    #[serde(borrow, default, deserialize_with = "given")]
    result: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "given")]
    error: Option<&'a RawValue>,
}

/// What is there, `null` included.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(from).map(Some)
}

/// The messages in a text: one, or those of a batch (MCP 2025-03-26). Whatever else is in it is none.
pub(super) fn messages(text: &[u8]) -> Vec<Said<'_>> {
    let text = text.trim_ascii_start();
    let text = text.strip_prefix(MARK).unwrap_or(text).trim_ascii();
    let Ok(text) = str::from_utf8(text) else { return Vec::new() };
    match serde_json::from_str::<Vec<&RawValue>>(text) {
        Ok(batch) => batch.into_iter().filter_map(|one| Said::read(one.get())).collect(),
        Err(_) => Said::read(text).into_iter().collect(),
    }
}

/// The first answer in a text, whatever it answers.
pub(super) fn answer(text: &[u8]) -> Option<String> {
    messages(text).iter().find_map(|said| match said {
        Said::Answer(reply) => Some(reply.to(&Value::Null)),
        Said::New(_) => None,
    })
}

impl<'a> Said<'a> {
    fn read(whole: &'a str) -> Option<Self> {
        let said: Envelope = serde_json::from_str(whole).ok()?;
        let is_version_2 = said.jsonrpc.is_some_and(|version| version == "2.0");
        let is_id = |id: &Value| id.is_string() || id.is_number();
        match said.method {
            Some(method) => {
                let is_one = is_version_2 && method.is_string() && said.id.as_ref().is_none_or(is_id);
                is_one.then_some(Self::New(whole))
            }
            None => {
                let is_proper = is_version_2 && (said.result.is_none() || said.error.is_none());
                let error = said.error.filter(|error| error.get() != "null").map(|error| ("error", error));
                let outcome = error.or_else(|| said.result.map(|result| ("result", result)))?;
                let id = said.id.filter(is_id);
                // Without an ID a result belongs to nothing (JSON-RPC 2.0 §5).
                let answers = id.is_some() || outcome.0 == "error";
                answers.then_some(Self::Answer(Reply { id, whole, outcome, is_proper }))
            }
        }
    }
}

impl Reply<'_> {
    /// The error, if it is one.
    pub(super) fn error(&self) -> Option<Value> {
        let (kind, outcome) = self.outcome;
        if kind == "error" { serde_json::from_str(outcome.get()).ok() } else { None }
    }

    /// The answer as the client that asked with `id` is to get it.
    pub(super) fn to(&self, id: &Value) -> String {
        if self.is_proper && self.id.as_ref() == Some(id) {
            return self.whole.to_owned();
        }
        let (kind, outcome) = self.outcome;
        format!(r#"{{"jsonrpc":"2.0","id":{id},"{kind}":{outcome}}}"#)
    }
}

/// Whether the server may mean the request `asked` by `given`: servers write numbers as text, and the other
/// way round.
pub(super) fn is_same_id(asked: &Value, given: &Value) -> bool {
    let text = |id: &Value| id.as_str().map_or_else(|| id.to_string(), ToOwned::to_owned);
    let as_number = || asked.as_f64().is_some_and(|number| given.as_f64() == Some(number));
    asked == given || text(asked) == text(given) || as_number()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_no_message_is_none() {
        for text in [
            "",
            "ping",
            "7",
            "{}",
            "[]",
            "[1,2]",
            r#"{"type":"heartbeat","timestamp":"2026"}"#,
            r#"{"jsonrpc":"2.0"}"#,
            r#"{"jsonrpc":"2.0","id":1}"#,
            r#"{"jsonrpc":"2.0","id":1,"error":null}"#,
            r#"{"jsonrpc":"2.0","result":{}}"#,
            r#"{"jsonrpc":"2.0","method":7}"#,
            r#"{"jsonrpc":"1.0","method":"ping"}"#,
            r#"{"method":"heartbeat"}"#,
            r#"{"jsonrpc":"2.0","method":"ping","id":{}}"#,
            r#"{"jsonrpc":"2.0","method":"a","method":"b"}"#,
            r#"{"jsonrpc":"2.0","id":1,"result":{}} {}"#,
        ] {
            assert!(messages(text.as_bytes()).is_empty(), "{text}");
        }
        assert!(messages(b"\xff\xfe{\0}\0").is_empty());
    }

    #[test]
    fn an_answer_is_mended_only_where_that_is_needed() {
        let answer = |text: &str, id: Value| {
            let text = format!("\u{feff} {text}\r\n");
            let Said::Answer(reply) = messages(text.as_bytes()).remove(0) else { panic!("{text}") };
            reply.to(&id)
        };
        let whole = r#"{"id":1,"jsonrpc":"2.0","result":{"n":1.10},"_x":1}"#;
        assert_eq!(answer(whole, json!(1)), whole);
        let mended = r#"{"jsonrpc":"2.0","id":1,"result":{"n":1.10}}"#;
        assert_eq!(answer(r#"{"id":"1","jsonrpc":"2.0","result":{"n":1.10}}"#, json!(1)), mended);
        assert_eq!(answer(r#"{"id":1,"result":{"n":1.10}}"#, json!(1)), mended);
        assert_eq!(answer(r#"{"jsonrpc":"2.0","id":1,"result":{"n":1.10},"error":null}"#, json!(1)), mended);
        let error = r#"{"jsonrpc":"2.0","id":"a","error":{"code":1}}"#;
        assert_eq!(answer(r#"{"jsonrpc":"2.0","id":null,"error":{"code":1}}"#, json!("a")), error);
        assert_eq!(answer(r#"{"jsonrpc":"2.0","id":"a","result":null}"#, json!("a")).len(), 40);
    }

    #[test]
    fn an_id_may_come_back_in_another_form() {
        for (asked, given) in [(json!(5), json!("5")), (json!("5"), json!(5)), (json!(5), json!(5.0))] {
            assert!(is_same_id(&asked, &given), "{asked} {given}");
        }
        for (asked, given) in [(json!(5), json!("05")), (json!("a"), json!("A")), (json!(5), json!(6))] {
            assert!(!is_same_id(&asked, &given), "{asked} {given}");
        }
    }
}
