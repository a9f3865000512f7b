//! "Allow once" through the proxy is one start of a program: what its processes begin within seconds of each
//! other. A token stays one token.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Agent, Home, Process, Rogue, Terminal, Valet, until};
use serde_json::json;

/// A valet that is signed in at these servers and asks about every program.
fn asking<'home>(home: &'home Home, servers: &[(&str, &Rogue)]) -> (Valet<'home>, Terminal) {
    let entries: serde_json::Map<_, _> =
        servers.iter().map(|(name, rogue)| ((*name).to_owned(), json!({ "url": rogue.mcp() }))).collect();
    home.configure(&json!({ "mcpServers": entries, "valet": { "agents": "ask", "vault": "memory" } }));
    let (valet, terminal) = Valet::on_terminal(home);
    servers.iter().for_each(|(name, _)| valet.sign_in(name));
    (valet, terminal)
}

/// A command that sends one message in a process of its own.
fn sends(server: &str, method: &str) -> String {
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": {} });
    let curl = "curl -s --max-time 50 --unix-socket $SOCKET -H 'Content-Type: application/json'";
    format!("{curl} --data-raw '{message}' http://localhost/mcp/{server}; echo")
}

fn questions(terminal: &Terminal) -> usize {
    terminal.screen().matches("Allow [o]nce").count()
}

#[track_caller]
fn results(process: &Process, count: usize) {
    until("it is answered", || (process.stdout().matches("\"result\"").count() == count).then_some(()));
}

#[test]
fn a_program_that_probes_in_one_process_and_works_in_the_next_is_asked_about_once() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = asking(&home, &[("rogue", &rogue)]);
    let program = Agent::new(&home, "prober");
    let steps = ["server/discover", "initialize", "server/discover", "initialize", "tools/list"];
    let script: Vec<String> = steps.iter().map(|method| sends("rogue", method)).collect();
    let mut running = program.starts(&script.join("\n"));
    terminal.shows("Allow [o]nce");
    terminal.types("o");
    assert!(running.wait().success());
    results(&running, steps.len());
    assert_eq!(questions(&terminal), 1, "{}", terminal.screen());
}

#[test]
fn a_program_that_starts_connect_twice_is_asked_about_once() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = asking(&home, &[("rogue", &rogue)]);
    let program = Agent::new(&home, "prober");
    let message =
        |id: u8, method: &str| json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": {} });
    let probe = format!("printf '%s\\n' '{}' | $VALET connect rogue", message(1, "server/discover"));
    let work = format!(
        "printf '%s\\n' '{}' '{}' | $VALET connect rogue",
        message(1, "initialize"),
        message(2, "tools/list")
    );
    let mut running = program.starts(&[probe, work.clone(), work].join("\n"));
    terminal.shows("Allow [o]nce");
    terminal.types("o");
    assert!(running.wait().success());
    // Whoever is not answered within a second begins otherwise.
    until("all is answered", || (running.stdout().matches("\"id\"").count() == 5).then_some(()));
    assert_eq!(questions(&terminal), 1, "{}", terminal.screen());
}

#[test]
fn processes_that_wait_together_are_answered_together() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = asking(&home, &[("rogue", &rogue)]);
    let program = Agent::new(&home, "prober");
    let ask = sends("rogue", "initialize");
    let mut running = program.starts(&format!("({ask}) &\n({ask}) &\n({ask}) &\nwait"));
    terminal.shows("Allow [o]nce");
    terminal.types("o");
    assert!(running.wait().success());
    results(&running, 3);
    assert_eq!(questions(&terminal), 1, "{}", terminal.screen());
}

#[test]
fn seconds_later_another_process_is_another_start() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = asking(&home, &[("rogue", &rogue)]);
    let program = Agent::new(&home, "prober");
    let first = program.starts(&sends("rogue", "initialize"));
    terminal.shows("Allow [o]nce");
    terminal.types("o");
    results(&first, 1);
    home.move_clock(11);
    let second = program.starts(&sends("rogue", "initialize"));
    until("the next start is asked about", || (questions(&terminal) == 2).then_some(()));
    terminal.types("d");
    until("it is denied", || second.stdout().contains("\"denied\"").then_some(()));
}

#[test]
fn it_is_for_that_program_that_server_and_no_token() {
    let (home, rogue, second) = (Home::new(), Rogue::start(), Rogue::start());
    let (_valet, mut terminal) = asking(&home, &[("rogue", &rogue), ("second", &second)]);
    let program = Agent::new(&home, "prober");
    let first = program.starts(&sends("rogue", "initialize"));
    terminal.shows("Allow [o]nce");
    terminal.types("o");
    results(&first, 1);
    let token = "curl -s --unix-socket $SOCKET -H 'Content-Type: application/json' -d '{\"server\":\"rogue\"}' http://localhost/v1/token";
    let others = [
        Agent::new(&home, "other").starts(&sends("rogue", "initialize")),
        program.starts(&sends("second", "initialize")),
        program.starts(token),
    ];
    for number in 0..others.len() {
        until("it is asked about", || (questions(&terminal) >= number + 2).then_some(()));
        terminal.types("d");
    }
    let [other, second, _] = &others;
    let denied = |process: &Process| process.stdout().matches("\"code\":\"denied\"").count();
    until("all are denied", || (denied(other) == 1 && denied(second) == 2).then_some(()));
}

#[test]
fn a_token_that_was_allowed_once_is_one_token_and_no_session() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut terminal) = asking(&home, &[("rogue", &rogue)]);
    let program = Agent::new(&home, "prober");
    let token = "curl -s --unix-socket $SOCKET -H 'Content-Type: application/json' -d '{\"server\":\"rogue\"}' http://localhost/v1/token";
    let first = program.starts(token);
    terminal.shows("Allow [o]nce");
    terminal.types("o");
    until("the token comes", || first.stdout().contains("access_token").then_some(()));
    let session = program.starts(&sends("rogue", "initialize"));
    until("the session is asked about", || (questions(&terminal) == 2).then_some(()));
    terminal.types("d");
    until("it is denied", || session.stdout().contains("denied").then_some(()));
}

#[test]
fn what_was_revoked_is_asked_about_again() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (valet, mut terminal) = asking(&home, &[("rogue", &rogue)]);
    let program = Agent::new(&home, "prober");
    let first = program.starts(&sends("rogue", "initialize"));
    terminal.shows("Allow [o]nce");
    terminal.types("o");
    results(&first, 1);
    valet.post("/v1/servers/rogue/revoke", &json!({})).expect_status(200);
    valet.sign_in("rogue");
    let second = program.starts(&sends("rogue", "initialize"));
    until("it is asked about", || (questions(&terminal) == 2).then_some(()));
    terminal.types("d");
    until("it is denied", || second.stdout().contains("denied").then_some(()));
}
