//! How long an answer lasts, and how far it reaches: an end by time is kept over a restart, and nothing makes
//! it later; through the valet alone means no token.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Home, HttpResponse, Keychain, RawClient, Reply, Rogue, Terminal, Valet, until};
use serde_json::json;

const ASK: &str = r#"{"server":"rogue"}"#;
const QUESTION: &str = "Allow [o]nce";
const QUARTER: i64 = 15 * 60;
const HOUR: i64 = 60 * 60;

fn configure(home: &Home, rogue: &Rogue, vault: &str) {
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp() } },
        "valet": { "agents": "ask", "vault": vault },
    }));
}

/// A valet at a terminal that is signed in, keeps nothing and asks about every agent.
fn signed_in<'home>(home: &'home Home, rogue: &Rogue) -> (Valet<'home>, Terminal) {
    configure(home, rogue, "memory");
    let (valet, terminal) = Valet::on_terminal(home);
    valet.sign_in("rogue");
    (valet, terminal)
}

fn asking(home: &Home) -> RawClient {
    let mut agent = RawClient::connect(&home.socket());
    agent.ask_token(ASK);
    agent
}

/// A program asks for a token, and this is typed.
fn answered(home: &Home, terminal: &mut Terminal, line: &str) -> HttpResponse {
    let asked = questions(terminal);
    let agent = asking(home);
    is_asked(terminal, asked + 1);
    terminal.types(line);
    agent.answer()
}

fn questions(terminal: &Terminal) -> usize {
    terminal.screen().matches(QUESTION).count()
}

#[track_caller]
fn is_asked(terminal: &Terminal, times: usize) {
    until("it is asked", || (questions(terminal) == times).then_some(()));
}

fn audit(home: &Home) -> String {
    std::fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap()
}

#[test]
fn an_hour_is_kept_over_a_restart_and_ends_when_it_is_over() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    configure(&home, &rogue, "keychain");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    answered(&home, &mut terminal, "h").expect_status(200);
    terminal.shows("Allowed for an hour");
    assert!(valet.cli(&["show", "rogue"]).stdout.contains("allowed until "));
    valet.stop();

    let (valet, mut terminal) = Valet::on_terminal(&home);
    home.move_clock(HOUR - 60);
    asking(&home).answer().expect_status(200);
    assert_eq!(questions(&terminal), 0, "{}", terminal.screen());
    home.move_clock(HOUR + 60);
    answered(&home, &mut terminal, "d hour").expect_status(403);
    terminal.shows("Not allowed for an hour");
    valet.stop();

    let (_valet, mut terminal) = Valet::on_terminal(&home);
    asking(&home).answer().expect_status(403);
    home.move_clock(2 * HOUR + 120);
    answered(&home, &mut terminal, "o").expect_status(200);
}

#[test]
fn a_clock_that_is_set_back_makes_no_yes_longer() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    answered(&home, &mut terminal, "h").expect_status(200);
    home.move_clock(HOUR - 60);
    asking(&home).answer().expect_status(200);
    home.move_clock(60);
    answered(&home, &mut terminal, "h").expect_status(200);
    home.move_clock(-HOUR);
    answered(&home, &mut terminal, "d").expect_status(403);
}

#[test]
fn what_ends_is_shown_until_then_and_goes_from_the_list() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (valet, mut terminal) = signed_in(&home, &rogue);
    answered(&home, &mut terminal, "t").expect_status(200);
    terminal.shows("Allowed until midnight");
    terminal.types("who");
    terminal.shows("allowed until midnight");
    let consent = &valet.server("rogue")["agents"][0];
    assert_eq!(consent["answer"], "allowed_until", "{consent}");
    assert!(consent["until"].as_str().is_some_and(|until| until.ends_with("0:00Z")), "{consent}");
    assert!(audit(&home).contains(r#""what":"allow_until""#) && audit(&home).contains(r#""until":""#));
    home.move_clock(25 * HOUR);
    until("nothing stands", || (valet.server("rogue")["agents"].is_null()).then_some(()));
    terminal.types("who");
    terminal.shows("No answers are remembered.");
}

#[test]
fn an_open_stream_ends_with_the_time_that_it_lives_on() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let event = r#"{"jsonrpc":"2.0","method":"notifications/first"}"#;
    rogue.reply("/mcp", Reply::Events(vec![event.to_owned()]));
    let mut agent = RawClient::connect(&home.socket());
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    let accept = "Connection: close\r\nAccept: application/json, text/event-stream\r\n";
    agent.ask_proxy("rogue", accept, &list.to_string());
    is_asked(&terminal, 1);
    terminal.types("q");
    agent.reads("notifications/first");
    home.move_clock(QUARTER + 1);
    let rest = agent.answer();
    assert!(rest.body.contains("consent_required") || rest.head.contains("consent_required"), "{rest:?}");
}

#[test]
fn through_the_valet_alone_is_no_token_and_no_further_question_and_its_use_goes_on() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (valet, mut terminal) = signed_in(&home, &rogue);
    let refused = answered(&home, &mut terminal, "f proxy").expect_status(403);
    assert_eq!(
        (refused.text("code"), refused.text("reason")),
        ("proxy_only".into(), "kept_to_the_proxy".into())
    );
    assert!(refused.text("advice").contains("mcp-valet connect rogue"), "{refused:?}");
    for _ in 0..3 {
        assert_eq!(asking(&home).answer().expect_status(403).text("code"), "proxy_only");
    }
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    assert!(valet.proxy("rogue", &list, &[]).expect_status(200).json()["error"].is_null());
    assert_eq!(questions(&terminal), 1, "{}", terminal.screen());
    assert_eq!(valet.server("rogue")["agents"][0]["reach"], "proxy_only");
    assert!(audit(&home).contains(r#""reach":"proxy_only""#));
    terminal.types("who");
    terminal.shows("through the proxy alone, and never a token");
    terminal.types("forget 1");
    terminal.shows("asks again before it uses rogue");
    answered(&home, &mut terminal, "f").expect_status(200);
}

#[test]
fn a_no_for_once_is_forgotten() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    answered(&home, &mut terminal, "no once").expect_status(403);
    answered(&home, &mut terminal, "f").expect_status(200);
    assert!(audit(&home).contains(r#""what":"deny_once""#));
}

#[test]
fn for_good_is_said_in_whole_words_and_outlives_the_valet() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    configure(&home, &rogue, "keychain");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    answered(&home, &mut terminal, "always").expect_status(200);
    terminal.shows("Allowed until you take it back");
    valet.stop();
    let (_valet, terminal) = Valet::on_terminal(&home);
    asking(&home).answer().expect_status(200);
    assert_eq!(questions(&terminal), 0);
}

#[test]
fn a_session_in_which_nothing_happens_for_a_day_is_over() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let (begin, list) = (
        json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {} }),
        json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" }),
    );
    let head = vec![("content-type", "application/json".to_owned()), ("mcp-session-id", "one".to_owned())];
    rogue.reply("/mcp", Reply::Whole(200, head, r#"{"jsonrpc":"2.0","id":1,"result":{}}"#.to_owned()));
    valet.proxy("rogue", &begin, &[]).expect_status(200);
    let own = ["-H", "Mcp-Session-Id: one"];
    for hours in [23, 46] {
        home.move_clock(hours * 3600);
        valet.proxy("rogue", &list, &own).expect_status(200);
    }
    home.move_clock((46 + 24) * 3600);
    valet.proxy("rogue", &list, &own).expect_status(404);
    valet.proxy("rogue", &begin, &[]).expect_status(200);
    valet.proxy("rogue", &list, &own).expect_status(200);
}
