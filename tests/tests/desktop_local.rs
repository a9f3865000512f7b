//! Programs of this machine in the window: what is asked about one, and its page.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::thread;

use mcp_valet_tests::proposals::audited;
use mcp_valet_tests::stdio::{Session, configure, digest, entry, lives};
use mcp_valet_tests::{Agent, Browser, Desktop, Home, Valet, until};
use serde_json::json;

#[test]
fn a_program_says_on_its_page_for_whom_it_runs_and_what_it_wrote_and_is_stopped_there() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    configure(&home, &json!({}), "memory");
    let valet = Valet::start(&home);
    until("it is in use", || (valet.server("stdio")["state"] == "ready").then_some(()));
    valet.stop();
    let valet = Valet::on_desktop(&desktop);
    let session = Session::begin(&valet);
    let pid = session.look()["pid"].clone();
    session.call("complain", &json!({ "text": "the weather is bad" }));
    desktop.click("stdio: ready");
    let window = Browser::window(&desktop);
    let page = window.shows("Runs on this computer now.");
    for shown in ["python3", "What it wrote last", "just now"] {
        assert!(page.contains(shown), "{shown} is not in {page}");
    }
    window.click("#program ~ details summary");
    window.shows("the weather is bad");
    window.press("Stop");
    window.shows("Runs on this computer, once a program uses it.");
    until("it has ended", || (!lives(&pid)).then_some(()));
    assert!(!window.page().contains("Check this server"));
    until("it is written down", || (audited(&home, "stop_program").len() == 1).then_some(()));
    assert_eq!(audited(&home, "stop_program")[0]["server"], "stdio");
}

#[test]
fn a_program_ends_with_the_answer_that_it_lives_on() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let servers = json!({ "stdio": entry(&json!({})) });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "ask", "vault": "memory", "localServers": true } }));
    // A service takes its file as its owner's word.
    Valet::start(&home).stop();
    let valet = Valet::on_desktop(&desktop);
    let scribe = Agent::new(&home, "scribe");
    let params = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "scribe", "version": "1" } });
    let begins = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params });
    let _asking = scribe.starts(&format!("(echo '{begins}'; sleep 300) | $VALET connect stdio --wait 100"));
    desktop.click("scribe wants stdio…");
    let window = Browser::window(&desktop);
    window.asks("scribe wants to use stdio");
    window.answer("Allow");
    until("it runs", || (valet.server("stdio")["program"]["running"] == 1).then_some(()));
    desktop.click("stdio: ready");
    window.click("[aria-labelledby=agents] a");
    until("its page is there", || window.url().contains("#/programs/").then_some(()));
    window.press("Take everything back");
    window.shows("Take everything back from scribe?");
    window.click("button.danger");
    window.shows("Taken back: 1 server.");
    until("it has ended", || (valet.server("stdio")["program"]["running"] == 0).then_some(()));
}

#[test]
fn no_program_is_agreed_to_before_it_was_there_for_a_second() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    configure(&home, &json!({ "LOG": "info" }), "memory");
    let valet = Valet::on_desktop(&desktop);
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    window.shows("stdio in your configuration starts a program.");
    window.press("Look");
    window.shows("can do whatever you can");
    window.press("Agree");
    assert_eq!(
        valet.get("/v1/servers").json(),
        json!([]),
        "a click that was meant for what was there before is none"
    );
    window.answer("Agree");
    until("it is in use", || (valet.get("/v1/servers/stdio").status == 200).then_some(()));
    Session::begin(&valet).look();
}

#[test]
fn what_was_left_alone_is_shown_whole_before_the_person_agrees() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    configure(&home, &json!({ "LOG": "info" }), "memory");
    let valet = Valet::on_desktop(&desktop);
    assert_eq!(valet.get("/v1/servers").json(), json!([]));
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    window.shows("stdio in your configuration starts a program.");
    window.press("Look");
    let page = window.shows("can do whatever you can");
    for shown in ["command", "python3", "args[0]", "stdio.py", "args[1]", "one two", "env.LOG", "info"] {
        assert!(page.contains(shown), "{shown} is not in {page}");
    }
    window.answer("Agree");
    until("it is in use", || (valet.get("/v1/servers/stdio").status == 200).then_some(()));
    Session::begin(&valet).look();
}

#[test]
fn a_program_that_an_agent_wants_is_shown_whole_in_the_window_and_agreed_to_there() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    home.configure(&json!({ "mcpServers": {}, "valet": { "agents": "allow", "vault": "memory" } }));
    let valet = Valet::on_desktop(&desktop);
    let scribe = Agent::new(&home, "scribe");
    let new = json!({ "name": "stdio", "wait": 60, "program": entry(&json!({ "API_KEY": "SECRET-4711-of-them" })) });
    let post = format!(
        "curl -s --max-time 60 --unix-socket $SOCKET -H 'Content-Type: application/json' --data-raw '{new}' http://localhost/v1/servers"
    );
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    thread::scope(|scope| {
        let asking = scope.spawn(|| scribe.runs(&post));
        desktop.click("scribe wants to add stdio…");
        window.asks("scribe wants to add stdio");
        let page = window.page();
        for shown in ["It starts a program on this computer", "python3", "stdio.py", "one two", "env.API_KEY"]
        {
            assert!(page.contains(shown), "{shown} is not in {page}");
        }
        assert!(!page.contains("SECRET-4711"), "{page}");
        window.answer("Add it");
        assert!(asking.join().unwrap().stdout.contains("\"added\":true"));
    });
    assert_eq!(Session::begin(&valet).look()["digest"], digest("SECRET-4711-of-them"));
}
