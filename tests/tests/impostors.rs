//! A remembered answer is for the program that it was given to, whatever another one says of itself.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use mcp_valet_tests::{Agent, Browser, Desktop, Home, Keychain, MadeUp, Rogue, Terminal, Valet, until};
use serde_json::json;

const QUESTION: &str = "Allow [o]nce";
const TOKEN: &str = "timeout 20 $VALET token rogue";

fn signed_in<'home>(home: &'home Home, rogue: &Rogue) -> (Valet<'home>, Terminal) {
    home.asks_about(&[("rogue", &rogue.mcp())]);
    let (valet, terminal) = Valet::on_terminal(home);
    valet.sign_in("rogue");
    (valet, terminal)
}

#[track_caller]
fn answered(agent: &Agent<'_>, terminal: &mut Terminal, (count, answer): (usize, &str)) -> i32 {
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| agent.runs(TOKEN));
        let asked = || terminal.screen().matches(QUESTION).count() >= count;
        until(&format!("question {count} is asked"), || asked().then_some(()));
        terminal.types(answer);
        asking.join().unwrap().code
    })
}

/// A shell that is not the one that was allowed, byte for byte.
fn another_program() -> Vec<u8> {
    [fs::read("/bin/bash").unwrap(), b"not the honest one".to_vec()].concat()
}

#[test]
fn a_file_system_that_a_program_makes_up_gives_nobody_the_answer_for_the_program_that_it_imitates() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let scribe = Agent::new(&home, "scribe/scribe");
    assert_eq!(answered(&scribe, &mut terminal, (1, "f")), 0);
    scribe.runs(TOKEN).expect_code(0);
    let impostor = MadeUp::over(scribe.file(), another_program());
    assert_eq!(answered(&scribe, &mut terminal, (2, "d")), 4);
    drop(impostor);
    scribe.runs(TOKEN).expect_code(0);
}

#[test]
fn a_program_in_memory_is_allowed_for_now_and_no_longer() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _keychain = Keychain::on_desktop(&desktop);
    let rogue = Rogue::start();
    let servers = json!({ "rogue": { "url": rogue.mcp() } });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "ask" } }));
    let scribe = Agent::in_memory(&home, "scribe");
    let asks = |press: &str| {
        std::thread::scope(|scope| {
            // A window takes its time to open.
            let agent = scope.spawn(|| scribe.runs("$VALET token rogue"));
            desktop.click("scribe wants rogue…");
            let window = Browser::window(&desktop);
            window.shows("For now");
            assert!(!window.page().contains("Always"), "{}", window.page());
            window.choose("For now");
            window.answer(press);
            agent.join().unwrap().code
        })
    };
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    assert_eq!(asks("Allow"), 0);
    scribe.runs(TOKEN).expect_code(0);
    valet.stop();
    let _valet = Valet::on_desktop(&desktop);
    assert_eq!(asks("Don’t allow"), 4);
}
