//! What the way through the valet costs beside the straight one: calls and events through the proxy, calls by
//! `mcp-valet connect`, and how that grows with sessions and with streams that listen.
//!
//! Absolute times say more about the machine than about the program. Both ways take turns in one run, and the
//! ratio of their medians can be compared. All of it is written to `docs/measured/proxy.md`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    unreachable_pub,
    reason = "a program for developers, which may stop at the first surprise"
)]

mod client;
mod growth;
mod server;
#[path = "../shared/table.rs"]
#[expect(dead_code, reason = "one table for two programs")]
mod table;

use std::net::SocketAddr;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio};

use client::{Client, Way};
use mcp_valet_tests::{Home, Rogue, Valet, program, until};
use table::{Contender, Table, contender};

/// A bridge that many use.
const REMOTE: &str = "mcp-remote";
const RELAY: &str = env!("CARGO_BIN_EXE_bare-relay");
const CALLS: usize = 2_000;
const CLIENTS: usize = 64;
const EVENTS: usize = 100_000;

fn main() {
    if let [_, kind, socket, count] = std::env::args().collect::<Vec<_>>().as_slice()
        && kind == growth::LISTENS
    {
        return growth::listen(Path::new(socket), count.parse().unwrap());
    }
    let (home, rogue) = (Home::new(), Rogue::start());
    let server = server::start(&rogue.origin());
    home.lists(&[("bare", &format!("http://{server}/mcp"))], "memory");
    let valet = Valet::start_under(&home, &["env", "MCP_VALET_LOG=off"]);
    valet.sign_in("bare");
    let (runtime, mut table) = (runtime(), Table::new("Speed of the proxy"));
    let relay = home.runtime().join("relay.sock");
    let _relay = home.spawn(home.command(RELAY).arg(&relay).arg(server.to_string()), "relay");
    until("the relay listens", || UnixStream::connect(&relay).ok());
    let ways = [Way::Proxy(home.socket()), Way::Direct(server), Way::Relay(relay)];
    let p50 = |way: &Way| {
        let time = runtime.block_on(async { client::p50(&mut Client::connect(way).await, CALLS).await });
        micros(time)
    };
    table.compare("call through the proxy, p50", "µs", "≤ 2.5", all(&ways, p50));
    let rate = |way: &Way| runtime.block_on(client::rate(way, CLIENTS, CALLS / 4));
    table.compare("64 clients, calls", "/s", "≥ 0.4", all(&ways, rate));
    let events = |way: &Way| runtime.block_on(client::events(way, EVENTS));
    table.compare("small events of a stream", "/s", "≥ 0.3", all(&ways, events));
    let mut bridges = all(&ways[..2], |way| by_sdk(&home, way, server));
    if Command::new(REMOTE).stdin(Stdio::null()).output().is_ok() {
        bridges.push(contender(REMOTE, || by_remote(&home, server)));
    } else {
        println!("NOT MEASURED: {REMOTE}. It is not installed.");
    }
    table.compare("`connect`: `tools/call` by the official SDK, p50", "µs", "≤ 1.3", bridges);
    growth::sessions(&runtime, &home, &mut table);
    growth::streams(&home, &mut table);
    drop(valet);
    table.keep("proxy.md");
}

/// The way through the valet, the straight one, and that through what reads nothing: nearer to the straight
/// one nothing can be that stands between.
fn all<'a>(ways: &'a [Way], measure: impl Fn(&Way) -> f64 + Copy + 'a) -> Vec<Contender<'a>> {
    let names = ["ours", "straight", "bare relay"].into_iter();
    names.zip(ways).map(|(name, way)| contender(name, move || measure(way))).collect()
}

fn micros(time: std::time::Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// Calls of the official SDK, whose middle one is printed.
fn sdk(home: &Home) -> Command {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("node/calls.mjs");
    let mut node = home.command("node");
    node.arg(script).arg("500");
    node
}

/// The same by another bridge, which is given the token.
fn by_remote(home: &Home, server: SocketAddr) -> f64 {
    let mut node = sdk(home);
    node.args([
        "stdio",
        REMOTE,
        &format!("http://{server}/mcp"),
        "--header",
        "Authorization: Bearer of-nobody",
    ]);
    home.run(&mut node).expect_code(0).stdout.trim().parse().unwrap()
}

fn by_sdk(home: &Home, way: &Way, server: SocketAddr) -> f64 {
    let mut node = sdk(home);
    match way {
        Way::Direct(_) | Way::Relay(_) => node.args(["http", &format!("http://{server}/mcp"), "of-nobody"]),
        Way::Proxy(_) => node.arg("stdio").arg(program("mcp-valet")).args(["connect", "bare"]),
    };
    home.run(&mut node).expect_code(0).stdout.trim().parse().unwrap()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}
