//! A keychain that is locked, absent, restarted or hanging: a state with a remedy, and nothing is lost.

use std::time::{Duration, Instant};

use mcp_valet_tests::{Answer, Home, Keychain, Rogue, Valet, until};

const LATER: i64 = 601;
/// A call may wait for a keychain that hangs, though not for long.
const PATIENCE: Duration = Duration::from_secs(15);

fn signed_in<'home>(home: &'home Home, rogue: &Rogue) -> Valet<'home> {
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start(home);
    valet.sign_in("rogue");
    valet
}

#[track_caller]
fn locked(answer: Answer) {
    let answer = answer.expect_status(423);
    assert_eq!(answer.text("code"), "locked");
    assert!(!answer.text("advice").is_empty(), "{answer:?}");
}

#[track_caller]
fn serves_again(valet: &Valet<'_>, rogue: &Rogue) {
    let token =
        until("it serves again by itself", || Some(valet.token("rogue")).filter(|one| one.status == 200));
    assert!(rogue.accepts(&token.text("access_token")));
}

#[test]
fn locked_at_the_start_is_a_state_that_ends_with_the_unlocking() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    signed_in(&home, &rogue).stop();
    keychain.lock();
    let valet = Valet::start(&home);
    locked(valet.token("rogue"));
    assert_eq!(valet.server("rogue")["state"], "locked");
    assert_eq!(valet.get("/v1/health").json()["locked"], true);
    valet.cli(&["token", "rogue"]).expect_code(3);
    keychain.unlock();
    serves_again(&valet, &rogue);
}

#[test]
fn locked_while_running_no_refresh_is_spent() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = signed_in(&home, &rogue);
    keychain.lock();
    home.move_clock(LATER);
    locked(valet.token("rogue"));
    assert_eq!(rogue.refreshes(), 0, "a rotated token would have had no place to go");
    keychain.unlock();
    serves_again(&valet, &rogue);
    assert_eq!(rogue.refreshes(), 1);
}

#[test]
fn absent_at_the_start_is_a_state_that_ends_when_it_comes() {
    let home = Home::new();
    let mut keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    signed_in(&home, &rogue).stop();
    keychain.stop();
    let valet = Valet::start(&home);
    locked(valet.token("rogue"));
    keychain.restart();
    serves_again(&valet, &rogue);
}

#[test]
fn a_desktop_without_a_keychain_gets_memory_and_a_standing_notice() {
    let home = Home::new();
    let _bus = Keychain::absent(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "auto");
    let valet = Valet::start(&home);
    let health = valet.get("/v1/health").json();
    assert_eq!(health["vault"], "memory", "{health}");
    assert!(health["notices"].as_array().is_some_and(|notices| !notices.is_empty()), "{health}");
    valet.sign_in("rogue");
    valet.token("rogue").expect_status(200);
}

#[test]
fn without_any_bus_it_is_the_same() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "auto");
    let valet = Valet::start(&home);
    assert_eq!(valet.get("/v1/health").json()["vault"], "memory");
    valet.sign_in("rogue");
    valet.token("rogue").expect_status(200);
}

#[test]
fn a_keychain_that_was_asked_for_by_name_is_not_replaced_by_memory() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start(&home);
    assert_eq!(valet.get("/v1/health").json()["locked"], true);
    locked(valet.token("rogue"));
}

#[test]
fn restarted_under_a_running_valet_it_is_written_to_again() {
    let home = Home::new();
    let mut keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = signed_in(&home, &rogue);
    keychain.restart();
    home.move_clock(LATER);
    serves_again(&valet, &rogue);
    valet.kill();
    home.move_clock(2 * LATER);
    let valet = Valet::start(&home);
    serves_again(&valet, &rogue);
    assert_eq!(rogue.refreshes(), 2, "the rotated token was in the keychain");
}

#[test]
fn hanging_it_holds_up_nobody_for_long_and_loses_nothing() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = signed_in(&home, &rogue);
    home.move_clock(LATER);
    keychain.freeze();
    let start = Instant::now();
    locked(valet.token("rogue"));
    assert!(start.elapsed() < PATIENCE, "it took {:?}", start.elapsed());
    let start = Instant::now();
    valet.get("/v1/health").expect_status(200);
    valet.get("/v1/servers").expect_status(200);
    assert!(start.elapsed() < Duration::from_secs(2), "it took {:?}", start.elapsed());
    assert_eq!(rogue.refreshes(), 0);
    keychain.thaw();
    serves_again(&valet, &rogue);
}

#[test]
fn hanging_at_the_start_it_does_not_keep_the_socket_away() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    signed_in(&home, &rogue).stop();
    keychain.freeze();
    let valet = Valet::start(&home);
    locked(valet.token("rogue"));
    keychain.thaw();
    serves_again(&valet, &rogue);
}

#[test]
fn a_fresh_token_needs_no_keychain() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = signed_in(&home, &rogue);
    valet.token("rogue").expect_status(200);
    keychain.freeze();
    let start = Instant::now();
    valet.token("rogue").expect_status(200);
    assert!(start.elapsed() < Duration::from_secs(2), "it took {:?}", start.elapsed());
    keychain.thaw();
}

#[test]
fn what_is_in_the_keychain_is_not_in_its_files() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let _valet = signed_in(&home, &rogue);
    let files = keychain.files();
    assert!(files.iter().any(|file| file.len() > 200), "nothing was kept");
    for secret in rogue.secrets() {
        let found = files.iter().any(|file| String::from_utf8_lossy(file).contains(&secret));
        assert!(!found, "{secret} is readable on disk");
    }
}
