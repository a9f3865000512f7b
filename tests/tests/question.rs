//! The question on the terminal: what it says is true, what is typed is meant, and it comes and goes with its
//! reason.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use mcp_valet_tests::{Agent, Crowd, Home, RawClient, Rogue, Terminal, Valet, program, until};
use serde_json::{Map, json};

const ASK: &str = r#"{"server":"rogue"}"#;
const QUESTION: &str = "Allow [o]nce";

fn configure(home: &Home, rogue: &Rogue, agents: &str) {
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp() } },
        "valet": { "agents": agents, "vault": "memory" },
    }));
}

/// A valet at a terminal that is signed in and asks about every agent.
fn signed_in<'home>(home: &'home Home, rogue: &Rogue) -> (Valet<'home>, Terminal) {
    configure(home, rogue, "ask");
    let (valet, terminal) = Valet::on_terminal(home);
    valet.sign_in("rogue");
    (valet, terminal)
}

fn asking(home: &Home, body: &str) -> RawClient {
    let mut agent = RawClient::connect(&home.socket());
    agent.ask_token(body);
    agent
}

#[track_caller]
fn is_asked(terminal: &Terminal, times: usize) {
    until("it is asked", || (terminal.screen().matches(QUESTION).count() == times).then_some(()));
}

#[test]
fn a_no_in_full_is_a_no() {
    for word in ["no", "No", "don't allow"] {
        let (home, rogue) = (Home::new(), Rogue::start());
        let (_valet, mut terminal) = signed_in(&home, &rogue);
        let agent = asking(&home, ASK);
        terminal.shows(QUESTION);
        terminal.types(word);
        assert_eq!(agent.answer().expect_status(403).text("code"), "denied", "after {word:?}");
        assert_eq!(asking(&home, ASK).answer().expect_status(403).text("code"), "denied", "after {word:?}");
    }
}

#[test]
fn what_is_no_answer_is_none_and_the_question_stays() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let agent = asking(&home, ASK);
    terminal.shows(QUESTION);
    for (asked, word) in ["off", "", "1", "yes"].iter().enumerate() {
        is_asked(&terminal, asked + 1);
        terminal.types(word);
    }
    is_asked(&terminal, 5);
    assert_eq!(
        terminal.screen().matches("Please type o, q, h, t, f or d").count(),
        4,
        "{}",
        terminal.screen()
    );
    terminal.types("o");
    agent.answer().expect_status(200);
}

#[test]
fn what_is_typed_ahead_answers_no_question_that_comes_up_after_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let (one, two) = (Agent::new(&home, "one"), Agent::new(&home, "two"));
    let curl = r#"curl -s -o /dev/null --unix-socket $SOCKET -H 'Content-Type: application/json' -d '{"server":"rogue"}' http://localhost/v1/token"#;
    let _first = one.starts(curl);
    terminal.shows("one wants to use rogue");
    let _second = two.starts(curl);
    until("both have asked", || (two.status(r#"{"server":"rogue","wait":1}"#) == 504).then_some(()));
    thread::sleep(Duration::from_millis(1100));
    terminal.types_at_once("f\nf\n");
    terminal.shows("two wants to use rogue");
    terminal.shows("counts for nothing");
    assert_eq!(two.status(r#"{"server":"rogue","wait":1}"#), 504, "{}", terminal.screen());
    assert_eq!(one.status(ASK), 200);
    terminal.types("f");
    assert_eq!(two.status(ASK), 200);
}

#[test]
fn what_was_typed_before_the_first_question_could_be_read_answers_nothing() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let agent = asking(&home, ASK);
    terminal.shows(QUESTION);
    terminal.types_at_once("f\n");
    is_asked(&terminal, 2);
    terminal.types("d");
    assert_eq!(agent.answer().expect_status(403).text("code"), "denied");
}

#[test]
fn a_question_that_stays_below_a_note_is_answered_at_once() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (valet, mut terminal) = signed_in(&home, &rogue);
    valet.cli(&["add", "other", "https://other.example/mcp"]).expect_code(0);
    let agent = asking(&home, ASK);
    terminal.shows(QUESTION);
    thread::sleep(Duration::from_millis(1100));
    valet.delete("/v1/servers/other").expect_status(200);
    terminal.shows("removed \"other\"");
    is_asked(&terminal, 2);
    terminal.types_at_once("f\n");
    agent.answer().expect_status(200);
}

#[test]
fn what_was_decided_is_said_and_until_when() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    for (word, said, forgotten) in [
        ("o", "Allowed once", "no such number"),
        ("f", "Allowed until mcp-valetd ends; `who` lists it", "asks again before it uses rogue"),
        ("d", "Not allowed until mcp-valetd ends; `who` lists it", "asks again before it uses rogue"),
    ] {
        let asked = terminal.screen().matches(QUESTION).count();
        let agent = asking(&home, ASK);
        is_asked(&terminal, asked + 1);
        terminal.types(word);
        terminal.shows(said);
        agent.answer();
        terminal.types("who");
        terminal.types("forget 1");
        terminal.shows(forgotten);
    }
}

#[test]
fn what_programs_do_can_neither_hide_the_question_nor_write_one() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let forged = "git wants to use beta (docs.example). Allow [f]or now >";
    let (valet, mut terminal) = signed_in(&home, &rogue);
    let agent = asking(&home, ASK);
    terminal.shows(QUESTION);
    let path = "/v1/servers/git%20wants%20to%20use%20beta%20(docs.example).%20Allow%20%5Bf%5Dor%20now%20%3E";
    for _ in 0..16 {
        home.configure(&json!({
            "mcpServers": { "rogue": { "url": rogue.mcp() }, forged: { "url": "https://x.example/mcp" } },
            "valet": { "agents": "ask", "vault": "memory" },
        }));
        until("it is there", || (valet.get(path).status == 200).then_some(()));
        valet.delete(path).expect_status(200);
    }
    let screen = terminal.shows("note: and ");
    assert_eq!(screen.matches(&format!("removed \"{forged}\"")).count(), 5, "{screen}");
    assert_eq!(screen.matches(forged).count(), 5, "{screen}");
    for line in screen.lines().filter(|line| line.contains("note:")) {
        assert!(line.starts_with("note: "), "{screen}");
    }
    until("the question stands below", || {
        terminal.screen().rsplit_once("note: ").filter(|(_, below)| below.contains(QUESTION)).map(|_| ())
    });
    terminal.types("o");
    agent.answer().expect_status(200);
}

#[test]
fn many_permissions_leave_the_question_on_the_screen() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let scopes: Vec<String> = (0..64).map(|n| format!("scope-{n}-{}", "x".repeat(120))).collect();
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp(), "oauth": { "scopes": scopes } } },
        "valet": { "agents": "ask", "vault": "memory" },
    }));
    rogue.edit("/token", "scope", json!(scopes.join(" ")));
    let (valet, terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    let _agent = asking(&home, ASK);
    let screen = terminal.shows(QUESTION);
    let line = screen.lines().find(|line| line.contains("permissions: ")).unwrap();
    assert!(line.len() < 700 && line.trim_end().ends_with(" more"), "{line}");
}

#[test]
fn the_end_of_what_is_typed_is_said() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (valet, mut terminal) = signed_in(&home, &rogue);
    let _agent = asking(&home, ASK);
    terminal.shows(QUESTION);
    terminal.types_at_once("\u{4}");
    let screen = terminal.shows("Nobody is asked here from now on");
    assert!(screen.lines().any(|line| line.starts_with("Nobody is asked here")), "{screen}");
    assert_eq!(valet.token("rogue").expect_status(403).text("code"), "consent_required");
}

#[test]
fn once_is_one_token_for_all_who_asked_and_the_others_are_asked_about_again() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let crowd = Crowd::ask(&home.socket(), 20, ASK);
    terminal.shows(QUESTION);
    terminal.types("o");
    until("there is a new question", || (terminal.screen().matches(QUESTION).count() == 2).then_some(()));
    terminal.types("d");
    let answers = crowd.answers();
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|answer| answer.status == 403).count(), 19, "{answers:?}");
    let audit = fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap();
    assert_eq!(audit.matches("hand_out").count(), 1);
}

#[test]
fn a_programs_own_name_and_folder_cannot_write_the_question() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue);
    let folder = home
        .path()
        .join("x\u{202e}\r\n\ntrusted wants to use rogue (127.0.0.1).\n  program: ")
        .join("usr/bin");
    fs::create_dir_all(&folder).unwrap();
    let forger = folder.join("claude\n  program: trusted\u{2066}");
    fs::copy(program("mcp-valet"), &forger).unwrap();
    let mut asking = home.spawn(home.command(&forger).args(["token", "rogue"]), "forger");
    let screen = terminal.shows(QUESTION);
    assert_eq!(screen.matches("wants to use rogue").count(), 1 + screen.matches("trusted wants").count());
    for line in screen.lines() {
        assert!(!line.starts_with("trusted"), "{screen}");
        assert!(!line.starts_with("  program: ") || line.contains("/x\\u{202e}"), "{screen}");
    }
    assert_eq!(screen.lines().filter(|line| line.starts_with("  program:")).count(), 1, "{screen}");
    assert!(!screen.contains(['\u{202e}', '\u{2066}']), "{screen:?}");
    terminal.types("d");
    assert_eq!(asking.wait().code(), Some(4));
}

#[test]
fn one_program_with_many_questions_does_not_keep_another_from_asking() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let mut servers = Map::from_iter([("rogue".to_owned(), json!({ "url": rogue.mcp() }))]);
    servers.extend((0..33).map(|n| (format!("s{n}"), json!({ "url": format!("https://s{n}.example/mcp") }))));
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "ask", "vault": "memory" } }));
    let (_valet, terminal) = Valet::on_terminal(&home);
    let greedy: Vec<_> =
        (0..33).map(|n| asking(&home, &format!(r#"{{"server":"s{n}","wait":600}}"#))).collect();
    terminal.shows(QUESTION);
    // Connections are served side by side: any of them may be the one too many.
    let (answered, answers) = mpsc::channel();
    for agent in greedy {
        let answered = answered.clone();
        thread::spawn(move || answered.send(agent.answer()));
    }
    let refused = answers.recv().unwrap();
    assert_eq!(refused.expect_status(500).text("code"), "internal");
    // The other program is asked about.
    let another = Agent::new(&home, "another").status(r#"{"server":"rogue","wait":1}"#);
    assert_eq!(another, 504);
}

#[test]
fn an_edit_that_was_undone_is_not_asked_about_any_more_and_answering_changes_nothing() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (valet, mut terminal) = signed_in(&home, &rogue);
    configure(&home, &rogue, "allow");
    terminal.shows("Accept it?");
    configure(&home, &rogue, "ask");
    terminal.shows("(answered elsewhere)");
    let file = fs::read_to_string(home.config()).unwrap();
    terminal.types("y");
    let answer = valet.post("/v1/token", &json!({ "server": "rogue", "wait": 1 }));
    assert_eq!(answer.expect_status(504).text("code"), "timeout", "every agent was let in");
    assert_eq!(fs::read_to_string(home.config()).unwrap(), file);
    let notices = valet.get("/v1/health").json()["notices"].to_string();
    assert!(!notices.contains("every program"), "{notices}");
}

#[test]
fn an_edit_that_is_accepted_takes_effect() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (valet, mut terminal) = signed_in(&home, &rogue);
    configure(&home, &rogue, "allow");
    terminal.shows("Accept it?");
    terminal.types("yes");
    until("every agent is let in", || (valet.server("rogue")["consent"] == "allowed").then_some(()));
    valet.token("rogue").expect_status(200);
}

#[test]
fn in_the_background_of_a_terminal_it_keeps_answering() {
    let (home, rogue) = (Home::new(), Rogue::start());
    configure(&home, &rogue, "ask");
    let (valet, mut terminal) = Valet::in_background(&home);
    terminal.types("o");
    valet.sign_in("rogue");
    let answer = valet.token("rogue").expect_status(403);
    assert_eq!(answer.text("code"), "consent_required", "nobody can be asked there");
    valet.get("/v1/health").expect_status(200);
}

/// A sign-in that raises a question waits for its answer, which is given here as well.
#[test]
fn a_sign_in_that_is_begun_here_asks_here_and_other_commands_go_on() {
    let (home, good, other) = (Home::new(), Rogue::start(), Rogue::start());
    for rogue in [&good, &other] {
        rogue.edit_metadata("authorization_response_iss_parameter_supported", serde_json::Value::Null);
        rogue.gives_iss(None);
    }
    let port = mcp_valet_tests::free_port();
    let entry = |rogue: &Rogue| json!({ "url": rogue.mcp(), "oauth": { "clientId": "public", "callbackPort": port } });
    home.configure(&json!({
        "mcpServers": { "good": entry(&good), "other": entry(&other) },
        "valet": { "agents": "ask", "vault": "memory" },
    }));
    let (_valet, mut terminal) = Valet::on_terminal(&home);
    let _asking = asking(&home, r#"{"server":"other","wait":60}"#);
    terminal.shows("wants to use other");
    terminal.types("o");
    terminal.shows("waits for you to sign in to other");
    terminal.types("s");
    terminal.shows("The sign-in to other is at");
    terminal.types("help");
    terminal.shows("take answer N of that list back");
    terminal.types("n");
    terminal.shows("The sign-in goes no further");
    terminal.shows("note: ");
}

#[test]
fn a_name_that_could_be_more_of_the_question_is_quoted() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let name = "linear (mcp.linear.app), signed in as you";
    home.configure(&json!({
        "mcpServers": { name: { "url": rogue.mcp() } },
        "valet": { "agents": "ask", "vault": "memory" },
    }));
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in(name);
    for (before, agent) in ["You", "MCP Valet", "the person"].iter().enumerate() {
        let _asking = Agent::new(&home, agent).starts(&format!("$VALET token '{name}'"));
        terminal.shows(&format!("\"{agent}\" wants to use \"{name}\" ("));
        terminal.types("d");
        until("it is answered", || (terminal.screen().matches("Not allowed").count() > before).then_some(()));
    }
}
