//! Which authorization server a server trusts, when that changes or is for the person to say, and what is
//! asked of it.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Home, Reply, Rogue, Valet, curl};
use serde_json::{Value, json};

const METADATA: &str = "/.well-known/oauth-authorization-server";
const RESOURCE_METADATA: &str = "/.well-known/oauth-protected-resource/mcp";

fn trusts(server: &Rogue, issuers: &[&Rogue]) {
    let names: Vec<String> = issuers.iter().map(|issuer| issuer.origin()).collect();
    server.edit(RESOURCE_METADATA, "authorization_servers", json!(names));
}

fn configure(home: &Home, server: &Rogue, oauth: Value) {
    home.configure(&json!({
        "mcpServers": { "it": { "url": server.mcp(), "oauth": oauth } },
        "valet": { "agents": "allow", "vault": "memory" },
    }));
}

/// Finishes a sign-in at `issuer`.
#[track_caller]
fn sign_in(valet: &Valet<'_>, issuer: &Rogue) {
    curl(&[issuer.agree(&valet.begin("it")).as_str()]).expect_status(200);
    valet.settles("it", "ready");
}

/// The scopes of the page that a sign-in opens; nothing if none are asked for.
fn scopes_asked(valet: &Valet<'_>) -> Option<String> {
    let url = valet.begin("it");
    url.query_pairs().find(|(name, _)| name == "scope").map(|(_, value)| value.into_owned())
}

#[test]
fn a_server_that_changes_its_issuer_is_registered_for_anew() {
    let home = Home::new();
    let (server, old, new) = (Rogue::start(), Rogue::start(), Rogue::start());
    new.edit("/register", "client_id", json!("made-at-new"));
    old.edit("/register", "client_id", json!("made-at-old"));
    trusts(&server, &[&old]);
    configure(&home, &server, json!({}));
    let valet = Valet::start(&home);
    sign_in(&valet, &old);
    assert_eq!(old.requests("/authorize")[0].field("client_id").as_deref(), Some("made-at-old"));
    trusts(&server, &[&new]);
    let moved = valet.begin("it");
    assert!(moved.as_str().starts_with(&new.origin()), "{moved}");
    assert!(moved.as_str().contains("client_id=made-at-new"), "{moved}");
    trusts(&server, &[&old]);
    home.move_clock(10);
    assert!(valet.begin("it").as_str().contains("client_id=made-at-old"));
    assert_eq!(
        (old.count("/register"), new.count("/register")),
        (1, 1),
        "nothing is portable, and nothing forgotten"
    );
}

#[test]
fn a_client_made_by_hand_and_its_secret_are_shown_to_no_other_issuer() {
    let home = Home::new();
    let (server, old, new) = (Rogue::start(), Rogue::start(), Rogue::start());
    trusts(&server, &[&old]);
    let client = json!({ "clientId": "ours", "clientSecret": "s3cret-s3cret", "callbackPort": 0 });
    configure(&home, &server, client.clone());
    let valet = Valet::start(&home);
    sign_in(&valet, &old);
    trusts(&server, &[&new]);
    let refused = || {
        let answer = valet.post("/v1/servers/it/authorize", &json!({})).expect_status(502);
        assert_eq!(answer.text("reason"), "issuer_changed");
        assert!(
            answer.text("detail").contains(&old.origin()) && answer.text("detail").contains(&new.origin())
        );
        assert!(answer.text("advice").contains("mcpServers.it.oauth.clientId"), "{answer:?}");
    };
    refused();
    valet.cli(&["revoke", "it"]).expect_code(0);
    refused();
    assert_eq!(new.count("/authorize") + new.count("/token"), 0);
    drop(valet);

    let mut confirmed = client;
    confirmed["authorizationServer"] = json!(new.origin());
    configure(&home, &server, confirmed);
    let valet = Valet::start(&home);
    sign_in(&valet, &new);
}

#[test]
fn of_several_issuers_the_person_chooses_one() {
    let home = Home::new();
    let (server, one, two) = (Rogue::start(), Rogue::start(), Rogue::start());
    trusts(&server, &[&one, &two]);
    configure(&home, &server, json!({}));
    let valet = Valet::start(&home);
    let answer = valet.post("/v1/servers/it/authorize", &json!({})).expect_status(400);
    assert_eq!(answer.text("reason"), "choosing_issuer");
    let state = valet.server("it");
    assert_eq!(state["state"], "choosing_issuer");
    assert_eq!(state["issuers"], json!([one.origin(), two.origin()]));
    let other = Rogue::start();
    let foreign = json!({ "issuer": other.origin() });
    valet.post("/v1/servers/it/authorize", &foreign).expect_status(400);
    // The first that answers is suggested; nobody else is asked before the person has chosen.
    assert!(answer.text("advice").contains(&one.origin()), "{answer:?}");
    assert_eq!(two.count(METADATA) + other.count(METADATA), 0);

    home.browser_says_yes();
    valet.cli(&["authorize", "it", "--issuer", &two.origin()]).expect_code(0);
    assert_eq!(valet.settles("it", "ready")["issuer"], two.origin());
    assert_eq!(one.count("/register"), 0);
}

#[test]
fn scopes_are_the_challenges_else_the_servers_else_none() {
    let home = Home::new();
    let server = Rogue::start();
    configure(&home, &server, json!({}));
    let valet = Valet::start(&home);
    assert_eq!(scopes_asked(&valet), None);
    server.edit(RESOURCE_METADATA, "scopes_supported", json!(["read", "write"]));
    home.move_clock(10);
    assert_eq!(scopes_asked(&valet).as_deref(), Some("read write"));
    let challenge =
        format!("Bearer scope=\"read\", resource_metadata=\"{}{RESOURCE_METADATA}\"", server.origin());
    server.reply("/mcp", Reply::Bare(401, vec![("www-authenticate", challenge)]));
    home.move_clock(20);
    assert_eq!(scopes_asked(&valet).as_deref(), Some("read"));
    server.edit_metadata("scopes_supported", json!(["read", "offline_access"]));
    home.move_clock(30);
    assert_eq!(
        scopes_asked(&valet).as_deref(),
        Some("read offline_access"),
        "only where the issuer knows it"
    );
}

#[test]
fn the_persons_scopes_replace_all_others() {
    let home = Home::new();
    let server = Rogue::start();
    server.edit(RESOURCE_METADATA, "scopes_supported", json!(["read", "write"]));
    server.edit_metadata("scopes_supported", json!(["offline_access"]));
    configure(&home, &server, json!({ "scopes": ["mine"] }));
    let valet = Valet::start(&home);
    assert_eq!(scopes_asked(&valet).as_deref(), Some("mine"));
}

#[test]
fn a_registration_says_that_this_is_a_native_program_that_renews_its_tokens() {
    let home = Home::new();
    let server = Rogue::start();
    configure(&home, &server, json!({}));
    let valet = Valet::start(&home);
    sign_in(&valet, &server);
    let asked: Value = serde_json::from_str(&server.requests("/register")[0].body).unwrap();
    assert_eq!(asked["application_type"], "native");
    assert_eq!(asked["grant_types"], json!(["authorization_code", "refresh_token"]));
    assert_eq!(asked["token_endpoint_auth_method"], "none");
}

#[test]
fn a_document_of_another_issuer_is_passed_over_where_the_right_one_follows() {
    let home = Home::new();
    let server = Rogue::start();
    let right = curl(&[&format!("{}{METADATA}", server.origin())]).json();
    server.edit_metadata("issuer", json!("https://elsewhere.example"));
    server.reply("/.well-known/openid-configuration", Reply::Json(200, right));
    configure(&home, &server, json!({}));
    let valet = Valet::start(&home);
    sign_in(&valet, &server);
}

#[test]
fn a_server_of_2025_03_26_is_its_own_issuer_with_the_usual_endpoints() {
    let home = Home::new();
    let server = Rogue::start();
    server.reply("/mcp", Reply::Bare(401, vec![]));
    for path in [RESOURCE_METADATA, METADATA] {
        server.reply(path, Reply::error(404, "not_found"));
    }
    configure(&home, &server, json!({}));
    let valet = Valet::start(&home);
    server.gives_iss(None);
    sign_in(&valet, &server);
    assert_eq!(server.count("/register"), 1);
    let sent = server.requests("/token")[0].field("resource");
    assert_eq!(sent, None, "it knows no resource");
}

#[test]
fn of_several_issuers_one_that_answers_is_suggested() {
    let home = Home::new();
    let (server, down) = (Rogue::start(), Rogue::start());
    configure(&home, &server, json!({}));
    let named = json!([format!("{}/dead", server.origin()), down.origin(), server.origin()]);
    server.edit(RESOURCE_METADATA, "authorization_servers", named);
    down.go_down();
    let valet = Valet::start(&home);
    let refused = valet.cli(&["authorize", "it"]).expect_code(8);
    let suggested = format!("--issuer {} it", server.origin());
    assert!(refused.stderr.contains(&suggested), "{refused:?}");
    assert!(refused.stderr.contains("cannot be reached"), "{refused:?}");
    assert_eq!(valet.server("it")["issuers"][0], json!(server.origin()));
}
