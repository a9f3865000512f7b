//! What a refresh names, and what the words mean by which an issuer refuses one.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Home, Keychain, Recorded, Reply, Rogue, Valet};
use serde_json::{Value, json};

const RESOURCE: &str = "/.well-known/oauth-protected-resource/mcp";
/// Longer than the rogue's tokens live.
const LATER: i64 = 601;

fn is_refresh(request: &Recorded) -> bool {
    request.field("grant_type").as_deref() == Some("refresh_token")
}

/// The scopes that each refresh named.
fn named(rogue: &Rogue) -> Vec<Option<String>> {
    rogue.requests("/token").iter().filter(|one| is_refresh(one)).map(|one| one.field("scope")).collect()
}

/// A valet that is signed in for "read" and "write", of which the issuer granted "read".
fn signed_in<'home>(home: &'home Home, rogue: &Rogue, vault: &str) -> Valet<'home> {
    rogue.edit(RESOURCE, "scopes_supported", json!(["read", "write"]));
    rogue.edit("/token", "scope", json!("read"));
    home.lists(&[("rogue", &rogue.mcp())], vault);
    let valet = Valet::start(home);
    valet.sign_in("rogue");
    valet
}

fn refusal(error: &str, said: &str) -> Value {
    json!({ "error": error, "error_description": said })
}

#[test]
fn a_refresh_names_the_scopes_that_were_granted() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = signed_in(&home, &rogue, "memory");
    home.move_clock(LATER);
    valet.token("rogue").expect_status(200);
    assert_eq!(named(&rogue), [Some("read".to_owned())]);
    assert_eq!(valet.server("rogue")["scopes_granted"], json!(["read"]));
}

#[test]
fn where_no_scopes_are_known_a_refresh_names_none() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    home.move_clock(LATER);
    valet.token("rogue").expect_status(200);
    assert_eq!(named(&rogue), [None]);
}

#[test]
fn an_issuer_that_takes_no_scope_in_a_refresh_is_asked_without_from_then_on() {
    for (status, error, said) in [
        (400, "invalid_scope", ""),
        (400, "invalid_request", "scope parameter not supported"),
        (401, "invalid_request", "Scope cannot be changed"),
        (400, "invalid_grant", "The requested scope exceeds what was granted"),
    ] {
        let (home, rogue) = (Home::new(), Rogue::start());
        let _keychain = Keychain::start(&home);
        let valet = signed_in(&home, &rogue, "keychain");
        rogue.plan(move |one| {
            let refused = is_refresh(one) && one.field("scope").is_some();
            refused.then(|| Reply::Json(status, refusal(error, said)))
        });
        home.move_clock(LATER);
        valet.token("rogue").expect_status(200);
        let read = Some("read".to_owned());
        assert_eq!(named(&rogue), [read.clone(), None], "{error} {said}");
        valet.stop();
        let valet = Valet::start(&home);
        home.move_clock(2 * LATER);
        valet.token("rogue").expect_status(200);
        assert_eq!(named(&rogue), [read, None, None], "{error} {said}: it is not remembered");
    }
}

#[test]
fn an_issuer_that_refuses_either_way_is_asked_twice_and_no_more() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = signed_in(&home, &rogue, "memory");
    rogue.reply("/token", Reply::error(400, "invalid_scope"));
    home.move_clock(LATER);
    valet.token("rogue").expect_status(502);
    assert_eq!(rogue.refreshes(), 2);
    assert_eq!(valet.server("rogue")["grant"], "live");
}

#[test]
fn a_refresh_token_that_is_dead_in_other_words_ends_the_sign_in() {
    for (status, error, said) in [
        (401, "invalid_token", ""),
        (400, "invalid_token", "The token is expired"),
        (400, "invalid_request", "Refresh token is invalid"),
        (400, "invalid_request", "refresh_token not found"),
        (403, "access_denied", "The refresh token was revoked"),
    ] {
        let (home, rogue) = (Home::new(), Rogue::start());
        let valet = signed_in(&home, &rogue, "memory");
        rogue.reply("/token", Reply::Json(status, refusal(error, said)));
        home.move_clock(LATER);
        assert_eq!(valet.token("rogue").expect_status(401).text("code"), "lapsed", "{error} {said}");
        assert_eq!(rogue.refreshes(), 2, "{error} {said}: it was not asked whether that was meant");
        let shown = valet.server("rogue");
        assert_eq!((&shown["state"], &shown["grant"]), (&json!("lapsed"), &json!("lapsed")));
        assert!(shown["problem"]["detail"].as_str().unwrap().contains(said), "{shown}");
        valet.token("rogue").expect_status(401);
        assert_eq!(rogue.refreshes(), 2, "the issuer is not left in peace");
    }
}

#[test]
fn words_that_may_be_about_something_else_end_nothing() {
    for (status, error, said) in [
        (400, "invalid_request", "refresh_token is missing or invalid"),
        (400, "invalid_request", "invalid token endpoint authentication"),
        (401, "unsupported_grant_type", "invalid token"),
        (400, "invalid_target", "Refresh token is invalid for this resource"),
    ] {
        let (home, rogue) = (Home::new(), Rogue::start());
        let valet = signed_in(&home, &rogue, "memory");
        rogue.reply("/token", Reply::Json(status, refusal(error, said)));
        home.move_clock(LATER);
        valet.token("rogue").expect_status(502);
        assert_eq!(valet.server("rogue")["grant"], "live", "{error} {said}");
    }
}

#[test]
fn one_refusal_in_such_words_and_a_token_that_lives_end_nothing() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = signed_in(&home, &rogue, "memory");
    rogue.reply("/token", Reply::error(401, "invalid_token"));
    let long = json!({ "server": "rogue", "min_ttl": 7200 });
    valet.post("/v1/token", &long);
    assert_eq!((rogue.refreshes(), valet.server("rogue")["grant"].clone()), (1, json!("live")));
    valet.token("rogue").expect_status(200);
    rogue.behave("/token");
    let failed_once = std::sync::atomic::AtomicBool::new(false);
    rogue.plan(move |one| {
        let first = is_refresh(one) && !failed_once.swap(true, std::sync::atomic::Ordering::Relaxed);
        first.then(|| Reply::error(401, "invalid_token"))
    });
    home.move_clock(LATER);
    valet.token("rogue").expect_status(200);
    assert_eq!(rogue.refreshes(), 3);
}

#[test]
fn a_server_that_refuses_the_token_ends_a_sign_in_whose_refresh_token_is_dead_as_well() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = signed_in(&home, &rogue, "memory");
    rogue.end_access();
    rogue.reply("/token", Reply::error(401, "invalid_token"));
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    let error = valet.proxy("rogue", &list, &[]).expect_status(200).json()["error"].clone();
    assert_eq!(error["data"]["code"], "lapsed", "{error}");
    assert_eq!(valet.server("rogue")["state"], "lapsed");
}
