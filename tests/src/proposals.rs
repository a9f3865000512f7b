//! Entries that a program wants to have added.

use std::fs;
use std::thread;

use serde_json::{Value, json};

use crate::{Home, HttpResponse, Terminal, Valet, until};

/// What the terminal asks.
pub const ADD: &str = "Add it?  [y]es   [n]o >";
/// Longer than a question outlives whoever asked.
pub const LATER: i64 = 400;

/// A valet without servers.
pub fn configure(home: &Home, agents: &str, vault: &str) {
    home.configure(&json!({ "mcpServers": {}, "valet": { "agents": agents, "vault": vault } }));
}

/// Starts it where somebody sits at a terminal.
pub fn on_terminal(home: &Home) -> (Valet<'_>, Terminal) {
    configure(home, "ask", "memory");
    Valet::on_terminal(home)
}

/// The servers in the configuration, as they are written.
pub fn entries(home: &Home) -> Value {
    let config: Value = serde_json::from_str(&fs::read_to_string(home.config()).unwrap()).unwrap();
    config["mcpServers"].clone()
}

/// An entry that aims a sign-in, and how long the program waits for the answer.
pub fn slack(wait: u32) -> Value {
    json!({
        "name": "slack", "url": "https://mcp.slack.example/mcp", "wait": wait,
        "oauth": { "clientId": "1.2", "clientSecret": "SECRET-of-the-person", "callbackPort": 3118, "scopes": ["chat:write"] },
    })
}

/// Posts it while somebody is at the terminal, who answers this.
pub fn posts_and_answers(
    valet: &Valet<'_>,
    terminal: &mut Terminal,
    new: &Value,
    word: &str,
) -> HttpResponse {
    let asked = terminal.screen().matches(ADD).count();
    thread::scope(|scope| {
        let asking = scope.spawn(|| valet.post("/v1/servers", new));
        until("it is asked", || (terminal.screen().matches(ADD).count() > asked).then_some(()));
        terminal.types(word);
        asking.join().unwrap()
    })
}

/// The entries of the audit about this.
pub fn audited(home: &Home, what: &str) -> Vec<Value> {
    let audit = fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap();
    let lines = audit.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["what"] == what).collect()
}
