//! A message of the client, and the headers that repeat what is in it.

use base64::prelude::{BASE64_STANDARD, Engine};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

pub(super) const VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
/// The ID of a request that is said again without the client.
pub(super) const AGAIN: &str = "mcp-valet-again";
/// What follows an `initialize`.
pub(super) const INITIALIZED: &[u8] = br#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
const METHOD: HeaderName = HeaderName::from_static("mcp-method");
const NAME: HeaderName = HeaderName::from_static("mcp-name");

/// One JSON-RPC message, as it was written.
pub(super) struct Message {
    pub(super) text: Bytes,
    /// The ID, if it is a request; those of a batch.
    pub(super) ids: Vec<Value>,
    /// The method; empty if it is a response.
    pub(super) method: String,
    /// The request that a `notifications/cancelled` is about.
    pub(super) cancels: Option<Value>,
    /// The version that it says it is in: since 2026-07-28 each message stands for itself.
    pub(super) version: Option<String>,
    /// The tool, prompt or resource that it is about.
    pub(super) name: Option<String>,
    /// By what the client knows how far it is.
    pub(super) progress: Option<Value>,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(default)]
    id: Option<Value>,
    #[serde(default)]
    method: String,
    #[serde(borrow, default)]
    params: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Params {
    name: Option<String>,
    uri: Option<String>,
    #[serde(rename = "requestId")]
    request_id: Option<Value>,
    #[serde(rename = "_meta")]
    meta: Meta,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Meta {
    #[serde(rename = "io.modelcontextprotocol/protocolVersion")]
    version: Option<String>,
    #[serde(rename = "progressToken")]
    progress: Option<Value>,
}

impl Envelope<'_> {
    /// The ID, if it is a request.
    fn asks(self) -> Option<Value> {
        self.id.filter(|_| !self.method.is_empty())
    }
}

impl Message {
    /// Reads a line; nothing if it is no JSON-RPC message.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let text = Bytes::copy_from_slice(line.trim_ascii());
        // A batch (MCP 2025-03-26) goes through as it is.
        if text.first() == Some(&b'[') {
            let batch: Vec<Envelope> = serde_json::from_slice(&text).ok()?;
            return Some(Self {
                ids: batch.into_iter().filter_map(Envelope::asks).collect(),
                text: text.clone(),
                method: String::new(),
                cancels: None,
                version: None,
                name: None,
                progress: None,
            });
        }
        let envelope: Envelope = serde_json::from_slice(&text).ok()?;
        let params = envelope.params.and_then(|params| serde_json::from_str(params.get()).ok());
        let params: Params = params.unwrap_or_default();
        let method = envelope.method.clone();
        let cancels = params.request_id.filter(|_| method == "notifications/cancelled");
        let name = params.name.or(params.uri);
        Some(Self {
            ids: envelope.asks().into_iter().collect(),
            method,
            cancels,
            version: params.meta.version,
            progress: params.meta.progress,
            name,
            text: text.clone(),
        })
    }

    /// A request of the client's by an ID of ours, so that its answer is not taken for the client's.
    pub(super) fn again(request: &[u8]) -> Option<Self> {
        let mut message: Value = serde_json::from_slice(request).ok()?;
        *message.get_mut("id")? = AGAIN.into();
        Self::read(message.to_string().as_bytes())
    }

    /// Whether these are several in one (MCP 2025-03-26).
    pub(super) fn is_batch(&self) -> bool {
        self.text.first() == Some(&b'[')
    }

    pub(super) fn initializes(&self) -> bool {
        self.method == "initialize"
    }

    /// The headers that repeat what a message of 2026-07-28 says (MCP, Streamable HTTP, "Standard Request
    /// Headers").
    pub(super) fn mirrors(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let Some(version) = &self.version else { return headers };
        let name = self
            .name
            .as_ref()
            .filter(|_| matches!(self.method.as_str(), "tools/call" | "prompts/get" | "resources/read"));
        let mirrors = [(VERSION, Some(version)), (METHOD, Some(&self.method)), (NAME, name)];
        for (header, text) in mirrors {
            if let Some(value) = text.and_then(|text| value(text)) {
                headers.insert(header, value);
            }
        }
        headers
    }
}

/// Text that a header cannot carry as it is goes in Base64 (same place, "Value Encoding").
fn value(text: &str) -> Option<HeaderValue> {
    let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && text.trim() == text
        && !text.starts_with("=?base64?");
    let written =
        if plain { text.to_owned() } else { format!("=?base64?{}?=", BASE64_STANDARD.encode(text)) };
    HeaderValue::from_str(&written).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_stands_for_itself_is_repeated_in_headers() {
        let text = r#"{"method":"tools/call","id":1,"params":{"name":"grün","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}"#;
        let headers = Message::read(text.as_bytes()).unwrap().mirrors();
        assert_eq!(headers[VERSION], "2026-07-28");
        assert_eq!(headers[METHOD], "tools/call");
        assert_eq!(headers[NAME], "=?base64?Z3LDvG4=?=");
        let older = Message::read(br#"{"method":"tools/call","id":1,"params":{"name":"x"}}"#).unwrap();
        assert!(older.mirrors().is_empty());
    }

    #[test]
    fn a_response_has_no_id_to_be_answered_to() {
        assert!(Message::read(br#"{"id":1,"result":{}}"#).unwrap().ids.is_empty());
        let batch = br#"[{"id":1,"method":"a"},{"method":"b"},{"id":2,"result":{}}]"#;
        assert_eq!(Message::read(batch).unwrap().ids, [1]);
        assert!(Message::read(b"hello").is_none());
    }
}
