//! A client that can show a page has the person sign in there, and what it answers for them is told apart
//! from what they answer.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Agent, BareClient, Home, Rogue, SessionServer, Terminal, Valet, curl, text, until};
use serde_json::{Value, json};
use std::thread::sleep;
use std::time::{Duration, Instant};

const ASKED: &str = "elicitation/create";
/// Longer than a client takes that answers in the person's place.
const THINKING: Duration = Duration::from_millis(1200);

fn shows_pages() -> Value {
    json!({ "elicitation": { "form": {}, "url": {} } })
}

fn configure(home: &Home, rogue: &Rogue) -> SessionServer {
    let server = SessionServer::start(home, &rogue.origin());
    home.lists(&[("toolbox", &server.mcp())], "memory");
    server
}

/// A valet that can ask the person itself.
struct Started<'home> {
    valet: Valet<'home>,
    _terminal: Terminal,
    _server: SessionServer,
}

fn start<'home>(home: &'home Home, rogue: &Rogue) -> Started<'home> {
    let server = configure(home, rogue);
    let (valet, terminal) = Valet::on_terminal(home);
    Started { valet, _terminal: terminal, _server: server }
}

fn answers(client: &mut BareClient, asked: &Value, action: &str) {
    client.say(&json!({ "jsonrpc": "2.0", "id": asked["id"], "result": { "action": action } }));
}

/// The request of this number to show a page.
#[track_caller]
fn asked(client: &BareClient, number: usize) -> Value {
    until(&format!("it is asked: {:?}", client.heard()), || {
        client.heard().into_iter().filter(|said| said["method"] == ASKED).nth(number)
    })
}

/// Somebody has read the first request for a call before they answer it.
#[track_caller]
fn answers_late(client: &mut BareClient, action: &str) -> u64 {
    let call = client.call("hello");
    let asked = asked(client, 0);
    sleep(THINKING);
    answers(client, &asked, action);
    call
}

#[track_caller]
fn is_at_rest(valet: &Valet<'_>) {
    until("no sign-in is under way", || (valet.server("toolbox")["attempt"] == "none").then_some(()));
}

/// Nobody else can ask for it here.
#[test]
fn the_page_is_shown_some_time_after_the_beginning_and_whoever_opens_it_is_signed_in() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_server, _valet) = (configure(&home, &rogue), Valet::start(&home));
    let (mut client, _) = BareClient::begin(&home, "toolbox", &shows_pages());
    let begun = Instant::now();
    let call = client.call("hello");
    let asked = asked(&client, 0);
    let params = &asked["params"];
    assert_eq!(params["mode"], "url");
    assert!(params["message"].as_str().unwrap().contains("toolbox"), "{params}");
    assert!(begun.elapsed() > Duration::from_millis(900), "{:?}", begun.elapsed());
    let page: url::Url = params["url"].as_str().unwrap().parse().unwrap();
    assert_eq!(page.origin().ascii_serialization(), rogue.origin(), "it is the issuer's own");
    answers(&mut client, &asked, "accept");
    curl(&[rogue.agree(&page).as_str()]).expect_status(200);
    assert_eq!(text(&client.answer(call)), "hello");
    let done = client.hears("notifications/elicitation/complete");
    assert_eq!(done["params"]["elicitationId"], params["elicitationId"]);
    assert_eq!(client.times(ASKED), 1);
}

#[test]
fn nothing_is_shown_within_three_seconds_of_the_beginning() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Started { valet, .. } = &start(&home, &rogue);
    let (client, _) = BareClient::begin(&home, "toolbox", &shows_pages());
    let begun = Instant::now();
    asked(&client, 0);
    assert!(begun.elapsed() > Duration::from_millis(2900), "{:?}", begun.elapsed());
    // Once somebody has signed in elsewhere, it is not to stand there any longer.
    valet.sign_in("toolbox");
    let cancelled = client.hears("notifications/cancelled");
    assert_eq!(cancelled["params"]["requestId"], asked(&client, 0)["id"]);
}

#[test]
fn a_client_that_refuses_at_once_has_not_asked_anybody() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Started { valet, .. } = &start(&home, &rogue);
    let (mut client, _) = BareClient::begin(&home, "toolbox", &shows_pages());
    let first = asked(&client, 0);
    answers(&mut client, &first, "decline");
    is_at_rest(valet);
    assert_eq!(valet.server("toolbox")["declined"], false);
    let call = client.call("hello");
    let second = asked(&client, 1);
    answers(&mut client, &second, "cancel");
    is_at_rest(valet);
    sleep(Duration::from_secs(3));
    assert_eq!(client.times(ASKED), 2, "it is not asked a third time");
    valet.sign_in("toolbox");
    assert_eq!(text(&client.answer(call)), "hello");
}

#[test]
fn a_later_no_is_the_persons() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Started { valet, .. } = &start(&home, &rogue);
    let (mut client, _) = BareClient::begin(&home, "toolbox", &shows_pages());
    let call = answers_late(&mut client, "decline");
    let told = client.answer(call);
    assert_eq!(told["result"]["isError"], true, "{told}");
    assert_eq!(told["result"]["_meta"]["mcp-valet/problem"]["code"], "declined", "{told}");
    assert_eq!(valet.server("toolbox")["declined"], true);
}

#[test]
fn a_dialog_that_is_closed_is_no_answer() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Started { valet, .. } = &start(&home, &rogue);
    let (mut client, _) = BareClient::begin(&home, "toolbox", &shows_pages());
    let call = answers_late(&mut client, "cancel");
    is_at_rest(valet);
    assert_eq!(valet.server("toolbox")["declined"], false);
    valet.sign_in("toolbox");
    assert_eq!(text(&client.answer(call)), "hello");
}

#[test]
fn whoever_cannot_show_it_is_not_asked() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Started { valet, .. } = &start(&home, &rogue);
    let (mut client, _) = BareClient::begin(&home, "toolbox", &json!({ "elicitation": {} }));
    let call = client.call("hello");
    sleep(Duration::from_secs(4));
    assert_eq!(client.times(ASKED), 0);
    assert_eq!(valet.server("toolbox")["attempt"], "none");
    valet.sign_in("toolbox");
    assert_eq!(text(&client.answer(call)), "hello");
}

#[test]
fn only_whoever_began_a_sign_in_gives_it_up() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Started { valet, .. } = &start(&home, &rogue);
    let another = Agent::new(&home, "another");
    let curl = "curl -s -o /dev/null -w '%{http_code}' --unix-socket $SOCKET";
    let at = "http://localhost/v1/servers/toolbox/authorize";
    assert_eq!(
        another.runs(&format!("{curl} -d '{{}}' -H 'Content-Type: application/json' {at}")).stdout,
        "200"
    );
    valet.delete("/v1/servers/toolbox/authorize").expect_status(400);
    assert_eq!(valet.server("toolbox")["attempt"], "waiting");
    assert_eq!(another.runs(&format!("{curl} -X DELETE {at}")).stdout, "200");
    assert_eq!(valet.server("toolbox")["attempt"], "none");
}
