//! Connections that end when they are wanted: what only reads is sent once more, and nothing else of which a
//! byte was written.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::sync::atomic::{AtomicUsize, Ordering};

use mcp_valet_tests::{Home, Reply, Rogue, StdioClient, Valet};
use serde_json::{Value, json};

const METADATA: &str = "/.well-known/oauth-authorization-server";
const RESOURCE_METADATA: &str = "/.well-known/oauth-protected-resource/mcp";

fn lists(home: &Home, rogue: &Rogue) {
    home.lists(&[("hasty", &rogue.mcp())], "memory");
}

fn call(id: usize) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/list" })
}

/// The first requests to `path` get no answer, the others do.
fn loses(rogue: &Rogue, path: &'static str, method: &'static str, first: usize) {
    let lost = AtomicUsize::new(0);
    rogue.plan(move |request| {
        let is_it = request.path == path && request.method == method;
        (is_it && lost.fetch_add(1, Ordering::Relaxed) < first).then_some(Reply::Gone)
    });
}

#[test]
fn a_server_that_closes_after_each_answer_is_signed_in_at_and_called_without_a_loss() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.closes_after_each_answer();
    lists(&home, &rogue);
    for _ in 0..5 {
        let valet = Valet::start(&home);
        valet.sign_in("hasty");
        for id in 0..40 {
            let answer = valet.proxy("hasty", &call(id), &[]).expect_status(200);
            assert_eq!(answer.json()["id"], id, "{answer:?}");
        }
        valet.cli(&["revoke", "hasty"]).expect_code(0);
        valet.stop();
    }
}

#[test]
fn a_client_on_standard_input_loses_nothing_at_such_a_server() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.closes_after_each_answer();
    lists(&home, &rogue);
    let valet = Valet::start(&home);
    valet.sign_in("hasty");
    rogue.is_a_server();
    let mut client = StdioClient::start(&home, "hasty");
    for _ in 0..40 {
        let answer = client.request(&json!({ "method": "tools/list" }));
        assert!(answer["error"].is_null(), "{answer}");
    }
}

#[test]
fn documents_are_asked_for_once_more_and_no_more_than_that() {
    for (lost, works) in [(1, true), (2, false)] {
        for path in [RESOURCE_METADATA, METADATA] {
            let (home, rogue) = (Home::new(), Rogue::start());
            lists(&home, &rogue);
            let valet = Valet::start(&home);
            loses(&rogue, path, "GET", lost);
            let answer = valet.post("/v1/servers/hasty/authorize", &json!({}));
            assert_eq!((answer.status == 200, rogue.count(path)), (works, 2), "{path}: {answer:?}");
        }
    }
}

#[test]
fn nothing_that_changes_something_is_sent_again() {
    let (home, rogue) = (Home::new(), Rogue::start());
    lists(&home, &rogue);
    let valet = Valet::start(&home);
    loses(&rogue, "/register", "POST", 1);
    valet.post("/v1/servers/hasty/authorize", &json!({})).expect_status(502);
    assert_eq!(rogue.count("/register"), 1);
    loses(&rogue, "/token", "POST", 1);
    home.browser_says_yes();
    assert_ne!(valet.cli(&["authorize", "hasty"]).code, 0);
    assert_eq!(rogue.count("/token"), 1, "a code is used once");
    valet.sign_in("hasty");
    let before = rogue.count("/mcp");
    loses(&rogue, "/mcp", "POST", 1);
    let answer = valet.proxy("hasty", &call(1), &[]);
    assert!(answer.json()["error"].is_object(), "{answer:?}");
    assert_eq!(rogue.count("/mcp"), before + 1, "a tool may have done something");
}

#[test]
fn a_stream_that_only_listens_is_asked_for_once_more() {
    let (home, rogue) = (Home::new(), Rogue::start());
    lists(&home, &rogue);
    let valet = Valet::start(&home);
    valet.sign_in("hasty");
    let before = rogue.count("/mcp");
    loses(&rogue, "/mcp", "GET", 1);
    valet.get("/mcp/hasty").expect_status(200);
    assert_eq!(rogue.count("/mcp"), before + 2);
}
