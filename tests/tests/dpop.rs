//! Tokens that are bound to a key which never leaves the valet (RFC 9449).

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{
    Browser, DpopServer, Home, HttpResponse, Keychain, OidcProvider, Rogue, TokenFormat, Valet,
};
use serde_json::{Value, json};

fn list() -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" })
}

/// How many proofs the server has accepted, each of them new to it.
#[track_caller]
fn proofs(answer: HttpResponse) -> u64 {
    let body = answer.expect_status(200).json();
    body["result"]["proofs"].as_u64().unwrap_or_else(|| panic!("{body}"))
}

#[test]
fn a_server_that_asks_for_it_gets_a_fresh_proof_with_each_request() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let provider = OidcProvider::start(&home, TokenFormat::Jwt);
    let server = DpopServer::start(&home, &provider);
    home.configure(&json!({
        "mcpServers": { "bound": { "url": server.mcp(), "verify": "enforce", "oauth": { "scopes": ["mcp:tools", "offline_access"] } } },
        "valet": { "agents": "allow", "vault": "keychain" },
    }));
    let valet = Valet::start(&home);
    let browser = Browser::start(&home);
    browser.agree_at_oidc_provider(valet.begin("bound").as_str());
    valet.settles("bound", "ready");

    let refused = valet.token("bound").expect_status(403);
    assert_eq!(
        (refused.text("code").as_str(), refused.text("reason").as_str()),
        ("proxy_only", "bound_to_a_key")
    );

    assert_eq!(proofs(valet.proxy("bound", &list(), &[])), 2, "the first is refused for its missing nonce");
    assert_eq!(proofs(valet.proxy("bound", &list(), &[])), 3, "the nonce is known by now");
    valet.stop();
    let valet = Valet::start(&home);
    assert_eq!(proofs(valet.proxy("bound", &list(), &[])), 5, "the key is the same, the nonce is not kept");
}

#[test]
fn a_bound_token_is_renewed_with_the_same_key() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let provider = OidcProvider::with(&home, TokenFormat::Jwt, &["--lifetime", "25"]);
    let server = DpopServer::start(&home, &provider);
    home.configure(&json!({
        "mcpServers": { "bound": { "url": server.mcp(), "oauth": { "scopes": ["mcp:tools", "offline_access"] } } },
        "valet": { "agents": "allow", "vault": "keychain" },
    }));
    let valet = Valet::start(&home);
    let browser = Browser::start(&home);
    browser.agree_at_oidc_provider(valet.begin("bound").as_str());
    valet.settles("bound", "ready");
    proofs(valet.proxy("bound", &list(), &[]));
    let before = provider.count("POST /token");
    home.move_clock(26);
    proofs(valet.proxy("bound", &list(), &[]));
    assert!(provider.count("POST /token") > before, "it was renewed");
}

#[test]
fn a_token_that_is_not_bound_is_not_taken_for_one_that_is() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp(), "oauth": { "dpop": "required" } } },
        "valet": { "agents": "allow", "vault": "memory" },
    }));
    let valet = Valet::start(&home);
    home.browser_says_yes();
    valet.cli(&["authorize", "rogue"]).expect_code(5);
    assert_eq!(valet.server("rogue")["problem"]["reason"], "token_type");
    assert!(rogue.requests("/token")[0].headers.contains_key("dpop"));
}
