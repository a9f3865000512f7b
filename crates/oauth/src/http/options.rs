//! What the person or the shell may set about the client.

use std::path::PathBuf;
use std::time::Duration;

use url::Url;

/// The settings.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// PEM files of certificate authorities that are trusted besides the system's.
    pub extra_ca: Vec<PathBuf>,
    /// A proxy for everything outside this machine; without one, the environment's proxy settings hold.
    pub proxy: Option<Url>,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// The longest a connection may take to open. 5 seconds by default.
    pub connect_timeout: Duration,
    /// The longest a whole request may take, redirects and body included. 8 seconds by default.
    pub request_timeout: Duration,
    /// The longest that the answer to a token request is waited for. 5 minutes by default.
    pub token_timeout: Duration,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            extra_ca: Vec::new(),
            proxy: None,
            user_agent: concat!("mcp-valet/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(8),
            token_timeout: Duration::from_mins(5),
        }
    }
}
