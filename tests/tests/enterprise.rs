//! Tokens on another issuer's word: of a company about its people, of a platform about its workloads.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Home, Keychain, Reply, Rogue, Valet, until};
use serde_json::{Value, json};

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

fn configure(home: &Home, url: &str, grant: &Value) {
    home.configure(&json!({
        "mcpServers": { "work": { "url": url, "oauth": {
            "clientId": "valet", "clientSecret": "at-the-server", "grant": grant,
        } } },
        "valet": { "agents": "allow", "vault": "keychain" },
    }));
}

fn provider(idp: &Rogue, id_token: &Value) -> Value {
    json!({
        "type": "id_jag",
        "issuer": idp.origin(),
        "tokenEndpoint": format!("{}/token", idp.origin()),
        "clientId": "valet-at-work",
        "clientSecret": "at-the-company",
        "idToken": id_token,
    })
}

fn good() -> Reply {
    Reply::Json(200, json!({ "access_token": "good", "token_type": "Bearer", "expires_in": 600 }))
}

#[test]
fn the_companys_word_becomes_a_token() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let (idp, rogue) = (Rogue::start(), Rogue::start());
    rogue.edit_metadata("token_endpoint_auth_methods_supported", json!(["client_secret_basic"]));
    let file = home.path().join("id-token");
    std::fs::write(&file, "who-i-am\n").unwrap();
    configure(&home, &rogue.mcp(), &provider(&idp, &json!({ "file": file })));
    let jag = "urn:ietf:params:oauth:token-type:id-jag";
    let vouched = json!({ "access_token": "vouched", "issued_token_type": jag, "token_type": "N_A" });
    idp.reply("/token", Reply::Json(200, vouched));
    rogue.reply("/token", good());
    let valet = Valet::start(&home);
    assert_eq!(valet.token("work").expect_status(200).text("access_token"), "good");
    let exchanged = &idp.requests("/token")[0];
    for (name, value) in [
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("requested_token_type", jag),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:id_token"),
        ("subject_token", "who-i-am"),
        ("audience", &rogue.origin()),
        ("resource", &rogue.mcp()),
    ] {
        assert_eq!(exchanged.field(name).as_deref(), Some(value), "{name}");
    }
    let asked = &rogue.requests("/token")[0];
    assert_eq!(asked.field("grant_type").as_deref(), Some(JWT_BEARER));
    assert_eq!(asked.field("assertion").as_deref(), Some("vouched"));
    assert_ne!(exchanged.headers["authorization"], asked.headers["authorization"]);
    until("both secrets are in the keychain", || {
        let text = std::fs::read_to_string(home.config()).unwrap();
        (!text.contains("at-the-company") && !text.contains("at-the-server")).then_some(())
    });
    home.move_clock(601);
    valet.token("work").expect_status(200);
    assert_eq!(idp.requests("/token")[1].headers["authorization"], exchanged.headers["authorization"]);
    for secret in ["who-i-am", "vouched", "at-the-company"] {
        assert!(!valet.log().contains(secret), "{secret} is in the log");
    }
}

#[test]
fn a_company_that_says_something_else_is_not_believed() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let (idp, rogue) = (Rogue::start(), Rogue::start());
    configure(&home, &rogue.mcp(), &provider(&idp, &json!({ "command": ["echo", "who-i-am"] })));
    let other = json!({ "access_token": "x", "issued_token_type": "urn:ietf:params:oauth:token-type:access_token", "token_type": "Bearer" });
    idp.reply("/token", Reply::Json(200, other));
    let valet = Valet::start(&home);
    assert_eq!(valet.token("work").expect_status(502).text("reason"), "answer_invalid");
    assert_eq!(rogue.count("/token"), 0);
}

#[test]
fn a_workloads_assertion_is_read_anew_each_time_and_sent_once() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let file = home.path().join("assertion");
    std::fs::write(&file, "first").unwrap();
    configure(&home, &rogue.mcp(), &json!({ "type": "jwt_bearer", "assertion": { "file": file } }));
    rogue.reply("/token", Reply::error(400, "invalid_grant"));
    let valet = Valet::start(&home);
    assert_eq!(valet.token("work").expect_status(502).text("reason"), "invalid_grant");
    assert_eq!(rogue.count("/token"), 1, "neither again nor in another way");
    assert_eq!(rogue.requests("/token")[0].field("assertion").as_deref(), Some("first"));
    std::fs::write(&file, "second").unwrap();
    rogue.reply("/token", good());
    valet.token("work").expect_status(200);
    assert_eq!(rogue.requests("/token")[1].field("assertion").as_deref(), Some("second"));
}

#[test]
fn a_source_that_gives_nothing_is_named() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    for (source, name) in [
        (json!({ "file": "/nowhere/token" }), "/nowhere/token"),
        (json!({ "environment": "NO_SUCH_VARIABLE" }), "NO_SUCH_VARIABLE"),
        (json!({ "command": ["false"] }), "false"),
        (json!({ "command": ["no-such-program-here"] }), "no-such-program-here"),
    ] {
        configure(&home, &rogue.mcp(), &json!({ "type": "jwt_bearer", "assertion": source }));
        let refused = Valet::start(&home).token("work").expect_status(502);
        assert_eq!(refused.text("reason"), "source_unreadable");
        assert!(refused.text("detail").contains(name), "{refused:?}");
    }
    assert_eq!(rogue.count("/token"), 0);
}
