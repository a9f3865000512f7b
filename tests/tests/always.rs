//! A yes for always: given in the window, kept in the keychain, taken back with one click; and never to
//! whatever runs in a terminal.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Agent, Browser, CommandOutput, Desktop, Home, Keychain, Rogue, Valet, until};
use serde_json::json;
use std::fs;

/// What an application is answered when it asks for a token.
fn asks(home: &Home) -> CommandOutput {
    Agent::at(home, "scribe").runs("$VALET token rogue")
}

fn with_rogue(home: &Home) -> Rogue {
    let rogue = Rogue::start();
    let servers = json!({ "rogue": { "url": rogue.mcp() } });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "ask" } }));
    rogue
}

/// scribe asks for a token, and the person presses this.
fn answered(home: &Home, desktop: &Desktop<'_>, press: &str) -> CommandOutput {
    std::thread::scope(|scope| {
        let agent = scope.spawn(|| asks(home));
        desktop.click("scribe wants rogue…");
        let window = Browser::window(desktop);
        window.choose("Always");
        window.answer(press);
        agent.join().unwrap()
    })
}

fn gets_a_token(answer: &CommandOutput) -> bool {
    answer.code == 0
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
        window.choose("Always");
        window.answer("Allow");
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
        window.answer("Don’t allow");
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
        window.choose("Always");
        window.answer("Don’t allow");
        agent.join().unwrap().expect_code(4);
    });
    valet.stop();

    let valet = Valet::on_desktop(&desktop);
    desktop.menu_has("rogue: ready");
    asks(&home).expect_code(4);
    desktop.click("rogue: ready");
    let window = Browser::window(&desktop);
    window.shows("Never allowed");
    window.press("Ask again");
    until("the answer is gone", || (!window.page().contains("Never allowed")).then_some(()));
    std::thread::scope(|scope| {
        let agent = scope.spawn(|| asks(&home));
        desktop.click("scribe wants rogue…");
        window.asks("scribe wants to use rogue");
        window.choose("Once");
        window.answer("Allow");
        assert!(gets_a_token(&agent.join().unwrap()));
    });
    valet.stop();
}

#[test]
fn a_program_that_was_refused_cannot_have_that_forgotten() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _keychain = Keychain::on_desktop(&desktop);
    let rogue = with_rogue(&home);
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    answered(&home, &desktop, "Don’t allow").expect_code(4);
    let scribe = Agent::at(&home, "scribe");
    let asks = || scribe.runs("timeout 20 $VALET token rogue").expect_code(4);

    scribe.runs("$VALET revoke rogue").expect_code(0);
    valet.sign_in("rogue");
    asks();
    scribe.runs(&format!("$VALET remove rogue && $VALET add rogue {}", rogue.mcp())).expect_code(0);
    valet.sign_in("rogue");
    asks();
    scribe.runs("$VALET revoke --all --yes").expect_code(0);
    valet.sign_in("rogue");
    asks();
    valet.stop();

    let _valet = Valet::on_desktop(&desktop);
    asks();
}

#[test]
fn an_answer_that_the_keychain_does_not_let_go_is_taken_back_at_the_end_at_the_latest() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let keychain = Keychain::on_desktop(&desktop);
    let _rogue = with_rogue(&home);
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    assert!(gets_a_token(&answered(&home, &desktop, "Allow")));
    desktop.click("rogue: ready");
    let window = Browser::window(&desktop);
    window.shows("Allowed always");
    keychain.lock();
    window.press("Ask again");
    window.open("tauri://localhost/#/");
    window.shows("or took back, is in memory only");
    keychain.unlock();
    valet.stop();

    let _valet = Valet::on_desktop(&desktop);
    assert!(!gets_a_token(&answered(&home, &desktop, "Don’t allow")));
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
        window.choose("Always");
        window.answer("Allow");
        assert!(gets_a_token(&agent.join().unwrap()));
    });
    assert!(gets_a_token(&asks(&home)));
    let uses = home.path().join("state/mcp-valet/servers.uses");
    until("it is written down", || {
        fs::read_to_string(&uses).is_ok_and(|uses| uses.contains("\"times\":2")).then_some(())
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
fn what_runs_in_a_terminal_cannot_be_allowed_always() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _keychain = Keychain::on_desktop(&desktop);
    let _rogue = with_rogue(&home);
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    std::thread::scope(|scope| {
        let terminal = Agent::new(&home, "xterm");
        let agent = scope.spawn(move || terminal.runs("$VALET token rogue"));
        desktop.click("\"A program in XTerm\" wants rogue…");
        let window = Browser::window(&desktop);
        let page = window.shows("Don’t allow");
        assert!(!page.contains("Always"), "{page}");
        window.choose("For now");
        window.answer("Allow");
        agent.join().unwrap().expect_code(0);
    });
}
