//! Containers as podman really runs them: led here, used from inside, and told what is wrong. Where
//! `MCP_VALET_PODMAN` does not say how podman runs one on this machine, nothing is done.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::far::{asks_to_forward, forwards};
use mcp_valet_tests::podman::Podman;
use mcp_valet_tests::who::answers;
use mcp_valet_tests::{Home, Rogue, Terminal, Valet, until};

const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"Codex","version":"1"}}}"#;

fn desk<'home>(home: &'home Home, rogue: &Rogue) -> (Valet<'home>, Terminal) {
    home.asks_about(&[("rogue", &rogue.mcp())]);
    rogue.is_a_server();
    let (valet, terminal) = Valet::on_terminal(home);
    valet.sign_in("rogue");
    (valet, terminal)
}

/// The status that a program in the container gets.
fn status(container: &Podman<'_>, path: &str, body: Option<&str>) -> String {
    let address = format!("http://localhost{path}");
    let mut all = vec!["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}"];
    all.extend(["--unix-socket", "/root/.mcp-valet/agent.sock", &address]);
    if let Some(body) = body {
        all.extend(["-H", "Content-Type: application/json", "--data-raw", body]);
        all.extend(["-H", "Accept: application/json, text/event-stream"]);
    }
    container.runs(&all).stdout
}

#[test]
fn a_program_in_a_container_of_podman_uses_a_server_until_the_container_stops() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(web) = Podman::run(&home, "web", &[]) else { return };
    let (valet, mut terminal) = desk(&home, &rogue);
    asks_to_forward(&valet, &mut terminal, &["container", web.name()], "y").expect_code(0);
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| status(&web, "/mcp/rogue", Some(INITIALIZE)));
        answers(&mut terminal, 1, &format!("Codex, it says, on container {}", web.name()), "f");
        assert_eq!(asking.join().unwrap(), "200");
    });
    assert_eq!(status(&web, "/v1/token", Some(r#"{"server":"rogue"}"#)), "404");
    web.podman(&["restart", "--time", "0", web.name()]).expect_code(0);
    home.move_clock(60);
    until("it is lost", || (forwards(&valet)[0]["state"] == "lost").then_some(()));
    home.move_clock(240);
    until("it is there again", || (forwards(&valet)[0]["state"] == "open").then_some(()));
    assert_eq!(status(&web, "/v1/health", None), "200");
}

#[test]
fn of_a_container_whose_user_is_another_one_here_that_is_said() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let Some(web) = Podman::run(&home, "other", &["--user", "1000", "--env", "HOME=/home"]) else { return };
    let (valet, mut terminal) = desk(&home, &rogue);
    let told = asks_to_forward(&valet, &mut terminal, &["container", web.name()], "y").expect_code(5);
    assert!(told.stderr.contains("1000"), "{told:?}");
}
