//! Whose grant it is, as the issuer's ID token says.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::proposals::audited;
use mcp_valet_tests::{
    Browser, Home, HttpResponse, Keychain, McpServer, OidcProvider, Reply, Rogue, Terminal, TokenFormat,
    Valet,
};
use mcp_valet_tests::{Signer, curl, seconds_from_now};
use serde_json::{Value, json};

#[test]
fn a_certified_issuer_names_the_account() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let provider = OidcProvider::start(&home, TokenFormat::Opaque);
    let server = McpServer::start(&home, &provider);
    home.configure(&json!({
        "mcpServers": { "toolbox": {
            "url": server.mcp(),
            "verify": "enforce",
            "oauth": { "scopes": ["openid", "mcp:tools"] },
        } },
        "valet": { "agents": "allow", "vault": "keychain" },
    }));
    let valet = Valet::start(&home);
    let browser = Browser::start(&home);
    browser.agree_at_oidc_provider(valet.begin("toolbox").as_str());
    assert_eq!(valet.settles("toolbox", "ready")["account"], "ada");
    assert!(valet.cli(&["show", "toolbox"]).expect_code(0).stdout.contains("ada"));
}

/// A rogue that signs ID tokens.
struct Issuer {
    rogue: Rogue,
    signer: Signer,
}

impl Issuer {
    fn start(home: &Home, verify: &str, agents: &str) -> Self {
        let (rogue, signer) = (Rogue::start(), Signer::new("one"));
        rogue.edit_metadata("jwks_uri", json!(format!("{}/jwks", rogue.origin())));
        rogue.reply("/jwks", Reply::Json(200, signer.jwks()));
        home.configure(&json!({
            "mcpServers": { "rogue": {
                "url": rogue.mcp(),
                "verify": verify,
                "oauth": { "scopes": ["openid"] },
            } },
            "valet": { "agents": agents, "vault": "keychain" },
        }));
        Self { rogue, signer }
    }

    /// Signs in as `sub`, with one claim changed.
    fn sign_in(&self, valet: &Valet<'_>, sub: &str, changed: Option<(&str, Value)>) -> HttpResponse {
        let url = valet.begin("rogue");
        let callback = self.rogue.agree(&url);
        let asked = |name: &str| url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
        let mut claims = json!({
            "iss": self.rogue.origin(),
            "aud": asked("client_id"),
            "sub": sub,
            "email": format!("{sub}@example.com"),
            "nonce": asked("nonce"),
            "exp": seconds_from_now(600),
        });
        if let Some((name, value)) = changed {
            claims[name] = value;
        }
        self.rogue.edit("/token", "id_token", json!(self.signer.id_token(&claims)));
        curl(&[callback.as_str()])
    }
}

#[test]
fn an_id_token_that_is_not_of_this_sign_in_names_nobody() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let issuer = Issuer::start(&home, "warn", "allow");
    let valet = Valet::start(&home);
    for (name, value) in [
        ("nonce", json!("of another sign-in")),
        ("aud", json!("another client")),
        ("aud", json!([])),
        ("iss", json!("https://elsewhere.example")),
        ("exp", json!(seconds_from_now(-90))),
        ("sub", json!("")),
    ] {
        issuer.sign_in(&valet, "ada", Some((name, value))).expect_status(200);
        let shown = valet.server("rogue");
        assert!(shown["account"].is_null(), "{name}: {shown}");
        assert_eq!(shown["problem"]["reason"], "token_wrong", "{name}: {shown}");
    }
    issuer.sign_in(&valet, "ada", None).expect_status(200);
    let shown = valet.server("rogue");
    assert_eq!(shown["account"], "ada@example.com");
    assert!(shown["problem"].is_null(), "{shown}");
}

#[test]
fn a_program_may_renew_a_sign_in_of_the_same_account_and_no_other() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let issuer = Issuer::start(&home, "warn", "ask");
    let valet = Valet::start(&home);
    issuer.sign_in(&valet, "ada", None).expect_status(200);
    issuer.sign_in(&valet, "ada", None).expect_status(200);
    let refused = issuer.sign_in(&valet, "mallory", None);
    assert!(refused.status >= 400 && refused.body.contains("signed in already"), "{refused:?}");
    let unknown = issuer.sign_in(&valet, "ada", Some(("nonce", json!("x"))));
    assert!(unknown.status >= 400, "{unknown:?}");
    assert_eq!(valet.server("rogue")["account"], "ada@example.com");
}

#[test]
fn the_account_is_named_in_the_question_and_wherever_its_use_is_told() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let issuer = Issuer::start(&home, "warn", "ask");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    issuer.sign_in(&valet, "ada", None).expect_status(200);
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| valet.token("rogue"));
        terminal.shows("wants to use rogue");
        terminal.shows("  as ada@example.com");
        terminal.types("f");
        asking.join().unwrap().expect_status(200);
    });
    let used = audited(&home, "hand_out");
    assert_eq!((&used[0]["account"], &used[0]["folder"]), (&json!("ada@example.com"), &Value::Null));
    valet.proxy("rogue", &json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }), &[]);
    assert_eq!(audited(&home, "proxied")[0]["account"], "ada@example.com");
    for arguments in [&["list"][..], &["show", "rogue"], &["rules", "rogue"], &["audit"]] {
        let said = valet.cli(arguments).expect_code(0).stdout;
        assert!(said.contains("ada@example.com"), "{arguments:?}: {said}");
    }
}

#[test]
fn a_yes_is_for_one_account_and_ends_with_a_sign_in_as_another() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let issuer = Issuer::start(&home, "warn", "ask");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    let asked = |terminal: &mut Terminal, shows: &str| {
        std::thread::scope(|scope| {
            let asking = scope.spawn(|| valet.token("rogue"));
            terminal.shows(shows);
            terminal.types("f");
            asking.join().unwrap().expect_status(200);
        });
    };
    issuer.sign_in(&valet, "ada", None).expect_status(200);
    asked(&mut terminal, "  as ada@example.com");
    issuer.sign_in(&valet, "ada", None).expect_status(200);
    valet.token("rogue").expect_status(200);
    std::thread::scope(|scope| {
        let signing_in = scope.spawn(|| issuer.sign_in(&valet, "bob", None));
        terminal.shows("Put it in place of the sign-in that works now?");
        terminal.types("y");
        signing_in.join().unwrap().expect_status(200);
    });
    asked(&mut terminal, "  as bob@example.com");
    assert_eq!(audited(&home, "hand_out").last().unwrap()["account"], "bob@example.com");
}

#[test]
fn the_account_is_known_after_a_new_start() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let issuer = Issuer::start(&home, "warn", "allow");
    let valet = Valet::start(&home);
    issuer.sign_in(&valet, "ada", None).expect_status(200);
    valet.stop();
    assert_eq!(Valet::start(&home).server("rogue")["account"], "ada@example.com");
}
