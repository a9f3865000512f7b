//! Signing in on another device (RFC 8628).

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{
    Browser, Home, Keychain, McpServer, OidcProvider, Reply, Rogue, TokenFormat, Valet, until,
};
use serde_json::{Value, json};

fn configure(home: &Home, url: &str, oauth: &Value) {
    home.configure(&json!({
        "mcpServers": { "toolbox": { "url": url, "oauth": oauth } },
        "valet": { "agents": "allow", "vault": "keychain" },
    }));
}

/// Types the code and agrees, as on a telephone.
fn agree_on_telephone(browser: &Browser, page: &str, code: &str) {
    browser.open(page);
    browser.fill("input[name=user_code]", code);
    browser.click("button[type=submit]");
    browser.shows("Confirm Device");
    browser.click("button[autofocus]");
    browser.fill("input[name=login]", "ada");
    browser.fill("input[name=password]", "anything");
    browser.click("button[type=submit]");
    browser.shows("Authorize");
    browser.click("button[type=submit]");
    browser.shows("Sign-in Success");
}

#[test]
fn the_command_line_prints_a_code_that_is_typed_elsewhere() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let provider = OidcProvider::start(&home, TokenFormat::Jwt);
    let server = McpServer::start(&home, &provider);
    configure(&home, &server.mcp(), &json!({ "clientId": "television" }));
    let valet = Valet::start(&home);
    let mut cli = home.start_cli(&["authorize", "toolbox", "--device"]);
    let [page, code] = until("the command prints page and code", || {
        let said = cli.stdout();
        let shown: Vec<_> =
            said.lines().filter_map(|line| line.strip_prefix("    ")).map(str::to_owned).collect();
        shown.try_into().ok()
    });
    let seen = valet.server("toolbox");
    assert_eq!(seen["state"], "waiting");
    assert!(seen["device"].is_null(), "any program could finish it as somebody else: {seen}");
    agree_on_telephone(&Browser::start(&home), &page, &code);
    assert!(cli.wait().success(), "{}", cli.stderr());
    assert!(cli.stdout().contains("\"toolbox\" is ready."), "{}", cli.stdout());
    let token = valet.token("toolbox").expect_status(200).text("access_token");
    server.whoami(&token).expect_status(200);
}

/// A rogue with a device endpoint; its codes are asked about each second.
fn rogue(home: &Home) -> Rogue {
    let rogue = Rogue::start();
    rogue.edit_metadata("device_authorization_endpoint", json!(format!("{}/device", rogue.origin())));
    let begun = json!({
        "device_code": "device-code-SECRET",
        "user_code": "WDJB-MJHT",
        "verification_uri": format!("{}/type", rogue.origin()),
        "expires_in": 600,
        "interval": 1,
    });
    rogue.reply("/device", Reply::Json(200, begun));
    rogue.reply("/token", Reply::error(400, "authorization_pending"));
    configure(home, &rogue.mcp(), &json!({ "grant": "device_code" }));
    rogue
}

fn begin(valet: &Valet<'_>) -> Value {
    valet.post("/v1/servers/toolbox/authorize", &json!({})).expect_status(200).json()
}

#[test]
fn the_configuration_can_make_it_the_usual_way() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = rogue(&home);
    let valet = Valet::start(&home);
    let authorization = begin(&valet);
    assert_eq!(authorization["device"]["user_code"], "WDJB-MJHT");
    assert!(authorization["redirect_uri"].is_null(), "{authorization}");
    let registered: Value = serde_json::from_str(&rogue.requests("/register")[0].body).unwrap();
    assert_eq!(registered["grant_types"][0], "urn:ietf:params:oauth:grant-type:device_code");
    assert_eq!(rogue.requests("/device")[0].field("resource"), Some(rogue.mcp()));
    until("it is asked about", || (rogue.count("/token") >= 1).then_some(()));
    rogue.reply("/token", Reply::Html(503, String::new()));
    until("it is asked about again", || (rogue.count("/token") >= 2).then_some(()));
    let tokens = json!({ "access_token": "good", "token_type": "Bearer", "expires_in": 600 });
    rogue.reply("/token", Reply::Json(200, tokens));
    valet.settles("toolbox", "ready");
    assert_eq!(valet.token("toolbox").expect_status(200).text("access_token"), "good");
    assert!(!valet.log().contains("device-code-SECRET"));
}

#[test]
fn a_code_that_is_refused_over_or_no_longer_wanted_is_not_asked_about_any_more() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = rogue(&home);
    let valet = Valet::start(&home);
    for (error, reason) in [("access_denied", "access_denied"), ("expired_token", "device_expired")] {
        rogue.reply("/token", Reply::error(400, error));
        begin(&valet);
        assert_eq!(valet.settles("toolbox", "failed")["problem"]["reason"], reason);
    }
    rogue.reply("/token", Reply::error(400, "authorization_pending"));
    begin(&valet);
    home.move_clock(601);
    assert_eq!(valet.settles("toolbox", "failed")["problem"]["reason"], "device_expired");
    let asked = rogue.count("/token");
    begin(&valet);
    valet.post("/v1/servers/toolbox/decline", &json!({})).expect_status(200);
    valet.settles("toolbox", "declined");
    assert_eq!(rogue.count("/token"), asked, "what nobody wants is not asked about");
}

#[test]
fn an_issuer_without_it_is_named_with_another_way() {
    let home = Home::new();
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let _valet = Valet::start(&home);
    let output = home.cli(&["authorize", "rogue", "--device"]).expect_code(5);
    assert!(output.stderr.contains("--no-browser"), "{}", output.stderr);
}
