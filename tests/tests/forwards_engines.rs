//! Containers as podman and docker really run them: led here, named where they mount the socket, and told
//! what is wrong. Where `MCP_VALET_PODMAN` or `MCP_VALET_DOCKER` does not say how one is run on this machine,
//! nothing is done.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::thread;

use mcp_valet_tests::container::{Container, Engine, engines};
use mcp_valet_tests::far::{asks_to_forward, forwards};
use mcp_valet_tests::who::answers;
use mcp_valet_tests::{CommandOutput, Home, Rogue, Terminal, Valet, program, until};
use rustix::process::getuid;
use serde_json::Value;

const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"Codex","version":"1"}}}"#;
/// Where a container has the folder of the socket.
const MOUNTED: &str = "/run/mcp-valet";

fn desk<'home>(home: &'home Home, rogue: &Rogue) -> (Valet<'home>, Terminal) {
    home.asks_about(&[("rogue", &rogue.mcp())]);
    rogue.is_a_server();
    let (valet, terminal) = Valet::on_terminal_with(home, &engines(home));
    valet.sign_in("rogue");
    (valet, terminal)
}

/// The status that a program in the container gets.
fn status(container: &Container<'_>, path: &str, body: Option<&str>) -> String {
    let address = format!("http://localhost{path}");
    let mut all = vec!["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}"];
    all.extend(["--unix-socket", "/root/.mcp-valet/agent.sock", &address]);
    if let Some(body) = body {
        all.extend(["-H", "Content-Type: application/json", "--data-raw", body]);
        all.extend(["-H", "Accept: application/json, text/event-stream"]);
    }
    container.runs(&all).stdout
}

/// A container that mounts the socket of this machine's programs, and has `mcp-valet`.
fn mounting<'home>(
    home: &'home Home,
    engine: Engine,
    name: &str,
    options: &[&str],
) -> Option<Container<'home>> {
    let folder = home.socket().parent().unwrap().display().to_string();
    let mount = |from: &str, to: &str, more: &str| format!("type=bind,source={from},target={to}{more}");
    let (socket, asks) = (
        mount(&folder, MOUNTED, ""),
        mount(program("mcp-valet").to_str().unwrap(), "/mcp-valet", ",readonly"),
    );
    let named = format!("MCP_VALET_SOCK={MOUNTED}/agent.sock");
    let mut all = vec!["--mount", &socket, "--mount", &asks, "--env", &named];
    all.extend(options);
    Container::run(home, engine, name, &all)
}

/// Asks in a container, which is asked about as `who` at the desk.
fn asks_as(
    container: &Container<'_>,
    terminal: &mut Terminal,
    (count, who, answer): (usize, &str, &str),
) -> CommandOutput {
    thread::scope(|scope| {
        let asking = scope.spawn(|| container.runs(&["/mcp-valet", "token", "rogue"]));
        answers(terminal, count, who, answer);
        asking.join().unwrap()
    })
}

#[test]
fn a_program_in_a_container_uses_a_server_until_the_container_stops() {
    for engine in Engine::ALL {
        let (home, rogue) = (Home::new(), Rogue::start());
        let Some(web) = Container::run(&home, engine, "web", &[]) else { continue };
        let (valet, mut terminal) = desk(&home, &rogue);
        asks_to_forward(&valet, &mut terminal, &["container", web.name()], "y").expect_code(0);
        thread::scope(|scope| {
            let asking = scope.spawn(|| status(&web, "/mcp/rogue", Some(INITIALIZE)));
            answers(&mut terminal, 1, &format!("Codex, it says, on container {}", web.name()), "f");
            assert_eq!(asking.join().unwrap(), "200");
        });
        assert_eq!(status(&web, "/v1/token", Some(r#"{"server":"rogue"}"#)), "404");
        web.engine(&["restart", "--time", "0", web.name()]).expect_code(0);
        home.move_clock(60);
        until("it is lost", || (forwards(&valet)[0]["state"] == "lost").then_some(()));
        home.move_clock(240);
        until("it is there again", || (forwards(&valet)[0]["state"] == "open").then_some(()));
        assert_eq!(status(&web, "/v1/health", None), "200");
    }
}

#[test]
fn of_a_container_whose_user_is_another_one_here_that_is_said() {
    for engine in Engine::ALL {
        let (home, rogue) = (Home::new(), Rogue::start());
        let options = ["--user", "1000", "--env", "HOME=/home"];
        let Some(web) = Container::run(&home, engine, "other", &options) else { continue };
        let (valet, mut terminal) = desk(&home, &rogue);
        let told = asks_to_forward(&valet, &mut terminal, &["container", web.name()], "y").expect_code(5);
        assert!(told.stderr.contains("is user 1"), "{told:?}");
    }
}

#[test]
fn a_container_that_mounts_the_socket_is_named_and_a_sandbox_in_it_is_not() {
    for engine in Engine::ALL {
        let (home, rogue) = (Home::new(), Rogue::start());
        let (_valet, mut terminal) = desk(&home, &rogue);
        let Some(web) = mounting(&home, engine, "web", &[]) else { continue };
        let named = |one: &Container<'_>| format!("container {} (image {})", one.name(), one.image());
        asks_as(&web, &mut terminal, (1, &named(&web), "f")).expect_code(0);
        // It is known again, and another container of the same image is another.
        web.runs(&["/mcp-valet", "token", "rogue"]).expect_code(0);
        let other = mounting(&home, engine, "other", &[]).unwrap();
        asks_as(&other, &mut terminal, (2, &named(&other), "d")).expect_code(4);
        // Of the name of another that is gone, it is not that one.
        let name = web.name().to_owned();
        drop(web);
        let again = mounting(&home, engine, "web", &[]).unwrap();
        assert_eq!(again.name(), name);
        asks_as(&again, &mut terminal, (3, &named(&again), "d")).expect_code(4);
    }
}

#[test]
fn a_container_whose_user_is_the_persons_own_number_is_named_and_led_here_too() {
    // Nobody but podman without root gives a container the number of its user.
    if getuid().is_root() {
        return;
    }
    let (home, rogue) = (Home::new(), Rogue::start());
    let (valet, mut terminal) = desk(&home, &rogue);
    let own = ["--userns=keep-id", "--tmpfs", "/own:mode=1777", "--env", "HOME=/own"];
    let Some(web) = mounting(&home, Engine::Podman, "own", &own) else { return };
    let named = format!("container {} (image {})", web.name(), web.image());
    asks_as(&web, &mut terminal, (1, &named, "f")).expect_code(0);
    asks_to_forward(&valet, &mut terminal, &["container", web.name()], "y").expect_code(0);
    let socket = "/own/.mcp-valet/agent.sock";
    let asked =
        web.runs(&["curl", "-s", "--unix-socket", socket, "http://localhost/v1/servers"]).expect_code(0);
    assert!(asked.stdout.contains("rogue"), "{asked:?}");
}

#[test]
fn in_a_container_that_mounts_the_socket_as_another_user_that_is_said() {
    for engine in Engine::ALL {
        let (home, rogue) = (Home::new(), Rogue::start());
        let (_valet, _terminal) = desk(&home, &rogue);
        let Some(web) = mounting(&home, engine, "other", &["--user", "1000"]) else { continue };
        let told = web.runs(&["/mcp-valet", "list", "--json"]).expect_code(1);
        let error: Value = serde_json::from_str(&told.stderr).unwrap_or_else(|_| panic!("{told:?}"));
        assert_eq!(error["code"], "unsafe_socket", "{error}");
        let detail = error["detail"].as_str().unwrap();
        assert!(detail.contains("another user, 0, and this program is 1000 in its container"), "{error}");
        assert!(error["advice"].as_str().unwrap().contains("--userns=keep-id"), "{error}");
    }
}
