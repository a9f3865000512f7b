//! A server that others wrote, with the official SDK for Rust, in the revisions with a handshake and without.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{Client, one, quick, running};
use local::{Program, Running};
use serde_json::{Value, json};

fn adder() -> Program {
    let tests = std::env::current_exe().unwrap();
    let server = tests.parent().unwrap().with_file_name("examples").join("rmcp-server");
    assert!(
        server.exists(),
        "{}: cargo builds it with the tests, where it is not told otherwise",
        server.display()
    );
    Program { command: server.into(), args: vec![], env: vec![], cwd: "/".into(), secrets: vec![] }
}

async fn asked(running: &Running, id: u64, method: &str, mut params: Value) -> Value {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "t", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let message = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
    one(Client::of(running, adder()).post(message).await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn with_a_handshake() {
    let running = running(quick());
    let client = Client::begun(&running, adder()).await;
    assert_eq!(client.text(1, "add", json!({ "a": 2, "b": 3 })).await.unwrap(), "5");
    running.stop_all().await;
}

#[tokio::test]
async fn without_one() {
    let running = running(quick());
    let discovered = asked(&running, 1, "server/discover", json!({})).await;
    let versions = discovered["result"]["supportedVersions"].as_array().unwrap();
    assert!(versions.contains(&json!("2026-07-28")), "{discovered}");
    let called =
        asked(&running, 1, "tools/call", json!({ "name": "add", "arguments": { "a": 2, "b": 3 } })).await;
    assert_eq!(called["result"]["content"][0]["text"], "5", "{called}");
    assert_eq!(running.list().len(), 1);
    running.stop_all().await;
}
