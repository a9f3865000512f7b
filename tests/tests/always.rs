//! "Allow always": given in the window, kept in the keychain, taken back with one click; and never to a program that stands for
//! others.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use mcp_valet_tests::{Browser, CommandOutput, Desktop, Home, Keychain, Rogue, Valet, until};
use serde_json::json;

/// What a program of its own is answered when it asks for a token.
fn asks(home: &Home) -> CommandOutput {
    let program = home.path().join("scribe");
    if !program.exists() {
        fs::copy("/usr/bin/curl", &program).unwrap();
    }
    let mut command = home.command(&program);
    command.args(["--silent", "--max-time", "60", "--unix-socket", home.socket().to_str().unwrap()]);
    command.args(["--data-raw", r#"{"server":"rogue"}"#, "-H", "Content-Type: application/json"]);
    home.run(command.arg("http://localhost/v1/token"))
}

fn with_rogue(home: &Home) -> Rogue {
    let rogue = Rogue::start();
    let servers = json!({ "rogue": { "url": rogue.mcp() } });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "ask" } }));
    rogue
}

fn gets_a_token(answer: &CommandOutput) -> bool {
    answer.stdout.contains("access_token")
}

#[test]
fn what_is_allowed_always_outlives_the_valet_until_it_is_taken_back() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _keychain = Keychain::on_desktop(&desktop);
    let _rogue = with_rogue(&home);
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    std::thread::scope(|scope| {
        let agent = scope.spawn(|| asks(&home));
        desktop.click("scribe wants rogue…");
        let window = Browser::window(&desktop);
        window.press("Allow always");
        assert!(gets_a_token(&agent.join().unwrap()));
    });
    valet.stop();

    let valet = Valet::on_desktop(&desktop);
    desktop.menu_has("rogue: ready");
    assert!(gets_a_token(&asks(&home)), "it is asked about again");
    desktop.click("rogue: ready");
    let window = Browser::window(&desktop);
    window.shows("Allowed always");
    window.press("Ask again");
    until("the answer is gone", || (!window.page().contains("Allowed always")).then_some(()));
    valet.stop();

    let _valet = Valet::on_desktop(&desktop);
    std::thread::scope(|scope| {
        let agent = scope.spawn(|| asks(&home));
        desktop.click("scribe wants rogue…");
        let window = Browser::window(&desktop);
        window.press("Don’t allow");
        assert!(!gets_a_token(&agent.join().unwrap()));
    });
}

#[test]
fn never_outlives_the_valet_asks_nothing_and_is_taken_back_with_one_click() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _keychain = Keychain::on_desktop(&desktop);
    let _rogue = with_rogue(&home);
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    std::thread::scope(|scope| {
        let agent = scope.spawn(|| asks(&home));
        desktop.click("scribe wants rogue…");
        let window = Browser::window(&desktop);
        window.press("Never allow");
        assert!(agent.join().unwrap().stdout.contains("\"denied\""));
    });
    valet.stop();

    let valet = Valet::on_desktop(&desktop);
    desktop.menu_has("rogue: ready");
    assert!(asks(&home).stdout.contains("\"denied\""), "it is asked about again");
    desktop.click("rogue: ready");
    let window = Browser::window(&desktop);
    window.shows("Never allowed");
    window.press("Ask again");
    until("the answer is gone", || (!window.page().contains("Never allowed")).then_some(()));
    std::thread::scope(|scope| {
        let agent = scope.spawn(|| asks(&home));
        desktop.click("scribe wants rogue…");
        window.shows("scribe wants to use rogue");
        window.press("Allow once");
        assert!(gets_a_token(&agent.join().unwrap()));
    });
    valet.stop();
}

#[test]
fn how_often_an_allowed_program_used_a_server_is_still_known_after_a_kill() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _keychain = Keychain::on_desktop(&desktop);
    let _rogue = with_rogue(&home);
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    std::thread::scope(|scope| {
        let agent = scope.spawn(|| asks(&home));
        desktop.click("scribe wants rogue…");
        let window = Browser::window(&desktop);
        window.press("Allow always");
        assert!(gets_a_token(&agent.join().unwrap()));
    });
    assert!(gets_a_token(&asks(&home)));
    let records = home.path().join("state/mcp-valet/servers.json");
    until("it is written down", || {
        fs::read_to_string(&records).unwrap().contains("\"times\": 2").then_some(())
    });
    valet.kill();

    let _valet = Valet::on_desktop(&desktop);
    assert!(gets_a_token(&asks(&home)));
    desktop.click("rogue: ready");
    let window = Browser::window(&desktop);
    window.shows("used 3 times");
}

#[test]
fn dont_ask_again_outlives_the_valet_and_is_taken_back_with_one_click() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _keychain = Keychain::on_desktop(&desktop);
    let _rogue = with_rogue(&home);
    let valet = Valet::on_desktop(&desktop);
    desktop.click("All servers…");
    let window = Browser::window(&desktop);
    window.open("tauri://localhost/#/servers/rogue");
    window.press("Don’t ask again");
    desktop.menu_has("rogue: not asked about");
    valet.stop();

    let valet = Valet::on_desktop(&desktop);
    assert_eq!(valet.token("rogue").expect_status(403).text("reason"), "declined_for_good");
    desktop.click("rogue: not asked about");
    let window = Browser::window(&desktop);
    window.press("Ask me again");
    desktop.menu_has("rogue: authorize…");
}

#[test]
fn a_program_that_stands_for_others_cannot_be_allowed_always() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _keychain = Keychain::on_desktop(&desktop);
    let _rogue = with_rogue(&home);
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    std::thread::scope(|scope| {
        let agent = scope.spawn(|| valet.token("rogue"));
        desktop.click("curl wants rogue…");
        let window = Browser::window(&desktop);
        let page = window.shows("Don’t allow");
        assert!(!page.contains("Allow always"), "{page}");
        window.press("Allow for now");
        agent.join().unwrap().expect_status(200);
    });
}
