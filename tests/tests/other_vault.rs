//! A vault that is not the one it was: an empty keyring, another one, a file that is gone. It is said,
//! nothing is touched, and all is there again once the right one is.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use mcp_valet_tests::{Home, HttpResponse, Keychain, Rogue, Valet, until};
use serde_json::{Value, json};

const PASSPHRASE: &str = "three small green boats";

fn notes(home: &Home) -> Value {
    serde_json::from_slice(&fs::read(state(home).join("servers.json")).unwrap()).unwrap()
}

fn state(home: &Home) -> PathBuf {
    home.path().join("state/mcp-valet")
}

/// What is granted, as it is written down.
fn granted(home: &Home) -> Vec<bool> {
    notes(home)["servers"].as_object().unwrap().values().map(|note| note["granted"] == true).collect()
}

/// Puts the keyrings that are there aside under one name, and those of another in their place, if there are
/// any.
fn swap(home: &Home, keychain: &mut Keychain<'_>, away: &str, here: &str) {
    keychain.stop();
    let place = |name: &str| home.path().join("data").join(name);
    fs::rename(place("keyrings"), place(away)).unwrap();
    if place(here).exists() {
        fs::rename(place(here), place("keyrings")).unwrap();
    }
    keychain.restart();
}

#[track_caller]
fn refused(answer: HttpResponse, reason: &str) {
    let answer = answer.expect_status(423);
    assert_eq!(answer.text("reason"), reason, "{answer:?}");
    assert!(!answer.text("advice").is_empty(), "{answer:?}");
}

/// Whatever is tried while the keychain is another, nothing of it is changed.
#[track_caller]
fn touches_nothing(home: &Home, keychain: &Keychain<'_>, valet: &Valet<'_>) {
    let (items, before) = (keychain.items(), granted(home));
    refused(valet.token("rogue"), "keychain_other");
    assert_eq!(valet.server("rogue")["state"], "locked");
    let health = valet.get("/v1/health").json();
    assert!(health["notices"].to_string().contains("does not have what it had"), "{health}");
    refused(valet.post("/v1/servers/rogue/authorize", &json!({})), "keychain_other");
    refused(valet.post("/v1/servers/rogue/revoke", &json!({})), "keychain_other");
    valet.cli(&["revoke", "--all", "--yes"]);
    assert_eq!(keychain.items(), items, "no new audit key, no consents, nothing");
    assert_eq!(granted(home), before);
}

#[test]
fn an_empty_keyring_is_not_taken_for_one_in_which_nobody_has_signed_in() {
    let home = Home::new();
    let mut keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let token = valet.token("rogue").expect_status(200).text("access_token");
    valet.stop();

    swap(&home, &mut keychain, "right", "none");
    let valet = Valet::start(&home);
    touches_nothing(&home, &keychain, &valet);
    assert_eq!(keychain.items(), 0);
    valet.stop();
    assert_eq!(granted(&home), [true]);

    swap(&home, &mut keychain, "wrong", "right");
    let valet = Valet::start(&home);
    assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), token);
    let verified = valet.cli(&["audit", "--verify"]).expect_code(0);
    assert!(!verified.stdout.contains("not what"), "{verified:?}");
}

#[test]
fn the_right_keyring_is_noticed_without_a_start() {
    let home = Home::new();
    let mut keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    valet.stop();
    swap(&home, &mut keychain, "right", "none");
    let valet = Valet::start(&home);
    refused(valet.token("rogue"), "keychain_other");
    swap(&home, &mut keychain, "wrong", "right");
    until("it serves again by itself", || (valet.token("rogue").status == 200).then_some(()));
}

#[test]
fn a_keyring_that_is_swapped_while_running_gets_nothing_of_what_is_renewed() {
    let home = Home::new();
    let mut keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    swap(&home, &mut keychain, "right", "none");
    home.move_clock(601);
    refused(valet.token("rogue"), "keychain_other");
    assert_eq!((rogue.refreshes(), keychain.items()), (0, 0));
    swap(&home, &mut keychain, "wrong", "right");
    valet.token("rogue").expect_status(200);
}

#[test]
fn the_keyring_of_another_valet_is_left_to_it() {
    let home = Home::new();
    let mut keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let token = valet.token("rogue").expect_status(200).text("access_token");
    valet.stop();
    // Another life of this home: nothing is known, and something is kept.
    swap(&home, &mut keychain, "right", "none");
    fs::rename(state(&home), home.path().join("state/right")).unwrap();
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    valet.stop();
    fs::remove_dir_all(state(&home)).unwrap();
    fs::rename(home.path().join("state/right"), state(&home)).unwrap();

    let valet = Valet::start(&home);
    touches_nothing(&home, &keychain, &valet);
    valet.stop();
    swap(&home, &mut keychain, "wrong", "right");
    let valet = Valet::start(&home);
    assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), token);
}

#[test]
fn what_an_earlier_version_wrote_down_without_a_mark_is_enough_to_tell() {
    let home = Home::new();
    let mut keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    valet.stop();
    let mut without = notes(&home);
    without.as_object_mut().unwrap().remove("marks").unwrap();
    fs::write(state(&home).join("servers.json"), without.to_string()).unwrap();
    swap(&home, &mut keychain, "right", "none");
    let valet = Valet::start(&home);
    touches_nothing(&home, &keychain, &valet);
    valet.stop();
    swap(&home, &mut keychain, "wrong", "right");
    let valet = Valet::start(&home);
    valet.token("rogue").expect_status(200);
}

#[test]
fn the_person_can_begin_anew_in_the_terminal() {
    let home = Home::new();
    let mut keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    valet.stop();
    swap(&home, &mut keychain, "right", "none");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    terminal.shows("What was kept is not there");
    terminal.types("anew");
    valet.settles("rogue", "authorization_required");
    valet.sign_in("rogue");
    valet.token("rogue").expect_status(200);
    assert!(keychain.items() > 0);
}

fn under_systemd(home: &Home) -> Valet<'_> {
    let folder = home.path().join("credentials");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("mcp-valet-passphrase");
    let _ = fs::remove_file(&file);
    fs::write(&file, PASSPHRASE).unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o400)).unwrap();
    Valet::start_with(home, &[("CREDENTIALS_DIRECTORY", folder.to_str().unwrap())])
}

#[test]
fn an_encrypted_file_whose_copies_are_both_gone_is_not_made_anew_in_silence() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "file");
    let valet = under_systemd(&home);
    valet.sign_in("rogue");
    let token = valet.token("rogue").expect_status(200).text("access_token");
    valet.stop();
    let files = [("vault", "elsewhere"), ("vault.copy", "elsewhere.copy")];
    let rename = |from: &str, to: &str| fs::rename(state(&home).join(from), home.path().join(to)).unwrap();
    files.iter().for_each(|(from, to)| rename(from, to));
    let valet = under_systemd(&home);
    refused(valet.token("rogue"), "vault_file_gone");
    assert!(!state(&home).join("vault").exists());
    assert_eq!(granted(&home), [true]);
    valet.stop();
    for (from, to) in files {
        fs::rename(home.path().join(to), state(&home).join(from)).unwrap();
    }
    let valet = under_systemd(&home);
    assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), token);
    valet.cli(&["audit", "--verify"]).expect_code(0);
}

#[test]
fn a_file_that_is_gone_can_be_begun_anew_in_the_terminal() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "file");
    let valet = under_systemd(&home);
    valet.sign_in("rogue");
    valet.stop();
    for name in ["vault", "vault.copy"] {
        fs::remove_file(state(&home).join(name)).unwrap();
    }
    let (valet, mut terminal) = Valet::on_terminal(&home);
    terminal.shows("What was kept is not there");
    terminal.types("anew");
    terminal.shows("Choose a passphrase");
    assert!(!state(&home).join("vault").exists());
    refused(valet.token("rogue"), "passphrase_unset");
}

#[test]
fn an_encrypted_file_of_another_valet_is_not_taken_for_this_ones() {
    let (home, other, rogue) = (Home::new(), Home::new(), Rogue::start());
    for home in [&home, &other] {
        home.lists(&[("rogue", &rogue.mcp())], "file");
        let valet = under_systemd(home);
        valet.sign_in("rogue");
        valet.stop();
    }
    for name in ["vault", "vault.copy"] {
        fs::copy(state(&other).join(name), state(&home).join(name)).unwrap();
    }
    let before = fs::read(state(&home).join("vault")).unwrap();
    let valet = under_systemd(&home);
    refused(valet.token("rogue"), "vault_file_other");
    valet.stop();
    assert_eq!(fs::read(state(&home).join("vault")).unwrap(), before);
}

#[test]
fn a_file_that_took_the_place_of_the_open_one_is_not_written_over() {
    let (home, other, rogue) = (Home::new(), Home::new(), Rogue::start());
    other.lists(&[("rogue", &rogue.mcp())], "file");
    let foreign = under_systemd(&other);
    foreign.sign_in("rogue");
    foreign.stop();
    home.lists(&[("rogue", &rogue.mcp())], "file");
    let valet = under_systemd(&home);
    valet.sign_in("rogue");
    let here = state(&home).join("vault");
    let ours = fs::read(&here).unwrap();
    let newer = String::from_utf8_lossy(&ours).into_owned();
    let newer = newer.replacen("vault 1 ", "vault 2 ", 1).into_bytes();
    let foreign = fs::read(state(&other).join("vault")).unwrap();
    for (number, file) in (1..).zip([foreign, newer]) {
        fs::write(&here, &file).unwrap();
        home.move_clock(number * 700);
        valet.token("rogue");
        assert_eq!(fs::read(&here).unwrap(), file, "{number}");
        let notices = valet.get("/v1/health").json()["notices"].to_string();
        assert!(notices.contains("encrypted file") || notices.contains("newer"), "{number}: {notices}");
    }
    fs::write(&here, &ours).unwrap();
    home.move_clock(2500);
    until("the right one is used again", || (valet.token("rogue").status == 200).then_some(()));
}

#[test]
fn a_grant_that_was_deleted_in_the_keychain_is_not_taken_for_none() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp()), ("never", "https://never.example/mcp")], "keychain");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    valet.stop();
    keychain.take_out("grant/");
    let valet = Valet::start(&home);
    let answer = valet.token("rogue").expect_status(401);
    assert!(answer.text("detail").contains("gone from the keychain"), "{answer:?}");
    assert_eq!(valet.server("rogue")["state"], "lapsed");
    assert!(!valet.token("never").body.contains("gone from"));
    valet.stop();
    let valet = Valet::start(&home);
    assert!(valet.token("rogue").text("detail").contains("gone from the keychain"), "it is kept in mind");
    valet.sign_in("rogue");
    valet.token("rogue").expect_status(200);
}

#[test]
fn a_key_of_the_audit_that_was_deleted_in_the_keychain_is_said() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    valet.stop();
    keychain.take_out("audit-key");
    let valet = Valet::start(&home);
    valet.token("rogue").expect_status(200);
    until("it is said", || {
        let notices = valet.get("/v1/health").json()["notices"].to_string();
        notices.contains("key of the audit is gone").then_some(())
    });
}
