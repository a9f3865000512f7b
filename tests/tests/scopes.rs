//! A consent reaches as far as it was given: what is wider is asked about again, and says what is new.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Agent, Home, HttpResponse, RawClient, Reply, Rogue, Terminal, Valet, until};
use serde_json::{Value, json};

const ASK: &str = r#"{"server":"rogue"}"#;
const WRITE: &str = r#"{"server":"rogue","scope":"write"}"#;
const QUESTION: &str = "Allow [o]nce";
const RESOURCE: &str = "/.well-known/oauth-protected-resource/mcp";

/// A valet at a terminal, signed in for `read`, which asks about every agent.
fn signed_in<'home>(home: &'home Home, rogue: &Rogue, more: &Value) -> (Valet<'home>, Terminal) {
    let mut server = json!({ "url": rogue.mcp() });
    server.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    home.configure(&json!({
        "mcpServers": { "rogue": server },
        "valet": { "agents": "ask", "vault": "memory" },
    }));
    rogue.edit(RESOURCE, "scopes_supported", json!(["read"]));
    let (valet, terminal) = Valet::on_terminal(home);
    valet.sign_in("rogue");
    assert_eq!(valet.server("rogue")["scopes_granted"], json!(["read"]));
    (valet, terminal)
}

/// Another sign-in in the place of the one that works.
fn sign_in_anew(valet: &Valet<'_>, terminal: &mut Terminal) {
    std::thread::scope(|scope| {
        let signing_in = scope.spawn(|| valet.sign_in("rogue"));
        terminal.shows("Put it in place of the sign-in that works now?");
        terminal.types("y");
        signing_in.join().unwrap();
    });
}

/// This test itself, as an agent that asks and waits.
fn asking(home: &Home, body: &str) -> RawClient {
    let mut agent = RawClient::connect(&home.socket());
    agent.ask_token(body);
    agent
}

/// The same through the proxy.
fn proxied(home: &Home) -> RawClient {
    let mut agent = RawClient::connect(&home.socket());
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    agent.ask_proxy("rogue", "Connection: close\r\n", &list.to_string());
    agent
}

/// What is on the screen since the question with this number, counted from one.
fn question(terminal: &Terminal, number: usize) -> String {
    until(&format!("question {number} is on the screen"), || {
        let screen = terminal.screen();
        let (begin, _) = screen.match_indices(" wants to use ").nth(number - 1)?;
        Some(screen[begin..].to_owned()).filter(|question| question.contains("[d]on't allow >"))
    })
}

/// Everybody who waits is told, and what they are told is good.
fn good(agent: RawClient) -> HttpResponse {
    agent.answer().expect_status(200)
}

#[test]
fn what_is_wider_is_asked_about_again_with_what_is_new_and_what_is_not_is_not() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue, &json!({}));
    let agent = asking(&home, ASK);
    assert!(question(&terminal, 1).contains("permissions: read"), "{}", terminal.screen());
    terminal.types("f");
    good(agent);
    good(asking(&home, ASK));
    let courier = Agent::new(&home, "courier");
    let status = std::thread::scope(|scope| {
        let status = scope.spawn(|| courier.status(ASK));
        question(&terminal, 2);
        terminal.types("f");
        status.join().unwrap()
    });
    assert_eq!(status, 200);

    // The one steps up: asked first, signed in then, and not asked once more for what the sign-in brought.
    home.browser_says_yes();
    let wider = asking(&home, WRITE);
    assert!(question(&terminal, 3).contains("also: write"), "{}", terminal.screen());
    terminal.types("f");
    terminal.shows("[s]ign in now");
    terminal.types("s");
    let token = good(wider);
    assert!(token.text("scope").contains("write"), "{token:?}");
    good(asking(&home, ASK));
    assert_eq!(terminal.screen().matches(QUESTION).count(), 3, "{}", terminal.screen());

    // The other was allowed the narrower token alone.
    assert_eq!(courier.status(r#"{"server":"rogue","wait":1}"#), 504);
    let question = question(&terminal, 4);
    assert!(question.contains("allowed less before; also: write"), "{question}");
}

#[test]
fn through_the_proxy_as_well() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue, &json!({}));
    let agent = proxied(&home);
    assert!(question(&terminal, 1).contains("sees no token"), "{}", terminal.screen());
    terminal.types("f");
    good(agent);

    // Another one steps up.
    home.browser_says_yes();
    let courier = Agent::new(&home, "courier");
    std::thread::scope(|scope| {
        let status = scope.spawn(|| courier.status(WRITE));
        question(&terminal, 2);
        terminal.types("f");
        terminal.shows("[s]ign in now");
        terminal.types("s");
        assert_eq!(status.join().unwrap(), 200);
    });
    let before = rogue.count("/mcp");
    let agent = proxied(&home);
    assert!(question(&terminal, 3).contains("also: write"), "{}", terminal.screen());
    assert_eq!(rogue.count("/mcp"), before, "the wider token was used before the answer");
    terminal.types("d");
    let refused = good(agent).json();
    assert_eq!(refused["error"]["data"]["code"], "denied", "{refused}");
    assert_eq!(rogue.count("/mcp"), before);
}

#[test]
fn a_challenge_of_the_server_is_a_question_before_it_is_a_sign_in() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue, &json!({}));
    rogue.demand_scope("write");
    home.browser_says_yes();
    let agent = proxied(&home);
    question(&terminal, 1);
    terminal.types("f");
    assert!(question(&terminal, 2).contains("also: write"), "{}", terminal.screen());
    assert!(!terminal.screen().contains("[s]ign in now"));
    terminal.types("f");
    terminal.shows("[s]ign in now");
    terminal.types("s");
    assert_eq!(good(agent).json()["result"], json!({}));
    assert_eq!(terminal.screen().matches(QUESTION).count(), 2, "{}", terminal.screen());
}

#[test]
fn who_goes_through_the_proxy_is_asked_before_it_gets_the_token_itself_and_not_the_other_way_round() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue, &json!({}));
    let agent = proxied(&home);
    question(&terminal, 1);
    terminal.types("f");
    good(agent);
    let agent = asking(&home, ASK);
    let asked = question(&terminal, 2);
    assert!(asked.contains("it gets a") && asked.contains("until now it was not allowed"), "{asked}");
    terminal.types("f");
    good(agent);
    good(proxied(&home));
    assert_eq!(terminal.screen().matches(QUESTION).count(), 2, "{}", terminal.screen());

    let courier = Agent::new(&home, "courier");
    std::thread::scope(|scope| {
        let status = scope.spawn(|| courier.status(ASK));
        question(&terminal, 3);
        terminal.types("f");
        assert_eq!(status.join().unwrap(), 200);
    });
    let shown: Value = serde_json::from_str(&courier.runs("$VALET show rogue --json").stdout).unwrap();
    let own = shown["agents"].clone();
    let own = own.as_array().unwrap();
    assert_eq!(own.len(), 1, "it sees another one: {own:?}");
    assert_eq!((&own[0]["answer"], &own[0]["form"]), (&json!("allowed_for_now"), &json!("token")));
    assert_eq!((&own[0]["scopes"], &own[0]["uses"]), (&json!(["read"]), &json!(1)));
}

#[test]
fn a_token_that_lasts_is_said_to_be_out_of_reach_and_an_answer_about_a_short_one_is_none_about_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (valet, mut terminal) = signed_in(&home, &rogue, &json!({ "handOut": "token" }));
    let agent = asking(&home, ASK);
    assert!(!question(&terminal, 1).contains("recall"), "{}", terminal.screen());
    terminal.types("f");
    good(agent);
    rogue.token_lifetime(None);
    sign_in_anew(&valet, &mut terminal);
    let agent = asking(&home, ASK);
    assert!(
        question(&terminal, 2).contains("never ends, and that nobody can recall"),
        "{}",
        terminal.screen()
    );
    terminal.types("o");
    good(agent);
}

#[test]
fn what_was_allowed_before_a_sign_in_is_bound_to_what_that_gave() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.asks_about(&[("rogue", &rogue.mcp())]);
    rogue.edit(RESOURCE, "scopes_supported", json!(["read"]));
    let (valet, mut terminal) = Valet::on_terminal(&home);
    home.browser_says_yes();
    let agent = asking(&home, ASK);
    assert!(question(&terminal, 1).contains("whatever your sign-in allows"), "{}", terminal.screen());
    terminal.types("f");
    terminal.shows("[s]ign in now");
    terminal.types("s");
    good(agent);
    rogue.edit(RESOURCE, "scopes_supported", json!(["read", "admin"]));
    sign_in_anew(&valet, &mut terminal);
    let _agent = asking(&home, ASK);
    assert!(question(&terminal, 2).contains("also: admin"), "{}", terminal.screen());
}

#[test]
fn an_answer_for_more_settles_the_question_about_less_and_a_no_settles_both() {
    let (home, rogue) = (Home::new(), Rogue::start());
    for (letter, status) in [("f", 200), ("d", 403)] {
        let (valet, mut terminal) = signed_in(&home, &rogue, &json!({}));
        let token = asking(&home, ASK);
        question(&terminal, 1);
        let through = proxied(&home);
        terminal.types(letter);
        assert_eq!(token.answer().status, status);
        let body = through.answer().expect_status(200).json();
        assert_eq!(body["error"].is_null(), status == 200, "{body}");
        assert_eq!(terminal.screen().matches(QUESTION).count(), 1, "{}", terminal.screen());
        valet.stop();
    }
}

#[test]
fn an_open_stream_ends_when_the_answer_that_it_lives_on_is_taken_back_at_the_terminal() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = signed_in(&home, &rogue, &json!({}));
    rogue
        .reply("/mcp", Reply::Events(vec![r#"{"jsonrpc":"2.0","method":"notifications/first"}"#.to_owned()]));
    let mut agent = RawClient::connect(&home.socket());
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    let accept = "Connection: close\r\nAccept: application/json, text/event-stream\r\n";
    agent.ask_proxy("rogue", accept, &list.to_string());
    question(&terminal, 1);
    terminal.types("f");
    agent.reads("notifications/first");
    until("the use is counted", || {
        terminal.types("who");
        terminal.screen().contains("used 1x").then_some(())
    });
    terminal.shows("allowed for now (through the proxy alone: read)");
    terminal.types("forget 2");
    terminal.shows("There is no such number");
    terminal.types("forget 1");
    terminal.shows("asks again before it uses rogue");
    let rest = agent.answer();
    assert!(rest.body.contains("consent_required") || rest.head.contains("consent_required"), "{rest:?}");
}
