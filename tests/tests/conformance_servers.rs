//! The official conformance suite for servers: what is between a client and its server changes none of its
//! results.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mcp_valet_tests::web::{Door, WebClient};
use mcp_valet_tests::{ExampleServer, Home, Relay, Terminal, until};
use serde_json::{Value, json};

/// Revisions of the protocol, and how many scenarios the suite has for each.
const REVISIONS: [(&str, usize); 2] = [("2025-11-25", 33), ("2026-07-28", 40)];
/// It asks by foreign names, which no page in a browser can do at a Unix socket.
const REBINDING: &str = "dns-rebinding-protection";
/// What a server is asked which has tasks. The example has none.
const TASKS: &str = "tasks-";

/// The suite's own mark of a time, after the scenario's name.
const MARK: usize = "-2026-01-01T00-00-00-000Z".len();

/// The outcomes of the checks of each scenario.
type Results = BTreeMap<String, Vec<String>>;

/// Runs the scenarios of a revision against the server at `url`.
fn run(home: &Home, revision: &str, url: &str) -> Results {
    let folder = tempfile::tempdir().unwrap();
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("node/node_modules");
    let mut suite = home.command(packages.join("node/bin/node"));
    suite.arg(packages.join("@modelcontextprotocol/conformance/dist/index.js"));
    suite.args(["server", "--url", url, "--requirements", revision, "--output-dir"]).arg(folder.path());
    let ran = home.run(&mut suite);
    let folders = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap());
    let results: Results = folders
        .map(|folder| {
            let name = folder.file_name().into_string().unwrap();
            let name = name.strip_prefix("server-").unwrap();
            let name = name[..name.len() - MARK].to_owned();
            let checks = fs::read_to_string(folder.path().join("checks.json")).unwrap();
            let checks: Vec<Value> = serde_json::from_str(&checks).unwrap();
            (name, checks.iter().map(outcome).collect())
        })
        .filter(|(name, _): &(String, _)| !name.starts_with(TASKS))
        .collect();
    assert!(!results.is_empty(), "{ran:?}");
    results
}

fn outcome(check: &Value) -> String {
    let (id, status) = (check["id"].as_str().unwrap(), check["status"].as_str().unwrap());
    format!("{id}: {status} {}", check["errorMessage"].as_str().unwrap_or_default()).trim_end().to_owned()
}

/// A first request, about which the person is asked.
fn begins(home: &Home, terminal: &mut Terminal, url: &str) {
    let asked = || terminal.screen().matches("wants to use").count();
    let before = asked();
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string();
    let mut asks = home.command("curl");
    asks.args(["-s", "-H", "Content-Type: application/json", "-d", &message, url]);
    let mut process = home.spawn(&mut asks, "first");
    until("the person is asked", || (asked() > before).then_some(()));
    terminal.types("f");
    process.wait();
}

#[test]
fn server_scenarios_have_the_same_results_directly_by_the_socket_and_by_the_door() {
    let home = Home::new();
    let server = ExampleServer::start(&home);
    let door = Door::configure(&home, &[("example", &server.mcp())], &json!({}));
    let (valet, mut terminal) = door.valet(&home);
    let mut client = WebClient::start(&home, &door.mcp("example"));
    client.connects(&mut terminal, "f");
    let token = client.does("tokens")["access_token"].as_str().unwrap().to_owned();
    let door = Relay::start(&home, &door.mcp("example"), ["--token", &token]);
    let socket = home.socket();
    let socket = Relay::start(&home, "http://localhost/mcp/example", ["--socket", socket.to_str().unwrap()]);
    begins(&home, &mut terminal, &socket.origin);
    for (revision, count) in REVISIONS {
        let mut directly = run(&home, revision, &server.mcp());
        assert_eq!(directly.len(), count, "{revision}: {:?}", directly.keys());
        let failed: Vec<_> =
            directly.values().flatten().filter(|outcome| outcome.contains("FAILURE")).collect();
        assert!(failed.is_empty(), "{revision}: {failed:?}");
        assert_eq!(run(&home, revision, &door.origin), directly, "{revision} by the door");
        let mut by_socket = run(&home, revision, &socket.origin);
        by_socket.remove(REBINDING);
        directly.remove(REBINDING);
        assert_eq!(by_socket, directly, "{revision} by the socket: {}", valet.log());
    }
}
