//! "Allow always": given in the window, kept in the keychain, taken back with one click; and never to whatever runs in a terminal.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Agent, Browser, CommandOutput, Desktop, Home, Keychain, Rogue, Valet, until};
use serde_json::json;

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
        desktop.click("A program in XTerm wants rogue…");
        let window = Browser::window(&desktop);
        let page = window.shows("Don’t allow");
        assert!(!page.contains("Allow always"), "{page}");
        window.press("Allow for now");
        agent.join().unwrap().expect_code(0);
    });
}
