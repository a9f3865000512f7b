//! What a call costs of a server that is a program of this machine: started by the valet, and by the client
//! itself.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    unreachable_pub,
    reason = "a program for developers, which may stop at the first surprise"
)]

#[path = "shared/table.rs"]
#[expect(dead_code, reason = "one table for several programs")]
mod table;

use mcp_valet_tests::{Home, Valet, program, stdio_server};
use serde_json::json;
use std::ffi::OsStr;
use std::path::Path;
use table::{Table, contender};

fn main() {
    let home = Home::new();
    let (node, script) = stdio_server();
    let servers = json!({ "toolbox": { "command": node, "args": [script] } });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "allow", "vault": "memory" } }));
    let valet = Valet::start_under(&home, &["env", "MCP_VALET_LOG=off"]);
    let mut table = Table::new("Speed of local servers");
    let connect = program("mcp-valet");
    let ways = vec![
        contender("ours", || p50(&home, &[connect.as_os_str(), "connect".as_ref(), "toolbox".as_ref()])),
        contender("straight", || p50(&home, &[node.as_ref(), script.as_os_str()])),
    ];
    table.compare("`connect` to a program: `tools/call` by the official SDK, p50", "µs", "≤ 1.3", ways);
    drop(valet);
    table.keep("local.md");
}

/// Calls of the official SDK, whose middle one is printed.
fn p50(home: &Home, server: &[&OsStr]) -> f64 {
    let calls = Path::new(env!("CARGO_MANIFEST_DIR")).join("node/calls.mjs");
    let mut client = home.command("node");
    client.arg(calls).args(["500", "stdio"]).args(server).env("TOOL", "hello");
    home.run(&mut client).expect_code(0).stdout.trim().parse().unwrap()
}
