//! Locking with the screen and before sleep, as D-Bus tells of both.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::locking::{GNOME, XFCE, audit, audited, heard, locks, refused, signed_in, unlocks};
use mcp_valet_tests::{Forged, Home, Keychain, Locker, Logind, Rogue, Valet, until};
use serde_json::json;

#[test]
fn sleep_waits_until_memory_is_wiped_and_waking_up_unlocks() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let logind = Logind::start(&home);
    let valet = signed_in(&home, &rogue, "keychain", &json!({}));
    let token = valet.token("rogue").expect_status(200).text("access_token");
    for _ in 0..2 {
        logind.is_to_wait();
        logind.sleep(true);
        until("sleep may begin", || (!logind.waits()).then_some(()));
        refused(valet.token("rogue"), "locked_by_sleep");
        logind.sleep(false);
        assert_eq!(unlocks(&valet), token);
    }
    audited(&home, "lock", "the computer went to sleep");
    audited(&home, "unlock", "the computer woke up");
}

#[test]
fn woken_up_with_a_locked_screen_it_waits_for_the_person() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let (logind, locker) = (Logind::start(&home), Locker::start(&home, GNOME));
    let valet = signed_in(&home, &rogue, "keychain", &json!({}));
    logind.is_to_wait();
    locker.lock(true);
    heard(&valet, "ScreenLocked");
    logind.sleep(true);
    locks(&valet, "locked_by_sleep");
    logind.sleep(false);
    heard(&valet, "Awake");
    refused(valet.token("rogue"), "locked_by_sleep");
    locker.lock(false);
    unlocks(&valet);
    audited(&home, "unlock", "the screen was unlocked");
}

#[test]
fn a_login_manager_that_comes_late_and_is_restarted_is_heard_each_time() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let mut logind = Logind::absent(&home);
    let valet = signed_in(&home, &rogue, "keychain", &json!({}));
    for _ in 0..2 {
        logind.restart();
        logind.is_to_wait();
        logind.sleep(true);
        locks(&valet, "locked_by_sleep");
        logind.sleep(false);
        unlocks(&valet);
    }
}

#[test]
fn every_locker_of_the_screen_locks_and_unlocks() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let valet = signed_in(&home, &rogue, "keychain", &json!({ "screen": true }));
    let names =
        ["org.freedesktop.ScreenSaver", GNOME, "org.cinnamon.ScreenSaver", "org.mate.ScreenSaver", XFCE];
    for name in names {
        let locker = Locker::start(&home, name);
        locker.lock(true);
        locks(&valet, "locked_by_screen");
        locker.lock(false);
        unlocks(&valet);
    }
    audited(&home, "lock", "the screen was locked");
    audited(&home, "unlock", "the screen was unlocked");
}

#[test]
fn a_session_that_is_asked_to_lock_or_says_that_it_is_locked_counts_as_the_screen() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let logind = Logind::start(&home);
    let valet = signed_in(&home, &rogue, "keychain", &json!({ "screen": true }));
    logind.is_to_wait();
    logind.ask_to_lock(true);
    locks(&valet, "locked_by_screen");
    logind.ask_to_lock(false);
    unlocks(&valet);
    logind.hint(true);
    locks(&valet, "locked_by_screen");
    logind.hint(false);
    unlocks(&valet);
}

#[test]
fn a_session_of_somebody_else_unlocks_nothing_where_the_locker_gives_no_hint() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let logind = Logind::start(&home);
    let valet = signed_in(&home, &rogue, "keychain", &json!({ "screen": true }));
    logind.is_to_wait();
    logind.ask_to_lock(true);
    locks(&valet, "locked_by_screen");
    logind.another_session_begins();
    heard(&valet, "a session began");
    logind.sleep(true);
    heard(&valet, "Asleep");
    assert!(audit(&home).iter().all(|(what, _)| what != "unlock"), "{:?}", audit(&home));
    logind.sleep(false);
    logind.ask_to_lock(false);
    unlocks(&valet);
}

#[test]
fn a_screen_that_was_locked_before_the_valet_started_counts_too() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let locker = Locker::start(&home, GNOME);
    signed_in(&home, &rogue, "keychain", &json!({ "screen": true })).stop();
    locker.lock(true);
    let valet = Valet::start(&home);
    locks(&valet, "locked_by_screen");
    locker.lock(false);
    unlocks(&valet);
}

#[test]
fn unless_it_is_wanted_the_screen_locks_nothing() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let locker = Locker::start(&home, GNOME);
    let valet = signed_in(&home, &rogue, "keychain", &json!({}));
    locker.lock(true);
    heard(&valet, "ScreenLocked");
    valet.token("rogue").expect_status(200);
}

#[test]
fn what_the_person_locked_no_screen_unlocks() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let locker = Locker::start(&home, GNOME);
    let valet = signed_in(&home, &rogue, "keychain", &json!({ "screen": true }));
    locker.lock(true);
    locks(&valet, "locked_by_screen");
    valet.cli(&["lock"]).expect_code(0);
    refused(valet.token("rogue"), "locked_by_person");
    locker.lock(false);
    heard(&valet, "ScreenUnlocked");
    refused(valet.token("rogue"), "locked_by_person");
}

#[test]
fn only_the_owner_of_a_name_is_believed() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let logind = Logind::start(&home);
    let (locker, witness) = (Locker::start(&home, GNOME), Locker::start(&home, XFCE));
    let valet = signed_in(&home, &rogue, "keychain", &json!({ "screen": true }));
    logind.is_to_wait();
    Forged::Screen(GNOME, true).say(&home);
    Forged::Sleep(true).say(&home);
    Forged::Session.say(&home);
    // Whatever comes to the valet after these has come after them.
    witness.lock(false);
    heard(&valet, "ScreenUnlocked(\"org.xfce.ScreenSaver\")");
    logind.sleep(false);
    heard(&valet, "Awake");
    valet.token("rogue").expect_status(200);
    assert!(logind.waits());

    locker.lock(true);
    locks(&valet, "locked_by_screen");
    Forged::Screen(GNOME, false).say(&home);
    // Nor is one believed that is new, or that never said that the screen is locked.
    Locker::start(&home, "org.mate.ScreenSaver").lock(false);
    heard(&valet, "ScreenUnlocked(\"org.mate.ScreenSaver\")");
    refused(valet.token("rogue"), "locked_by_screen");
    locker.lock(false);
    unlocks(&valet);
}
