//! The encrypted file: for machines without a keychain, opened by a passphrase that comes from a person or
//! from systemd.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use mcp_valet_tests::{Home, HttpResponse, Rogue, Terminal, Valet, files_in, until};

const PASSPHRASE: &str = "three small green boats";
const OTHER: &str = "four large grey whales";

fn with_rogue(home: &Home) -> Rogue {
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "file");
    rogue
}

fn vault(home: &Home) -> PathBuf {
    home.path().join("state/mcp-valet/vault")
}

/// A folder of credentials as systemd makes it, with this in it.
fn credential(home: &Home, text: &str) -> PathBuf {
    let folder = home.path().join("credentials");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("mcp-valet-passphrase");
    let _ = fs::remove_file(&file);
    fs::write(&file, text).unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o400)).unwrap();
    file
}

fn under_systemd<'home>(home: &'home Home, passphrase: &str) -> Valet<'home> {
    let file = credential(home, passphrase);
    started_with(home, &file)
}

fn started_with<'home>(home: &'home Home, credential: &Path) -> Valet<'home> {
    let folder = credential.parent().unwrap().to_str().unwrap();
    Valet::start_with(home, &[("CREDENTIALS_DIRECTORY", folder)])
}

fn token(valet: &Valet<'_>) -> String {
    valet.token("rogue").expect_status(200).text("access_token")
}

#[track_caller]
fn locked(answer: HttpResponse, reason: &str) {
    let answer = answer.expect_status(423);
    assert_eq!(
        (answer.text("code").as_str(), answer.text("reason").as_str()),
        ("locked", reason),
        "{answer:?}"
    );
    assert!(!answer.text("advice").is_empty(), "{answer:?}");
}

/// Types a line once the terminal has asked for it so many times; below a note it asks once more.
#[track_caller]
fn answers(terminal: &mut Terminal, question: &str, times: usize, line: &str) {
    until(&format!("{question:?} is asked: {}", terminal.screen()), || {
        (terminal.screen().matches(question).count() >= times).then_some(())
    });
    terminal.types(line);
}

#[test]
fn what_was_signed_in_to_outlives_a_kill_and_systemd_gives_the_passphrase() {
    let home = Home::new();
    let rogue = with_rogue(&home);
    let valet = under_systemd(&home, &format!("{PASSPHRASE}\n"));
    assert_eq!(valet.get("/v1/health").json()["vault"], "file");
    valet.sign_in("rogue");
    let before = token(&valet);
    valet.kill();

    let valet = under_systemd(&home, PASSPHRASE);
    assert_eq!(token(&valet), before);
    home.move_clock(601);
    let renewed = token(&valet);
    assert!(renewed != before && rogue.accepts(&renewed));
    valet.kill();

    let valet = under_systemd(&home, PASSPHRASE);
    assert_eq!(token(&valet), renewed, "the rotated token is in the file");
    assert_eq!(rogue.refreshes(), 1);
}

#[test]
fn no_token_can_be_read_in_any_file_and_nobody_else_may_read_them() {
    let home = Home::new();
    let rogue = with_rogue(&home);
    let valet = under_systemd(&home, PASSPHRASE);
    valet.sign_in("rogue");
    home.move_clock(601);
    token(&valet);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(vault(&home).parent().unwrap()), 0o700);
    let mut files = 0;
    for (path, file, content) in files_in(vault(&home).parent().unwrap()) {
        let text = String::from_utf8_lossy(&content).into_owned();
        for secret in
            rogue.secrets().iter().map(String::as_str).chain([PASSPHRASE]).filter(|one| !one.is_empty())
        {
            assert!(!text.contains(secret), "{secret} is in {}", path.display());
        }
        if path.file_name().unwrap().to_str().unwrap().starts_with("vault") {
            assert_eq!(file.permissions().mode() & 0o777, 0o600, "{}", path.display());
            files += 1;
        }
    }
    assert_eq!(files, 2, "the file and its copy");
}

#[test]
fn until_the_passphrase_is_given_agents_are_told_and_servers_are_listed() {
    let home = Home::new();
    let _rogue = with_rogue(&home);
    let valet = Valet::start(&home);
    locked(valet.token("rogue"), "passphrase_unset");
    valet.stop();
    let valet = under_systemd(&home, PASSPHRASE);
    valet.sign_in("rogue");
    valet.stop();

    let valet = Valet::start(&home);
    locked(valet.token("rogue"), "passphrase_needed");
    assert_eq!(valet.server("rogue")["state"], "locked");
    assert_eq!(valet.server("rogue")["grant"], "live");
    let health = valet.get("/v1/health").json();
    assert_eq!((&health["vault"], &health["locked"]), (&"file".into(), &true.into()), "{health}");
    valet.cli(&["token", "rogue"]).expect_code(3);
}

#[test]
fn at_a_terminal_it_is_chosen_twice_and_later_asked_for_and_never_shown() {
    let home = Home::new();
    let _rogue = with_rogue(&home);
    let (valet, mut terminal) = Valet::on_terminal(&home);
    let (choose, again) = ("Choose a passphrase", "Type it again");
    answers(&mut terminal, choose, 1, PASSPHRASE);
    answers(&mut terminal, again, 1, OTHER);
    terminal.shows("two different ones");
    answers(&mut terminal, choose, 2, "short");
    answers(&mut terminal, again, 2, "short");
    terminal.shows("fewer than 12 letters");
    assert!(!vault(&home).exists());
    answers(&mut terminal, choose, 3, PASSPHRASE);
    answers(&mut terminal, again, 3, PASSPHRASE);
    terminal.shows("is open");
    valet.sign_in("rogue");
    let before = token(&valet);
    valet.kill();

    let (valet, mut terminal) = Valet::on_terminal(&home);
    let enter = "Passphrase of the encrypted file";
    answers(&mut terminal, enter, 1, OTHER);
    terminal.shows("not the passphrase");
    locked(valet.token("rogue"), "passphrase_needed");
    answers(&mut terminal, enter, 2, PASSPHRASE);
    terminal.shows("is open");
    assert_eq!(token(&valet), before);
    let screen = terminal.screen();
    assert!(!screen.contains(PASSPHRASE) && !screen.contains(OTHER), "{screen}");
}

#[test]
fn locking_wipes_it_and_the_passphrase_is_asked_for_again() {
    let home = Home::new();
    let _rogue = with_rogue(&home);
    under_systemd(&home, PASSPHRASE).sign_in("rogue");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    let enter = "Passphrase of the encrypted file";
    answers(&mut terminal, enter, 1, PASSPHRASE);
    let before = until("it is open", || Some(valet.token("rogue")).filter(|one| one.status == 200));
    valet.cli(&["lock"]).expect_code(0);
    locked(valet.token("rogue"), "locked_by_person");
    answers(&mut terminal, enter, 2, OTHER);
    terminal.shows("not the passphrase");
    locked(valet.token("rogue"), "locked_by_person");
    answers(&mut terminal, enter, 3, PASSPHRASE);
    let after = until("it is open again", || Some(valet.token("rogue")).filter(|one| one.status == 200));
    assert_eq!(after.text("access_token"), before.text("access_token"));
}

#[test]
fn a_credential_that_is_not_as_systemd_makes_it_opens_nothing() {
    let home = Home::new();
    let _rogue = with_rogue(&home);
    under_systemd(&home, PASSPHRASE).sign_in("rogue");
    let refused = |file: &Path, word: &str| {
        let valet = started_with(&home, file);
        locked(valet.token("rogue"), "passphrase_needed");
        let health = valet.get("/v1/health").json();
        assert!(health["notices"].to_string().contains(word), "{word}: {health}");
        assert!(!valet.log().contains(PASSPHRASE));
        valet.stop();
    };
    refused(&credential(&home, OTHER), "not the passphrase");
    refused(&credential(&home, "\n"), "empty");
    refused(&credential(&home, &format!("{PASSPHRASE}{}", " ".repeat(5000))), "longer than");
    let file = credential(&home, PASSPHRASE);
    fs::set_permissions(&file, Permissions::from_mode(0o444)).unwrap();
    refused(&file, "only this service can read");
    let elsewhere = home.path().join("elsewhere");
    fs::rename(&file, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &file).unwrap();
    refused(&file, "cannot be used");
}

#[test]
fn a_first_passphrase_that_is_too_short_makes_no_file() {
    let home = Home::new();
    let _rogue = with_rogue(&home);
    let valet = under_systemd(&home, "too short");
    locked(valet.token("rogue"), "passphrase_unset");
    assert!(valet.get("/v1/health").json()["notices"].to_string().contains("fewer than 12"));
    assert!(!vault(&home).exists());
}

/// A file with a sign-in, then damaged, and the token that it held.
fn damaged(home: &Home, damage: impl FnOnce(&mut Vec<u8>)) -> (String, Vec<u8>) {
    let valet = under_systemd(home, PASSPHRASE);
    valet.sign_in("rogue");
    let held = token(&valet);
    valet.stop();
    let mut bytes = fs::read(vault(home)).unwrap();
    damage(&mut bytes);
    fs::write(vault(home), &bytes).unwrap();
    (held, bytes)
}

#[test]
fn a_truncated_file_is_said_to_be_damaged_and_left_alone_until_its_copy_is_used() {
    let home = Home::new();
    let _rogue = with_rogue(&home);
    let (held, bytes) = damaged(&home, |bytes| bytes.truncate(bytes.len() / 2));
    let valet = under_systemd(&home, PASSPHRASE);
    locked(valet.token("rogue"), "vault_file_damaged");
    locked(valet.post("/v1/servers/rogue/authorize", &serde_json::json!({})), "vault_file_damaged");
    valet.stop();
    assert_eq!(fs::read(vault(&home)).unwrap(), bytes, "nothing was written over it");

    let (valet, mut terminal) = Valet::on_terminal(&home);
    answers(&mut terminal, "Use its [c]opy", 1, "c");
    answers(&mut terminal, "Passphrase of the encrypted file", 1, PASSPHRASE);
    terminal.shows("is open");
    assert_eq!(token(&valet), held);
    assert_eq!(fs::read(vault(&home).with_extension("aside-1")).unwrap(), bytes, "the damaged one is kept");
}

#[test]
fn a_file_with_one_changed_byte_is_damaged_too_and_can_be_begun_anew() {
    let home = Home::new();
    let _rogue = with_rogue(&home);
    let (_, bytes) = damaged(&home, |bytes| *bytes.last_mut().unwrap() ^= 1);
    let (valet, mut terminal) = Valet::on_terminal(&home);
    locked(valet.token("rogue"), "vault_file_damaged");
    answers(&mut terminal, "Begin a [n]ew file", 1, "n");
    answers(&mut terminal, "Choose a passphrase", 1, OTHER);
    answers(&mut terminal, "Type it again", 1, OTHER);
    terminal.shows("is open");
    assert_eq!(valet.server("rogue")["grant"], "none");
    valet.sign_in("rogue");
    token(&valet);
    assert_eq!(fs::read(vault(&home).with_extension("aside-1")).unwrap(), bytes, "the damaged one is kept");
}

#[test]
fn a_file_that_is_gone_is_not_silently_begun_anew_while_its_copy_is_there() {
    let home = Home::new();
    let _rogue = with_rogue(&home);
    damaged(&home, |_| {});
    fs::remove_file(vault(&home)).unwrap();
    let valet = under_systemd(&home, PASSPHRASE);
    locked(valet.token("rogue"), "vault_file_damaged");
    assert!(!vault(&home).exists());
}

#[test]
fn killed_in_the_middle_of_a_write_it_has_what_was_there_before() {
    let home = Home::new();
    let rogue = with_rogue(&home);
    let valet = under_systemd(&home, PASSPHRASE);
    valet.sign_in("rogue");
    let held = token(&valet);
    valet.kill();
    let whole = fs::read(vault(&home)).unwrap();
    fs::write(vault(&home).with_extension("new"), &whole[..whole.len() / 2]).unwrap();
    let valet = under_systemd(&home, PASSPHRASE);
    assert_eq!(token(&valet), held);
    home.move_clock(601);
    assert!(rogue.accepts(&token(&valet)), "what was left half written is in nobody's way");
}

#[test]
fn what_cannot_be_written_serves_from_memory_and_is_written_later() {
    let home = Home::new();
    let rogue = with_rogue(&home);
    let valet = under_systemd(&home, PASSPHRASE);
    valet.sign_in("rogue");
    home.move_clock(601);
    let gate = rogue.hold("/token");
    let renewed = std::thread::scope(|scope| {
        let asking = scope.spawn(|| token(&valet));
        gate.reached();
        // A folder in the draft's place: even root cannot write there.
        fs::create_dir(vault(&home).with_extension("new")).unwrap();
        gate.open();
        asking.join().unwrap()
    });
    assert!(rogue.accepts(&renewed));
    assert_eq!(valet.server("rogue")["grant"], "unsaved");
    let health = valet.get("/v1/health").json();
    assert!(health["notices"].to_string().contains("in memory only"), "{health}");
    fs::remove_dir(vault(&home).with_extension("new")).unwrap();
    until("it is stored", || (valet.server("rogue")["grant"] == "live").then_some(()));
    valet.kill();
    assert_eq!(token(&under_systemd(&home, PASSPHRASE)), renewed);
}
