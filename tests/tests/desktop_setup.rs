//! Other programs, led here in the window: shown first, written with a second click, and put back.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::thread;

use mcp_valet_tests::stuck::stuck;
use mcp_valet_tests::{Browser, Desktop, Home, Valet, this_program, until};
use serde_json::json;

const CODEX: &str = "model = \"x\" # mine\n";

fn codex(home: &Home) -> String {
    fs::read_to_string(home.path().join(".codex/config.toml")).unwrap()
}

fn with_codex(home: &Home) {
    fs::create_dir(home.path().join(".codex")).unwrap();
    fs::write(home.path().join(".codex/config.toml"), CODEX).unwrap();
    home.asks_about(&[("linear", "https://l.example/mcp")]);
}

#[test]
fn connect_shows_the_lines_and_writes_them_and_put_back_takes_them_out() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    with_codex(&home);
    let valet = Valet::on_desktop(&desktop);
    desktop.activate();
    let window = Browser::window(&desktop);
    window.goes_to("/servers/linear");
    window.press("Codex");
    window.press("Connect");
    let page = window.shows("These lines are put into its file.");
    assert!(page.contains("+ [mcp_servers.linear]") && page.contains("~/.codex/config.toml"), "{page}");
    assert_eq!(codex(&home), CODEX, "it was only shown");
    window.press("Change the file");
    window.shows("Connected.");
    assert!(codex(&home).starts_with(CODEX) && codex(&home).contains("[mcp_servers.linear]"));

    valet.cli(&["add", "board", "https://b.example/mcp"]).expect_code(0);
    window.goes_to("/settings");
    let page = window.shows("Not yet there: board");
    assert!(page.contains("Connected to linear"), "{page}");
    window.press("Put back");
    window.shows("These lines are taken out of its file.");
    window.press("Change the file");
    until("it is as it was", || (codex(&home) == CODEX).then_some(()));
    window.shows("Not connected");
}

#[test]
fn what_a_program_wants_is_shown_whole_in_the_window() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    with_codex(&home);
    let valet = Valet::on_desktop(&desktop);
    thread::scope(|scope| {
        let asking = scope.spawn(|| valet.post("/v1/setup", &json!({ "clients": ["codex"], "wait": 60 })));
        desktop.click(&format!("{} wants to change files of other programs…", this_program()));
        let window = Browser::window(&desktop);
        let page = window.shows("wants to lead other programs here");
        assert!(page.contains("+ [mcp_servers.linear]") && page.contains("~/.codex/config.toml"), "{page}");
        window.answer("Change the files");
        let done = asking.join().unwrap().expect_status(200).json();
        assert_eq!(done["files"][0]["servers"], json!(["linear"]));
    });
    assert!(codex(&home).contains("[mcp_servers.linear]"));
}

#[test]
fn a_program_that_has_a_look_stuck_does_not_shut_out_the_window() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    with_codex(&home);
    let project = home.path().join("project");
    fs::create_dir(&project).unwrap();
    let valet = Valet::on_desktop(&desktop);
    desktop.activate();
    let window = Browser::window(&desktop);
    window.goes_to("/servers/linear");
    let _stuck = stuck(&home, &valet, &project);
    let asked = json!({ "clients": ["codex"], "project": project });
    let nothing = json!({ "clients": ["codex"], "undo": true });
    thread::scope(|scope| {
        let asking = scope.spawn(|| valet.post("/v1/setup", &asked));
        until("it is looked", || (valet.post("/v1/setup", &nothing).status == 429).then_some(()));
        window.press("Codex");
        window.press("Connect");
        window.shows("These lines are put into its file.");
        home.move_clock(60);
        asking.join().unwrap().expect_status(504);
    });
}
