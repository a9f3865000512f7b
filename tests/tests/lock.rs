//! Locking: by hand, with the screen, before sleep, after a pause. What is locked is wiped, and nothing is
//! lost.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::thread;

use mcp_valet_tests::{
    Answer, Forged, Home, Keychain, Locker, Logind, RawClient, Reply, Rogue, Valet, copies_in_memory, curl,
    until,
};
use serde_json::{Value, json};

const LATER: i64 = 601;
const GNOME: &str = "org.gnome.ScreenSaver";
const XFCE: &str = "org.xfce.ScreenSaver";

/// Knows the rogue, and locks by this rule.
fn configure(home: &Home, rogue: &Rogue, vault: &str, rule: &Value) {
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp() } },
        "valet": { "agents": "allow", "vault": vault, "lock": rule },
    }));
}

fn signed_in<'home>(home: &'home Home, rogue: &Rogue, vault: &str, rule: &Value) -> Valet<'home> {
    configure(home, rogue, vault, rule);
    let valet = Valet::start(home);
    valet.sign_in("rogue");
    valet
}

#[track_caller]
fn refused(answer: Answer, reason: &str) {
    let answer = answer.expect_status(423);
    assert_eq!((answer.text("code").as_str(), answer.text("reason").as_str()), ("locked", reason));
    assert!(!answer.text("advice").is_empty(), "{answer:?}");
}

#[track_caller]
fn locks(valet: &Valet<'_>, reason: &str) {
    until("it locks", || (valet.server("rogue")["state"] == "locked").then_some(()));
    refused(valet.token("rogue"), reason);
}

#[track_caller]
fn unlocks(valet: &Valet<'_>) -> String {
    until("it unlocks", || Some(valet.token("rogue")).filter(|one| one.status == 200)).text("access_token")
}

/// What the audit says was done, and by whom or what.
fn audit(home: &Home) -> Vec<(String, String)> {
    let text = fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap();
    let entries = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let word = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    let how = |entry: &Value| word(entry, if entry["result"].is_string() { "result" } else { "agent" });
    entries.map(|entry| (word(&entry, "what"), how(&entry))).collect()
}

/// Waits until the audit says so: a lock takes effect first, and is written down then.
#[track_caller]
fn audited(home: &Home, what: &str, how: &str) {
    let entry = (what.to_owned(), how.to_owned());
    until(&format!("{entry:?} is in {:?}", audit(home)), || audit(home).contains(&entry).then_some(()));
}

/// Waits until the valet has heard this.
#[track_caller]
fn heard(valet: &Valet<'_>, event: &str) {
    until(&format!("{event} is heard"), || valet.log().contains(event).then_some(()));
}

#[test]
fn sleep_waits_until_memory_is_wiped_and_waking_up_unlocks() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let logind = Logind::start(&home);
    let valet = signed_in(&home, &rogue, "keychain", &json!({}));
    let token = valet.token("rogue").expect_status(200).text("access_token");
    for _ in 0..2 {
        logind.is_to_wait();
        logind.sleep(true);
        until("sleep may begin", || (!logind.waits()).then_some(()));
        refused(valet.token("rogue"), "locked_by_sleep");
        logind.sleep(false);
        assert_eq!(unlocks(&valet), token);
    }
    audited(&home, "lock", "the computer went to sleep");
    audited(&home, "unlock", "the computer woke up");
}

#[test]
fn woken_up_with_a_locked_screen_it_waits_for_the_person() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let (logind, locker) = (Logind::start(&home), Locker::start(&home, GNOME));
    let valet = signed_in(&home, &rogue, "keychain", &json!({}));
    logind.is_to_wait();
    locker.lock(true);
    heard(&valet, "ScreenLocked");
    logind.sleep(true);
    locks(&valet, "locked_by_sleep");
    logind.sleep(false);
    heard(&valet, "Awake");
    refused(valet.token("rogue"), "locked_by_sleep");
    locker.lock(false);
    unlocks(&valet);
    audited(&home, "unlock", "the screen was unlocked");
}

#[test]
fn a_login_manager_that_comes_late_and_is_restarted_is_heard_each_time() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let mut logind = Logind::absent(&home);
    let valet = signed_in(&home, &rogue, "keychain", &json!({}));
    for _ in 0..2 {
        logind.restart();
        logind.is_to_wait();
        logind.sleep(true);
        locks(&valet, "locked_by_sleep");
        logind.sleep(false);
        unlocks(&valet);
    }
}

#[test]
fn every_locker_of_the_screen_locks_and_unlocks() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let valet = signed_in(&home, &rogue, "keychain", &json!({ "screen": true }));
    let names =
        ["org.freedesktop.ScreenSaver", GNOME, "org.cinnamon.ScreenSaver", "org.mate.ScreenSaver", XFCE];
    for name in names {
        let locker = Locker::start(&home, name);
        locker.lock(true);
        locks(&valet, "locked_by_screen");
        locker.lock(false);
        unlocks(&valet);
    }
    audited(&home, "lock", "the screen was locked");
    audited(&home, "unlock", "the screen was unlocked");
}

#[test]
fn a_session_that_is_asked_to_lock_or_says_that_it_is_locked_counts_as_the_screen() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let logind = Logind::start(&home);
    let valet = signed_in(&home, &rogue, "keychain", &json!({ "screen": true }));
    logind.is_to_wait();
    logind.ask_to_lock(true);
    locks(&valet, "locked_by_screen");
    logind.ask_to_lock(false);
    unlocks(&valet);
    logind.hint(true);
    locks(&valet, "locked_by_screen");
    logind.hint(false);
    unlocks(&valet);
}

#[test]
fn a_session_of_somebody_else_unlocks_nothing_where_the_locker_gives_no_hint() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let logind = Logind::start(&home);
    let valet = signed_in(&home, &rogue, "keychain", &json!({ "screen": true }));
    logind.is_to_wait();
    logind.ask_to_lock(true);
    locks(&valet, "locked_by_screen");
    logind.another_session_begins();
    heard(&valet, "a session began");
    logind.sleep(true);
    heard(&valet, "Asleep");
    assert!(audit(&home).iter().all(|(what, _)| what != "unlock"), "{:?}", audit(&home));
    logind.sleep(false);
    logind.ask_to_lock(false);
    unlocks(&valet);
}

#[test]
fn a_screen_that_was_locked_before_the_valet_started_counts_too() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let locker = Locker::start(&home, GNOME);
    signed_in(&home, &rogue, "keychain", &json!({ "screen": true })).stop();
    locker.lock(true);
    let valet = Valet::start(&home);
    locks(&valet, "locked_by_screen");
    locker.lock(false);
    unlocks(&valet);
}

#[test]
fn unless_it_is_wanted_the_screen_locks_nothing() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let locker = Locker::start(&home, GNOME);
    let valet = signed_in(&home, &rogue, "keychain", &json!({}));
    locker.lock(true);
    heard(&valet, "ScreenLocked");
    valet.token("rogue").expect_status(200);
}

#[test]
fn what_the_person_locked_no_screen_unlocks() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let locker = Locker::start(&home, GNOME);
    let valet = signed_in(&home, &rogue, "keychain", &json!({ "screen": true }));
    locker.lock(true);
    locks(&valet, "locked_by_screen");
    valet.cli(&["lock"]).expect_code(0);
    refused(valet.token("rogue"), "locked_by_person");
    locker.lock(false);
    heard(&valet, "ScreenUnlocked");
    refused(valet.token("rogue"), "locked_by_person");
}

#[test]
fn only_the_owner_of_a_name_is_believed() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let logind = Logind::start(&home);
    let (locker, witness) = (Locker::start(&home, GNOME), Locker::start(&home, XFCE));
    let valet = signed_in(&home, &rogue, "keychain", &json!({ "screen": true }));
    logind.is_to_wait();
    Forged::Screen(GNOME, true).say(&home);
    Forged::Sleep(true).say(&home);
    Forged::Session.say(&home);
    // Whatever comes to the valet after these has come after them.
    witness.lock(false);
    heard(&valet, "ScreenUnlocked(\"org.xfce.ScreenSaver\")");
    logind.sleep(false);
    heard(&valet, "Awake");
    valet.token("rogue").expect_status(200);
    assert!(logind.waits());

    locker.lock(true);
    locks(&valet, "locked_by_screen");
    Forged::Screen(GNOME, false).say(&home);
    // Nor is one believed that is new, or that never said that the screen is locked.
    Locker::start(&home, "org.mate.ScreenSaver").lock(false);
    heard(&valet, "ScreenUnlocked(\"org.mate.ScreenSaver\")");
    refused(valet.token("rogue"), "locked_by_screen");
    locker.lock(false);
    unlocks(&valet);
}

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
    let notices = until("the edit waits", || {
        let notices = valet.get("/v1/health").json()["notices"].to_string();
        notices.contains("waits for your consent").then_some(notices)
    });
    for less in ["the screen is locked", "the computer sleeps", "nobody uses it"] {
        assert!(notices.contains(less), "{notices}");
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

fn asking(home: &Home) -> RawClient {
    let mut agent = RawClient::connect(&home.socket());
    agent.ask_token(r#"{"server":"rogue"}"#);
    agent
}

/// After `kill -9`, what the valet had is in the keychain.
#[track_caller]
fn kept(home: &Home, rogue: &Rogue, locker: &Locker<'_>, valet: Valet<'_>, refreshes: usize) {
    valet.kill();
    // The next one would lock as well.
    locker.lock(false);
    let valet = Valet::start(home);
    assert!(rogue.accepts(&unlocks(&valet)));
    assert_eq!(rogue.refreshes(), refreshes);
}

#[test]
fn a_refresh_that_ends_while_locked_goes_to_the_vault_alone() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let locker = Locker::start(&home, GNOME);
    let valet = signed_in(&home, &rogue, "keychain", &json!({ "screen": true }));
    home.move_clock(LATER);
    let gate = rogue.hold("/token");
    let agent = asking(&home);
    gate.reached();
    locker.lock(true);
    locks(&valet, "locked_by_screen");
    gate.open();
    refused(agent.answer(), "locked_by_screen");
    assert_eq!(valet.server("rogue")["state"], "locked");
    assert!(valet.server("rogue")["expires_at"].is_null(), "nothing of it is in memory");
    locker.lock(false);
    assert!(rogue.accepts(&unlocks(&valet)));
    assert_eq!(rogue.refreshes(), 1, "what came while it was locked was in the vault");
    kept(&home, &rogue, &locker, valet, 1);
}

#[test]
fn a_refresh_during_which_it_is_locked_and_unlocked_is_not_lost() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let locker = Locker::start(&home, GNOME);
    let valet = signed_in(&home, &rogue, "keychain", &json!({ "screen": true }));
    home.move_clock(LATER);
    let gate = rogue.hold("/token");
    let agent = asking(&home);
    gate.reached();
    locker.lock(true);
    locks(&valet, "locked_by_screen");
    locker.lock(false);
    until("what the vault has is read again", || (valet.server("rogue")["state"] == "ready").then_some(()));
    gate.open();
    assert!(rogue.accepts(&agent.answer().expect_status(200).text("access_token")));
    assert!(rogue.accepts(&unlocks(&valet)));
    assert_eq!(rogue.refreshes(), 1, "the old refresh token was used up");
    kept(&home, &rogue, &locker, valet, 1);
}

#[test]
fn a_grant_that_the_vault_would_not_take_outlives_the_lock_and_is_stored_meanwhile() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let keychain = Keychain::start(&home);
    let locker = Locker::start(&home, GNOME);
    let valet = signed_in(&home, &rogue, "keychain", &json!({ "screen": true }));
    home.move_clock(LATER);
    let gate = rogue.hold("/token");
    let agent = asking(&home);
    gate.reached();
    keychain.lock();
    locker.lock(true);
    locks(&valet, "locked_by_screen");
    gate.open();
    refused(agent.answer(), "locked_by_screen");
    until("it is known to be in memory alone", || {
        (valet.server("rogue")["grant"] == "unsaved").then_some(())
    });
    refused(valet.token("rogue"), "locked_by_screen");
    keychain.unlock();
    until("it is stored", || (valet.server("rogue")["grant"] == "live").then_some(()));
    assert_eq!(valet.server("rogue")["state"], "locked");
    kept(&home, &rogue, &locker, valet, 1);
}

#[test]
fn a_sign_in_that_ends_while_locked_goes_to_the_vault_alone() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let locker = Locker::start(&home, GNOME);
    configure(&home, &rogue, "keychain", &json!({ "screen": true }));
    let valet = Valet::start(&home);
    let callback = rogue.agree(&valet.begin("rogue"));
    let gate = rogue.hold("/token");
    thread::scope(|scope| {
        let browser = scope.spawn(|| curl(&[callback.as_str()]));
        gate.reached();
        locker.lock(true);
        until("it locks", || (valet.token("rogue").status == 423).then_some(()));
        gate.open();
        browser.join().unwrap().expect_status(200);
    });
    let server = valet.server("rogue");
    assert_eq!((&server["state"], &server["grant"]), (&json!("locked"), &json!("live")), "{server}");
    assert!(server["issuer"].is_null(), "nothing of it is in memory: {server}");
    locker.lock(false);
    assert!(rogue.accepts(&unlocks(&valet)));
    kept(&home, &rogue, &locker, valet, 0);
}

#[test]
fn a_sign_in_that_waits_when_the_valet_is_locked_is_over_and_says_why() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    configure(&home, &rogue, "keychain", &json!({}));
    let valet = Valet::start(&home);
    let callback = rogue.agree(&valet.begin("rogue"));
    valet.cli(&["lock"]).expect_code(0);
    let page = curl(&[callback.as_str()]);
    assert!((400..500).contains(&page.status), "{page:?}");
    assert_eq!(rogue.count("/token"), 0);
    assert_eq!(valet.server("rogue")["problem"]["reason"], "locked_meanwhile");
}

#[test]
fn a_sign_in_that_comes_too_late_leaves_the_grant_that_works_in_the_vault() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let keychain = Keychain::start(&home);
    let valet = signed_in(&home, &rogue, "keychain", &json!({}));
    let token = valet.token("rogue").expect_status(200).text("access_token");
    let callback = rogue.agree(&valet.begin("rogue"));
    let gate = rogue.hold("/token");
    let page = thread::scope(|scope| {
        let browser = scope.spawn(|| curl(&[callback.as_str()]));
        gate.reached();
        keychain.freeze();
        gate.open();
        // From now on only the vault is waited for.
        until("the sign-in writes to the vault", || valet.log().contains("writes a new grant").then_some(()));
        valet.post("/v1/servers/rogue/decline", &json!({})).expect_status(200);
        keychain.thaw();
        browser.join().unwrap()
    });
    assert!((400..500).contains(&page.status), "{page:?}");
    valet.kill();
    let valet = Valet::start(&home);
    assert_eq!(unlocks(&valet), token);
    assert!(rogue.accepts(&token));
}
