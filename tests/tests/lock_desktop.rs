//! The lock as a person sees it: in the tray, in the window, and once as a reminder.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use mcp_valet_tests::{Browser, Demo, Desktop, Home, Keychain, Locker, Valet, until};
use serde_json::{Value, json};

/// The desktop app, signed in at the demo, which every program may use.
fn signed_in<'home>(desktop: &Desktop<'home>, demo: &Demo) -> Valet<'home> {
    let home = desktop.home();
    home.lists(&[("demo", &demo.mcp())], "keychain");
    let valet = Valet::on_desktop(desktop);
    home.browser_notes_the_address();
    desktop.click("demo: authorize…");
    let browser = Browser::start(home);
    browser.open(&home.opened()[0]);
    browser.click("#allow");
    desktop.menu_has("demo: ready");
    valet
}

#[test]
fn locked_from_the_tray_it_reminds_once_and_is_unlocked_there() {
    let home = Home::new();
    let mut desktop = Desktop::start(&home);
    desktop.remember_notifications();
    let _keychain = Keychain::on_desktop(&desktop);
    let demo = Demo::start(&home);
    let valet = signed_in(&desktop, &demo);
    desktop.click("Lock");
    desktop.menu_has("(Locked)");
    desktop.menu_has("demo: locked");
    assert!(!desktop.menu().contains(&"Lock".to_owned()), "{:?}", desktop.menu());
    assert!(desktop.notifications().is_empty(), "nobody has asked for anything yet");
    for _ in 0..3 {
        valet.token("demo").expect_status(423);
    }
    let shown = until("a reminder", || desktop.notifications().into_iter().next());
    assert_eq!(shown["summary"], "MCP Valet is locked");
    assert_eq!(shown["buttons"], json!(["default", "Open"]));
    desktop.click("Unlock");
    desktop.menu_has("demo: ready");
    valet.token("demo").expect_status(200);
    until("the reminder is gone", || desktop.on_screen().is_empty().then_some(()));
    assert_eq!(desktop.notifications().len(), 1, "one is enough");
}

#[test]
fn while_the_screen_is_locked_nobody_is_reminded() {
    let home = Home::new();
    let mut desktop = Desktop::start(&home);
    desktop.remember_notifications();
    let _keychain = Keychain::on_desktop(&desktop);
    let locker = Locker::start(&home, "org.xfce.ScreenSaver");
    let demo = Demo::start(&home);
    let valet = signed_in(&desktop, &demo);
    desktop.click("Lock");
    locker.lock(true);
    until("the screen is locked", || valet.log().contains("ScreenLocked").then_some(()));
    valet.token("demo").expect_status(423);
    locker.lock(false);
    until("the screen is unlocked", || valet.log().contains("ScreenUnlocked").then_some(()));
    assert!(desktop.notifications().is_empty());
    valet.token("demo").expect_status(423);
    until("a reminder", || desktop.notifications().into_iter().next());
    desktop.click("Unlock");
    desktop.menu_has("demo: ready");
}

#[test]
fn the_window_unlocks_with_one_button_and_sets_when_to_lock() {
    let home = Home::new();
    let desktop = Desktop::start(&home);
    let _keychain = Keychain::on_desktop(&desktop);
    let locker = Locker::start(&home, "org.gnome.ScreenSaver");
    let demo = Demo::start(&home);
    let valet = signed_in(&desktop, &demo);
    desktop.click("Open MCP Valet");
    let window = Browser::window(&desktop);
    window.open("tauri://localhost/#/settings");
    window.click("input[name=screen]");
    let rule = until("it is in the file", || {
        let config: Value = serde_json::from_str(&fs::read_to_string(home.config()).unwrap()).unwrap();
        Some(config["valet"]["lock"].clone()).filter(Value::is_object)
    });
    assert_eq!(rule, json!({ "screen": true, "suspend": true, "idleMinutes": 0 }));
    assert!(!desktop.menu().iter().any(|entry| entry.contains("configuration")), "{:?}", desktop.menu());
    window.open("tauri://localhost/#/");
    locker.lock(true);
    window.shows("It unlocks with the screen.");
    valet.token("demo").expect_status(423);
    window.press("Unlock");
    desktop.menu_has("demo: ready");
    valet.token("demo").expect_status(200);
}
