//! Servers that take keys, and what is seen of the keys.

use std::fs;

use serde_json::{Value, json};

use crate::{CommandOutput, Home, Recorded, Reply, Rogue, Valet, program, until};

/// A key.
pub const KEY: &str = "key-of-the-person-4711";
/// Another one.
pub const OTHER: &str = "another-key-of-them-0815";

/// What a program asks such a server.
pub fn list() -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" })
}

/// A server that takes whatever comes, and says nothing of it.
pub fn content(rogue: &Rogue) {
    let headers = vec![("content-type", "application/json".to_owned())];
    let body = r#"{"jsonrpc":"2.0","id":1,"result":{}}"#.to_owned();
    rogue.reply("/mcp", Reply::Whole(200, headers, body));
}

/// Configures these servers, with every agent allowed.
pub fn configure(home: &Home, servers: &Value, vault: &str) {
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "allow", "vault": vault } }));
}

/// One server of which the file has the key itself.
pub fn with_key(rogue: &Rogue) -> Value {
    json!({ "keyed": { "url": rogue.mcp(), "headers": { "Authorization": format!("Bearer {KEY}"), "X-Region": "eu" } } })
}

/// The configuration as it stands in the file.
pub fn config(home: &Home) -> String {
    fs::read_to_string(home.config()).unwrap()
}

/// The last request to the server.
pub fn last(rogue: &Rogue) -> Recorded {
    rogue.requests("/mcp").pop().unwrap()
}

/// What the server was shown by it.
pub fn shown(rogue: &Rogue, header: &str) -> Option<String> {
    last(rogue).headers.get(header).cloned()
}

/// The key was moved out of the file.
pub fn moved(home: &Home) {
    until("the key leaves the file", || (!config(home).contains(KEY)).then_some(()));
}

/// Gives the server `keyed` a key by the command line, which waits for what the person says.
pub fn sets_key(home: &Home, key: &str) -> CommandOutput {
    sets_key_of(home, "keyed", key)
}

/// The same for this server.
pub fn sets_key_of(home: &Home, server: &str, key: &str) -> CommandOutput {
    let input = home.path().join("key");
    fs::write(&input, format!("{key}\n")).unwrap();
    let mut command = home.command(program("mcp-valet"));
    home.run(command.args(["key", "set", server]).stdin(fs::File::open(&input).unwrap()))
}

/// What anybody sees of the valet, and what stands in its files.
pub fn told(home: &Home, valet: &Valet<'_>) -> String {
    let files: String = fs::read_dir(home.path().join("state/mcp-valet"))
        .unwrap()
        .flatten()
        .filter_map(|file| fs::read(file.path()).ok())
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    let shown = valet.cli(&["show", "keyed", "--json"]);
    let arguments = fs::read(format!("/proc/{}/cmdline", valet.id())).unwrap();
    let servers = valet.get("/v1/servers").body;
    format!("{files}{shown:?}{servers}{}{}", valet.log(), String::from_utf8_lossy(&arguments))
}
