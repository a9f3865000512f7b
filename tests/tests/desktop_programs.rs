//! The window's page for each program: all that it may do, and how that is taken back.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::thread;

use mcp_valet_tests::{Agent, Browser, Desktop, Home, Rogue, Valet, until};
use serde_json::{Map, Value, json};

const TOKEN: &str = "$VALET token --wait 60 ";

/// Has the person answer a program that asks for a token of `server`.
fn answers(
    desktop: &Desktop<'_>,
    window: &Browser,
    agent: &Agent<'_>,
    server: &str,
    (lasts, answer, code): (&str, &str, i32),
) {
    thread::scope(|scope| {
        let asking = scope.spawn(|| agent.runs(&format!("{TOKEN}{server}")));
        desktop.click(&format!("scribe wants {server}…"));
        window.asks(&format!("scribe wants to use {server}"));
        window.choose(lasts);
        window.answer(answer);
        asking.join().unwrap().expect_code(code);
    });
}

#[test]
fn everything_that_a_program_may_do_is_on_its_page_and_taken_back_at_once() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let names = ["one", "two", "three"];
    let rogues = names.map(|_| Rogue::start());
    let servers =
        names.iter().zip(&rogues).map(|(name, rogue)| ((*name).to_owned(), json!({ "url": rogue.mcp() })));
    let servers: Map<String, Value> = servers.collect();
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "ask", "vault": "memory" } }));
    let valet = Valet::on_desktop(&desktop);
    names.iter().for_each(|server| valet.sign_in(server));
    let scribe = Agent::new(&home, "scribe");
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    answers(&desktop, &window, &scribe, "one", ("Always", "Allow", 0));
    answers(&desktop, &window, &scribe, "two", ("For now", "Allow", 0));
    answers(&desktop, &window, &scribe, "three", ("For now", "Don’t allow", 4));
    scribe.runs(&format!("{TOKEN}one")).expect_code(0);

    desktop.click("one: ready");
    window.click("[aria-labelledby=agents] a");
    until("its page is there", || window.url().contains("#/programs/").then_some(()));
    let page = window.shows("It may not use");
    for said in [
        "scribe",
        scribe.file().to_str().unwrap(),
        "May use 2 servers",
        "used 2 times",
        "Not allowed for now",
    ] {
        assert!(page.contains(said), "{said} is not in {page}");
    }
    window.press("Take everything back");
    window.shows("Take everything back from scribe?");
    window.click("button.danger");
    window.shows("Taken back: 2 servers.");
    assert!(!window.page().contains("It may use"), "{}", window.page());
    assert!(window.page().contains("Not allowed for now"), "what was refused stays refused");
    scribe.runs("$VALET token --wait 0 three").expect_code(4);
    answers(&desktop, &window, &scribe, "one", ("For now", "Don’t allow", 4));

    let audit = std::fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap();
    assert_eq!(audit.matches("forget_answer").count(), 2, "{audit}");
}
