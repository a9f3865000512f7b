//! The proxy where the server refuses: what is renewed, what is asked for, and what is given up.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::io::Write;

use mcp_valet_tests::{Home, RawClient, Reply, Rogue, Valet};
use serde_json::{Value, json};

fn list() -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" })
}

/// The JSON-RPC error that answers request 1.
#[track_caller]
fn error(answer: mcp_valet_tests::HttpResponse) -> Value {
    let body = answer.expect_status(200).json();
    assert_eq!(body["id"], 1, "{body}");
    body["error"].clone()
}

#[test]
fn a_token_that_the_server_rejects_is_renewed_once_and_the_request_sent_again() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    rogue.end_access();
    let before = rogue.count("/mcp");
    assert_eq!(valet.proxy("rogue", &list(), &[]).expect_status(200).json()["result"], json!({}));
    assert_eq!((rogue.count("/mcp") - before, rogue.refreshes()), (2, 1));
    let challenge = vec![("www-authenticate", "Bearer error=\"invalid_token\"".to_owned())];
    rogue.reply("/mcp", Reply::Bare(401, challenge));
    assert_eq!(error(valet.proxy("rogue", &list(), &[]))["data"]["code"], "authorization_required");
    assert_eq!((rogue.count("/mcp") - before, rogue.refreshes()), (4, 2), "it was renewed again and again");
}

#[test]
fn many_requests_whose_token_was_rejected_share_one_renewal() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = Valet::signed_in(&home, &rogue);
    rogue.end_access();
    let mut agents: Vec<_> = (0..20).map(|_| RawClient::connect(&home.socket())).collect();
    agents
        .iter_mut()
        .for_each(|agent| agent.ask_proxy("rogue", "Connection: close\r\n", &list().to_string()));
    for agent in agents {
        assert_eq!(agent.answer().expect_status(200).json()["result"], json!({}));
    }
    assert_eq!(rogue.refreshes(), 1);
}

#[test]
fn a_scope_that_is_missing_is_asked_for_beside_those_that_were_granted_and_the_request_sent_again() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.edit("/.well-known/oauth-protected-resource/mcp", "scopes_supported", json!(["read"]));
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    rogue.demand_scope("write");
    let mut agent = RawClient::connect(&home.socket());
    agent.ask_proxy("rogue", "Connection: close\r\n", &list().to_string());
    terminal.shows("[s]ign in now");
    home.browser_says_yes();
    terminal.types("s");
    assert_eq!(agent.answer().expect_status(200).json()["result"], json!({}));
    let asked = rogue.requests("/authorize").last().unwrap().field("scope").unwrap();
    assert_eq!(asked.split(' ').collect::<std::collections::BTreeSet<_>>(), ["read", "write"].into());
}

#[test]
fn a_server_that_is_content_with_no_sign_in_is_given_up_after_the_third() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    rogue.demand_scope("write");
    rogue.edit("/token", "scope", json!("write"));
    let challenge =
        vec![("www-authenticate", "Bearer error=\"insufficient_scope\", scope=\"write\"".to_owned())];
    rogue.reply("/mcp", Reply::Bare(403, challenge));
    for _ in 0..2 {
        assert_eq!(error(valet.proxy("rogue", &list(), &[]))["data"]["code"], "authorization_required");
        // Asking again without a sign-in in between counts for nothing.
        assert_eq!(error(valet.proxy("rogue", &list(), &[]))["data"]["code"], "authorization_required");
        rogue.behave("/mcp");
        valet.sign_in("rogue");
        let challenge =
            vec![("www-authenticate", "Bearer error=\"insufficient_scope\", scope=\"write\"".to_owned())];
        rogue.reply("/mcp", Reply::Bare(403, challenge));
    }
    assert_eq!(error(valet.proxy("rogue", &list(), &[]))["data"]["reason"], "authorization_limit");
    let other = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": "other" } });
    assert_eq!(error(valet.proxy("rogue", &other, &[]))["data"]["code"], "authorization_required");
}

#[test]
fn a_request_that_is_too_long_to_hold_is_streamed_but_not_repeated() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let file = home.path().join("long");
    let message =
        json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": { "x": "y".repeat(10 << 20) } });
    std::fs::File::create(&file).unwrap().write_all(message.to_string().as_bytes()).unwrap();
    let data = format!("@{}", file.display());
    let send = || {
        let kind = "Content-Type: application/json";
        valet.curl(&[
            "-H",
            kind,
            "-H",
            "Mcp-Method: ping",
            "--data-binary",
            &data,
            "http://localhost/mcp/rogue",
        ])
    };
    let before = valet.memory();
    assert_eq!(send().expect_status(200).json()["result"], json!({}));
    assert_eq!(rogue.requests("/mcp").last().unwrap().body.len(), message.to_string().len());
    assert!(valet.memory() < before + (6 << 10), "{} KiB became {}", before, valet.memory());
    rogue.end_access();
    let refused = send();
    assert_eq!((refused.status, refused.text("reason")), (502, "too_long_to_repeat".to_owned()));
    let entries = valet.get("/v1/audit").expect_status(200).json();
    assert_eq!(
        entries.as_array().unwrap().last().unwrap()["method"],
        "(too long to read; its header says ping)"
    );
}

#[test]
fn scopes_that_the_person_configured_are_the_limit_and_the_agent_is_told_so() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp(), "oauth": { "scopes": ["read"] } } },
        "valet": { "agents": "allow", "vault": "memory" },
    }));
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    rogue.demand_scope("write");
    let refused = error(valet.proxy("rogue", &list(), &[]));
    assert_eq!(refused["data"]["reason"], "insufficient_scope");
    assert!(refused["data"]["advice"].as_str().unwrap().contains("oauth.scopes"));
}

#[test]
fn a_403_for_another_reason_is_no_matter_of_signing_in() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    rogue.reply("/mcp", Reply::Bare(403, Vec::new()));
    let before = rogue.count("/mcp");
    assert_eq!(error(valet.proxy("rogue", &list(), &[]))["data"]["reason"], "forbidden");
    assert_eq!(rogue.count("/mcp"), before + 1);
}

#[test]
fn what_a_server_answers_without_a_sign_in_needs_none() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    rogue.reply("/mcp", Reply::Json(200, json!({ "jsonrpc": "2.0", "id": 1, "result": {} })));
    valet.proxy("rogue", &list(), &[]).expect_status(200);
    assert!(!rogue.requests("/mcp").pop().unwrap().headers.contains_key("authorization"));
    rogue.behave("/mcp");
    assert_eq!(error(valet.proxy("rogue", &list(), &[]))["data"]["code"], "authorization_required");
}

#[test]
fn the_scope_of_the_challenge_is_asked_for_and_not_all_that_the_server_offers() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.edit("/.well-known/oauth-protected-resource/mcp", "scopes_supported", json!(["everything"]));
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    rogue.reply("/mcp", Reply::Bare(401, vec![("www-authenticate", "Bearer scope=\"basic\"".to_owned())]));
    assert_eq!(error(valet.proxy("rogue", &list(), &[]))["data"]["code"], "authorization_required");
    rogue.behave("/mcp");
    valet.sign_in("rogue");
    assert_eq!(rogue.requests("/authorize").pop().unwrap().field("scope").unwrap(), "basic");
}
