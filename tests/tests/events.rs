//! What agents hear without asking: what was taken from them, which, and when the valet ends.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::thread;

use mcp_valet_tests::{Home, Process, RawClient, Reply, Rogue, Valet, until};
use serde_json::json;

/// A program of its own that listens.
struct Listener(Process);

impl Listener {
    fn start(home: &Home, name: &str) -> Self {
        let program = home.path().join(name);
        if !program.exists() {
            std::fs::copy("/usr/bin/curl", &program).unwrap();
        }
        let mut curl = home.command(&program);
        curl.args([
            "--silent",
            "--show-error",
            "--no-buffer",
            "--unix-socket",
            home.socket().to_str().unwrap(),
        ]);
        let listener = Self(home.spawn(curl.arg("http://localhost/v1/events"), name));
        listener.hears("event: servers");
        listener
    }

    #[track_caller]
    fn hears(&self, text: &str) {
        until(text, || self.0.stdout().contains(text).then_some(()));
    }

    /// The names of what it has heard, but for pictures of the servers.
    fn news(&self) -> Vec<String> {
        let said = self.0.stdout();
        let names = said.lines().filter_map(|line| line.strip_prefix("event: "));
        names.filter(|name| *name != "servers").map(str::to_owned).collect()
    }
}

/// An agent that listens and does not read.
fn listening(home: &Home) -> RawClient {
    let mut agent = RawClient::connect(&home.socket());
    agent.send(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    agent.reads("event: servers");
    agent
}

#[test]
fn every_agent_hears_at_once_what_was_taken_and_which_it_was() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let agents = ["one", "two", "three"].map(|name| Listener::start(&home, name));
    let hear = |event: &str| agents.iter().for_each(|agent| agent.hears(event));
    valet.post("/v1/servers/rogue/revoke", &json!({})).expect_status(200);
    hear("event: revoked\ndata: {\"server\":\"rogue\"}");
    valet.sign_in("rogue");
    home.move_clock(601);
    rogue.end_grants();
    valet.token("rogue").expect_status(401);
    hear("event: lapsed\ndata: {\"server\":\"rogue\"}");
    valet.post("/v1/servers/rogue/decline", &json!({})).expect_status(200);
    hear("event: declined\ndata: {\"server\":\"rogue\"}");
    valet.post("/v1/lock", &json!({})).expect_status(204);
    hear("event: locked\ndata: {\"reason\":\"locked_by_person\"}");
    valet.delete("/v1/servers/rogue").expect_status(200);
    hear("event: removed\ndata: {\"server\":\"rogue\"}");
    for agent in &agents {
        assert_eq!(agent.news(), ["revoked", "lapsed", "declined", "locked", "removed"]);
    }
}

#[test]
fn consent_is_news_for_the_program_that_it_is_about_and_for_no_other() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.asks_about(&[("rogue", &rogue.mcp())]);
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    let (scribe, bystander) = (Listener::start(&home, "scribe"), Listener::start(&home, "bystander"));
    thread::scope(|scope| {
        let agent = scope.spawn(|| {
            let mut curl = home.command(home.path().join("scribe"));
            curl.args(["--silent", "--unix-socket", home.socket().to_str().unwrap()]);
            curl.args(["--data-raw", r#"{"server":"rogue"}"#, "-H", "Content-Type: application/json"]);
            home.run(curl.arg("http://localhost/v1/token"))
        });
        terminal.shows("Allow [o]nce");
        terminal.types("f");
        assert!(agent.join().unwrap().stdout.contains("access_token"));
    });
    scribe.hears("event: consent\ndata: {\"server\":\"rogue\",\"consent\":\"allowed\"}");
    valet.post("/v1/servers/rogue/revoke", &json!({})).expect_status(200);
    scribe.hears("event: consent\ndata: {\"server\":\"rogue\",\"consent\":\"none\"}");
    bystander.hears("event: revoked");
    assert_eq!(bystander.news(), ["revoked"]);
}

#[test]
fn the_end_of_the_valet_ends_the_stream_properly() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let agent = listening(&home);
    valet.stop();
    let rest = agent.answer();
    let rest = format!("{}{}", rest.head, rest.body);
    assert!(rest.contains("event: end\ndata: {}"), "{rest}");
}

#[test]
fn curl_takes_the_end_for_a_complete_answer() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let Listener(mut listener) = Listener::start(&home, "scribe");
    valet.stop();
    assert!(listener.wait().success(), "{}", listener.stderr());
    assert!(listener.stdout().trim_end().ends_with("event: end\ndata: {}"), "{}", listener.stdout());
}

#[test]
fn an_end_does_not_wait_for_streams_through_the_proxy() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    rogue
        .reply("/mcp", Reply::Events(vec![r#"{"jsonrpc":"2.0","method":"notifications/first"}"#.to_owned()]));
    let mut agent = RawClient::connect(&home.socket());
    agent.ask_proxy("rogue", "Connection: close\r\n", r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#);
    agent.reads("notifications/first");
    let begun = std::time::Instant::now();
    valet.stop();
    assert!(begun.elapsed() < std::time::Duration::from_secs(10), "{:?}", begun.elapsed());
    drop(agent.answer());
}

#[test]
fn agents_that_do_not_read_hold_no_memory() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let names: Vec<String> = (0..200).map(|n| format!("server-with-a-name-{n}")).collect();
    let url = rogue.mcp();
    let servers: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), url.as_str())).collect();
    home.lists(&servers, "memory");
    let valet = Valet::start(&home);
    let deaf: Vec<RawClient> = (0..40).map(|_| listening(&home)).collect();
    let before = valet.memory();
    for name in &names {
        valet.post(&format!("/v1/servers/{name}/decline"), &json!({})).expect_status(200);
    }
    // 200 changes of some 100 KiB for 40 agents would be 800 MiB.
    assert!(valet.memory() < before + (48 << 10), "{before} KiB became {}", valet.memory());
    drop(deaf);
}
