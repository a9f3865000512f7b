//! Authorization requests that are pushed to the issuer beforehand.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Browser, Home, Keychain, McpServer, OidcProvider, Reply, Rogue, TokenFormat, Valet};
use serde_json::json;

#[test]
fn an_issuer_that_takes_nothing_else_gets_them_pushed() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let provider = OidcProvider::with(&home, TokenFormat::Jwt, &["--push"]);
    let server = McpServer::start(&home, &provider);
    home.lists(&[("toolbox", &server.mcp())], "keychain");
    let valet = Valet::start(&home);
    let url = valet.begin("toolbox");
    let names: Vec<_> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["client_id", "request_uri"], "the browser carries nothing else");
    let browser = Browser::start(&home);
    browser.agree_at_oidc_provider(url.as_str());
    valet.settles("toolbox", "ready");
    server.whoami(&valet.token("toolbox").expect_status(200).text("access_token")).expect_status(200);
}

#[test]
fn an_issuer_that_refuses_a_pushed_request_is_named_with_its_reason() {
    let home = Home::new();
    home.lists(&[], "memory");
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    rogue.edit_metadata("pushed_authorization_request_endpoint", json!(format!("{}/par", rogue.origin())));
    rogue.reply("/par", Reply::error(400, "invalid_scope"));
    let valet = Valet::start(&home);
    let refused = valet.post("/v1/servers/rogue/authorize", &json!({})).expect_status(502);
    assert!(refused.body.contains("invalid_scope"), "{refused:?}");
    rogue.reply("/par", Reply::Json(201, json!({ "expires_in": 60 })));
    let refused = valet.post("/v1/servers/rogue/authorize", &json!({})).expect_status(502);
    assert_eq!(refused.text("reason"), "answer_invalid");
    let pushed = &rogue.requests("/par")[0];
    for name in ["state", "code_challenge", "redirect_uri", "resource", "client_id"] {
        assert!(pushed.field(name).is_some(), "{name}");
    }
}
