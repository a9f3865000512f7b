//! Whether an agent may: asked where somebody can answer, refused at once where nobody can.

use std::time::{Duration, Instant};

use mcp_valet_tests::{Home, RawClient, Rogue, Valet};
use serde_json::{Value, json};

fn configure(home: &Home, rogue: &Rogue, agents: &str) {
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp() } },
        "valet": { "agents": agents, "vault": "memory" },
    }));
}

#[test]
fn where_nobody_can_be_asked_the_agent_is_told_at_once() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, "ask");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let start = Instant::now();
    let answer = valet.token("rogue").expect_status(403);
    assert_eq!(answer.text("code"), "consent_required");
    assert!(!answer.text("advice").is_empty());
    assert!(start.elapsed() < Duration::from_secs(3), "it took {:?}", start.elapsed());
}

#[test]
fn agents_that_are_all_denied_are_told_so() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, "deny");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    assert_eq!(valet.token("rogue").expect_status(403).text("code"), "denied");
}

#[test]
fn a_question_on_the_terminal_names_the_agent_and_the_server_and_a_yes_lets_the_token_out() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, "ask");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    let mut agent = RawClient::connect(&home.socket());
    agent.ask_token(r#"{"server":"rogue"}"#);
    let question = terminal.shows("rogue");
    assert!(question.contains("127.0.0.1"), "the name alone says nothing: {question}");
    terminal.shows("?");
    terminal.types("y");
    assert_eq!(agent.answer().expect_status(200).text("token_type"), "Bearer");
}

#[test]
fn a_no_on_the_terminal_is_denied() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, "ask");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    let mut agent = RawClient::connect(&home.socket());
    agent.ask_token(r#"{"server":"rogue"}"#);
    terminal.shows("?");
    terminal.types("n");
    assert_eq!(agent.answer().expect_status(403).text("code"), "denied");
}

#[test]
fn a_question_that_nobody_answers_times_out_as_such() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, "ask");
    let (valet, _terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    let answer = valet.post("/v1/token", &json!({ "server": "rogue", "wait": 1 })).expect_status(504);
    assert_eq!(answer.text("code"), "timeout");
}

#[test]
fn a_sign_in_declined_is_told_at_once_and_is_no_failure() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, "allow");
    let valet = Valet::start(&home);
    valet.cli(&["decline", "rogue"]).expect_code(0);
    let answer = valet.token("rogue").expect_status(403);
    assert_eq!(answer.text("code"), "declined");
    let server = valet.server("rogue");
    assert_eq!(server["declined"], true);
    assert_eq!(server["problem"], Value::Null);
    valet.sign_in("rogue");
    valet.token("rogue").expect_status(200);
}
