//! The demo, by the button of the first page alone.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::net::TcpStream;

use mcp_valet_tests::{Browser, Desktop, Home, Valet, until};
use serde_json::json;
use url::Url;

/// Presses the button of the first page, and answers where the demo listens.
fn tries_the_demo(desktop: &Desktop<'_>, valet: &Valet<'_>) -> (Browser, String) {
    let window = Browser::window(desktop);
    window.press("Try the demo");
    window.shows("Authorize");
    let list = valet.get("/v1/servers").json();
    let url = Url::parse(list[0]["url"].as_str().unwrap()).unwrap();
    (window, format!("127.0.0.1:{}", url.port().unwrap()))
}

#[track_caller]
fn ends(address: &str) {
    until("the demo has ended", || TcpStream::connect(address).is_err().then_some(()));
}

fn empty(home: &Home) {
    home.configure(&json!({ "valet": { "vault": "memory" } }));
    home.browser_notes_the_address();
}

#[test]
fn the_first_page_leads_to_a_server_that_is_ready_by_its_button() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    empty(&home);
    let valet = Valet::on_desktop(&desktop);
    let (window, address) = tries_the_demo(&desktop, &valet);
    window.press("Authorize");
    let browser = Browser::start(&home);
    browser.open(&home.opened()[0]);
    browser.click("#allow");
    window.shows("Ready");
    TcpStream::connect(&address).unwrap();
    // However the valet ends.
    valet.kill();
    ends(&address);
}

#[test]
fn the_demo_ends_with_its_place_in_the_list_and_comes_back_by_the_button() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    empty(&home);
    let valet = Valet::on_desktop(&desktop);
    let (window, address) = tries_the_demo(&desktop, &valet);
    valet.cli(&["remove", "demo"]).expect_code(0);
    ends(&address);
    window.key("\u{E00C}");
    // That a program removed it.
    window.press("OK");
    window.press("Try the demo");
    window.shows("Authorize");
}

#[test]
fn a_demo_from_an_earlier_run_is_there_in_the_next_one() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    empty(&home);
    home.lists(&[("demo", "http://127.0.0.1:8976/mcp")], "memory");
    let _valet = Valet::on_desktop(&desktop);
    until("the demo listens", || TcpStream::connect("127.0.0.1:8976").ok());
}

#[test]
fn a_port_that_somebody_else_has_is_left_to_them() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    empty(&home);
    // Whoever has it.
    let _taken = std::net::TcpListener::bind("127.0.0.1:8976");
    let valet = Valet::on_desktop(&desktop);
    let (window, address) = tries_the_demo(&desktop, &valet);
    assert_ne!(address, "127.0.0.1:8976");
    drop(window);
    valet.stop();
    ends(&address);
}
