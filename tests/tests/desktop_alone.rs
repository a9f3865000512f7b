//! A desktop on which something is missing, slow, or there twice: always a clear word, never a panic.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::process::Command;

use mcp_valet_tests::{Browser, CommandOutput, Demo, Desktop, Home, Keychain, Valet, program, until};
use serde_json::json;

/// A home with the demo as its one server, whose agents are asked about.
fn with_demo(home: &Home) -> Demo {
    let demo = Demo::start(home);
    home.asks_about(&[("demo", &demo.mcp())]);
    demo
}

fn tray(home: &Home) -> Command {
    home.command(program("mcp-valet-tray"))
}

fn says(output: &CommandOutput, words: &[&str]) {
    assert!(!output.stderr.contains("panicked"), "{output:?}");
    for word in words {
        assert!(output.stderr.contains(word), "{word:?} is missing: {output:?}");
    }
}

#[test]
fn without_a_display_it_says_what_to_start_instead() {
    let home = Home::new();
    says(&home.run(&mut tray(&home)).expect_code(1), &["there is no display", "mcp-valetd"]);
    let wrong = home.run(tray(&home).env("DISPLAY", ":9999")).expect_code(1);
    says(&wrong, &["cannot be opened", "mcp-valetd"]);
}

#[test]
fn where_nothing_shows_tray_icons_the_window_opens_and_says_so() {
    let home = Home::new();
    let desktop = Desktop::without_tray(&home);
    let _demo = with_demo(&home);
    let _valet = Valet::on_desktop(&desktop);
    let window = Browser::window(&desktop);
    until("the page is told", || window.url().ends_with("#/?notray=1").then_some(()));
}

#[test]
fn without_a_bus_or_on_a_dead_one_the_window_opens_and_agents_are_served() {
    for address in ["unix:path=/nonexistent/bus", ""] {
        let home = Home::new();
        let desktop = Desktop::without_tray(&home);
        let _demo = with_demo(&home);
        let mut valet = Valet::on_desktop_with(&desktop, "DBUS_SESSION_BUS_ADDRESS", address);
        let window = Browser::window(&desktop);
        until("the page is told", || window.url().ends_with("#/?notray=1").then_some(()));
        window.shows("Authorize");
        valet.get("/v1/health").expect_status(200);
        assert!(valet.runs() && !valet.log().contains("panicked"), "{}", valet.log());
    }
}

#[test]
fn no_library_for_tray_icons_is_needed() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _demo = with_demo(&home);
    let mut valet = Valet::on_desktop_without_library(&desktop);
    desktop.menu_has("demo: authorize…");
    assert!(valet.runs() && !valet.log().contains("panicked"), "{}", valet.log());
}

#[test]
fn the_tray_does_not_wait_for_the_keychain_and_can_be_left_meanwhile() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let keychain = Keychain::on_desktop(&desktop);
    let _demo = with_demo(&home);
    home.configure(&json!({ "mcpServers": {}, "valet": { "vault": "auto" } }));
    keychain.freeze();
    let mut valet = Valet::begin_on_desktop(&desktop);
    desktop.menu_has("(Starting…)");
    assert_eq!(desktop.menu(), ["(Starting…)", "---", "Quit"]);
    desktop.click("Quit");
    until("the valet ends", || (!valet.runs()).then_some(()));
}

#[test]
fn a_second_start_on_another_screen_says_where_the_window_is() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _demo = with_demo(&home);
    let mut valet = Valet::on_desktop(&desktop);
    let other = desktop.another_screen();
    let refused = home.run(desktop.command(program("mcp-valet-tray")).env("DISPLAY", other.name()));
    says(&refused.expect_code(1), &["running already", "another screen"]);
    assert!(desktop.windows().is_empty(), "nobody there asked for it");

    let elsewhere = Home::new();
    let mut lost = desktop.command(program("mcp-valet-tray"));
    lost.env("XDG_RUNTIME_DIR", elsewhere.runtime()).env("DISPLAY", other.name());
    says(&home.run(&mut lost).expect_code(1), &["running already, but not at", "quit it there"]);
    assert!(valet.runs());
}

#[test]
fn nobody_but_the_valet_opens_its_window() {
    let home = Home::new();
    let desktop = Desktop::without_tray(&home);
    let refused = home.run(desktop.command(program("mcp-valet-tray")).arg("--window")).expect_code(1);
    says(&refused, &["opened by the valet alone"]);
}
