//! The icon in the panel: what it says, and when it is there.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::thread;

use mcp_valet_tests::{Area, Browser, Demo, Desktop, Home, Look, Valet, this_program, until};
use serde_json::{Map, json};

const NO_TRAY: &str = "This desktop shows no tray icon.";

/// Where the panel has its one icon.
const ICON: Area = Area { x: 4, y: 4, width: 24, height: 24 };

/// A home with the demo as its one server, whose agents are asked about.
fn with_demo(home: &Home) -> Demo {
    let demo = Demo::start(home);
    home.asks_about(&[("demo", &demo.mcp())]);
    demo
}

fn has_icon(desktop: &Desktop<'_>, state: &str) {
    let name = format!("mcp-valet-{state}-symbolic");
    until(&format!("{name}: {:?}", desktop.icon()), || (desktop.icon()? == name).then_some(()));
}

#[test]
fn the_dot_is_for_what_somebody_waits_for_and_each_server_counts_once() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let servers = (0..12).map(|n| (format!("s{n}"), json!({ "url": format!("https://s{n}.example/mcp") })));
    let servers: Map<String, serde_json::Value> = servers.collect();
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "ask", "vault": "memory" } }));
    let valet = Valet::on_desktop(&desktop);
    desktop.menu_has("(Nothing waits for you)");
    desktop.menu_has("s0: authorize…");
    has_icon(&desktop, "well");
    thread::scope(|scope| {
        for n in 0..12 {
            let valet = &valet;
            scope.spawn(move || valet.post("/v1/token", &json!({ "server": format!("s{n}"), "wait": 5 })));
        }
        desktop.menu_has("(12 waiting)");
        has_icon(&desktop, "waiting");
    });
}

#[test]
fn what_hovers_over_the_icon_and_what_a_screen_reader_says_name_what_waits() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _demo = with_demo(&home);
    let valet = Valet::on_desktop(&desktop);
    desktop.menu_has("demo: authorize…");
    let tip = || desktop.tooltip().unwrap();
    assert_eq!(
        tip(),
        json!({ "title": "MCP Valet", "description": "Nothing waits for you", "name": "MCP Valet: Nothing waits for you" })
    );
    thread::scope(|scope| {
        scope.spawn(|| valet.post("/v1/token", &json!({ "server": "demo", "wait": 3 })));
        let says = format!("1 waiting\n{} wants demo…", this_program());
        until("it says who waits", || (tip()["description"] == says).then_some(()));
        assert_eq!(tip()["name"], "MCP Valet: 1 waiting");
    });
}

#[test]
fn where_it_is_installed_the_icon_has_the_colours_of_the_panel_and_elsewhere_its_own() {
    for look in [Look::Light, Look::Dark] {
        let home = Home::new();
        let desktop = Desktop::looking(&home, look);
        let _demo = with_demo(&home);
        let _valet = Valet::on_desktop(&desktop);
        let icon = || desktop.screen().picture(ICON);
        until(&format!("{look:?}: a grey icon is there"), || {
            (!icon().is_blank() && icon().is_grey()).then_some(())
        });
        let (darkest, brightest) = icon().brightness();
        assert!(brightest - darkest > 0x80, "it can be seen: {darkest} {brightest}");
    }
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _demo = with_demo(&home);
    let _valet = Valet::on_desktop(&desktop);
    until("a coloured icon is there", || (!desktop.screen().picture(ICON).is_grey()).then_some(()));
}

#[test]
fn a_click_on_the_icon_opens_the_window() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _demo = with_demo(&home);
    let _valet = Valet::on_desktop(&desktop);
    desktop.menu_has("demo: authorize…");
    assert!(desktop.windows().is_empty(), "nobody asked for a window");
    desktop.activate();
    Browser::window(&desktop).shows("Authorize");
}

#[test]
fn the_notice_that_there_is_no_icon_goes_when_there_is_one() {
    let home = Home::new();
    let mut desktop = Desktop::starting(&home, Look::Light);
    let _demo = with_demo(&home);
    let _valet = Valet::on_desktop(&desktop);
    let window = Browser::window(&desktop);
    window.shows(NO_TRAY);
    desktop.restart_panel();
    desktop.menu_has("demo: authorize…");
    until("the notice is gone", || (!window.page().contains(NO_TRAY)).then_some(()));
}

#[test]
fn no_window_opens_at_login_while_the_panel_is_yet_to_come() {
    let home = Home::new();
    let mut desktop = Desktop::starting(&home, Look::Light);
    let _demo = with_demo(&home);
    let valet = Valet::at_login(&desktop);
    thread::scope(|scope| {
        scope.spawn(|| valet.post("/v1/token", &json!({ "server": "demo", "wait": 3 })).expect_status(504));
    });
    assert!(desktop.windows().is_empty(), "three seconds and a question are no reason");
    desktop.restart_panel();
    desktop.menu_has(&format!("{} wants demo…", this_program()));
    assert!(desktop.windows().is_empty(), "the icon is there");
}

#[test]
fn no_window_opens_at_login_where_there_are_no_servers_or_a_valet_runs_already() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    home.configure(&json!({ "mcpServers": {}, "valet": { "vault": "memory" } }));
    let _valet = Valet::at_login(&desktop);
    desktop.menu_has("(No servers yet)");
    let mut again = desktop.valet();
    home.run(again.arg("--login")).expect_code(0);
    assert!(desktop.windows().is_empty());
}
