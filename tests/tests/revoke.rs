//! Ending one server: its tokens, the copy here, and our client at the issuer (RFC 7009, RFC 7592).

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{
    Browser, Home, Keychain, McpServer, OidcProvider, Reply, Rogue, Signer, TokenFormat, Valet,
    seconds_from_now, this_program, until,
};
use serde_json::{Value, json};

const TOKEN: &str = "registration-SECRET-1";

/// A rogue that lets clients manage their registrations.
fn managed() -> Rogue {
    let rogue = Rogue::start();
    rogue.edit("/register", "registration_access_token", json!(TOKEN));
    rogue.edit("/register", "registration_client_uri", json!(format!("{}/register/me", rogue.origin())));
    rogue.reply("/register/me", Reply::Bare(204, Vec::new()));
    rogue
}

/// The registration tokens that came with the wish to delete a client.
fn deletions(rogue: &Rogue) -> Vec<String> {
    let of = |one: mcp_valet_tests::Recorded| {
        assert_eq!((one.method.as_str(), one.body.as_str()), ("DELETE", ""));
        one.headers["authorization"].clone()
    };
    rogue.requests("/register/me").into_iter().map(of).collect()
}

/// The last entry of the audit that is about this.
fn audited(valet: &Valet<'_>, what: &str) -> String {
    let entries = valet.get("/v1/audit").expect_status(200).json();
    let entry = entries.as_array().unwrap().iter().rfind(|entry| entry["what"] == what).cloned();
    entry.unwrap_or_else(|| panic!("{entries}"))["result"].as_str().unwrap().to_owned()
}

#[test]
fn our_client_goes_with_the_last_server_that_uses_it() {
    let (home, rogue) = (Home::new(), managed());
    home.lists(&[("work", &rogue.mcp()), ("home", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("work");
    valet.sign_in("home");
    assert_eq!(rogue.count("/register"), 1);

    let first = valet.delete("/v1/servers/work").expect_status(200).json();
    assert_eq!(first["revocation"]["client"], "kept");
    assert!(deletions(&rogue).is_empty());
    assert_eq!(
        audited(&valet, "revoke"),
        "refresh token revoked, access token revoked, copy here wiped, client kept",
    );
    let last = valet.cli(&["remove", "home"]).expect_code(0);
    assert!(last.stdout.contains("registration there is deleted"), "{last:?}");
    assert_eq!(deletions(&rogue), [format!("Bearer {TOKEN}")]);
    assert!(!valet.log().contains(TOKEN), "the log has the registration token");
}

#[test]
fn revoking_keeps_our_client_for_signing_in_again_unless_it_is_to_go() {
    let (home, rogue) = (Home::new(), managed());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let revoked = valet.cli(&["revoke", "rogue", "--json"]).expect_code(0).json();
    assert_eq!(
        revoked,
        json!({
            "server": "rogue", "refresh_token": "revoked", "access_token": "revoked", "wiped": true, "client": "kept",
        })
    );
    valet.sign_in("rogue");
    assert_eq!((rogue.count("/register"), deletions(&rogue).len()), (1, 0));
    let gone = valet.cli(&["revoke", "rogue", "--client", "--json"]).expect_code(0).json();
    assert_eq!((&gone["client"], deletions(&rogue).len()), (&json!("deregistered"), 1));
    valet.sign_in("rogue");
    assert_eq!(rogue.count("/register"), 2);
}

#[test]
fn a_server_that_was_revoked_first_still_takes_our_client_along_when_it_is_removed() {
    let (home, rogue) = (Home::new(), managed());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    valet.cli(&["revoke", "rogue"]).expect_code(0);
    let removed = valet.cli(&["remove", "rogue", "--json"]).expect_code(0).json();
    assert_eq!(removed["revocation"]["client"], "deregistered");
    assert_eq!(deletions(&rogue).len(), 1);
}

#[test]
fn what_the_issuer_makes_of_our_client_is_said_and_never_keeps_anything_here() {
    let elsewhere = managed();
    for (uri, answer, outcome) in [
        (None, None, "not_offered"),
        (Some("/register/me".to_owned()), Some(401), "deregistered"),
        (Some("/register/me".to_owned()), Some(404), "deregistered"),
        (Some("/register/me".to_owned()), Some(405), "not_offered"),
        (Some("/register/me".to_owned()), Some(500), "failed"),
        (Some(format!("{}/register/me", elsewhere.origin())), None, "failed"),
        (Some("http://10.0.0.1/register/me".to_owned()), None, "failed"),
    ] {
        let (home, rogue) = (Home::new(), managed());
        let uri = uri.map(|uri| if uri.starts_with('/') { rogue.origin() + &uri } else { uri });
        rogue.edit("/register", "registration_client_uri", json!(uri));
        if let Some(status) = answer {
            rogue.reply("/register/me", Reply::Bare(status, Vec::new()));
        }
        home.lists(&[("rogue", &rogue.mcp())], "memory");
        let valet = Valet::start(&home);
        valet.sign_in("rogue");
        let removed = valet.delete("/v1/servers/rogue").expect_status(200).json();
        assert_eq!(removed["revocation"]["client"], outcome, "{uri:?} {answer:?}");
        assert_eq!((&removed["removed"], &removed["revocation"]["wiped"]), (&json!(true), &json!(true)));
        assert_eq!(valet.get("/v1/servers").json(), json!([]));
        assert!(!valet.log().contains(TOKEN), "the log has the registration token");
    }
    assert!(elsewhere.requests("/register/me").is_empty(), "another origin saw the registration token");
}

#[test]
fn a_certified_issuer_deletes_our_client_and_knows_it_no_more() {
    let home = Home::new();
    let provider = OidcProvider::start(&home, TokenFormat::Opaque);
    let server = McpServer::start(&home, &provider);
    home.lists(&[("toolbox", &server.mcp())], "memory");
    let valet = Valet::start(&home);
    let browser = Browser::start(&home);
    home.browser_notes_the_address();
    let mut command_line = home.start_cli(&["authorize", "toolbox"]);
    browser.agree_at_oidc_provider(&home.opened().remove(0));
    assert!(command_line.wait().success());
    let token = valet.token("toolbox").expect_status(200).text("access_token");
    let client = valet.server("toolbox")["client_id"].as_str().unwrap().to_owned();

    let removed = valet.delete("/v1/servers/toolbox").expect_status(200).json();
    assert_eq!(
        removed["revocation"],
        json!({
            "server": "toolbox", "refresh_token": "revoked", "access_token": "revoked", "wiped": true,
            "client": "deregistered",
        })
    );
    assert_eq!(provider.count(&format!("DELETE /reg/{client}")), 1);
    assert_eq!(provider.introspect(&token)["active"], false);
    let form = format!("client_id={client}&grant_type=refresh_token&refresh_token=x");
    let unknown = mcp_valet_tests::curl(&["--data-raw", &form, &format!("{}/token", provider.issuer())]);
    assert_eq!(unknown.text("error"), "invalid_client");
}

#[test]
fn what_a_program_ends_is_shown_to_the_person() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp()), ("other", "https://other.example/mcp")], "memory");
    let (valet, terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    valet.post("/v1/servers/other/decline", &json!({})).expect_status(200);
    terminal.shows(&format!("note: \"{}\" said \"not now\" to signing in to \"other\"", this_program()));
    valet.post("/v1/servers/rogue/revoke", &json!({})).expect_status(200);
    terminal.shows(&format!("note: \"{}\" revoked \"rogue\"", this_program()));
    valet.delete("/v1/servers/rogue").expect_status(200);
    terminal.shows(&format!("note: \"{}\" removed \"rogue\"", this_program()));
    valet.cli(&["revoke", "--all", "--yes"]).expect_code(0);
    terminal.shows(&format!("note: \"{}\" revoked everything", this_program()));
}

#[test]
fn a_refresh_that_is_under_way_while_its_grant_is_revoked_leaves_nothing_behind() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    home.move_clock(601);
    let gate = rogue.hold("/token");
    std::thread::scope(|scope| {
        let agent = scope.spawn(|| valet.token("rogue"));
        gate.reached();
        let revoking = scope.spawn(|| valet.post("/v1/servers/rogue/revoke", &json!({})));
        until("nothing can be used", || {
            (valet.server("rogue")["state"] == "authorization_required").then_some(())
        });
        gate.open();
        let revoked: Value = revoking.join().unwrap().expect_status(200).json();
        assert_eq!((&revoked["wiped"], &revoked["refresh_token"]), (&json!(true), &json!("revoked")));
        let _ = agent.join().unwrap();
    });
    let last = rogue.requests("/revoke").pop().unwrap().field("token").unwrap();
    assert!(!rogue.accepts(&last));
    assert_eq!(valet.token("rogue").expect_status(401).text("code"), "authorization_required");
}

#[test]
fn what_the_keychain_would_not_let_go_does_not_come_back_with_the_next_run() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let keychain = Keychain::start(&home);
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    keychain.lock();
    let revoked: Value = valet.post("/v1/servers/rogue/revoke", &json!({})).expect_status(200).json();
    assert_eq!(revoked["wiped"], false);
    valet.kill();
    keychain.unlock();
    let valet = Valet::start(&home);
    assert_eq!(valet.token("rogue").expect_status(401).text("code"), "lapsed");
    valet.sign_in("rogue");
    valet.stop();
    let valet = Valet::start(&home);
    assert!(rogue.accepts(&valet.token("rogue").expect_status(200).text("access_token")));
}

#[test]
fn what_the_keychain_would_not_let_go_is_wiped_once_it_can_be() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let keychain = Keychain::start(&home);
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let before = keychain.items();
    keychain.lock();
    let revoked: Value = valet.post("/v1/servers/rogue/revoke", &json!({})).expect_status(200).json();
    assert_eq!(revoked["wiped"], false);
    keychain.unlock();
    until("it is wiped", || (keychain.items() < before).then_some(()));
}

#[test]
fn a_locked_valet_revokes_one_server_without_being_unlocked() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let token = valet.token("rogue").expect_status(200).text("access_token");
    valet.post("/v1/lock", &json!({})).expect_status(204);
    valet.cli(&["revoke", "rogue"]).expect_code(0);
    assert!(!rogue.accepts(&token));
    assert_eq!(valet.get("/v1/health").json()["locked"], true, "it was unlocked by that");
}

/// A rogue that registers a client with a secret, for a revocation that takes these ways alone.
fn with_a_secret(way: &str, methods: Value) -> Rogue {
    let rogue = Rogue::start();
    rogue.edit_metadata("token_endpoint_auth_methods_supported", json!([way]));
    rogue.edit_metadata("revocation_endpoint_auth_methods_supported", methods);
    rogue.edit("/register", "client_secret", json!("client-SECRET"));
    rogue.edit("/register", "token_endpoint_auth_method", json!(way));
    rogue
}

#[test]
fn a_client_proves_itself_at_a_revocation_in_a_way_that_is_offered_there() {
    let (basic, post) = ("client_secret_basic", "client_secret_post");
    for (own, offered, in_header) in [
        (basic, json!([post]), false),
        (post, json!([basic]), true),
        (post, json!("client_secret_basic"), true),
        (basic, json!([post, basic]), true),
        (post, json!(["private_key_jwt", post]), false),
        (basic, json!(["private_key_jwt"]), true),
        (post, json!(null), false),
        (basic, json!([]), true),
    ] {
        let (home, rogue) = (Home::new(), with_a_secret(own, offered.clone()));
        home.lists(&[("rogue", &rogue.mcp())], "memory");
        let valet = Valet::start(&home);
        valet.sign_in("rogue");
        valet.cli(&["revoke", "rogue"]).expect_code(0);
        let requests = rogue.requests("/revoke");
        assert_eq!(requests.len(), 2);
        for request in requests {
            let header = request.headers.get("authorization").is_some_and(|line| line.starts_with("Basic "));
            let body = request.field("client_secret").is_some();
            assert_eq!((header, body), (in_header, !in_header), "{own} at {offered}");
        }
    }
}

#[test]
fn a_public_client_only_names_itself_at_a_revocation() {
    for offered in [json!(["none"]), json!(["client_secret_basic"])] {
        let (home, rogue) = (Home::new(), Rogue::start());
        rogue.edit_metadata("revocation_endpoint_auth_methods_supported", offered);
        home.lists(&[("rogue", &rogue.mcp())], "memory");
        let valet = Valet::start(&home);
        valet.sign_in("rogue");
        valet.cli(&["revoke", "rogue"]).expect_code(0);
        let request = rogue.requests("/revoke").remove(0);
        assert!(request.field("client_id").is_some() && !request.headers.contains_key("authorization"));
    }
}

#[test]
fn a_token_that_is_checked_without_the_issuer_is_said_to_live_on_until_its_end() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let token = Signer::new("key").access_token(&json!({ "exp": seconds_from_now(7200) }));
    rogue.edit("/token", "access_token", json!(token));
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp(), "verify": "off" } },
        "valet": { "agents": "allow", "vault": "memory" },
    }));
    rogue.token_lifetime(Some(3600));
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let end = valet.server("rogue")["expires_at"].clone();
    let said = valet.cli(&["revoke", "rogue", "--json"]).expect_code(0).json();
    assert_eq!((&said["access_token"], &said["self_contained"]), (&json!("revoked"), &json!(true)));
    assert_eq!(said["ends_at"], end);
    valet.sign_in("rogue");
    let said = valet.cli(&["revoke", "rogue"]).expect_code(0).stdout;
    assert!(said.contains("the issuer confirmed it; servers that check"), "{said}");
    assert!(said.contains("may take it until 20"), "{said}");
    valet.sign_in("rogue");
    home.move_clock(7201);
    let said = valet.cli(&["revoke", "rogue"]).expect_code(0).stdout;
    assert!(said.contains("the issuer confirmed it."), "a token that is over lives no longer: {said}");
}
