//! Accounts by folder in the window: which one, and where it is told.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::thread;

use mcp_valet_tests::proposals::entries;
use mcp_valet_tests::{Agent, Browser, Desktop, Home, Rogue, Valet, until};
use serde_json::{Value, json};

/// A valet with two accounts at one server, each for a folder, that both are signed in to.
fn with_two_accounts<'a>(desktop: &'a Desktop<'a>, rogue: &Rogue, agents: &str) -> Valet<'a> {
    let entry = |folder: &str| json!({ "url": rogue.mcp(), "folders": [folder] });
    desktop.home().configure(&json!({
        "mcpServers": { "acme": entry("~/acme"), "globex": entry("~/globex") },
        "valet": { "agents": agents, "vault": "memory" },
    }));
    let valet = Valet::on_desktop(desktop);
    ["acme", "globex"].iter().for_each(|name| valet.sign_in(name));
    valet
}

#[test]
fn the_person_names_an_account_for_a_folder_in_the_window_and_is_asked_about_that_one() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let rogue = Rogue::start();
    let _valet = with_two_accounts(&desktop, &rogue, "ask");
    let scribe = Agent::new(&home, "scribe");
    let ask = || {
        let body = json!({ "server": rogue.mcp(), "wait": 60 });
        let curl = "curl -s --max-time 60 --unix-socket $SOCKET -H 'Content-Type: application/json'";
        scribe.runs(&format!("cd {}; {curl} -d '{body}' http://localhost/v1/token", home.path().display()))
    };
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    thread::scope(|scope| {
        let asking = scope.spawn(ask);
        let host = rogue.origin().replace("http://", "");
        desktop.click(&format!("Which account of {host} for scribe?"));
        window.asks("may scribe use here?");
        let asked = window.page();
        for shown in ["No account is for this folder.", "acme", "For ~/acme", "globex", "For ~/globex"] {
            assert!(asked.contains(shown), "{shown} is not in {asked}");
        }
        window.read();
        assert!(!window.can_allow(), "none is chosen as long as the person has not");
        window.choose("globex");
        window.answer("Use this account");
        desktop.click("scribe wants globex…");
        window.asks("scribe wants to use globex");
        assert!(window.page().contains(&format!("In {}", home.path().display())), "{}", window.page());
        window.answer("Allow");
        let token: Value = asking.join().unwrap().json();
        assert_eq!(token["server"], "globex", "{token}");
    });
    assert_eq!(ask().json()["server"], "globex");
    desktop.click("globex: ready");
    assert!(window.shows("For folders").contains("~/globex"));
}

#[test]
fn a_folder_is_an_accounts_from_now_on_by_its_question_and_on_its_page() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let rogue = Rogue::start();
    let valet = with_two_accounts(&desktop, &rogue, "allow");
    let scribe = Agent::new(&home, "scribe");
    let folders = |name: &str| entries(&home)[name]["folders"].clone();
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    thread::scope(|scope| {
        let body = json!({ "server": rogue.mcp(), "wait": 60 });
        let curl = "curl -s --max-time 60 --unix-socket $SOCKET -H 'Content-Type: application/json'";
        let ask = format!("cd {}; {curl} -d '{body}' http://localhost/v1/token", home.path().display());
        let asking = scope.spawn(move || scribe.runs(&ask));
        let host = rogue.origin().replace("http://", "");
        desktop.click(&format!("Which account of {host} for scribe?"));
        window.asks("may scribe use here?");
        window.choose("globex");
        window.choose("For this folder, from now on");
        window.shows("Written into the configuration");
        window.read();
        window.answer("Use this account");
        assert_eq!(asking.join().unwrap().json()["server"], "globex");
    });
    assert_eq!(folders("globex"), json!(["~/globex", home.path()]));
    desktop.click("acme: ready");
    window.click("details.edit > summary");
    until("the form is open", || window.has("details.edit[open]").then_some(()));
    window.replace("textarea[name=folders]", "~/acme\u{e007}~/work/acme");
    window.click("details.edit button");
    until("it is in force", || (folders("acme") == json!(["~/acme", "~/work/acme"])).then_some(()));
    assert_eq!(valet.server("acme")["folders"], json!(["~/acme", "~/work/acme"]));
}
