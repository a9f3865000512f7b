//! Rules in the window: the question about a call, and the page of the program.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::thread;

use mcp_valet_tests::tools::{deletes, reads};
use mcp_valet_tests::{Agent, Browser, Desktop, Home, Rogue, Valet};

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
