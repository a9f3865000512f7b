//! The main job, whole: sign in, keep, hand out by the socket, revoke.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Browser, Demo, Home, Keychain, McpServer, OidcProvider, TokenFormat, Valet};

/// Signs in to `server` with `mcp-valet authorize` while `person` does what a person does in the browser.
#[track_caller]
fn authorize(home: &Home, server: &str, browser: &Browser, person: impl Fn(&Browser, &str)) {
    home.browser_notes_the_address();
    let mut command_line = home.start_cli(&["authorize", server]);
    let address = home.opened().remove(0);
    person(browser, &address);
    let status = command_line.wait();
    assert!(status.success(), "{status}: {} {}", command_line.stderr(), browser.page());
}

fn agree_at_the_demo(browser: &Browser, address: &str) {
    browser.open(address);
    browser.click("#allow");
}

#[test]
fn a_person_signs_in_an_agent_gets_a_token_by_curl_and_revocation_ends_it() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let provider = OidcProvider::start(&home, TokenFormat::Opaque);
    let server = McpServer::start(&home, &provider);
    home.lists(&[], "keychain");
    let valet = Valet::start(&home);
    let browser = Browser::start(&home);

    valet.cli(&["add", "toolbox", &server.mcp()]).expect_code(0);
    valet.token("toolbox").expect_status(401);
    authorize(&home, "toolbox", &browser, Browser::agree_at_oidc_provider);

    let answer = valet.token("toolbox").expect_status(200);
    let token = answer.text("access_token");
    assert_eq!(answer.text("token_type").to_lowercase(), "bearer");
    assert_eq!(answer.text("resource"), server.mcp());
    assert!(answer.json().get("refresh_token").is_none(), "a refresh token crossed the socket");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{answer:?}");
    server.whoami(&token).expect_status(200);
    assert_eq!(provider.introspect(&token)["active"], true);
    assert_eq!(provider.introspect(&token)["aud"], server.mcp());

    valet.cli(&["revoke", "toolbox"]).expect_code(0);
    assert_eq!(provider.introspect(&token)["active"], false);
    server.whoami(&token).expect_status(401);
    assert_eq!(valet.token("toolbox").expect_status(401).text("code"), "authorization_required");
}

#[test]
fn a_signed_token_is_accepted_by_a_server_that_checks_it_alone() {
    let home = Home::new();
    let provider = OidcProvider::start(&home, TokenFormat::Jwt);
    let server = McpServer::start(&home, &provider);
    home.lists(&[("toolbox", &server.mcp())], "memory");
    let valet = Valet::start(&home);
    let browser = Browser::start(&home);
    authorize(&home, "toolbox", &browser, Browser::agree_at_oidc_provider);
    let token = valet.token("toolbox").expect_status(200).text("access_token");
    server.whoami(&token).expect_status(200);
}

#[test]
fn the_same_holds_with_the_demo_provider() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let demo = Demo::start(&home);
    home.lists(&[], "keychain");
    let valet = Valet::start(&home);
    let browser = Browser::start(&home);

    valet.cli(&["add", "demo", &demo.mcp()]).expect_code(0);
    authorize(&home, "demo", &browser, agree_at_the_demo);
    let token = valet.token("demo").expect_status(200).text("access_token");
    demo.list_tools(&token).expect_status(200);
    valet.cli(&["revoke", "demo"]).expect_code(0);
    demo.list_tools(&token).expect_status(401);
    assert_eq!(valet.token("demo").expect_status(401).text("code"), "authorization_required");
}

#[test]
fn a_person_who_says_no_at_the_issuer_has_a_failed_sign_in_and_not_a_decline() {
    let home = Home::new();
    let demo = Demo::start(&home);
    home.lists(&[("demo", &demo.mcp())], "memory");
    let valet = Valet::start(&home);
    let browser = Browser::start(&home);
    home.browser_notes_the_address();
    let mut command_line = home.start_cli(&["authorize", "demo"]);
    browser.open(&home.opened()[0]);
    browser.click("#deny");
    assert_eq!(command_line.wait().code(), Some(5), "{}", command_line.stderr());
    let state = valet.server("demo");
    assert_eq!(state["state"], "failed");
    assert_eq!(state["declined"], false);
}

#[test]
fn a_grant_in_the_keychain_outlives_the_valet() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let demo = Demo::start(&home);
    home.lists(&[("demo", &demo.mcp())], "keychain");
    let valet = Valet::start(&home);
    let browser = Browser::start(&home);
    authorize(&home, "demo", &browser, agree_at_the_demo);
    valet.stop();
    let valet = Valet::start(&home);
    let token = valet.token("demo").expect_status(200).text("access_token");
    demo.list_tools(&token).expect_status(200);
}
