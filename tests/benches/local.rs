//! What a call costs of a server that is a program of this machine: started by the valet, and by the client
//! itself. One is as fast as a program can be; ten are of others, where `MCP_VALET_SERVERS` has them, and ask
//! a provider at each call.

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

use mcp_valet_tests::foreign::{FOREIGN, Provider, foreign_servers};
use mcp_valet_tests::{Home, Valet, program, stdio_server, until};
use serde_json::{Value, json};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use table::{Table, contender};

/// What is started straight, and what it is called with.
struct Called {
    name: &'static str,
    command: Vec<OsString>,
    env: Vec<(&'static str, String)>,
    calls: usize,
}

fn main() {
    let mut table = Table::new("Speed of local servers");
    let (node, script) = stdio_server();
    let toolbox = Called {
        name: "toolbox",
        command: vec![node.into(), script.clone().into()],
        env: vec![("TOOL", "hello".into())],
        calls: 500,
    };
    let entry = json!({ "command": node, "args": [script] });
    let work = "`connect` to a program: `tools/call` by the official SDK, p50";
    measure(&mut table, work, &toolbox, entry);
    match foreign_servers() {
        Some(folder) => of_others(&mut table, &folder),
        None => println!("NOT MEASURED: servers of others. They are not installed."),
    }
    table.keep("local.md");
}

fn of_others(table: &mut Table, folder: &Path) {
    for foreign in &FOREIGN {
        let provider = Provider::start();
        let mut env = foreign.env(&provider.at);
        env.extend([("TOOL", foreign.call.0.to_owned()), ("ARGUMENTS", foreign.call.1.to_owned())]);
        let command = foreign.words(folder).into_iter().map(OsString::from).collect();
        let called = Called { name: foreign.name, command, env, calls: 100 };
        let work = format!("the same to {}", foreign.name);
        measure(table, &work, &called, foreign.entry(folder, &provider.at));
    }
}

/// By `connect`, straight, and over the socket.
fn measure(table: &mut Table, work: &str, called: &Called, entry: Value) {
    if !table.wants(work) {
        return;
    }
    let home = Home::new();
    let servers = json!({ called.name: entry });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "allow", "vault": "memory" } }));
    let valet = Valet::start_under(&home, &["env", "MCP_VALET_LOG=off"]);
    until("it is in use", || (valet.server(called.name)["state"] == "ready").then_some(()));
    let connect = [program("mcp-valet").into(), "connect".into(), called.name.into()];
    let socket = [home.socket().into(), PathBuf::from("/mcp").join(called.name).into()];
    let ways = vec![
        contender("ours", || p50(&home, called, "stdio", &connect)),
        contender("straight", || p50(&home, called, "stdio", &called.command)),
        contender("socket", || p50(&home, called, "socket", &socket)),
    ];
    table.compare(work, "µs", "≤ 1.3", ways);
}

/// Calls of the official SDK, whose middle one is printed.
fn p50(home: &Home, called: &Called, kind: &str, server: &[OsString]) -> f64 {
    let calls = Path::new(env!("CARGO_MANIFEST_DIR")).join("node/calls.mjs");
    let mut client = home.command("node");
    client.arg(calls).arg(called.calls.to_string()).arg(kind).args(server);
    client.envs(called.env.iter().map(|(name, value)| (name, value)));
    home.run(&mut client).expect_code(0).stdout.trim().parse().unwrap()
}
