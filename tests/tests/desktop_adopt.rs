//! Secrets of other programs, moved in by the window: counted, shown, moved after a second click, put back.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::thread;

use mcp_valet_tests::planted::read;
use mcp_valet_tests::{Browser, Desktop, Home, Keychain, Valet, this_program, until};
use serde_json::json;

const CURSOR: &str = "{\"mcpServers\": {\n  \"hub\": {\"url\": \"https://hub.example/mcp\", \"headers\": {\"X-Api-Key\": \"sk-hub-of-ada\"}},\n  \"work\": {\"url\": \"https://hub.example/mcp\", \"headers\": {\"X-Api-Key\": \"sk-work-of-ada\"}}\n}}\n";

fn planted(home: &Home) {
    fs::create_dir_all(home.path().join(".cursor")).unwrap();
    fs::write(home.path().join(".cursor/mcp.json"), CURSOR).unwrap();
    fs::write(home.path().join(".cursor/mcp.json.bak"), CURSOR).unwrap();
    home.configure(&json!({
        "mcpServers": { "linear": { "url": "https://l.example/mcp" } },
        "valet": { "agents": "ask", "vault": "keychain" },
    }));
}

#[test]
fn secrets_are_counted_and_moved_with_a_second_click_but_what_is_unticked_and_put_back() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let keychain = Keychain::on_desktop(&desktop);
    planted(&home);
    let _valet = Valet::on_desktop(&desktop);
    desktop.activate();
    let window = Browser::window(&desktop);
    window.goes_to("/settings");
    window.shows("2 secrets lie in plain text");
    window.goes_to("/move");
    let page = window.shows("header X-Api-Key");
    assert!(page.contains("Cursor, ~/.cursor/mcp.json") && page.contains("mcp.json.bak has 2"), "{page}");
    assert!(!page.contains("of-ada"), "{page}");
    window.press("Move everything in");
    let page = window.shows("Into the vault: header X-Api-Key");
    assert!(page.contains("\"connect\", \"hub\"") && page.contains("••••••"), "{page}");
    assert!(!page.contains("of-ada"), "{page}");
    assert_eq!(read(&home, ".cursor/mcp.json"), CURSOR, "it was only shown");
    window.click("input[name='work']");
    window.shows("you want it to stay");
    window.press("Move in, and change the files");
    window.shows("Moved in. 1 file was changed.");
    let now = read(&home, ".cursor/mcp.json");
    assert!(!now.contains("sk-hub-of-ada") && now.contains("sk-work-of-ada"), "{now}");
    assert!(keychain.items() > 0);

    window.press("Put back");
    window.shows("goes back to Cursor, in plain text");
    window.press("Change the file");
    until("it is as it was", || (read(&home, ".cursor/mcp.json") == CURSOR).then_some(()));
}

#[test]
fn what_a_program_wants_moved_is_shown_whole_in_the_window() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _keychain = Keychain::on_desktop(&desktop);
    planted(&home);
    let valet = Valet::on_desktop(&desktop);
    thread::scope(|scope| {
        let asking = scope.spawn(|| valet.post("/v1/adopt", &json!({ "clients": ["cursor"], "wait": 60 })));
        desktop.click(&format!("{} wants to change files of other programs…", this_program()));
        let window = Browser::window(&desktop);
        let page = window.shows("wants secrets of other programs to be moved in");
        assert!(page.contains("Into the vault: header X-Api-Key") && !page.contains("of-ada"), "{page}");
        window.answer("Move in");
        let done = asking.join().unwrap().expect_status(200).json();
        assert_eq!(done["files"][0]["servers"], json!(["hub", "work"]));
    });
    assert!(!read(&home, ".cursor/mcp.json").contains("of-ada"));
}
