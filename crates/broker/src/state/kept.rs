//! What is kept for one MCP session through the proxy.

use crate::state::cookies::Cookies;
use oauth::ServerUrl;
use serde_json::Value;
use tokio::sync::mpsc;

/// What is kept for as long as a session is open.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kept {
    /// Those that the server has set.
    pub(crate) cookies: Cookies,
    /// How messages go, where the session is a stream of the older transport (MCP 2024-11-05).
    pub(crate) stream: Option<Stream>,
}

/// A stream of the older transport: messages are posted elsewhere, and all answers come by it.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    /// Where messages are posted.
    pub(crate) endpoint: ServerUrl,
    /// What the valet itself says by it.
    pub(crate) says: mpsc::Sender<Value>,
}
