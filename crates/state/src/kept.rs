//! What is kept for one MCP session through the proxy.

use crate::cookies::Cookies;
use oauth::ServerUrl;
use serde_json::Value;
use tokio::sync::mpsc;

/// What is kept for as long as a session is open.
#[derive(Debug, Clone, Default)]
pub struct Carried {
    /// Those that the server has set.
    pub cookies: Cookies,
    /// How messages go, where the session is a stream of the older transport (MCP 2024-11-05).
    pub stream: Option<Stream>,
}

/// A stream of the older transport: messages are posted elsewhere, and all answers come by it.
#[derive(Debug, Clone)]
pub struct Stream {
    /// Where messages are posted.
    pub endpoint: ServerUrl,
    /// What the valet itself says by it.
    pub says: mpsc::Sender<Value>,
}
