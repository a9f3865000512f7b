//! Moving between vaults in the window: nothing is lost, whatever happens meanwhile.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use mcp_valet_tests::{Agent, Browser, Desktop, Home, Keychain, Rogue, Valet, until};
use serde_json::{Value, json};

const PASSPHRASE: &str = "three small green boats";
const OTHER: &str = "four large grey whales";

fn named(home: &Home) -> Value {
    let config: Value = serde_json::from_str(&fs::read_to_string(home.config()).unwrap()).unwrap();
    config["valet"]["vault"].clone()
}

fn kind(valet: &Valet<'_>) -> Value {
    valet.get("/v1/health").json()["vault"].clone()
}

fn token(valet: &Valet<'_>, server: &str) -> String {
    valet.token(server).expect_status(200).text("access_token")
}

fn choose(window: &Browser, passphrase: &str) {
    window.fill("input[name=new]", passphrase);
    window.fill("input[name=again]", passphrase);
}

/// Goes to the page about the encrypted file, and moves everything there.
fn to_file(window: &Browser) {
    window.open("tauri://localhost/#/settings");
    window.click("input[name=vault][value=file]");
    choose(window, PASSPHRASE);
    window.press("Move everything there");
}

fn give(window: &Browser, passphrase: &str) {
    window.open("tauri://localhost/#/passphrase");
    window.fill("input[name=now]", passphrase);
    window.press("Unlock");
}

#[test]
fn a_machine_without_a_keychain_gets_an_encrypted_file_with_one_click() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "auto");
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    let held = token(&valet, "rogue");
    assert_eq!(kind(&valet), "memory");
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    window.shows("forgotten when MCP Valet ends");
    window.click("a.main[href='#/passphrase']");
    choose(&window, "short");
    window.press("Move everything there");
    window.shows("at least 12 letters.");
    window.fill("input[name=new]", PASSPHRASE);
    window.press("Move everything there");
    window.shows("do not match");
    window.open("tauri://localhost/#/");
    window.click("a.main[href='#/passphrase']");
    choose(&window, PASSPHRASE);
    window.press("Move everything there");
    window.shows("from now on");
    assert_eq!((kind(&valet), named(&home)), ("file".into(), "file".into()));
    assert!(!window.page().contains("forgotten when MCP Valet ends"));
    assert_eq!(token(&valet, "rogue"), held);
    valet.kill();

    let valet = Valet::on_desktop(&desktop);
    assert_eq!(valet.token("rogue").expect_status(423).text("reason"), "passphrase_needed");
    desktop.click("Enter the passphrase…");
    let window = Browser::window(&desktop);
    window.fill("input[name=now]", OTHER);
    window.press("Unlock");
    window.shows("not the passphrase");
    window.fill("input[name=now]", PASSPHRASE);
    window.press("Unlock");
    window.shows("Unlocked.");
    assert_eq!(token(&valet, "rogue"), held);

    window.open("tauri://localhost/#/settings");
    window.press("Lock now");
    desktop.menu_has("Enter the passphrase…");
    assert_eq!(valet.token("rogue").expect_status(423).text("reason"), "locked_by_person");
    give(&window, PASSPHRASE);
    window.shows("Unlocked.");
    assert_eq!(token(&valet, "rogue"), held);
}

#[test]
fn a_keychain_that_was_only_just_installed_is_no_dead_end() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _keychain = Keychain::not_set_up(&desktop);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "auto");
    let valet = Valet::on_desktop(&desktop);
    valet.post("/v1/servers/rogue/authorize", &json!({}));
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    window.shows("Log out and in again");
    window.click("a.button[href='#/passphrase']");
    choose(&window, PASSPHRASE);
    window.press("Move everything there");
    window.shows("from now on");
    assert_eq!((kind(&valet), named(&home)), ("file".into(), "file".into()));
    valet.sign_in("rogue");
    token(&valet, "rogue");
}

#[test]
fn after_a_change_of_the_passphrase_the_old_one_opens_nothing() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "file");
    let valet = Valet::on_desktop(&desktop);
    desktop.click("Choose a passphrase…");
    let window = Browser::window(&desktop);
    choose(&window, PASSPHRASE);
    window.press("Set the passphrase");
    window.shows("from now on");
    valet.sign_in("rogue");
    let held = token(&valet, "rogue");
    window.open("tauri://localhost/#/settings");
    window.click("a[href='#/passphrase']");
    window.fill("input[name=now]", OTHER);
    choose(&window, OTHER);
    window.press("Change the passphrase");
    window.shows("not the passphrase");
    window.fill("input[name=now]", PASSPHRASE);
    window.press("Change the passphrase");
    window.shows("was changed");
    assert_eq!(token(&valet, "rogue"), held);
    valet.kill();

    let valet = Valet::on_desktop(&desktop);
    desktop.click("Enter the passphrase…");
    let window = Browser::window(&desktop);
    give(&window, PASSPHRASE);
    window.shows("not the passphrase");
    window.fill("input[name=now]", OTHER);
    window.press("Unlock");
    window.shows("Unlocked.");
    assert_eq!(token(&valet, "rogue"), held);
}

#[test]
fn from_the_keychain_to_a_file_and_back_tokens_go_out_all_the_time() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let keychain = Keychain::on_desktop(&desktop);
    let (rogue, other) = (Rogue::start(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp()), ("other", &other.mcp())], "keychain");
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    valet.sign_in("other");
    assert!(keychain.items() >= 2);
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let agent = scope.spawn(|| {
            let mut count = 0;
            while !done.load(Ordering::Relaxed) {
                // Each is over as soon as it is there: every request needs the vault.
                rogue.token_lifetime(Some(1));
                assert!(rogue.accepts(&token(&valet, "rogue")));
                count += 1;
            }
            count
        });
        to_file(&window);
        window.shows("from now on");
        assert_eq!((kind(&valet), named(&home)), ("file".into(), "file".into()));
        until("the keychain is empty", || (keychain.items() == 0).then_some(()));
        window.open("tauri://localhost/#/settings");
        window.click("input[name=vault][value=keychain]");
        window.shows("in the keychain now");
        done.store(true, Ordering::Relaxed);
        assert!(agent.join().unwrap() > 0);
    });
    assert_eq!((kind(&valet), named(&home)), ("keychain".into(), "keychain".into()));
    assert!(!home.path().join("state/mcp-valet/vault").exists());
    assert!(!home.path().join("state/mcp-valet/vault.copy").exists());
    let held = token(&valet, "other");
    valet.kill();
    let valet = Valet::on_desktop(&desktop);
    assert_eq!(token(&valet, "other"), held);
    assert!(rogue.accepts(&token(&valet, "rogue")));
}

#[test]
fn killed_before_everything_was_copied_the_old_vault_is_whole() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let keychain = Keychain::on_desktop(&desktop);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    let held = token(&valet, "rogue");
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    keychain.freeze();
    to_file(&window);
    window.shows("A moment…");
    valet.kill();
    keychain.thaw();
    assert_eq!(named(&home), "keychain");
    let valet = Valet::on_desktop(&desktop);
    assert_eq!(token(&valet, "rogue"), held);
}

#[test]
fn killed_before_the_old_vault_was_emptied_the_new_one_is_whole_and_the_old_one_is_emptied_later() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let keychain = Keychain::on_desktop(&desktop);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    let held = token(&valet, "rogue");
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            until("the configuration names the file", || (named(&home) == "file").then_some(()));
            keychain.freeze();
        });
        to_file(&window);
    });
    valet.kill();
    keychain.thaw();
    let valet = Valet::on_desktop(&desktop);
    desktop.click("Enter the passphrase…");
    let window = Browser::window(&desktop);
    give(&window, PASSPHRASE);
    window.shows("Unlocked.");
    assert_eq!((kind(&valet), token(&valet, "rogue")), ("file".into(), held));
    until("the keychain is empty", || (keychain.items() == 0).then_some(()));
}

#[test]
fn where_the_keychain_went_away_a_file_takes_over_what_is_in_memory() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let mut keychain = Keychain::on_desktop(&desktop);
    let (rogue, other) = (Rogue::start(), Rogue::start());
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp() }, "other": { "url": other.mcp() } },
        "valet": { "agents": "ask", "vault": "keychain" },
    }));
    let scribe = Agent::new(&home, "scribe");
    let asks = || scribe.runs("$VALET token rogue --wait 300").expect_code(0).stdout;
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    let held = std::thread::scope(|scope| {
        let agent = scope.spawn(asks);
        desktop.click("scribe wants rogue…");
        let window = Browser::window(&desktop);
        window.choose("Always");
        window.answer("Allow");
        agent.join().unwrap()
    });
    valet.stop();
    let valet = Valet::on_desktop(&desktop);
    assert_eq!(asks(), held);
    keychain.stop();
    assert_eq!(
        valet.post("/v1/servers/other/authorize", &json!({})).expect_status(423).text("reason"),
        "keychain_absent"
    );
    desktop.click("No keychain is running…");
    let window = Browser::window(&desktop);
    window.shows("Keep them in an encrypted file");
    to_file(&window);
    window.shows("from now on");
    until("it is stored", || (valet.server("rogue")["grant"] == "live").then_some(()));
    valet.kill();
    let valet = Valet::on_desktop(&desktop);
    desktop.click("Enter the passphrase…");
    let window = Browser::window(&desktop);
    give(&window, PASSPHRASE);
    window.shows("Unlocked.");
    assert_eq!(asks(), held);
    valet.cli(&["audit", "--verify"]).expect_code(0);
}
