//! `kill -9` at the worst moments, and what stays behind.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::os::unix::fs::FileTypeExt;

use mcp_valet_tests::{Crowd, Home, Keychain, RawClient, Reply, Rogue, Valet, curl, dose, figure};

const LATER: i64 = 601;
const ASK: &str = r#"{"server":"rogue"}"#;

/// A valet with two grants in the keychain; the access token of the first has expired.
fn expired<'home>(home: &'home Home, rogue: &Rogue, other: &Rogue) -> Valet<'home> {
    home.lists(&[("rogue", &rogue.mcp()), ("other", &other.mcp())], "keychain");
    other.token_lifetime(Some(86_000));
    let valet = Valet::start(home);
    valet.sign_in("rogue");
    valet.sign_in("other");
    home.move_clock(LATER);
    valet
}

fn ask_without_listening(home: &Home) -> RawClient {
    let mut caller = RawClient::connect(&home.socket());
    caller.ask_token(ASK);
    caller
}

#[test]
fn killed_before_a_refresh_is_sent_it_refreshes_after_the_start() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let (rogue, other) = (Rogue::start(), Rogue::start());
    expired(&home, &rogue, &other).kill();
    let valet = Valet::start(&home);
    let token = valet.token("rogue").expect_status(200).text("access_token");
    assert!(rogue.accepts(&token));
    assert_eq!(rogue.refreshes(), 1);
    valet.token("other").expect_status(200);
}

#[test]
fn killed_while_the_issuer_has_not_acted_yet_it_refreshes_after_the_start() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let (rogue, other) = (Rogue::start(), Rogue::start());
    let valet = expired(&home, &rogue, &other);
    rogue.reply("/token", Reply::Silent);
    let _caller = ask_without_listening(&home);
    mcp_valet_tests::until("the refresh is sent", || (rogue.refreshes() == 1).then_some(()));
    valet.kill();
    rogue.behave("/token");
    let valet = Valet::start(&home);
    valet.token("rogue").expect_status(200);
    valet.token("other").expect_status(200);
}

#[test]
fn killed_between_the_issuers_answer_and_the_write_it_loses_that_grant_and_says_so() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let (rogue, other) = (Rogue::start(), Rogue::start());
    let valet = expired(&home, &rogue, &other);
    let gate = rogue.hold("/token");
    let _caller = ask_without_listening(&home);
    gate.reached();
    valet.kill();
    gate.open();
    let valet = Valet::start(&home);
    let answer = valet.token("rogue").expect_status(401);
    assert_eq!(answer.text("code"), "lapsed");
    assert!(answer.body.contains("interrupted"), "{answer:?}");
    valet.token("other").expect_status(200);
    valet.sign_in("rogue");
    valet.token("rogue").expect_status(200);
}

#[test]
fn killed_right_after_the_token_went_out_it_still_has_the_rotated_one() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let (rogue, other) = (Rogue::start(), Rogue::start());
    let valet = expired(&home, &rogue, &other);
    valet.token("rogue").expect_status(200);
    valet.kill();
    home.move_clock(2 * LATER);
    let valet = Valet::start(&home);
    valet.token("rogue").expect_status(200);
    assert_eq!(rogue.refreshes(), 2);
    valet.token("other").expect_status(200);
}

/// Once with `make test`; again and again, each time a little later, with `make test-heavy`.
#[test]
fn killed_under_load_it_serves_again_after_the_start() {
    const CALLERS: usize = 300;
    let kills = dose(1, 40);
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let (rogue, other) = (Rogue::start(), Rogue::start());
    let mut valet = expired(&home, &rogue, &other);
    valet.token("rogue").expect_status(200);
    let mut served = 0;
    for kill in 0..kills {
        let before = hand_outs(&home);
        let crowd = Crowd::ask(&home.socket(), CALLERS, ASK);
        mcp_valet_tests::until("so many are served", || {
            (hand_outs(&home) >= before + CALLERS * kill / kills).then_some(())
        });
        valet.kill();
        served += crowd.answers().into_iter().filter(|answer| answer.status == 200).count();
        valet = Valet::start(&home);
        valet.token("rogue").expect_status(200);
        assert_eq!(rogue.refreshes(), 1, "after kill {kill}");
    }
    let audited = hand_outs(&home);
    assert!(audited >= served, "{served} tokens went out, {audited} are in the audit");
    figure(format_args!(
        "{kills} kills, each amid {CALLERS} callers: {served} of their tokens went out, {audited} hand-outs are in the audit"
    ));
}

#[test]
fn a_stale_socket_is_replaced() {
    let home = Home::new();
    home.lists(&[], "memory");
    Valet::start(&home).kill();
    let left = std::fs::symlink_metadata(home.socket()).unwrap();
    assert!(left.file_type().is_socket());
    Valet::start(&home).get("/v1/health").expect_status(200);
}

#[test]
fn a_live_socket_is_refused_and_goes_on_answering() {
    let home = Home::new();
    home.lists(&[], "memory");
    let valet = Valet::start(&home);
    let mut second = Valet::launch(&home);
    let status = second.wait();
    assert!(!status.success());
    assert!(
        second.stderr().contains("already") || second.stdout().contains("already"),
        "{}",
        second.stderr()
    );
    valet.get("/v1/health").expect_status(200);
}

#[test]
fn the_socket_is_gone_after_a_regular_end() {
    let home = Home::new();
    home.lists(&[], "memory");
    Valet::start(&home).stop();
    let socket = home.socket();
    assert_eq!(curl(&["--unix-socket", socket.to_str().unwrap(), "http://localhost/v1/health"]).status, 0);
    assert_eq!(home.cli(&["list"]).code, 6);
}

fn hand_outs(home: &Home) -> usize {
    let audit = std::fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap();
    audit.matches("hand_out").count()
}
