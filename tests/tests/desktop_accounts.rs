//! Accounts by folder in the window: which one, and where it is told.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::thread;

use mcp_valet_tests::{Agent, Browser, Desktop, Home, Rogue, Valet};
use serde_json::{Value, json};

#[test]
fn the_person_names_an_account_for_a_folder_in_the_window_and_is_asked_about_that_one() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let rogue = Rogue::start();
    let entry = |folder: &str| json!({ "url": rogue.mcp(), "folders": [folder] });
    home.configure(&json!({
        "mcpServers": { "acme": entry("~/acme"), "globex": entry("~/globex") },
        "valet": { "agents": "ask", "vault": "memory" },
    }));
    let valet = Valet::on_desktop(&desktop);
    ["acme", "globex"].iter().for_each(|name| valet.sign_in(name));
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
