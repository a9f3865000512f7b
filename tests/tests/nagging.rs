//! One reminder for each need, however often it is asked for; the tray shows it until it is met.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::thread;

use mcp_valet_tests::{Browser, Desktop, Home, HttpResponse, Keychain, Rogue, Valet, this_program, until};
use serde_json::json;

/// What the menu says while this program asks.
fn wants() -> String {
    format!("{} wants rogue…", this_program())
}

/// Past the life of the rogue's access tokens.
const LIFE: i64 = 601;
/// Longer than a wish or a question outlives whoever had it.
const LATER: i64 = 400;

fn with_rogue(home: &Home, agents: &str, vault: &str) -> Rogue {
    let rogue = Rogue::start();
    let servers = json!({ "rogue": { "url": rogue.mcp() } });
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": agents, "vault": vault } }));
    rogue
}

fn desktop(home: &Home) -> Desktop<'_> {
    let mut desktop = Desktop::start(home);
    desktop.remember_notifications();
    desktop
}

/// Asks and does not wait for long.
fn asks(valet: &Valet<'_>) -> HttpResponse {
    valet.post("/v1/token", &json!({ "server": "rogue", "wait": 1 }))
}

fn summaries(desktop: &Desktop<'_>) -> Vec<String> {
    desktop.notifications().iter().map(|note| note["summary"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn ten_programs_that_ask_for_hours_for_what_has_lapsed_make_one_notification() {
    let home = Home::new();
    let desktop = desktop(&home);
    let rogue = with_rogue(&home, "allow", "memory");
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    desktop.click("rogue: ready");
    let window = Browser::window(&desktop);
    window.shows("Renews by itself");
    rogue.end_grants();
    let mut clock = LIFE;
    home.move_clock(clock);
    for _ in 0..6 {
        thread::scope(|scope| {
            let programs: Vec<_> = (0..10).map(|_| scope.spawn(|| asks(&valet))).collect();
            window.shows(&format!("{} waits for you to sign in.", this_program()));
            for program in programs {
                let answer = program.join().unwrap();
                assert!([401, 504].contains(&answer.status), "{answer:?}");
            }
        });
        clock += 3600;
        home.move_clock(clock);
        until("nobody waits any more", || (!window.page().contains("waits for you")).then_some(()));
        desktop.menu_has("rogue: authorize again…");
    }
    assert_eq!(summaries(&desktop).len(), 1, "{:?}", summaries(&desktop));
    assert_eq!(desktop.on_screen().len(), 1, "it stays, as the need does");

    valet.sign_in("rogue");
    until("the need is met, and its notification gone", || (desktop.closed() == [1]).then_some(()));
    rogue.end_grants();
    home.move_clock(clock + LIFE);
    asks(&valet);
    until("what lapses again is another need", || (summaries(&desktop).len() == 2).then_some(()));
}

#[test]
fn put_away_is_told() {
    let home = Home::new();
    let desktop = desktop(&home);
    let _rogue = with_rogue(&home, "allow", "memory");
    let valet = Valet::on_desktop(&desktop);
    for round in 1..4 {
        asks(&valet);
        until("it is told", || {
            (summaries(&desktop) == [format!("{} needs rogue", this_program())]).then_some(())
        });
        until("nobody waits, and it is gone", || (desktop.closed() == [1]).then_some(()));
        home.move_clock(round * LATER);
    }
    assert_eq!(summaries(&desktop).len(), 1);
}

#[test]
fn a_question_that_nobody_answers_comes_back_to_the_menu_and_not_to_the_screen() {
    let home = Home::new();
    let desktop = desktop(&home);
    let _rogue = with_rogue(&home, "ask", "memory");
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    for round in 1..4 {
        asks(&valet).expect_status(504);
        desktop.menu_has(&wants());
        home.move_clock(round * LATER);
        until("nobody waits, and it is gone from the menu", || {
            (!desktop.menu().contains(&wants())).then_some(())
        });
    }
    assert_eq!(summaries(&desktop), [format!("{} wants to use rogue", this_program())]);
    assert_eq!(desktop.closed(), [1]);

    thread::scope(|scope| {
        let program = scope.spawn(|| valet.token("rogue"));
        desktop.click(&wants());
        let window = Browser::window(&desktop);
        window.asks(&format!("{} wants to use rogue", this_program()));
        window.choose("Once");
        window.answer("Allow");
        program.join().unwrap().expect_status(200);
    });
    asks(&valet).expect_status(504);
    until("once it was answered, the next is another", || (summaries(&desktop).len() == 2).then_some(()));
}

#[test]
fn a_question_stays_for_five_minutes_after_the_last_who_asked() {
    let home = Home::new();
    let desktop = desktop(&home);
    let _rogue = with_rogue(&home, "ask", "memory");
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    asks(&valet).expect_status(504);
    home.move_clock(200);
    asks(&valet).expect_status(504);
    home.move_clock(400);
    // What the first left behind has been looked at once this is over.
    valet.post("/v1/token", &json!({ "server": "rogue", "wait": 2 })).expect_status(504);
    assert!(desktop.menu().contains(&wants()), "{:?}", desktop.menu());
    assert_eq!(desktop.closed(), [0; 0]);
    home.move_clock(800);
    until("it is gone from the menu", || (!desktop.menu().contains(&wants())).then_some(()));
}

#[test]
fn a_program_that_needs_more_of_what_works_is_told_of_once() {
    let home = Home::new();
    let desktop = desktop(&home);
    let _rogue = with_rogue(&home, "allow", "memory");
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    let more = || valet.post("/v1/token", &json!({ "server": "rogue", "wait": 2, "scope": "everything" }));
    for round in 1..4 {
        thread::scope(|scope| {
            let asking = scope.spawn(more);
            desktop.menu_has("rogue: authorize again…");
            asking.join().unwrap().expect_status(504);
        });
        asks(&valet).expect_status(200);
        home.move_clock(round * LATER);
        desktop.menu_has("rogue: ready");
    }
    let notes = desktop.notifications();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert_eq!(notes[0]["summary"], format!("{} needs more of rogue", this_program()));
    assert_eq!(notes[0]["buttons"], json!(["default", "Open"]));
    assert_eq!(desktop.closed(), [1]);

    thread::scope(|scope| {
        let asking = scope.spawn(more);
        desktop.click("rogue: authorize again…");
        asking.join().unwrap();
    });
    until("it has more", || more().body.contains("access_token").then_some(()));
    desktop.menu_has("rogue: ready");
}

#[test]
fn a_broken_configuration_is_told_once_until_it_is_mended() {
    let home = Home::new();
    let desktop = desktop(&home);
    let _rogue = with_rogue(&home, "allow", "memory");
    let good = std::fs::read_to_string(home.config()).unwrap();
    let _valet = Valet::on_desktop(&desktop);
    desktop.menu_has("rogue: authorize…");
    for told in [1, 2] {
        for broken in ["{", r#"{"mcpServers": 7}"#, r#"{"valet": {"agents": "perhaps"}}"#] {
            home.configure_text(broken);
            desktop.menu_has("The configuration has a mistake…");
        }
        until("it is told", || (summaries(&desktop).len() == told).then_some(()));
        home.configure_text(&good);
        until("it is mended, and its notification gone", || (desktop.closed().len() == told).then_some(()));
    }
    assert_eq!(summaries(&desktop), ["The configuration has a mistake"; 2]);
}

#[test]
fn a_locked_keychain_is_told_once_and_not_at_all_to_who_locked_it() {
    let home = Home::new();
    let desktop = desktop(&home);
    let keychain = Keychain::on_desktop(&desktop);
    let _rogue = with_rogue(&home, "allow", "keychain");
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    desktop.click("Lock");
    desktop.menu_has("Unlock");
    keychain.lock();
    desktop.click("Unlock");
    until("it is told", || (summaries(&desktop).len() == 1).then_some(()));
    for _ in 0..3 {
        asks(&valet);
    }
    assert_eq!(summaries(&desktop), ["MCP Valet cannot read the keychain"]);
    keychain.unlock();
    desktop.menu_has("rogue: ready");
    until("it is gone", || (desktop.closed() == [1]).then_some(()));
    assert_eq!(summaries(&desktop).len(), 1);
}
