//! Servers that are programs, and MCP sessions with them through the proxy.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{Home, HttpResponse, Valet};

/// The program of such a server.
pub fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/stdio.py")
}

/// The entry of such a server, with this environment.
pub fn entry(env: &Value) -> Value {
    json!({ "command": "python3", "args": [script(), "one two"], "env": env })
}

/// Configures one, which every agent may use.
pub fn configure(home: &Home, env: &Value, vault: &str) {
    let servers = json!({ "stdio": entry(env) });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "allow", "vault": vault } }));
}

/// A session with it.
#[derive(Debug)]
pub struct Session<'a> {
    valet: &'a Valet<'a>,
    header: String,
}

impl<'a> Session<'a> {
    /// Begins one.
    #[track_caller]
    pub fn begin(valet: &'a Valet<'a>) -> Self {
        let begun = initialize(valet).expect_status(200);
        let session = begun.header("mcp-session-id").expect("a session");
        Self { valet, header: format!("Mcp-Session-Id: {session}") }
    }

    /// Asks for a tool.
    pub fn call(&self, name: &str, arguments: &Value) -> HttpResponse {
        let params = json!({ "name": name, "arguments": arguments });
        let message = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params });
        self.valet.proxy("stdio", &message, &["-H", &self.header])
    }

    /// What the program says of itself.
    #[track_caller]
    pub fn look(&self) -> Value {
        said(&self.call("look", &json!({})))
    }
}

/// The answer to `initialize`.
pub fn initialize(valet: &Valet<'_>) -> HttpResponse {
    let params = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" } });
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params });
    valet.proxy("stdio", &message, &[])
}

/// The message of an answer, be it JSON or a stream of events.
pub fn message(answer: &HttpResponse) -> Value {
    let event = answer.body.lines().filter_map(|line| line.strip_prefix("data: ")).next_back();
    serde_json::from_str(event.unwrap_or(&answer.body)).unwrap_or_else(|_| panic!("{answer:?}"))
}

/// What a tool answered.
#[track_caller]
pub fn said(answer: &HttpResponse) -> Value {
    let message = message(answer);
    let text = message["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{message}"));
    serde_json::from_str(text).unwrap()
}

/// Whether a process is there.
pub fn lives(pid: &Value) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    !stat.is_empty() && !stat.contains(") Z ")
}

/// By what the program says which key it was given: the key itself is covered on its way.
pub fn digest(key: &str) -> String {
    Sha256::digest(key).iter().map(|byte| format!("{byte:02x}")).collect()
}
