//! A keychain that is locked, absent, restarted or hanging: a state with a remedy, and nothing is lost.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::time::{Duration, Instant};

use mcp_valet_tests::{Home, HttpResponse, Keychain, Rogue, Valet, until};
use serde_json::Value;

/// What is written down of each server between runs.
const NOTES: &str = "state/mcp-valet/servers.json";
const LATER: i64 = 601;
/// A call may wait for a keychain that hangs, though not for long.
const PATIENCE: Duration = Duration::from_secs(15);

fn signed_in<'home>(home: &'home Home, rogue: &Rogue) -> Valet<'home> {
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start(home);
    valet.sign_in("rogue");
    valet
}

fn notes(home: &Home) -> Value {
    serde_json::from_slice(&fs::read(home.path().join(NOTES)).unwrap()).unwrap()
}

fn id_of(home: &Home, name: &str) -> String {
    let notes = notes(home);
    let mut servers = notes["servers"].as_object().unwrap().iter();
    servers.find(|(_, note)| note["name"] == name).unwrap().0.clone()
}

#[track_caller]
fn locked(answer: HttpResponse) {
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
fn locked_while_running_it_is_said_on_every_surface_until_it_is_unlocked() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    signed_in(&home, &rogue).stop();
    let (valet, terminal) = Valet::on_terminal(&home);
    valet.token("rogue").expect_status(200);
    keychain.lock();
    home.move_clock(LATER);
    locked(valet.token("rogue"));
    let health = valet.get("/v1/health").json();
    assert_eq!(health["locked"], true, "{health}");
    assert!(health["notices"].to_string().contains("the keychain is locked"), "{health}");
    terminal.shows("the keychain is locked. Unlock your login keychain");
    keychain.unlock();
    serves_again(&valet, &rogue);
    assert_eq!(valet.get("/v1/health").json()["locked"], false);
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
fn revoking_with_a_locked_keychain_waits_for_it_and_then_really_revokes() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = signed_in(&home, &rogue);
    let granted = || notes(&home)["servers"][id_of(&home, "rogue")]["granted"] == true;
    until("the grant is written down", || granted().then_some(()));
    valet.stop();
    keychain.lock();
    let valet = Valet::start(&home);
    let said = valet.cli(&["revoke", "rogue", "--json"]).expect_code(3);
    assert!(said.stderr.contains("\"locked\""), "{said:?}");
    assert_eq!(valet.server("rogue")["grant"], "live");
    assert_eq!(rogue.count("/revoke"), 0);
    keychain.unlock();
    valet.cli(&["revoke", "rogue"]).expect_code(0);
    assert_eq!(rogue.count("/revoke"), 2, "the refresh token and the access token");
    let access = rogue.secrets().into_iter().filter(|secret| secret.starts_with("access-"));
    assert!(!access.into_iter().any(|token| rogue.accepts(&token)));
    assert_eq!(valet.server("rogue")["grant"], "none");
    valet.kill();
    let valet = Valet::start(&home);
    assert_eq!(valet.token("rogue").expect_status(401).text("code"), "authorization_required");
}

#[test]
fn one_damaged_item_is_one_servers_trouble() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let (rogue, other) = (Rogue::start(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp()), ("other", &other.mcp())], "keychain");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    valet.sign_in("other");
    valet.stop();
    keychain.damage(&format!("grant/{}", id_of(&home, "rogue")));
    let valet = Valet::start(&home);
    assert_eq!(valet.get("/v1/health").json()["locked"], false);
    valet.token("other").expect_status(200);
    let answer = valet.token("rogue").expect_status(401);
    assert!(answer.body.contains("damaged"), "{answer:?}");
    valet.sign_in("rogue");
    valet.token("rogue").expect_status(200);
}

#[test]
fn a_note_that_a_grant_lapsed_does_not_outweigh_the_grant_in_the_keychain() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = signed_in(&home, &rogue);
    let before = valet.token("rogue").expect_status(200).text("access_token");
    valet.stop();
    let mut notes = notes(&home);
    let note = &mut notes["servers"][id_of(&home, "rogue")];
    note["granted"] = false.into();
    note["lapsed"] = "an older run said so".into();
    fs::write(home.path().join(NOTES), notes.to_string()).unwrap();
    let valet = Valet::start(&home);
    assert_eq!(valet.server("rogue")["grant"], "live");
    assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), before);
}

#[test]
fn a_keychain_that_was_used_and_is_empty_now_is_still_not_replaced_by_memory() {
    let home = Home::new();
    let mut keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "auto");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    valet.cli(&["revoke", "rogue"]).expect_code(0);
    valet.stop();
    keychain.stop();
    for _ in 0..2 {
        let valet = Valet::start(&home);
        let health = valet.get("/v1/health").json();
        assert_eq!((&health["vault"], &health["locked"]), (&"keychain".into(), &true.into()), "{health}");
        valet.stop();
    }
    keychain.restart();
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    valet.token("rogue").expect_status(200);
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
