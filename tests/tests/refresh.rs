//! Renewing an access token: once, for everybody, and never at the price of the grant.

use std::collections::HashSet;
use std::time::Duration;

use mcp_valet_tests::{Crowd, Demo, Home, RawClient, Reply, Rogue, Valet, until, until_within};
use serde_json::json;

/// Past the life of the rogue's access tokens.
const LATER: i64 = 601;
const ASK: &str = r#"{"server":"rogue"}"#;

/// A valet that is signed in at the rogue, and whose access token has just expired.
fn expired<'home>(home: &'home Home, rogue: &Rogue) -> Valet<'home> {
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(home);
    valet.sign_in("rogue");
    home.move_clock(LATER);
    valet
}

#[test]
fn a_thousand_who_ask_at_the_moment_of_expiry_cause_one_refresh_and_all_get_its_token() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = expired(&home, &rogue);
    let gate = rogue.hold("/token");
    let crowd = Crowd::ask(&home.socket(), 1000, ASK);
    gate.reached();
    gate.open();
    let answers = crowd.answers();
    let wrong: Vec<_> = answers.iter().filter(|answer| answer.status != 200).collect();
    assert!(wrong.is_empty(), "{} of 1000 went wrong, such as {:?}", wrong.len(), wrong[0]);
    let tokens: HashSet<_> = answers.iter().map(|answer| answer.text("access_token")).collect();
    assert_eq!(tokens.len(), 1);
    assert!(tokens.iter().all(|token| rogue.accepts(token)));
    assert_eq!(rogue.refreshes(), 1);
}

#[test]
fn a_thousand_who_ask_at_expiry_at_a_provider_that_answers_at_once_share_its_token() {
    let home = Home::new();
    let demo = Demo::with(&home, &["--token-lifetime", "60"]);
    home.lists(&[("demo", &demo.mcp())], "memory");
    let valet = Valet::start(&home);
    let browser = mcp_valet_tests::Browser::start(&home);
    browser.open(valet.begin("demo").as_str());
    browser.click("#allow");
    valet.settles("demo", "ready");
    home.move_clock(61);
    let answers = Crowd::ask(&home.socket(), 1000, r#"{"server":"demo"}"#).answers();
    let tokens: HashSet<_> =
        answers.into_iter().map(|one| one.expect_status(200).text("access_token")).collect();
    assert_eq!(tokens.len(), 1, "reuse of a rotated token would have ended the grant");
    demo.list_tools(tokens.iter().next().unwrap()).expect_status(200);
}

#[test]
fn a_fresh_token_is_handed_out_again_without_asking_the_issuer() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let before = rogue.count("/token");
    let first = valet.token("rogue").expect_status(200).text("access_token");
    assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), first);
    assert_eq!(rogue.count("/token"), before);
}

#[test]
fn a_caller_that_hangs_up_does_not_stop_the_refresh() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = expired(&home, &rogue);
    let gate = rogue.hold("/token");
    let mut caller = RawClient::connect(&home.socket());
    caller.ask_token(ASK);
    gate.reached();
    drop(caller);
    gate.open();
    let token = valet.token("rogue").expect_status(200).text("access_token");
    assert!(rogue.accepts(&token));
    assert_eq!(rogue.refreshes(), 1);
}

#[test]
fn an_issuer_that_is_down_is_said_within_ten_seconds_and_the_grant_outlives_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = expired(&home, &rogue);
    rogue.go_down();
    let answer = until_within(Duration::from_secs(10), "the valet says so", || Some(valet.token("rogue")));
    let answer = answer.expect_status(502);
    assert_eq!(answer.text("code"), "failed");
    assert!(!answer.text("advice").is_empty());
    assert_eq!(valet.server("rogue")["grant"], "live");
    rogue.come_back();
    until("it is good again by itself", || (valet.token("rogue").status == 200).then_some(()));
}

#[test]
fn an_issuer_that_answers_5xx_ends_nothing() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = expired(&home, &rogue);
    for status in [500, 502, 503] {
        rogue.reply("/token", Reply::Html(status, "<h1>Sorry</h1>".into()));
        valet.token("rogue").expect_status(502);
        assert_eq!(valet.server("rogue")["grant"], "live", "after {status}");
    }
    rogue.behave("/token");
    until("it is good again by itself", || (valet.token("rogue").status == 200).then_some(()));
}

#[test]
fn errors_other_than_invalid_grant_end_nothing() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = expired(&home, &rogue);
    for error in ["invalid_request", "temporarily_unavailable", "invalid_target", "slow_down"] {
        rogue.reply("/token", Reply::error(400, error));
        valet.token("rogue").expect_status(502);
        assert_eq!(valet.server("rogue")["grant"], "live", "after {error}");
    }
    rogue.behave("/token");
    until("it is good again by itself", || (valet.token("rogue").status == 200).then_some(()));
}

#[test]
fn invalid_grant_ends_the_grant_and_the_issuer_is_left_in_peace_then() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = expired(&home, &rogue);
    rogue.end_grants();
    assert_eq!(valet.token("rogue").expect_status(401).text("code"), "lapsed");
    assert_eq!(valet.server("rogue")["state"], "lapsed");
    assert_eq!(valet.token("rogue").expect_status(401).text("code"), "lapsed");
    assert_eq!(rogue.refreshes(), 1);
    valet.sign_in("rogue");
    valet.token("rogue").expect_status(200);
}

#[test]
fn an_issuer_that_does_not_rotate_keeps_its_refresh_token_in_use() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = expired(&home, &rogue);
    rogue.edit("/token", "refresh_token", json!(null));
    valet.token("rogue").expect_status(200);
    let sent = |rogue: &Rogue| rogue.requests("/token").last().unwrap().field("refresh_token");
    let first = sent(&rogue);
    home.move_clock(2 * LATER);
    valet.token("rogue");
    assert_eq!(sent(&rogue), first);
}

#[test]
fn a_refresh_asks_for_the_same_resource() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = expired(&home, &rogue);
    valet.token("rogue").expect_status(200);
    let requests = rogue.requests("/token");
    assert!(requests.iter().all(|one| one.field("resource") == Some(rogue.mcp())), "{requests:?}");
}

/// A valet with a token that the issuer gave no way to renew.
fn not_renewable<'home>(home: &'home Home, rogue: &Rogue) -> (Valet<'home>, String) {
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    rogue.edit("/token", "refresh_token", json!(null));
    let valet = Valet::start(home);
    valet.sign_in("rogue");
    let token = valet.token("rogue").expect_status(200).text("access_token");
    (valet, token)
}

/// Whatever agents ask for or say of it, the token that lives is kept and handed out until it ends.
#[track_caller]
fn is_kept_until_its_end(body: &serde_json::Value) {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (valet, token) = not_renewable(&home, &rogue);
    home.move_clock(60);
    let answer = valet.post("/v1/token", body).expect_status(401);
    assert!(!answer.text("advice").is_empty(), "{answer:?}");
    assert_eq!(valet.server("rogue")["grant"], "live");
    assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), token);
    home.move_clock(LATER - 20);
    assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), token);
    home.move_clock(LATER);
    assert_eq!(valet.token("rogue").expect_status(401).text("code"), "lapsed");
    assert_eq!(rogue.refreshes(), 0);
}

#[test]
fn a_live_token_without_a_way_to_renew_it_survives_an_agent_that_wants_a_longer_life() {
    is_kept_until_its_end(&json!({ "server": "rogue", "min_ttl": 7200 }));
}

#[test]
fn a_live_token_without_a_way_to_renew_it_survives_an_agent_that_calls_it_invalid() {
    let challenge = "Bearer error=\"invalid_token\"";
    is_kept_until_its_end(&json!({ "server": "rogue", "challenge": challenge }));
}

#[test]
fn a_token_in_use_is_renewed_before_it_ends_and_nobody_waits_for_that() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let first = valet.token("rogue").expect_status(200).text("access_token");
    home.move_clock(500);
    let gate = rogue.hold("/token");
    assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), first);
    gate.reached();
    assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), first);
    gate.open();
    let next = until("the next token is there", || {
        Some(valet.token("rogue").expect_status(200).text("access_token")).filter(|token| *token != first)
    });
    assert!(rogue.accepts(&next));
    assert_eq!(rogue.refreshes(), 1);
}

#[test]
fn an_issuer_that_is_away_before_the_token_ends_is_not_asked_by_every_caller() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    home.move_clock(500);
    rogue.reply("/token", Reply::Html(503, String::new()));
    valet.token("rogue").expect_status(200);
    until("the failure is shown", || (!valet.server("rogue")["problem"].is_null()).then_some(()));
    for _ in 0..10 {
        valet.token("rogue").expect_status(200);
    }
    assert_eq!(rogue.refreshes(), 1);
    rogue.behave("/token");
    home.move_clock(601);
    valet.token("rogue").expect_status(200);
    assert!(valet.server("rogue")["problem"].is_null());
}

#[test]
fn a_clock_that_is_set_back_does_not_make_a_token_last_longer() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    home.move_clock(-3600);
    valet.token("rogue").expect_status(200);
    assert_eq!(rogue.refreshes(), 1);
    valet.token("rogue").expect_status(200);
    assert_eq!(rogue.refreshes(), 1);
}
