//! Tokens are checked where they can be read: when they are new, and never when they go out.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{
    Browser, Home, HttpResponse, Keychain, McpServer, OidcProvider, Reply, Rogue, TokenFormat, Valet,
};
use mcp_valet_tests::{Signer, curl, seconds_from_now};
use serde_json::{Value, json};

const LATER: i64 = 601;

/// A rogue whose tokens are JWTs, signed by a key that it publishes.
struct Issuer {
    rogue: Rogue,
    signer: Signer,
}

impl Issuer {
    fn start() -> Self {
        let (rogue, signer) = (Rogue::start(), Signer::new("one"));
        rogue.edit_metadata("jwks_uri", json!(format!("{}/jwks", rogue.origin())));
        rogue.reply("/jwks", Reply::Json(200, signer.jwks()));
        Self { rogue, signer }
    }

    /// Claims as they should be.
    fn claims(&self) -> Value {
        json!({
            "iss": self.rogue.origin(),
            "aud": self.rogue.mcp(),
            "sub": "ada",
            "exp": seconds_from_now(3600),
        })
    }

    /// The claims, with one of them changed.
    fn with(&self, name: &str, value: Value) -> Value {
        let mut claims = self.claims();
        claims[name] = value;
        claims
    }

    /// Every token from now on is this one.
    fn issues(&self, token: &str) {
        self.rogue.edit("/token", "access_token", json!(token));
    }

    fn listed(&self, home: &Home, verify: &str) {
        home.configure(&json!({
            "mcpServers": { "rogue": { "url": self.rogue.mcp(), "verify": verify } },
            "valet": { "agents": "allow", "vault": "keychain" },
        }));
    }

    fn sign_in(&self, valet: &Valet<'_>) -> HttpResponse {
        let callback = self.rogue.agree(&valet.begin("rogue"));
        curl(&[callback.as_str()])
    }

    /// Tokens that must not be accepted, and a word that tells why.
    fn bad_tokens(&self) -> Vec<(String, &'static str)> {
        let stranger = Signer::new("one");
        let header = |alg: &str| json!({ "alg": alg, "typ": "at+jwt" });
        let token = |name: &str, value: Value| self.signer.access_token(&self.with(name, value));
        let unsigned = self.signer.sign(&header("none"), &self.claims());
        vec![
            (token("aud", json!("https://elsewhere.example/mcp")), "elsewhere.example"),
            (token("aud", json!([format!("{}/", self.rogue.mcp())])), "not for"),
            (token("iss", json!("https://elsewhere.example")), "in the name of"),
            (token("exp", json!(seconds_from_now(-90))), "over"),
            (token("nbf", json!(seconds_from_now(90))), "not good yet"),
            (token("exp", Value::Null), "until when"),
            (stranger.access_token(&self.claims()), "none of its keys"),
            (Signer::new("two").access_token(&self.claims()), "none of its keys"),
            (format!("{}.", unsigned.rsplit_once('.').unwrap().0), "not signed"),
        ]
    }
}

#[test]
fn a_token_of_a_certified_issuer_stands_every_check() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let provider = OidcProvider::start(&home, TokenFormat::Jwt);
    let server = McpServer::start(&home, &provider);
    home.configure(&json!({
        "mcpServers": { "toolbox": { "url": server.mcp(), "verify": "enforce" } },
        "valet": { "agents": "allow", "vault": "keychain" },
    }));
    let valet = Valet::start(&home);
    let browser = Browser::start(&home);
    browser.agree_at_oidc_provider(valet.begin("toolbox").as_str());
    let shown = valet.settles("toolbox", "ready");
    assert!(shown["problem"].is_null(), "{shown}");
    server.whoami(&valet.token("toolbox").expect_status(200).text("access_token")).expect_status(200);
    assert_eq!(provider.count("GET /jwks"), 2, "once for the valet, once for the server");
    valet.token("toolbox").expect_status(200);
    assert_eq!(provider.count("GET /jwks"), 2, "nothing is checked when a token goes out");
}

#[test]
fn a_token_that_fails_a_check_is_used_and_told_of() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let issuer = Issuer::start();
    issuer.listed(&home, "warn");
    let valet = Valet::start(&home);
    for (token, why) in issuer.bad_tokens() {
        issuer.issues(&token);
        issuer.sign_in(&valet).expect_status(200);
        let problem = &valet.server("rogue")["problem"];
        assert_eq!(problem["reason"], "token_wrong", "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(why), "{why}: {problem}");
        assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), token);
        assert!(!valet.log().contains(&token), "a token is in the log");
    }
    issuer.issues(&issuer.signer.access_token(&issuer.claims()));
    issuer.sign_in(&valet).expect_status(200);
    assert!(valet.server("rogue")["problem"].is_null());
}

#[test]
fn enforced_a_sign_in_with_a_token_that_fails_a_check_comes_to_nothing() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let issuer = Issuer::start();
    issuer.listed(&home, "enforce");
    let valet = Valet::start(&home);
    let symmetric = issuer.signer.sign(&json!({ "alg": "HS256" }), &issuer.claims());
    let mut bad = issuer.bad_tokens();
    bad.push((symmetric, "only the server can check"));
    for (token, why) in bad {
        issuer.issues(&token);
        let page = issuer.sign_in(&valet);
        assert!((400..500).contains(&page.status), "{why}: {page:?}");
        let refused = valet.token("rogue");
        assert!(refused.status >= 400 && refused.body.contains(why), "{why}: {refused:?}");
        assert_eq!(valet.server("rogue")["grant"], "none");
        let given_back = issuer.rogue.requests("/revoke").iter().rev().find_map(|one| one.field("token"));
        assert_eq!(given_back.as_deref(), Some(token.as_str()), "what is not used is given back");
    }
    issuer.issues("an-opaque-token-cannot-be-read");
    issuer.sign_in(&valet).expect_status(200);
    valet.token("rogue").expect_status(200);
}

#[test]
fn enforced_a_renewed_token_that_fails_a_check_is_not_handed_out_and_costs_no_sign_in() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let issuer = Issuer::start();
    issuer.listed(&home, "enforce");
    issuer.issues(&issuer.signer.access_token(&issuer.claims()));
    let valet = Valet::start(&home);
    issuer.sign_in(&valet).expect_status(200);
    valet.token("rogue").expect_status(200);
    issuer.issues(&issuer.signer.access_token(&issuer.with("aud", json!("https://elsewhere.example"))));
    home.move_clock(LATER);
    let refused = valet.token("rogue").expect_status(502);
    assert_eq!(refused.text("reason"), "token_wrong");
    let good = issuer.signer.access_token(&issuer.with("exp", json!(seconds_from_now(LATER + 3600))));
    issuer.issues(&good);
    assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), good);
    assert_eq!(issuer.rogue.refreshes(), 2);
    assert!(valet.server("rogue")["problem"].is_null());
}

#[test]
fn keys_are_fetched_again_for_a_new_one_but_not_for_every_unknown_one() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let issuer = Issuer::start();
    issuer.listed(&home, "enforce");
    let valet = Valet::start(&home);
    issuer.issues(&issuer.signer.access_token(&issuer.claims()));
    issuer.sign_in(&valet).expect_status(200);
    issuer.sign_in(&valet).expect_status(200);
    assert_eq!(issuer.rogue.count("/jwks"), 1);
    let rotated = Signer::new("two");
    issuer.rogue.reply("/jwks", Reply::Json(200, rotated.jwks()));
    issuer.issues(&rotated.access_token(&issuer.claims()));
    for _ in 0..3 {
        assert!(issuer.sign_in(&valet).status >= 400);
    }
    assert_eq!(issuer.rogue.count("/jwks"), 1, "an issuer is not hammered");
    home.move_clock(61);
    issuer.sign_in(&valet).expect_status(200);
    assert_eq!(issuer.rogue.count("/jwks"), 2);
}

#[test]
fn enforced_keys_that_cannot_be_fetched_fail_the_sign_in() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let issuer = Issuer::start();
    issuer.listed(&home, "enforce");
    issuer.rogue.reply("/jwks", Reply::Html(500, String::new()));
    issuer.issues(&issuer.signer.access_token(&issuer.claims()));
    let valet = Valet::start(&home);
    assert!(issuer.sign_in(&valet).status >= 400);
    assert_eq!(valet.server("rogue")["grant"], "none");
}

/// The rogue, and beside it a server whose tokens it should never get.
fn listed_beside(home: &Home, issuer: &Issuer, verify: &str, good: &Value) {
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": issuer.rogue.mcp(), "verify": verify }, "good": good },
        "valet": { "agents": "allow", "vault": "keychain" },
    }));
}

#[test]
fn a_token_for_another_server_of_the_persons_is_refused_whatever_is_put_up_with() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let issuer = Issuer::start();
    let url = "https://good.example/team/mcp";
    listed_beside(
        &home,
        &issuer,
        "warn",
        &json!({
            "url": url, "oauth": { "resource": "api://good", "scopes": ["https://api.good.example/v1/read"] },
        }),
    );
    let valet = Valet::start(&home);
    let own = issuer.rogue.mcp();
    let of_good = [
        json!(url),
        json!(format!("{url}/")),
        json!("https://GOOD.example:443/team/mcp"),
        json!("https://good.example"),
        json!("https://good.example/team/"),
        json!("api://good"),
        json!("https://api.good.example/v1"),
        json!("https://good.example./team/mcp"),
        json!("https://good.example/team//mc%70?x=1"),
        json!(["https://nobody.example", url]),
        json!([own, url]),
        json!([url, own, "https://good.example"]),
        json!([7, url]),
    ];
    for aud in &of_good {
        let token = issuer.signer.access_token(&issuer.with("aud", aud.clone()));
        issuer.issues(&token);
        let page = issuer.sign_in(&valet);
        assert!((400..500).contains(&page.status) && page.body.contains("good"), "{aud}: {page:?}");
        assert_eq!(valet.server("rogue")["problem"]["reason"], "token_for_another", "{aud}");
        assert_eq!(valet.server("rogue")["grant"], "none", "{aud}");
        let given_back = issuer.rogue.requests("/revoke").iter().rev().find_map(|one| one.field("token"));
        assert_eq!(given_back.as_deref(), Some(token.as_str()), "what is not used is given back");
    }
    for aud in [
        json!(own),
        json!([own, "https://x.example/userinfo"]),
        json!("https://nobody.example"),
        json!("https://good.example/other"),
    ] {
        issuer.issues(&issuer.signer.access_token(&issuer.with("aud", aud.clone())));
        issuer.sign_in(&valet).expect_status(200);
    }
    valet.stop();
    listed_beside(&home, &issuer, "off", &json!({ "url": url }));
    let valet = Valet::start(&home);
    issuer.issues(&issuer.signer.access_token(&issuer.with("aud", json!(url))));
    issuer.sign_in(&valet).expect_status(200);
}

#[test]
fn a_renewed_token_for_another_server_is_not_handed_out_and_costs_no_sign_in() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let issuer = Issuer::start();
    listed_beside(&home, &issuer, "warn", &json!({ "url": "https://good.example/mcp" }));
    issuer.issues(&issuer.signer.access_token(&issuer.claims()));
    let valet = Valet::start(&home);
    issuer.sign_in(&valet).expect_status(200);
    issuer.issues(&issuer.signer.access_token(&issuer.with("aud", json!("https://good.example/mcp"))));
    home.move_clock(LATER);
    let refused = valet.token("rogue").expect_status(502);
    assert_eq!(refused.text("reason"), "token_for_another");
    assert_eq!(valet.server("rogue")["grant"], "live");
    let good = issuer.signer.access_token(&issuer.with("exp", json!(seconds_from_now(LATER + 3600))));
    issuer.issues(&good);
    assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), good);
}

#[test]
fn two_accounts_at_one_server_are_no_others_to_each_other() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let issuer = Issuer::start();
    listed_beside(&home, &issuer, "warn", &json!({ "url": issuer.rogue.mcp() }));
    issuer.issues(&issuer.signer.access_token(&issuer.claims()));
    let valet = Valet::start(&home);
    issuer.sign_in(&valet).expect_status(200);
    valet.settles("rogue", "ready");
}

#[test]
fn a_token_for_a_server_that_comes_later_is_not_handed_out() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let issuer = Issuer::start();
    issuer.listed(&home, "warn");
    let (valet, url) = (Valet::start(&home), "https://good.example/mcp");
    let of_good = issuer.signer.access_token(&issuer.with("aud", json!([issuer.rogue.mcp(), url])));
    issuer.issues(&of_good);
    issuer.sign_in(&valet).expect_status(200);
    assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), of_good);

    let good = json!({ "name": "good", "url": url });
    valet.post("/v1/servers", &good).expect_status(200);
    assert_eq!(valet.token("rogue").expect_status(502).text("reason"), "token_for_another");
    assert_eq!(valet.server("rogue")["problem"]["reason"], "token_for_another");
    valet.stop();
    let valet = Valet::start(&home);
    assert_eq!(valet.token("rogue").expect_status(502).text("reason"), "token_for_another");
    let own = issuer.signer.access_token(&issuer.claims());
    issuer.issues(&own);
    assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), own);
    assert!(valet.server("rogue")["problem"].is_null());
}

#[test]
fn a_token_for_a_server_that_has_left_is_refused_and_so_it_is_after_a_restart() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let (issuer, good) = (Issuer::start(), Rogue::start());
    issuer.listed(&home, "warn");
    let valet = Valet::start(&home);
    valet.post("/v1/servers", &json!({ "name": "good", "url": good.mcp() })).expect_status(200);
    curl(&[good.agree(&valet.begin("good")).as_str()]).expect_status(200);
    valet.delete("/v1/servers/good").expect_status(200);
    issuer.issues(&issuer.signer.access_token(&issuer.with("aud", json!(good.mcp()))));
    let refused = |valet: &Valet<'_>| {
        let page = issuer.sign_in(valet);
        assert!((400..500).contains(&page.status), "{page:?}");
        let problem = &valet.server("rogue")["problem"];
        assert_eq!(problem["reason"], "token_for_another");
        assert!(problem["detail"].as_str().unwrap().contains("\"good\", which left"), "{problem}");
    };
    refused(&valet);
    valet.stop();
    refused(&Valet::start(&home));
}

#[test]
fn what_a_program_added_gets_no_token_for_the_api_of_another_server_at_the_issuer() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let (issuer, harmless) = (Issuer::start(), Rogue::start());
    let at = json!([issuer.rogue.origin()]);
    harmless.edit("/.well-known/oauth-protected-resource/mcp", "authorization_servers", at);
    issuer.listed(&home, "warn");
    let valet = Valet::start(&home);
    issuer.issues(&issuer.signer.access_token(&issuer.with("aud", json!("api://good"))));
    issuer.sign_in(&valet).expect_status(200);
    valet.post("/v1/servers", &json!({ "name": "harmless", "url": harmless.mcp() })).expect_status(200);
    let page = curl(&[issuer.rogue.agree(&valet.begin("harmless")).as_str()]);
    assert!((400..500).contains(&page.status), "{page:?}");
    assert_eq!(valet.server("harmless")["problem"]["reason"], "token_for_another");
    issuer.sign_in(&valet).expect_status(200);
}
