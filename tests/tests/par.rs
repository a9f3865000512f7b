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

/// It registers clients that prove themselves in this way, and takes pushed requests.
fn pushing(rogue: &Rogue, method: &str) {
    rogue.edit_metadata("pushed_authorization_request_endpoint", json!(format!("{}/par", rogue.origin())));
    rogue.edit_metadata("token_endpoint_auth_methods_supported", json!([method]));
    if method != "none" {
        rogue.edit("/register", "client_secret", json!("s3cr3t-xyz"));
    }
    rogue.reply("/par", Reply::Json(201, json!({ "request_uri": "urn:pushed:1", "expires_in": 60 })));
}

#[test]
fn a_pushed_request_names_the_client_once_in_its_body_however_it_proves_itself() {
    for method in ["client_secret_basic", "client_secret_post", "none"] {
        let (home, rogue) = (Home::new(), Rogue::start());
        home.lists(&[("rogue", &rogue.mcp())], "memory");
        pushing(&rogue, method);
        let valet = Valet::start(&home);
        let page = valet.begin("rogue");
        let pushed = &rogue.requests("/par")[0];
        let of = page.query_pairs().find(|(name, _)| name == "client_id").unwrap().1.into_owned();
        assert_eq!(pushed.field("client_id"), Some(of), "{method}");
        assert_eq!(pushed.body.matches("client_id=").count(), 1, "{method}: {}", pushed.body);
        assert_eq!(pushed.headers.contains_key("authorization"), method == "client_secret_basic");
    }
}

#[test]
fn a_client_made_by_hand_is_named_in_the_body_as_well() {
    let (home, rogue) = (Home::new(), Rogue::start());
    pushing(&rogue, "client_secret_basic");
    let oauth = json!({ "clientId": "by-hand", "clientSecret": "s3cr3t" });
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp(), "oauth": oauth } }, "valet": { "vault": "memory" },
    }));
    let valet = Valet::start(&home);
    valet.begin("rogue");
    assert_eq!(rogue.requests("/par")[0].field("client_id").as_deref(), Some("by-hand"));
    rogue.reply("/par", Reply::error(401, "invalid_client"));
    home.move_clock(6);
    let refused = valet.post("/v1/servers/rogue/authorize", &json!({})).expect_status(502);
    assert_eq!((refused.text("reason").as_str(), rogue.count("/register")), ("invalid_client", 0));
    assert!(refused.text("advice").contains("client ID"), "{refused:?}");
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
