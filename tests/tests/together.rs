//! A program's first uses of several servers, one right after the other, are one question, and its answer is
//! for those that were on screen.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Agent, Home, Process, RawClient, Terminal, Valet, until};
use serde_json::{Map, Value, json};

/// Longer than others may join a question.
const APART: i64 = 10;
/// Longer than a question outlives whoever asked it.
const LATER: i64 = 400;

/// A valet at a terminal, with so many servers that nobody has signed in to.
fn start(home: &Home, count: usize) -> (Valet<'_>, Terminal) {
    let server = |n| (format!("s{n}"), json!({ "url": format!("https://s{n}.example/mcp") }));
    let servers: Map<String, Value> = (1..=count).map(server).collect();
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "ask", "vault": "memory" } }));
    Valet::on_terminal(home)
}

fn asks(home: &Home, server: usize) -> RawClient {
    let mut agent = RawClient::connect(&home.socket());
    agent.ask_token(&format!(r#"{{"server":"s{server}"}}"#));
    agent
}

/// Another program that asks for these in turn, and waits.
fn starts(program: &Agent<'_>, servers: usize) -> Process {
    let ask = r#"curl -s --unix-socket $SOCKET -H 'Content-Type: application/json' -d '{"server":"s'$n'"}' http://localhost/v1/token >/dev/null &"#;
    program.starts(&format!("for n in $(seq {servers}); do {ask} done; wait"))
}

fn consent(valet: &Valet<'_>, server: usize) -> String {
    valet.server(&format!("s{server}"))["consent"].as_str().unwrap().to_owned()
}

#[test]
fn twelve_servers_at_once_are_one_question_and_the_answer_is_for_those_that_it_names() {
    let home = Home::new();
    let (valet, mut terminal) = start(&home, 12);
    let waiting: Vec<RawClient> = (1..=12).map(|n| asks(&home, n)).collect();
    let screen = terminal.shows("wants to use 12 servers");
    let question = &screen[screen.rfind("wants to use 12").unwrap()..];
    for n in 1..=12 {
        assert!(question.contains(&format!("(s{n}.example)")), "{question}");
    }
    let number = |n: usize| {
        let line = question.lines().find(|line| line.contains(&format!("(s{n}.example)"))).unwrap();
        line.split_whitespace().next().unwrap().to_owned()
    };
    terminal.types(&format!("f {} {}", number(1), number(3)));
    terminal.shows("wants to use 10 servers");
    let allowed: Vec<usize> = (1..=12).filter(|n| consent(&valet, *n) == "allowed").collect();
    assert_eq!(allowed, [1, 3]);
    assert!((1..=12).filter(|n| ![1, 3].contains(n)).all(|n| consent(&valet, n) == "asked"));
    terminal.types("d");
    for (at, agent) in waiting.into_iter().enumerate().filter(|(at, _)| ![0, 2].contains(at)) {
        assert_eq!(agent.answer().expect_status(403).text("code"), "denied", "{at}");
    }
    let audit = std::fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap();
    let count = |what: &str| audit.matches(&format!(r#""what":"{what}""#)).count();
    assert_eq!((count("allow_session"), count("deny")), (2, 10), "{audit}");
}

#[test]
fn two_programs_at_once_are_two_questions() {
    let home = Home::new();
    let (_valet, mut terminal) = start(&home, 3);
    let (one, two) = (Agent::new(&home, "one"), Agent::new(&home, "two"));
    let _first = starts(&one, 3);
    terminal.shows("one wants to use 3 servers");
    let _second = starts(&two, 3);
    until("both have asked", || (two.status(r#"{"server":"s3","wait":1}"#) == 504).then_some(()));
    terminal.types("d");
    let screen = terminal.shows("two wants to use 3 servers");
    assert!(!screen.contains("servers (") && !screen.contains("6 servers"), "{screen}");
}

#[test]
fn who_has_gone_takes_its_server_out_of_the_question_and_no_yes_is_left_for_it() {
    let home = Home::new();
    let (valet, mut terminal) = start(&home, 3);
    let (_one, two, _three) = (asks(&home, 1), asks(&home, 2), asks(&home, 3));
    terminal.shows("wants to use 3 servers");
    drop(two);
    let mut clock = 0;
    until("it has hung up", || {
        clock += LATER;
        home.move_clock(clock);
        let screen = terminal.screen();
        let after = screen.rsplit("wants to use 3 servers").next().unwrap_or_default();
        after.contains("wants to use 2 servers").then_some(())
    });
    terminal.types("f");
    until("the others may", || (consent(&valet, 1) == "allowed").then_some(()));
    assert_eq!((consent(&valet, 2), consent(&valet, 3)), ("none".to_owned(), "allowed".to_owned()));
}

#[test]
fn what_is_wanted_later_is_a_question_of_its_own() {
    let home = Home::new();
    let (valet, mut terminal) = start(&home, 2);
    let _one = asks(&home, 1);
    terminal.shows("wants to use s1");
    home.move_clock(APART);
    let _two = asks(&home, 2);
    until("both are asked about", || (consent(&valet, 2) == "asked").then_some(()));
    terminal.types("f");
    terminal.shows("wants to use s2");
    assert_eq!(consent(&valet, 2), "asked");
}

#[test]
fn what_joins_a_question_is_shown_before_it_is_answered() {
    let home = Home::new();
    let (valet, mut terminal) = start(&home, 2);
    let _one = asks(&home, 1);
    terminal.shows("wants to use s1");
    let _two = asks(&home, 2);
    terminal.shows("wants to use 2 servers");
    terminal.types_at_once("f\n");
    terminal.shows("counts for nothing");
    assert_eq!((consent(&valet, 1), consent(&valet, 2)), ("asked".to_owned(), "asked".to_owned()));
    terminal.types("1");
    terminal.shows("Nothing was answered");
    terminal.types("f");
    until("both may", || (consent(&valet, 2) == "allowed").then_some(()));
}
