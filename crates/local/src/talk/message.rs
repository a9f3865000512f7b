//! One JSON-RPC message, read as far as that is needed to bring it where it belongs.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Where a request asks for progress, and where what belongs to a stream says so (MCP 2026-07-28).
pub(crate) const TOKEN: [&str; 3] = ["params", "_meta", "progressToken"];
pub(crate) const SUBSCRIPTION: [&str; 3] = ["params", "_meta", "io.modelcontextprotocol/subscriptionId"];
pub(crate) const PROGRESS: [&str; 2] = ["params", "progressToken"];
pub(crate) const CANCELLED: [&str; 2] = ["params", "requestId"];
const VERSION: [&str; 3] = ["params", "_meta", "io.modelcontextprotocol/protocolVersion"];

/// What is read of one.
#[derive(Debug, Default, Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
}

/// One message.
#[derive(Debug)]
pub(crate) struct Message {
    /// The text of its ID, as it is compared.
    pub(crate) id: Option<String>,
    pub(crate) method: Option<String>,
    /// Whether it is an answer, and says that something is wrong.
    pub(crate) is_error: bool,
    pub(crate) text: String,
}

impl Message {
    /// A message; nothing if this is none.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let envelope: Envelope<'_> = serde_json::from_str(text).ok()?;
        let (id, method) = (envelope.id.and_then(key), envelope.method.map(Cow::into_owned));
        (id.is_some() || method.is_some() || envelope.error.is_some()).then(|| Self {
            is_error: method.is_none() && envelope.error.is_some(),
            id,
            method,
            text: text.to_owned(),
        })
    }

    /// One message or a batch of them, and which it is.
    pub(crate) fn read_all(text: &[u8]) -> Option<(Vec<Self>, bool)> {
        let text = str::from_utf8(text).ok()?.trim();
        if !text.starts_with('[') {
            return Self::read(text).map(|one| (vec![one], false));
        }
        let all: Vec<&RawValue> = serde_json::from_str(text).ok()?;
        let all: Option<Vec<Self>> = all.into_iter().map(|one| Self::read(one.get())).collect();
        all.filter(|all| !all.is_empty()).map(|all| (all, true))
    }

    pub(crate) fn is(&self, method: &str) -> bool {
        self.method.as_deref() == Some(method)
    }

    /// Whether it wants an answer.
    pub(crate) const fn is_request(&self) -> bool {
        self.method.is_some() && self.id.is_some()
    }

    /// Whether it stands for itself (MCP 2026-07-28).
    pub(crate) fn is_modern(&self) -> bool {
        self.is("server/discover") || self.at(&VERSION).is_some()
    }

    /// What stands there, as it is compared.
    pub(crate) fn at(&self, path: &[&str]) -> Option<String> {
        // Most messages have none, and are not read once more.
        if !path.last().is_some_and(|last| self.text.contains(last)) {
            return None;
        }
        let mut at: &RawValue = serde_json::from_str(&self.text).ok()?;
        for name in path {
            at = members(at.get())?.into_iter().rev().find(|(known, _)| known == name)?.1;
        }
        key(at)
    }

    /// The same message with another value there, where there is one.
    pub(crate) fn with(&self, path: &[&str], value: &str) -> String {
        replaced(&self.text, path, value).unwrap_or_else(|| self.text.clone())
    }
}

/// A text by which IDs and tokens are compared, which is one of them too; nothing for `null`.
fn key(raw: &RawValue) -> Option<String> {
    let value: Value = serde_json::from_str(raw.get()).ok()?;
    matches!(value, Value::String(_) | Value::Number(_)).then(|| value.to_string())
}

fn replaced(object: &str, path: &[&str], value: &str) -> Option<String> {
    let Some((name, rest)) = path.split_first() else { return Some(value.to_owned()) };
    let mut written = String::with_capacity(object.len() + value.len());
    let mut found = false;
    for (known, old) in members(object)? {
        written.push(if written.is_empty() { '{' } else { ',' });
        written += &serde_json::to_string(&known).ok()?;
        written.push(':');
        if known == *name {
            found = true;
            written += &replaced(old.get(), rest, value)?;
        } else {
            written += old.get();
        }
    }
    found.then(|| written + "}")
}

struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

/// The members of an object in their order, each as it is written.
fn members(object: &str) -> Option<Vec<(Cow<'_, str>, &RawValue)>> {
    serde_json::from_str::<Members<'_>>(object).ok().map(|members| members.0)
}

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reads;
        impl<'de> Visitor<'de> for Reads {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut members = Vec::new();
                while let Some((Name(name), value)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }
        from.deserialize_map(Reads)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;

    #[test]
    fn what_a_message_is_and_says_is_read() {
        let request = Message::read(
            r#"{"jsonrpc":"2.0","id":7,"method":"a","params":{"_meta":{"progressToken":"t"}}}"#,
        );
        let request = request.unwrap();
        assert!(request.is_request() && !request.is_modern());
        assert_eq!((request.id.as_deref(), request.at(&TOKEN).as_deref()), (Some("7"), Some("\"t\"")));
        let answer = Message::read(r#"{"id":"\u0061","error":{}}"#).unwrap();
        assert_eq!((answer.id.as_deref(), answer.is_error), (Some("\"a\""), true));
        for none in ["", "7", "{}", "[]", "hello", "{\"a\":1}", "{\"id\":1}{"] {
            assert!(Message::read(none).is_none(), "{none}");
        }
        assert_eq!(Message::read_all(br#"[{"id":1,"method":"a"},{"method":"b"}]"#).unwrap().0.len(), 2);
        assert!(Message::read_all(b"[]").is_none() && Message::read_all(b"[1]").is_none());
    }

    #[test]
    fn one_value_is_replaced_and_nothing_else_changes() {
        let text = r#"{ "id":1, "method":"a" ,"params":{"n":1.50,"_meta":{"progressToken":9,"x":[1, 2]}} }"#;
        let message = Message::read(text).unwrap();
        assert_eq!(
            message.with(&TOKEN, "\"v-1\""),
            r#"{"id":1,"method":"a","params":{"n":1.50,"_meta":{"progressToken":"v-1","x":[1, 2]}}}"#
        );
        assert!(message.with(&["id"], "\"v\"").starts_with(r#"{"id":"v","method":"a""#));
        assert_eq!(message.with(&["none"], "1"), text);
    }
}
