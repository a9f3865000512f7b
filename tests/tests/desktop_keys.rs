//! The window by its keys: closed, zoomed, filtered, quit; and as large as it was.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use mcp_valet_tests::{Agent, Browser, Desktop, Home, Valet, until};
use serde_json::{Value, json};

/// A home with one server that nobody needs to reach.
fn with_a_server(home: &Home) {
    home.lists(&[("scribbles", "https://mcp.example.com/mcp")], "memory");
}

fn opened(desktop: &Desktop<'_>) -> Browser {
    desktop.click("Open MCP Valet");
    let window = Browser::window(desktop);
    window.shows("Authorize");
    window
}

#[track_caller]
fn closes(desktop: &Desktop<'_>) {
    until("the window is gone", || desktop.windows().is_empty().then_some(()));
}

/// What is kept of the window, once it is `wanted`.
#[track_caller]
fn keeps(home: &Home, wanted: impl Fn(&Value) -> bool) {
    let file = home.path().join("state/mcp-valet/window.json");
    until("the shape of the window is kept", || {
        let kept: Value = serde_json::from_slice(&fs::read(&file).ok()?).ok()?;
        wanted(&kept).then_some(())
    });
}

#[test]
fn control_w_closes_the_window_and_control_q_the_valet() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    with_a_server(&home);
    let mut valet = Valet::on_desktop(&desktop);
    opened(&desktop).key_with_control("w");
    closes(&desktop);
    assert!(valet.runs());
    opened(&desktop).key_with_control("q");
    until("the valet ends", || (!valet.runs()).then_some(()));
    closes(&desktop);
}

#[test]
fn who_quits_is_told_which_programs_are_connected() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    with_a_server(&home);
    let mut valet = Valet::on_desktop(&desktop);
    let window = opened(&desktop);
    let events = "curl -sN --unix-socket $SOCKET http://localhost/v1/events";
    let scribe = Agent::new(&home, "scribe");
    let mut listening = scribe.starts(events);
    window.shows("scribe is connected");
    listening.kill();
    until("it is seen to go", || (!window.page().contains("is connected")).then_some(()));
    // By the mouse itself: WebDriver would wait for an answer of the window.
    let (x, y) = window.place("Quit");
    let area = desktop.screen().window().unwrap();
    desktop.screen().click(area.x + x, area.y + y);
    until("the valet ends", || (!valet.runs()).then_some(()));
    closes(&desktop);
}

#[test]
fn control_f_filters_the_servers_however_few_there_are() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    with_a_server(&home);
    let _valet = Valet::on_desktop(&desktop);
    let window = opened(&desktop);
    window.key_with_control("f");
    window.fill("input[type=search]", "nothing like it");
    window.shows("No server matches");
    window.fill("input[type=search]", "\u{E00C}");
    window.shows("Authorize");
}

#[test]
fn the_window_comes_back_as_large_as_it_was_and_as_near() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    with_a_server(&home);
    let _valet = Valet::on_desktop(&desktop);
    let window = opened(&desktop);
    assert_eq!(window.evaluates("innerWidth"), json!(760));
    desktop.screen().resize_window(900, 700);
    window.key_with_control("+");
    window.key_with_control("+");
    keeps(&home, |kept| *kept == json!({ "width": 900.0, "height": 700.0, "zoom": 1.25 }));
    window.key_with_control("w");
    closes(&desktop);

    let window = opened(&desktop);
    let area = until("it is on the screen", || desktop.screen().window());
    assert_eq!((area.width, area.height), (900, 700));
    until("it is as near", || (window.evaluates("innerWidth") == json!(720)).then_some(()));
    window.key_with_control("0");
    until("it is as it usually is", || (window.evaluates("innerWidth") == json!(900)).then_some(()));
    keeps(&home, |kept| kept["zoom"] == json!(1.0));
}

#[test]
fn the_window_is_as_every_version_kept_it() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    with_a_server(&home);
    let _valet = Valet::on_desktop(&desktop);
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/stored/window-1.json");
    fs::copy(fixture, home.path().join("state/mcp-valet/window.json")).unwrap();
    let window = opened(&desktop);
    until("it is as it was kept", || (window.evaluates("innerWidth") == json!(720)).then_some(()));
}

#[test]
fn a_window_from_a_larger_screen_fits_on_this_one() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    with_a_server(&home);
    let _valet = Valet::on_desktop(&desktop);
    let kept = home.path().join("state/mcp-valet/window.json");
    fs::write(kept, r#"{ "width": 5000.0, "height": 4000.0, "zoom": 1.0 }"#).unwrap();
    opened(&desktop);
    let area = until("it is on the screen", || desktop.screen().window());
    assert!(area.width <= 1600 && area.height <= 900, "{area:?}");
}

#[test]
fn a_question_mark_leads_to_what_this_program_is_and_is_made_of() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    with_a_server(&home);
    let _valet = Valet::on_desktop(&desktop);
    let window = opened(&desktop);
    window.key("?");
    window.shows(&format!("Version {}", env!("CARGO_PKG_VERSION")));
    window.shows("Nothing. MCP Valet talks to your servers");
    window.shows("Quit MCP Valet");
    window.click("section[aria-labelledby=licence] > details:last-of-type > summary");
    let parts = window.shows("svelte 5.");
    for part in ["rustls 0.", "tauri 2."] {
        assert!(parts.contains(part), "{part}: {parts}");
    }
    window.click("section[aria-labelledby=licence] li summary");
    window.shows("WITHOUT WARRANT");
}
