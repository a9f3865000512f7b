//! Whether an agent may: asked where somebody can answer, refused at once where nobody can.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::time::{Duration, Instant};

use mcp_valet_tests::{Agent, Crowd, Home, RawClient, Reply, Rogue, Valet, until};
use serde_json::{Value, json};

const ASK: &str = r#"{"server":"rogue"}"#;

/// An agent, this test itself, that has asked and waits.
fn asking(home: &Home) -> RawClient {
    let mut agent = RawClient::connect(&home.socket());
    agent.ask_token(ASK);
    agent
}

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
    let refused = valet.token("rogue").expect_status(403);
    assert_eq!(refused.text("code"), "denied");
    assert!(refused.text("advice").contains("what new programs get"), "{refused:?}");
}

#[test]
fn a_question_on_the_terminal_names_the_agent_and_the_server_and_a_yes_lets_the_token_out() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, "ask");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    let agent = asking(&home);
    let question = terminal.shows("Allow [o]nce");
    let program = std::env::current_exe().unwrap();
    for word in ["rogue", "127.0.0.1", program.to_str().unwrap()] {
        assert!(question.contains(word), "{word} is missing: {question}");
    }
    terminal.types("o");
    assert_eq!(agent.answer().expect_status(200).text("token_type"), "Bearer");
    let again = asking(&home);
    until("once was once", || (terminal.screen().matches("Allow [o]nce").count() == 2).then_some(()));
    terminal.types("f");
    again.answer().expect_status(200);
    asking(&home).answer().expect_status(200);
    assert_eq!(terminal.screen().matches("Allow [o]nce").count(), 2, "for now was not for now");
}

#[test]
fn a_no_on_the_terminal_is_denied_and_one_question_serves_all_who_wait() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, "ask");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    let crowd = Crowd::ask(&home.socket(), 20, ASK);
    terminal.shows("Allow [o]nce");
    terminal.types("d");
    for answer in crowd.answers() {
        assert_eq!(answer.expect_status(403).text("code"), "denied");
    }
    assert_eq!(terminal.screen().matches("Allow [o]nce").count(), 1);
}

#[test]
fn an_allowed_program_does_not_let_another_one_in() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, "ask");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    let agent = asking(&home);
    terminal.shows("Allow [o]nce");
    terminal.types("f");
    agent.answer().expect_status(200);
    // What the allowed one runs is the allowed one, and nobody else is.
    valet.token("rogue").expect_status(200);
    let another = Agent::new(&home, "another").status(r#"{"server":"rogue","wait":1}"#);
    assert_eq!(another, 504);
}

#[test]
fn somebody_at_the_terminal_is_asked_to_sign_in_for_an_agent_that_waits() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, "allow");
    let (_valet, mut terminal) = Valet::on_terminal(&home);
    home.browser_says_yes();
    let agent = asking(&home);
    terminal.shows("[s]ign in now");
    terminal.types("s");
    assert!(rogue.accepts(&agent.answer().expect_status(200).text("access_token")));
}

#[test]
fn somebody_at_the_terminal_may_say_not_now_to_a_sign_in() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, "allow");
    let (_valet, mut terminal) = Valet::on_terminal(&home);
    let agent = asking(&home);
    terminal.shows("[s]ign in now");
    terminal.types("n");
    assert_eq!(agent.answer().expect_status(403).text("code"), "declined");
}

#[test]
fn an_escape_sequence_in_a_name_is_not_obeyed_by_the_terminal() {
    let home = Home::new();
    let rogue = Rogue::start();
    configure(&home, &rogue, "ask");
    let (valet, terminal) = Valet::on_terminal(&home);
    rogue.reply(
        "/register",
        Reply::Json(400, json!({ "error": "no", "error_description": "\u{1b}]0;owned\u{7}" })),
    );
    valet.post("/v1/servers/rogue/authorize", &json!({})).expect_status(502);
    valet.get("/v1/health").expect_status(200);
    assert!(!terminal.screen().contains("\u{1b}]0;"), "{:?}", terminal.screen());
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

#[test]
fn what_the_person_does_not_want_to_be_asked_about_outlives_the_valet_and_no_agent_undoes_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, "allow");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    let agent = asking(&home);
    terminal.shows("don't [a]sk again");
    terminal.types("a");
    assert_eq!(agent.answer().expect_status(403).text("code"), "declined");
    valet.stop();

    let (valet, mut terminal) = Valet::on_terminal(&home);
    let told = valet.token("rogue").expect_status(403);
    assert_eq!((told.text("code"), told.text("reason")), ("declined".into(), "declined_for_good".into()));
    assert!(told.text("advice").contains("`ask`"), "{told:?}");
    // Neither by a sign-in of its own nor by saying "not now" instead.
    let refused = valet.post("/v1/servers/rogue/authorize", &json!({})).expect_status(403);
    assert_eq!(refused.text("reason"), "declined_for_good");
    valet.post("/v1/servers/rogue/decline", &json!({})).expect_status(200);
    assert_eq!(valet.server("rogue")["declined_for_good"], true);

    terminal.types("who");
    terminal.shows("until you say otherwise");
    terminal.types("ask rogue");
    terminal.shows("You are asked about rogue again.");
    let server = valet.server("rogue");
    assert_eq!((&server["declined"], &server["state"]), (&json!(false), &json!("authorization_required")));
}

#[test]
fn a_decline_is_for_one_server_and_for_one_session() {
    let (home, rogue, other) = (Home::new(), Rogue::start(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp()), ("other", &other.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("other");
    valet.cli(&["decline", "rogue"]).expect_code(0);
    assert_eq!(valet.token("rogue").expect_status(403).text("code"), "declined");
    valet.token("other").expect_status(200);
    valet.stop();
    let valet = Valet::start(&home);
    assert_eq!(valet.server("rogue")["declined"], false);
    let told = valet.post("/v1/token", &json!({ "server": "rogue", "wait": 0 }));
    assert_eq!(told.expect_status(401).text("code"), "authorization_required");
}

#[test]
fn a_program_that_signs_in_to_what_was_declined_is_shown_to_the_person() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, "allow");
    let (valet, terminal) = Valet::on_terminal(&home);
    valet.post("/v1/servers/rogue/decline", &json!({})).expect_status(200);
    valet.sign_in("rogue");
    terminal.shows("signed in to \"rogue\", to which you had said \"not now\"");
}

#[test]
fn the_command_line_shows_ones_own_consent_and_the_socket_nobody_elses() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, "ask");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    let agent = asking(&home);
    terminal.shows("Allow [o]nce");
    terminal.types("f");
    agent.answer().expect_status(200);
    let scribe = Agent::new(&home, "scribe");
    assert!(!scribe.runs("$VALET show rogue").expect_code(0).stdout.contains("consent"));
    std::thread::scope(|scope| {
        let cli = scope.spawn(|| scribe.runs("$VALET token rogue"));
        until("it is asked about", || (terminal.screen().matches("Allow [o]nce").count() == 2).then_some(()));
        terminal.types("f");
        cli.join().unwrap().expect_code(0);
    });
    let shown = scribe.runs("$VALET show rogue").expect_code(0).stdout;
    assert!(shown.contains("allowed for now") && shown.contains("used once"), "{shown}");
    let listed = scribe.runs("$VALET list --json").expect_code(0).json();
    let agents = listed[0]["agents"].as_array().unwrap();
    assert_eq!(agents.len(), 1, "{listed}");
    assert_eq!(agents[0]["name"], "scribe");
    assert_eq!(listed[0]["consent"], "allowed");
}
