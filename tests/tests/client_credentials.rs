//! Servers that a program signs in to by itself.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{
    Home, Keychain, McpServer, OidcProvider, Reply, Rogue, TokenFormat, Valet, openssl, until,
};
use serde_json::{Value, json};

fn configure(home: &Home, url: &str, oauth: &Value) {
    home.configure(&json!({
        "mcpServers": { "robots": { "url": url, "verify": "enforce", "oauth": oauth } },
        "valet": { "agents": "allow", "vault": "keychain" },
    }));
}

/// The configuration as it is on disk, once no text of it holds `secret` any more.
fn written_without(home: &Home, secret: &str) -> String {
    until("the secret is out of the file", || {
        let text = std::fs::read_to_string(home.config()).unwrap();
        (!text.contains(secret)).then_some(text)
    })
}

#[test]
fn a_secret_is_enough_and_is_moved_into_the_keychain() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let provider = OidcProvider::start(&home, TokenFormat::Opaque);
    let server = McpServer::start(&home, &provider);
    let oauth = json!({ "grant": "client_credentials", "clientId": "robot", "clientSecret": "robot-secret" });
    configure(&home, &server.mcp(), &oauth);
    let valet = Valet::start(&home);
    assert_eq!(
        valet.settles("robots", "ready")["grant"],
        "none",
        "nothing is asked for before somebody needs it"
    );
    let token = valet.token("robots").expect_status(200).text("access_token");
    server.whoami(&token).expect_status(200);
    let written = written_without(&home, "robot-secret");
    assert!(written.contains("client_credentials"), "{written}");
    valet.token("robots").expect_status(200);
    assert_eq!(provider.count("POST /token"), 1);
    home.move_clock(601);
    valet.token("robots").expect_status(200);
    assert_eq!(provider.count("POST /token"), 2, "it renews by itself");
    valet.stop();
    let valet = Valet::start(&home);
    home.move_clock(1300);
    valet.token("robots").expect_status(200);
}

#[test]
fn a_key_is_enough_in_the_configuration_or_in_a_file() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let pem = openssl(&["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    let file = home.path().join("key.pem");
    std::fs::write(&file, &pem).unwrap();
    let keys = public_keys(&home, file.to_str().unwrap());
    let provider = OidcProvider::with(&home, TokenFormat::Jwt, &["--robot-keys", &keys]);
    let server = McpServer::start(&home, &provider);
    for key in [file.to_str().unwrap(), &pem] {
        let oauth =
            json!({ "grant": "client_credentials", "clientId": "robot-with-a-key", "privateKey": key });
        configure(&home, &server.mcp(), &oauth);
        let valet = Valet::start(&home);
        valet.token("robots").expect_status(200);
        assert!(written_without(&home, "PRIVATE KEY").contains("robot-with-a-key"));
        valet.post("/v1/servers/robots/revoke", &json!({})).expect_status(200);
        let token = valet.token("robots").expect_status(200).text("access_token");
        server.whoami(&token).expect_status(200);
        assert!(!valet.log().contains("PRIVATE KEY"));
        valet.stop();
    }
}

/// The key set of a private key, made by Node as an operator would.
fn public_keys(home: &Home, file: &str) -> String {
    let script = "const {createPublicKey}=require('crypto');const key=createPublicKey(require('fs').readFileSync(process.argv[1]));\
                  console.log(JSON.stringify({keys:[{...key.export({format:'jwk'}),use:'sig',alg:'ES256'}]}))";
    home.run(home.command("node").args(["-e", script, file])).expect_code(0).stdout.trim().to_owned()
}

#[test]
fn what_the_issuer_refuses_is_told_and_not_asked_again_by_itself() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let oauth = json!({ "grant": "client_credentials", "clientId": "robot", "clientSecret": "wrong" });
    configure(&home, &rogue.mcp(), &oauth);
    rogue.reply("/token", Reply::error(401, "invalid_client"));
    let valet = Valet::start(&home);
    let refused = valet.token("robots").expect_status(502);
    assert_eq!(refused.text("reason"), "invalid_client");
    let failed = valet.server("robots");
    assert_eq!((&failed["state"], &failed["unattended"]), (&json!("failed"), &json!(true)));
    assert_eq!(rogue.count("/token"), 1);
    rogue.reply(
        "/token",
        Reply::Json(200, json!({ "access_token": "good", "token_type": "Bearer", "expires_in": 600 })),
    );
    assert_eq!(valet.token("robots").expect_status(200).text("access_token"), "good");
    let asked = &rogue.requests("/token")[1];
    assert_eq!(asked.field("resource"), Some(rogue.mcp()));
    assert_eq!(asked.field("grant_type").as_deref(), Some("client_credentials"));
    assert_eq!(rogue.count("/authorize"), 0, "nobody is sent to a browser");
}

#[test]
fn a_thousand_who_ask_at_first_cause_one_request() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    configure(&home, &rogue.mcp(), &json!({ "grant": "client_credentials", "clientId": "robot" }));
    rogue.reply(
        "/token",
        Reply::Json(200, json!({ "access_token": "good", "token_type": "Bearer", "expires_in": 600 })),
    );
    let _valet = Valet::start(&home);
    let answers = mcp_valet_tests::Crowd::ask(&home.socket(), 1000, r#"{"server":"robots"}"#).answers();
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(rogue.count("/token"), 1);
}

#[test]
fn an_issuer_without_a_page_for_browsers_serves_programs() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    rogue.edit_metadata("authorization_endpoint", Value::Null);
    rogue.edit_metadata("code_challenge_methods_supported", Value::Null);
    configure(&home, &rogue.mcp(), &json!({ "grant": "client_credentials", "clientId": "robot" }));
    rogue.reply(
        "/token",
        Reply::Json(200, json!({ "access_token": "good", "token_type": "Bearer", "expires_in": 600 })),
    );
    Valet::start(&home).token("robots").expect_status(200);
}

#[test]
fn a_program_cannot_make_the_valet_read_files_or_run_programs() {
    let home = Home::new();
    home.lists(&[], "memory");
    let valet = Valet::start(&home);
    let run = json!({ "type": "jwt_bearer", "assertion": { "command": ["touch", "/tmp/x"] } });
    for oauth in
        [json!({ "clientId": "x", "privateKey": "/etc/hostname" }), json!({ "clientId": "x", "grant": run })]
    {
        let new = json!({ "name": "x", "url": "https://a.example/mcp", "oauth": oauth });
        let refused = valet.post("/v1/servers", &new).expect_status(400);
        assert!(refused.body.contains("over the socket"), "{refused:?}");
    }
    assert_eq!(valet.get("/v1/servers").json(), json!([]));
}
