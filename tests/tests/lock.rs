//! Locking by hand and after a pause. What is locked is wiped, and nothing is lost.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::locking::{GNOME, LATER, audit, audited, configure, locks, refused, signed_in, unlocks};
use mcp_valet_tests::{Home, Keychain, Locker, RawClient, Reply, Rogue, Valet, copies_in_memory, until};
use serde_json::json;

#[test]
fn what_nobody_uses_is_locked_and_only_the_person_unlocks_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let locker = Locker::start(&home, GNOME);
    configure(&home, &rogue, "keychain", &json!({ "screen": true, "idleMinutes": 30 }));
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    for minutes in [29, 58, 87] {
        home.move_clock(minutes * 60);
        valet.token("rogue").expect_status(200);
    }
    home.move_clock(118 * 60);
    until("it locks", || (valet.server("rogue")["state"] == "locked").then_some(()));
    refused(valet.token("rogue"), "locked_by_idle");
    audited(&home, "lock", "nobody used MCP Valet for a while");
    locker.lock(true);
    locker.lock(false);
    refused(valet.token("rogue"), "locked_by_idle");
    terminal.shows("Press Enter to unlock");
    terminal.types("");
    unlocks(&valet);
    let unlocked: Vec<_> = audit(&home).into_iter().filter(|(what, _)| what == "unlock").collect();
    assert_eq!(unlocked, [("unlock".to_owned(), "the person".to_owned())]);
}

#[test]
fn a_lock_after_a_pause_holds_on_in_a_valet_that_a_program_starts_and_not_in_one_of_the_persons() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let valet = signed_in(&home, &rogue, "keychain", &json!({ "idleMinutes": 30 }));
    home.move_clock(31 * 60);
    // That it is written down comes before its entry.
    audited(&home, "lock", "nobody used MCP Valet for a while");
    valet.kill();
    let valet = Valet::for_a_program(&home);
    refused(valet.token("rogue"), "locked_by_idle");
    valet.stop();
    Valet::start(&home).token("rogue").expect_status(200);
}

#[test]
fn locked_with_a_question_open_the_terminal_asks_to_unlock_and_enter_does_that_alone() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp() } },
        "valet": { "agents": "ask", "vault": "keychain", "lock": {} },
    }));
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    let mut agent = RawClient::connect(&home.socket());
    agent.ask_token(r#"{"server":"rogue"}"#);
    terminal.shows("Allow [o]nce");
    valet.cli(&["lock"]).expect_code(0);
    terminal.shows("Press Enter to unlock");
    terminal.types("f");
    terminal.shows("Enter alone unlocks it");
    terminal.types("");
    until("it is unlocked", || (valet.server("rogue")["state"] != "locked").then_some(()));
    assert!(!audit(&home).iter().any(|(what, _)| ["deny", "allow_session"].contains(&what.as_str())));
}

#[test]
fn an_answer_that_takes_longer_than_the_pause_is_not_cut_off() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let valet = signed_in(&home, &rogue, "keychain", &json!({ "idleMinutes": 30 }));
    let agent = listening(&home, &rogue);
    home.move_clock(31 * 60);
    valet.token("rogue").expect_status(200);
    home.move_clock(62 * 60);
    valet.token("rogue").expect_status(200);
    drop(agent);
    let mut minutes = 62;
    until("it locks once the answer is over", || {
        minutes += 31;
        home.move_clock(minutes * 60);
        (valet.token("rogue").status == 423).then_some(())
    });
}

/// An agent that listens to a stream of events from the rogue.
fn listening(home: &Home, rogue: &Rogue) -> RawClient {
    rogue
        .reply("/mcp", Reply::Events(vec![r#"{"jsonrpc":"2.0","method":"notifications/first"}"#.to_owned()]));
    let mut agent = RawClient::connect(&home.socket());
    let accept = "Connection: close\r\nAccept: application/json, text/event-stream\r\n";
    agent.ask_proxy(
        "rogue",
        accept,
        &json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" }).to_string(),
    );
    agent.reads("notifications/first");
    agent
}

#[test]
fn a_stream_ends_with_the_lock_and_says_why() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let locker = Locker::start(&home, GNOME);
    let _valet = signed_in(&home, &rogue, "keychain", &json!({ "screen": true }));
    let agent = listening(&home, &rogue);
    locker.lock(true);
    let rest = agent.answer();
    let text = format!("{}{}", rest.head, rest.body);
    assert!(text.contains("\"reason\":\"locked_by_screen\"") && text.contains("\"id\":1"), "{text}");
}

#[test]
fn an_edit_that_locks_less_waits_for_the_person_and_one_that_locks_more_does_not() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let locker = Locker::start(&home, GNOME);
    let valet = signed_in(&home, &rogue, "keychain", &json!({}));
    configure(&home, &rogue, "keychain", &json!({ "screen": true, "idleMinutes": 30 }));
    locker.lock(true);
    until("the edit is taken over", || {
        locker.lock(true);
        (valet.token("rogue").status == 423).then_some(())
    });
    configure(&home, &rogue, "keychain", &json!({ "screen": false, "suspend": false, "idleMinutes": 0 }));
    let waits = || valet.get("/v1/health").json()["notices"].to_string().contains("waits for your consent");
    until("the edit waits", || waits().then_some(()));
    let log = valet.log();
    for less in ["the screen is locked", "the computer sleeps", "nobody uses it"] {
        assert!(log.contains(less), "{log}");
    }
    locker.lock(false);
    unlocks(&valet);
    locker.lock(true);
    locks(&valet, "locked_by_screen");
}

#[test]
fn a_vault_in_memory_loses_nothing_by_the_lock() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _bus = Keychain::absent(&home);
    let locker = Locker::start(&home, GNOME);
    let valet = signed_in(&home, &rogue, "memory", &json!({ "screen": true }));
    let token = valet.token("rogue").expect_status(200).text("access_token");
    locker.lock(true);
    locks(&valet, "locked_by_screen");
    locker.lock(false);
    assert_eq!(unlocks(&valet), token);
}

#[test]
fn no_token_is_left_in_memory() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let valet = signed_in(&home, &rogue, "keychain", &json!({}));
    valet.token("rogue").expect_status(200);
    valet
        .proxy("rogue", &json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" }), &[])
        .expect_status(200);
    home.move_clock(LATER);
    let token = valet.token("rogue").expect_status(200).text("access_token");
    assert!(copies_in_memory(valet.id(), token.as_bytes()) > 0, "this test sees nothing");
    valet.cli(&["lock"]).expect_code(0);
    for secret in rogue.secrets() {
        let left = || copies_in_memory(valet.id(), secret.as_bytes());
        // Connections are wiped when their ends are closed, a moment later.
        until(&format!("{secret} is nowhere: {}", left()), || (left() == 0).then_some(()));
    }
}
