//! Rules in the window: the question about a call, and the page of the program.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::thread;

use mcp_valet_tests::tools::{changes, deletes, reads, tool};
use mcp_valet_tests::{Agent, Browser, Desktop, Home, Rogue, Valet, until};
use serde_json::{Value, json};

fn sends(message: &str) -> String {
    let curl = "curl -s --max-time 60 --unix-socket $SOCKET -H 'Content-Type: application/json'";
    format!("{curl} --data-raw '{message}' http://localhost/mcp/rogue")
}

#[test]
fn a_call_is_shown_whole_in_the_window_and_allowed_there() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let rogue = Rogue::start();
    rogue.has_tools(vec![reads("list"), deletes("wipe")]);
    home.asks_about(&[("rogue", &rogue.mcp())]);
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    let scribe = Agent::new(&home, "scribe");
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    let list = sends(r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}"#);
    let wipe =
        r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"wipe","arguments":{"id":"12"}}}"#;
    thread::scope(|scope| {
        let listing = scope.spawn(|| scribe.runs(&list));
        desktop.click("scribe wants rogue…");
        window.asks("scribe wants to use rogue");
        window.choose("Reads only, ask before the rest");
        window.answer("Allow");
        assert!(listing.join().unwrap().stdout.contains("\"wipe\""));
        let wiping = scope.spawn(|| scribe.runs(&sends(wipe)));
        desktop.click("scribe wants to call wipe…");
        window.asks("scribe wants to call wipe at rogue");
        let asked = window.page();
        for shown in ["It may delete or overwrite.", "What it is told", "12", "This call", "This tool"] {
            assert!(asked.contains(shown), "{shown} is not in {asked}");
        }
        window.answer("Allow this call");
        assert!(wiping.join().unwrap().stdout.contains("done"));
    });
    assert_eq!(rogue.called(), [r#"wipe {"id":"12"}"#]);
    desktop.click("rogue: ready");
    let page = window.shows("What its tools do");
    for shown in ["reads free, changes ask, deletions ask", "list", "said by the server"] {
        assert!(page.contains(shown), "{shown} is not in {page}");
    }
}

const LIST: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}"#;

/// Ticks a tool in the list of what they do.
fn tick(window: &Browser, tool: &str) {
    let find = format!(
        "[...document.querySelectorAll('label:has(input[type=checkbox])')]
            .find((label) => label.querySelector('.code')?.textContent === '{tool}')"
    );
    until(&format!("there is {tool}"), || (window.evaluates(&format!("!!{find}")) == true).then_some(()));
    window.evaluates(&format!("{find}.querySelector('input').click() ?? true"));
}

/// Chooses from a list.
fn chooses(window: &Browser, select: &str, rule: &str) {
    let set = format!(
        "(() => {{ const select = document.querySelector('{select}'); select.value = '{rule}';
            select.dispatchEvent(new Event('change', {{ bubbles: true }})); return true }})()"
    );
    window.evaluates(&set);
}

fn chosen(window: &Browser, select: &str) -> Value {
    window.evaluates(&format!("document.querySelector('{select}')?.value"))
}

#[test]
fn what_is_chosen_on_a_page_stays_until_it_is_saved_and_several_tools_are_said_at_once() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let rogue = Rogue::start();
    let tools = rogue.has_tools(vec![reads("list"), changes("add"), tool("silent", json!({}))]);
    home.asks_about(&[("rogue", &rogue.mcp())]);
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    let scribe = Agent::new(&home, "scribe");
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    thread::scope(|scope| {
        let listing = scope.spawn(|| scribe.runs(&sends(LIST)));
        desktop.click("scribe wants rogue…");
        window.asks("scribe wants to use rogue");
        window.choose("Reads only, ask before the rest");
        window.answer("Allow");
        listing.join().unwrap();
    });
    desktop.click("rogue: ready");
    window.shows("What its tools do");

    // What the server makes another thing of is not ticked any more.
    tools.are(vec![reads("list"), changes("add"), deletes("silent")]);
    ["add", "silent"].iter().for_each(|name| tick(&window, name));
    window.shows("2 ticked");
    scribe.runs(&sends(LIST));
    window.shows("The server changed some of what you ticked meanwhile");
    window.shows("1 ticked");
    tick(&window, "silent");
    window.shows("2 ticked");
    window.press("Reads");
    until("both are said by the person", || {
        (window.page().matches("said by you").count() == 2).then_some(())
    });

    // Another view comes while a rule is chosen and not saved yet.
    window.click(".whole summary");
    let select = "select[name$=-destroy]";
    assert_eq!(chosen(&window, select), "ask");
    chooses(&window, select, "never");
    let erase = r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"erase","arguments":{}}}"#;
    thread::scope(|scope| {
        let erasing = scope.spawn(|| scribe.runs(&sends(erase)));
        window.shows("scribe wants to call erase");
        assert_eq!(chosen(&window, select), "never");
        window.press("Set these rules");
        window.shows("reads free, changes ask, deletions never");
        let answer = erasing.join().unwrap().stdout;
        assert!(answer.contains("does not allow calls of"), "{answer}");
    });
    assert_eq!(rogue.called(), Vec::<String>::new());
}
