//! Servers that others wrote, from npm.

use std::path::Path;

use serde_json::Value;

use crate::curl::mcp_call;
use crate::{Answer, Home, Process, curl};

/// What an access token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFormat {
    /// A reference that only the issuer can read; it can be revoked and introspected.
    Opaque,
    /// Signed claims that the MCP server checks alone.
    Jwt,
}

impl TokenFormat {
    fn name(self) -> &'static str {
        match self {
            Self::Opaque => "opaque",
            Self::Jwt => "jwt",
        }
    }
}

/// `oidc-provider`, a certified authorization server.
#[derive(Debug)]
pub struct OidcProvider {
    _process: Process,
    issuer: String,
    format: TokenFormat,
}

impl OidcProvider {
    /// Starts it on a free port. Its access tokens live ten minutes.
    pub fn start(home: &Home, format: TokenFormat) -> Self {
        Self::with(home, format, &[])
    }

    /// Same, with further options of `issuer.mjs`.
    pub fn with(home: &Home, format: TokenFormat, options: &[&str]) -> Self {
        let all: Vec<&str> = ["--format", format.name()].iter().chain(options).copied().collect();
        let (process, issuer) = start(home, "issuer", &all);
        Self { _process: process, issuer, format }
    }

    /// The issuer identifier.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// What the issuer says of a token when the MCP server asks (RFC 7662).
    pub fn introspect(&self, token: &str) -> Value {
        let (url, form) = (format!("{}/token/introspection", self.issuer), format!("token={token}"));
        let credentials = "mcp-server:mcp-server-secret";
        curl(&["--user", credentials, "--data-raw", &form, &url]).expect_status(200).json()
    }

    /// How often an endpoint was called, such as `POST /token`.
    pub fn count(&self, endpoint: &str) -> u64 {
        curl(&[&format!("{}/counters", self.issuer)]).json()[endpoint].as_u64().unwrap_or(0)
    }
}

/// An MCP server protected by an [`OidcProvider`]: the official TypeScript SDK.
#[derive(Debug)]
pub struct McpServer {
    _process: Process,
    origin: String,
}

impl McpServer {
    /// Starts it on a free port.
    pub fn start(home: &Home, provider: &OidcProvider) -> Self {
        let options = ["--issuer", provider.issuer(), "--format", provider.format.name()];
        let (process, origin) = start(home, "mcp-server", &options);
        Self { _process: process, origin }
    }

    /// The MCP endpoint.
    pub fn mcp(&self) -> String {
        format!("{}/mcp", self.origin)
    }

    /// Calls its one tool as an agent that holds `token` would.
    pub fn whoami(&self, token: &str) -> Answer {
        mcp_call(&self.mcp(), token, "tools/call", r#"{"name":"whoami","arguments":{}}"#)
    }
}

fn start(home: &Home, script: &str, options: &[&str]) -> (Process, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("node");
    assert!(folder.join("node_modules").exists(), "run `make setup` first: npm packages are missing");
    let mut command = home.command("node");
    command.arg(folder.join(script).with_extension("mjs")).args(options);
    let mut process = home.spawn(&mut command, script);
    let origin = process.announces("listening on ");
    (process, origin)
}
