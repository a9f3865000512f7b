//! Notifications say what waits and who asks. They answer nothing, whoever clicks.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::thread;

use mcp_valet_tests::{Agent, Browser, Demo, Desktop, Home, Process, Valet, this_program, until};
use serde_json::json;

/// A home with the demo as its one server, whose agents are asked about.
fn with_demo(home: &Home) -> Demo {
    let demo = Demo::start(home);
    home.lists(&[("demo", &demo.mcp())], "memory");
    home.asks_about(&[("demo", &demo.mcp())]);
    demo
}

fn remembered(home: &Home) -> Desktop<'_> {
    let mut desktop = Desktop::start(home);
    desktop.remember_notifications();
    desktop
}

/// A program that asks for a token, and waits.
fn asks(home: &Home, name: &str) -> Process {
    let agent = Agent::at(home, name);
    home.spawn(&mut agent.command("$VALET token demo"), &name.replace('/', "-"))
}

/// What is on the screen, in the order in which it came there.
fn summaries(desktop: &Desktop<'_>) -> Vec<String> {
    desktop.on_screen().into_iter().map(|(_, words)| words).collect()
}

#[track_caller]
fn shows(desktop: &Desktop<'_>, names: &[&str]) {
    let wanted: Vec<String> = names.iter().map(|name| format!("{name} wants to use demo")).collect();
    until(&format!("{wanted:?}: {:?}", summaries(desktop)), || (summaries(desktop) == wanted).then_some(()));
}

#[test]
fn a_notification_has_no_buttons_and_whatever_is_pressed_opens_its_page_and_answers_nothing() {
    let home = Home::new();
    let desktop = remembered(&home);
    let _demo = with_demo(&home);
    let valet = Valet::on_desktop(&desktop);
    thread::scope(|scope| {
        let agent = scope.spawn(|| valet.token("demo"));
        let shown = until("a notification says who asks", || desktop.notifications().into_iter().next());
        assert_eq!(shown["summary"], format!("{} wants to use demo", this_program()));
        assert_eq!(shown["buttons"], json!(["default", "Open"]));
        assert_eq!(shown["entry"], "mcp-valet-tray", "the name of the entry that is installed");
        desktop.press(&[1], "allow");
        let window = Browser::window(&desktop);
        until("its page is opened", || window.url().ends_with("#/questions/1").then_some(()));
        until("it is off the screen", || (desktop.closed() == [1]).then_some(()));
        desktop.press(&[1], "allow");
        assert!(desktop.menu().contains(&format!("{} wants demo…", this_program())), "nothing was answered");
        window.answer("Don’t allow");
        assert_eq!(agent.join().unwrap().expect_status(403).text("code"), "denied");
    });
}

#[test]
fn a_click_that_did_not_come_from_the_notification_opens_nothing_and_answers_nothing() {
    let home = Home::new();
    let desktop = remembered(&home);
    let _demo = with_demo(&home);
    let _valet = Valet::on_desktop(&desktop);
    let mut scribe = asks(&home, "scribe");
    shows(&desktop, &["scribe"]);
    for key in ["default", "allow", "deny"] {
        desktop.forge_a_press(1, key);
    }
    // What was said before this has been heard by the time this is answered.
    desktop.click("Activity…");
    let window = Browser::window(&desktop);
    until("that page is shown", || window.url().ends_with("#/activity").then_some(()));
    shows(&desktop, &["scribe"]);
    assert!(scribe.ended().is_none() && desktop.menu().contains(&"scribe wants demo…".to_owned()));
}

#[test]
fn a_double_click_opens_one_page_and_allows_nothing() {
    let home = Home::new();
    let desktop = remembered(&home);
    let _demo = with_demo(&home);
    let _valet = Valet::on_desktop(&desktop);
    let mut scribe = asks(&home, "scribe");
    shows(&desktop, &["scribe"]);
    let mut quill = asks(&home, "quill");
    shows(&desktop, &["scribe", "quill"]);
    desktop.press(&[1, 2], "default");
    shows(&desktop, &["quill"]);
    let window = Browser::window(&desktop);
    window.asks("scribe wants to use demo");
    assert!(scribe.ended().is_none() && quill.ended().is_none());
    until("a click later opens the other", || {
        desktop.press(&[2], "default");
        window.page().contains("quill wants to use demo").then_some(())
    });
}

#[test]
fn the_three_most_urgent_are_shown_and_the_least_urgent_comes_back_when_there_is_room() {
    let home = Home::new();
    let desktop = remembered(&home);
    let _demo = with_demo(&home);
    let _valet = Valet::on_desktop(&desktop);
    let names = ["one", "two", "three", "four"];
    let _agents: Vec<Process> = (1..=names.len())
        .map(|number| {
            let agent = asks(&home, names[number - 1]);
            shows(&desktop, &names[number.saturating_sub(3)..number]);
            agent
        })
        .collect();
    desktop.click("four wants demo…");
    let window = Browser::window(&desktop);
    window.asks("four wants to use demo");
    window.answer("Don’t allow");
    shows(&desktop, &["two", "three", "one"]);
}

#[test]
fn words_from_outside_are_no_markup_and_are_left_as_they_are_where_there_is_none() {
    let home = Home::new();
    let mut desktop = remembered(&home);
    let _demo = with_demo(&home);
    let _valet = Valet::on_desktop(&desktop);
    let _scribe = asks(&home, "a & <b>/scribe");
    shows(&desktop, &["scribe"]);
    let note = desktop.notifications().remove(0);
    assert!(note["body"].as_str().unwrap().ends_with("/a &amp; &lt;b&gt;/scribe"), "{note}");

    desktop.remember_notifications_with(&["body"]);
    shows(&desktop, &["scribe"]);
    let note = desktop.notifications().remove(0);
    assert!(note["body"].as_str().unwrap().ends_with("/a & <b>/scribe"), "{note}");
    assert_eq!(note["buttons"], json!([]), "nobody would hear of a click");
}

#[test]
fn what_is_on_the_screen_goes_with_the_valet_however_it_ends() {
    for by_the_menu in [true, false] {
        let home = Home::new();
        let desktop = remembered(&home);
        let _demo = with_demo(&home);
        let mut valet = Valet::on_desktop(&desktop);
        let _scribe = asks(&home, "scribe");
        shows(&desktop, &["scribe"]);
        if by_the_menu {
            desktop.click("Quit");
            until("the valet ends", || (!valet.runs()).then_some(()));
        } else {
            valet.stop();
        }
        assert_eq!(desktop.closed(), [1], "by the menu: {by_the_menu}");
    }
}

#[test]
fn a_notification_that_is_drawn_too_late_is_not_there_twice() {
    let home = Home::new();
    let desktop = remembered(&home);
    let _demo = with_demo(&home);
    let valet = Valet::on_desktop_with(&desktop, "MCP_VALET_LOG", "debug");
    let _scribe = asks(&home, "scribe");
    shows(&desktop, &["scribe"]);
    desktop.freeze_notifications();
    let _quill = asks(&home, "quill");
    until("nobody waits for it any more", || {
        valet.log().contains("a notification could not be shown").then_some(())
    });
    desktop.thaw_notifications();
    until("it came after all", || (desktop.notifications().len() > 1).then_some(()));
    let _courier = asks(&home, "courier");
    shows(&desktop, &["scribe", "quill", "courier"]);
}

#[test]
fn a_program_whose_name_is_markup_is_named_without_harm() {
    let home = Home::new();
    let desktop = remembered(&home);
    let _demo = with_demo(&home);
    let _valet = Valet::on_desktop(&desktop);
    let _agent = asks(&home, "a&b_c");
    desktop.menu_has("\"a&b_c\" wants demo…");
    let tip = until("the tooltip says it", || {
        desktop.tooltip().filter(|tip| tip["description"].as_str().unwrap().contains("wants"))
    });
    assert_eq!(tip["description"], "1 waiting\n\"a&amp;b_c\" wants demo…");
    assert_eq!(fs::read_dir(home.programs()).unwrap().count(), 1);
}
