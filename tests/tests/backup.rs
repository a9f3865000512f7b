//! One file takes everything that is kept, and another machine takes it in.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use mcp_valet_tests::keyed::{KEY, content, list, shown};
use mcp_valet_tests::{Browser, Desktop, Home, Keychain, Rogue, Terminal, Valet, until};
use serde_json::{Value, json};

const PASSPHRASE: &str = "three small green boats";
const OTHER: &str = "four large grey whales";
const CHOOSE: &str = "Choose a passphrase";
const AGAIN: &str = "Type it again";
const ENTER: &str = "The passphrase of the backup";

fn config(home: &Home) -> Value {
    serde_json::from_str(&fs::read_to_string(home.config()).unwrap()).unwrap()
}

fn token(valet: &Valet<'_>) -> String {
    valet.token("rogue").expect_status(200).text("access_token")
}

/// Types a line once the terminal has asked for it so many times.
#[track_caller]
fn answers(terminal: &mut Terminal, question: &str, times: usize, line: &str) {
    until(&format!("{question:?} is asked: {}", terminal.screen()), || {
        (terminal.screen().matches(question).count() >= times).then_some(())
    });
    terminal.types(line);
}

/// A machine with a sign-in at `rogue` and a key for `keyed`, in a keychain.
fn with_everything(home: &Home, rogue: &Rogue, keyed: &Rogue) {
    content(keyed);
    let headers = json!({ "Authorization": format!("Bearer {KEY}") });
    let servers =
        json!({ "rogue": { "url": rogue.mcp() }, "keyed": { "url": keyed.mcp(), "headers": headers } });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "allow", "vault": "keychain" } }));
    let valet = Valet::start(home);
    valet.sign_in("rogue");
    until("the key leaves the file", || (!config(home).to_string().contains(KEY)).then_some(()));
    valet.stop();
}

/// Has the terminal of a valet write a backup.
fn back_up(home: &Home, terminal: &mut Terminal) -> PathBuf {
    let file = home.path().join("all of it.backup");
    terminal.types(&format!("backup {}", file.display()));
    answers(terminal, CHOOSE, 1, PASSPHRASE);
    answers(terminal, AGAIN, 1, PASSPHRASE);
    terminal.shows("Everything is in");
    file
}

fn leaks(file: &Path, secrets: &[String]) -> bool {
    let text = String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned();
    secrets.iter().filter(|secret| !secret.is_empty()).any(|secret| text.contains(secret.as_str()))
}

#[test]
fn what_was_backed_up_is_all_there_on_another_machine_with_another_vault() {
    let (home, rogue, keyed) = (Home::new(), Rogue::start(), Rogue::start());
    let keychain = Keychain::start(&home);
    with_everything(&home, &rogue, &keyed);
    let (valet, mut terminal) = Valet::on_terminal(&home);
    let held = token(&valet);
    let file = back_up(&home, &mut terminal);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let mut secrets = rogue.secrets();
    secrets.extend([KEY, PASSPHRASE, "\"rogue\""].map(str::to_owned));
    assert!(!leaks(&file, &secrets));
    assert!(!terminal.screen().contains(PASSPHRASE) && !valet.log().contains(PASSPHRASE));
    valet.stop();
    drop(keychain);

    let other = Home::new();
    other.lists(&[], "file");
    let (valet, mut terminal) = Valet::on_terminal(&other);
    answers(&mut terminal, CHOOSE, 1, OTHER);
    answers(&mut terminal, AGAIN, 1, OTHER);
    terminal.shows("is open");
    terminal.types(&format!("restore {}", file.display()));
    answers(&mut terminal, ENTER, 1, OTHER);
    terminal.shows("not the passphrase of the backup");
    assert_eq!(valet.get("/v1/servers").json(), json!([]));
    terminal.types(&format!("restore {}", file.display()));
    answers(&mut terminal, ENTER, 2, PASSPHRASE);
    terminal.shows("Everything in the backup is here now.");
    assert_eq!(config(&other)["valet"], json!({ "agents": "allow", "vault": "file" }));
    assert_eq!(token(&valet), held);
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert_eq!(shown(&keyed, "authorization"), Some(format!("Bearer {KEY}")));
    valet.cli(&["audit", "--verify"]).expect_code(0);
    let registrations = rogue.count("/register");
    valet.kill();

    let (valet, mut terminal) = Valet::on_terminal(&other);
    answers(&mut terminal, "Passphrase of the encrypted file", 1, OTHER);
    terminal.shows("is open");
    other.move_clock(601);
    assert_ne!(token(&valet), held);
    assert_eq!((rogue.refreshes(), rogue.count("/register")), (1, registrations), "it is the same client");
}

#[test]
fn a_backup_is_never_written_over_a_file_nor_taken_in_beside_servers_or_where_all_is_forgotten() {
    let (home, rogue, keyed) = (Home::new(), Rogue::start(), Rogue::start());
    let keychain = Keychain::start(&home);
    with_everything(&home, &rogue, &keyed);
    let (valet, mut terminal) = Valet::on_terminal(&home);
    let file = back_up(&home, &mut terminal);
    let before = fs::read(&file).unwrap();
    terminal.types(&format!("backup {}", file.display()));
    answers(&mut terminal, CHOOSE, 2, OTHER);
    answers(&mut terminal, AGAIN, 2, OTHER);
    terminal.shows("there is a file of that name already");
    assert!(fs::read(&file).unwrap() == before);
    terminal.types(&format!("restore {}", file.display()));
    answers(&mut terminal, ENTER, 1, PASSPHRASE);
    terminal.shows("servers are listed here already");
    assert!(!token(&valet).is_empty());
    valet.stop();
    drop(keychain);

    let other = Home::new();
    other.lists(&[], "memory");
    let (valet, mut terminal) = Valet::on_terminal(&other);
    terminal.types(&format!("restore {}", file.display()));
    answers(&mut terminal, ENTER, 1, PASSPHRASE);
    terminal.shows("nothing is kept here for longer");
    assert_eq!(valet.get("/v1/servers").json(), json!([]));
}

#[test]
fn what_is_no_whole_backup_is_told_and_changes_nothing() {
    let (home, rogue, keyed) = (Home::new(), Rogue::start(), Rogue::start());
    let keychain = Keychain::start(&home);
    with_everything(&home, &rogue, &keyed);
    let (valet, mut terminal) = Valet::on_terminal(&home);
    let file = back_up(&home, &mut terminal);
    valet.stop();
    drop(keychain);

    let other = Home::new();
    let _keychain = Keychain::start(&other);
    other.lists(&[], "keychain");
    let empty = fs::read(other.config()).unwrap();
    let (valet, mut terminal) = Valet::on_terminal(&other);
    let whole = fs::read(&file).unwrap();
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    let newer = [b"mcp-valet backup 2".as_slice(), &whole["mcp-valet backup 1".len()..]].concat();
    let cases = [
        (whole[..whole.len() - 1].to_vec(), "no backup of MCP Valet"),
        (changed, "no backup of MCP Valet"),
        (Vec::new(), "no backup of MCP Valet"),
        (newer, "a newer MCP Valet wrote this backup"),
    ];
    for (at, (bytes, word)) in cases.into_iter().enumerate() {
        let damaged = other.path().join(format!("damaged-{at}"));
        fs::write(&damaged, bytes).unwrap();
        terminal.types(&format!("restore {}", damaged.display()));
        answers(&mut terminal, ENTER, at + 1, PASSPHRASE);
        until(word, || terminal.screen().contains(word).then_some(()));
    }
    terminal.types(&format!("restore {}", other.path().join("nowhere").display()));
    answers(&mut terminal, ENTER, 5, PASSPHRASE);
    terminal.shows("cannot be used");
    assert_eq!(valet.get("/v1/servers").json(), json!([]));
    assert_eq!(fs::read(other.config()).unwrap(), empty);
}

#[test]
fn a_program_can_have_the_window_opened_for_it_and_the_passphrase_is_the_persons_to_give() {
    let (home, rogue, keyed) = (Home::new(), Rogue::start(), Rogue::start());
    let desktop = Desktop::start(&home);
    let _keychain = Keychain::on_desktop(&desktop);
    with_everything(&home, &rogue, &keyed);
    let file = home.path().join("from the window.backup");
    let valet = Valet::on_desktop(&desktop);
    valet.cli(&["backup", file.to_str().unwrap()]).expect_code(0);
    let window = Browser::window(&desktop);
    window.shows("One file takes everything");
    assert!(!file.exists(), "nothing is written before the person says so");
    window.fill("input[name=new]", PASSPHRASE);
    window.fill("input[name=again]", PASSPHRASE);
    window.press("Write the backup");
    window.shows("Everything is in");
    assert!(file.exists() && !leaks(&file, &rogue.secrets()));
    drop(window);
    valet.stop();
    fs::write(home.config(), "{}").unwrap();
    fs::remove_dir_all(home.path().join("state/mcp-valet")).unwrap();

    let valet = Valet::on_desktop(&desktop);
    valet.cli(&["restore", file.to_str().unwrap()]).expect_code(0);
    let window = Browser::window(&desktop);
    window.shows("Quit MCP Valet where the backup is from");
    window.fill("input[name=now]", PASSPHRASE);
    window.press("Take it in");
    window.shows("Everything in the backup is here now.");
    assert!(!token(&valet).is_empty());
}

#[test]
fn without_a_window_the_command_says_where_it_is_typed() {
    let home = Home::new();
    home.lists(&[], "memory");
    let valet = Valet::start(&home);
    let told = valet.cli(&["backup", "all.backup"]).expect_code(8);
    assert!(told.stderr.contains("in the terminal of mcp-valetd"), "{told:?}");
    assert!(!home.path().join("all.backup").exists());
}
