//! What one session is made of.

use super::message::{Message, VERSION};
use super::older::Transport;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::task::AbortHandle;

pub(super) const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");

/// A session as far as the client and the server have agreed on one.
#[derive(Default)]
pub(super) struct Session {
    /// Changes with each session.
    pub(super) number: u64,
    /// What goes along with every message: the session's name and the version.
    pub(super) headers: HeaderMap,
    /// The client's own `initialize`, to begin again with.
    pub(super) initialize: Option<Bytes>,
    /// Who waits for what the server says by itself, once the client is ready for it.
    pub(super) listener: Option<AbortHandle>,
    /// The server says nothing by itself.
    pub(super) silent: bool,
    /// How the server speaks.
    pub(super) transport: Transport,
}

impl Session {
    /// Begins with this message.
    pub(super) fn begin(&mut self, initialize: &Message) {
        if let Some(listener) = self.listener.take() {
            listener.abort();
        }
        *self =
            Self { number: self.number + 1, initialize: Some(initialize.text.clone()), ..Self::default() };
    }

    /// The server may give the session a name.
    pub(super) fn enter(&mut self, answer: &HeaderMap) {
        if let Some(id) = answer.get(SESSION) {
            self.headers.insert(SESSION, id.clone());
        }
    }

    /// The server says which version it is.
    pub(super) fn agree(&mut self, answer: &str) {
        let answer: Value = serde_json::from_str(answer).unwrap_or_default();
        let version =
            answer["result"]["protocolVersion"].as_str().and_then(|text| HeaderValue::from_str(text).ok());
        if let Some(version) = version {
            self.headers.insert(VERSION, version);
        }
    }
}
