//! An issuer that says that it does not know our client: it may be mistaken, and nothing is thrown away for
//! it.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Home, HttpResponse, Keychain, Recorded, Reply, Rogue, Valet, until};
use serde_json::json;

/// Past the life of the rogue's access tokens.
const LATER: i64 = 601;

fn expired<'home>(home: &'home Home, rogue: &Rogue) -> Valet<'home> {
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start(home);
    valet.sign_in("rogue");
    home.move_clock(LATER);
    valet
}

/// The issuer refuses this client from now on, for refreshes.
fn forgets_client(rogue: &Rogue, status: u16, error: &'static str) {
    let is_refresh = |one: &Recorded| one.field("grant_type").as_deref() == Some("refresh_token");
    rogue.plan(move |one| (one.path == "/token" && is_refresh(one)).then(|| Reply::error(status, error)));
}

#[track_caller]
fn refused_once(answer: HttpResponse) {
    let answer = answer.expect_status(502);
    assert!(!answer.text("advice").is_empty(), "{answer:?}");
}

#[track_caller]
fn lost(valet: &Valet<'_>) {
    let answer = valet.token("rogue").expect_status(401);
    assert_eq!(answer.text("code"), "registration_lost", "{answer:?}");
    let server = valet.server("rogue");
    assert_eq!(
        (&server["state"], &server["grant"]),
        (&json!("registration_lost"), &json!("registration_lost"))
    );
}

#[test]
fn one_refusal_of_the_client_ends_nothing_and_the_issuer_is_asked_again() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = expired(&home, &rogue);
    for (status, error) in [(401, "invalid_client"), (400, "invalid_client"), (401, "unauthorized_client")] {
        forgets_client(&rogue, status, error);
        refused_once(valet.token("rogue"));
        assert_eq!(valet.server("rogue")["grant"], "live", "after {status} {error}");
        let asked = rogue.refreshes();
        refused_once(valet.token("rogue"));
        assert_eq!(rogue.refreshes(), asked, "it is left alone for a moment");
        rogue.forget_plans();
        until("it is good again by itself", || (valet.token("rogue").status == 200).then_some(()));
        home.move_clock(LATER * (asked as i64 + 1));
    }
}

#[test]
fn a_second_refusal_once_the_token_is_over_is_a_state_of_its_own_and_the_grant_stays() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = expired(&home, &rogue);
    forgets_client(&rogue, 401, "invalid_client");
    refused_once(valet.token("rogue"));
    home.move_clock(LATER + 10);
    let items = keychain.items();
    lost(&valet);
    valet.cli(&["token", "rogue"]).expect_code(3);
    let listed = valet.cli(&["list"]).expect_code(0);
    assert!(listed.stdout.contains("Authorize again"), "{listed:?}");
    assert_eq!(keychain.items(), items - 1, "only the registration is gone");
    valet.kill();
    let valet = Valet::start(&home);
    assert_eq!(valet.server("rogue")["grant"], "registration_lost");

    let before = rogue.count("/register");
    valet.sign_in("rogue");
    assert_eq!(rogue.count("/register"), before + 1, "it registers anew");
    valet.token("rogue").expect_status(200);
    assert_eq!(valet.server("rogue")["state"], "ready");
}

#[test]
fn an_issuer_that_remembers_after_all_is_found_out_without_the_person() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = expired(&home, &rogue);
    forgets_client(&rogue, 401, "invalid_client");
    refused_once(valet.token("rogue"));
    home.move_clock(LATER + 10);
    lost(&valet);
    rogue.forget_plans();
    home.move_clock(LATER + 4000);
    valet.token("rogue").expect_status(200);
    assert_eq!(valet.server("rogue")["state"], "ready");
}

#[test]
fn while_the_token_is_good_a_refused_client_is_nobodys_trouble() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    forgets_client(&rogue, 401, "invalid_client");
    for age in [500, 520, 540] {
        home.move_clock(age);
        valet.token("rogue").expect_status(200);
    }
    until("it was asked", || (rogue.refreshes() > 0).then_some(()));
    assert_eq!(valet.server("rogue")["grant"], "live");
}

#[test]
fn revoking_what_cannot_be_renewed_wipes_it_and_asks_the_issuer() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = expired(&home, &rogue);
    forgets_client(&rogue, 401, "invalid_client");
    refused_once(valet.token("rogue"));
    home.move_clock(LATER + 10);
    lost(&valet);
    valet.cli(&["revoke", "rogue"]).expect_code(0);
    assert!(rogue.count("/revoke") > 0);
    assert_eq!(valet.server("rogue")["grant"], "none");
}

/// Takes pushed requests of every client but the first that signed in there, which it refuses like this.
fn forgets_at_pushing(rogue: &Rogue, refusal: Reply) {
    rogue.edit_metadata("pushed_authorization_request_endpoint", json!(format!("{}/par", rogue.origin())));
    let first = rogue.requests("/authorize")[0].field("client_id").unwrap();
    rogue.plan(move |one| {
        (one.path == "/par").then(|| match one.field("client_id").as_deref() == Some(&first) {
            true => refusal.clone(),
            false => Reply::Json(201, json!({ "request_uri": "urn:pushed:1", "expires_in": 60 })),
        })
    });
}

#[test]
fn a_client_that_an_issuer_has_forgotten_at_a_pushed_request_is_registered_anew_at_once() {
    let challenge = vec![("www-authenticate", "Basic realm=\"par\"".to_owned())];
    let refusals = [
        Reply::error(401, "invalid_client"),
        Reply::error(400, "invalid_client"),
        Reply::error(400, "unauthorized_client"),
        Reply::Bare(401, challenge),
        Reply::Html(401, "<p>Who are you?".to_owned()),
    ];
    for refusal in refusals {
        let home = Home::new();
        let rogue = Rogue::start();
        home.lists(&[("rogue", &rogue.mcp())], "memory");
        let valet = Valet::start(&home);
        valet.sign_in("rogue");
        forgets_at_pushing(&rogue, refusal.clone());
        let page = valet.begin("rogue");
        assert!(page.as_str().contains("urn%3Apushed%3A1"), "{page}");
        assert_eq!((rogue.count("/register"), rogue.count("/par")), (2, 2), "{refusal:?}");
    }
}

#[test]
fn an_issuer_that_refuses_at_pushing_whatever_it_registers_is_asked_twice_and_said_to_be_at_fault() {
    let home = Home::new();
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    rogue.edit_metadata("pushed_authorization_request_endpoint", json!(format!("{}/par", rogue.origin())));
    rogue.reply("/par", Reply::error(401, "invalid_client"));
    let refused = valet.post("/v1/servers/rogue/authorize", &json!({})).expect_status(502);
    assert_eq!((rogue.count("/register"), rogue.count("/par")), (2, 2));
    assert!(refused.text("advice").contains("tell its operator"), "{refused:?}");
    let refused = valet.post("/v1/servers/rogue/authorize", &json!({})).expect_status(502);
    assert_eq!(rogue.count("/register"), 2, "a program has us register anew only so often");
    assert!(refused.text("advice").contains("ten minutes"), "{refused:?}");
}
