//! What etcd's JSON gateway answers: bytes in base64, 64-bit numbers as strings, nothing where it is the
//! default.

use super::engine::decoded;
use super::trouble::EngineError;
use serde::{Deserialize, Deserializer};

/// Where the engine was when it answered.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Header {
    #[serde(default, deserialize_with = "number")]
    pub(crate) revision: i64,
}

/// One key, and what it is worth.
#[derive(Debug, Deserialize)]
pub(crate) struct Kv {
    key: String,
    #[serde(default)]
    value: String,
    #[serde(default, deserialize_with = "number")]
    pub(crate) create_revision: i64,
    #[serde(default, deserialize_with = "number")]
    pub(crate) mod_revision: i64,
}

impl Kv {
    pub(crate) fn key(&self) -> Result<String, EngineError> {
        String::from_utf8(decoded(&self.key)?).map_err(|_| EngineError::Garbled("a key".to_owned()))
    }

    pub(crate) fn value(&self) -> Result<Vec<u8>, EngineError> {
        decoded(&self.value)
    }
}

/// `kv/range`. Without a header it is no answer of etcd, and says nothing of what is there.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Range {
    pub(crate) header: Header,
    #[serde(default)]
    pub(crate) kvs: Vec<Kv>,
}

/// `kv/txn`. Without a header it is no answer of etcd.
#[derive(Debug, Deserialize)]
pub(crate) struct Txn {
    pub(crate) header: Header,
    #[serde(default)]
    pub(crate) succeeded: bool,
    #[serde(default)]
    responses: Vec<Response>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Response {
    response_range: Option<Range>,
}

impl Txn {
    /// What its questions found, in their order.
    pub(crate) fn ranges(self) -> impl Iterator<Item = Range> {
        self.responses.into_iter().filter_map(|response| response.response_range)
    }
}

/// `lease/grant`.
#[derive(Debug, Deserialize)]
pub(crate) struct Lease {
    #[serde(rename = "ID", deserialize_with = "number")]
    pub(crate) id: i64,
}

/// `lease/keepalive`, a stream of one answer. A lease that is over has no `TTL`; an error has no `result`.
#[derive(Debug, Deserialize)]
pub(crate) struct Kept {
    pub(crate) result: KeptFor,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct KeptFor {
    #[serde(rename = "TTL", deserialize_with = "number")]
    pub(crate) seconds: i64,
}

/// `auth/authenticate`.
#[derive(Deserialize)]
pub(crate) struct SignedIn {
    pub(crate) token: String,
}

/// One line of `watch`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Watched {
    pub(crate) result: Option<WatchedPart>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WatchedPart {
    pub(crate) header: Header,
    pub(crate) canceled: bool,
    #[serde(deserialize_with = "number")]
    pub(crate) compact_revision: i64,
    pub(crate) events: Vec<WatchedEvent>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct WatchedEvent {
    pub(crate) kv: Kv,
}

/// An error in the gateway's words.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Refusal {
    pub(crate) error: String,
    pub(crate) message: String,
    pub(crate) code: i64,
}

fn number<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Text(String),
        Number(i64),
    }
    match Either::deserialize(from)? {
        Either::Text(text) => text.parse().map_err(serde::de::Error::custom),
        Either::Number(number) => Ok(number),
    }
}
