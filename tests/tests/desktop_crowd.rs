//! Many at once: two hundred servers, fifty programs that ask.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::time::Duration;

use mcp_valet_tests::{Desktop, Home, Process, Rogue, Valet, until, until_within};
use serde_json::{Map, json};

const PROGRAMS: usize = 50;
/// As many as show that it goes on and on.
const ANSWERED: usize = 12;

/// A program of its own, which asks for a token and waits.
fn asking(home: &Home, number: usize) -> Process {
    let program = home.path().join(format!("agent{number:02}"));
    fs::copy("/usr/bin/curl", &program).unwrap();
    let mut command = home.command(&program);
    command.args(["--silent", "--max-time", "600", "--unix-socket", home.socket().to_str().unwrap()]);
    command.args(["--data-raw", r#"{"server":"rogue","wait":600}"#, "-H", "Content-Type: application/json"]);
    home.spawn(command.arg("http://localhost/v1/token"), &format!("agent{number:02}"))
}

#[test]
fn of_two_hundred_servers_and_fifty_questions_the_menu_shows_a_few_and_the_screen_three() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let mut servers = Map::from_iter([("rogue".to_owned(), json!({ "url": rogue.mcp() }))]);
    servers
        .extend((1..200).map(|n| (format!("s{n}"), json!({ "url": format!("https://s{n}.example/mcp") }))));
    home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "ask", "vault": "memory" } }));
    let mut desktop = Desktop::start(&home);
    desktop.remember_notifications();
    let valet = Valet::on_desktop(&desktop);
    valet.sign_in("rogue");
    let mut agents: Vec<Process> = (0..PROGRAMS).map(|number| asking(&home, number)).collect();
    desktop.menu_has("(1 ready, 249 waiting)");
    desktop.menu_has("45 more questions…");
    let menu = desktop.menu();
    assert_eq!(menu.len(), 1 + 5 + 1 + 1 + 8 + 1 + 5, "{menu:?}");
    until("three are on the screen", || (desktop.on_screen().len() == 3).then_some(()));

    for answered in 1..=ANSWERED {
        let (id, summary) = until("a question is on the screen", || desktop.on_screen().pop());
        desktop.press(id, "deny");
        let name = summary.split(' ').next().unwrap();
        let number: usize = name.trim_start_matches("agent").parse().unwrap();
        until_within(Duration::from_secs(5), "the agent is told", || agents[number].ended());
        assert!(agents[number].stdout().contains("\"denied\""), "{}", agents[number].stdout());
        let on_screen = desktop.on_screen();
        assert!(on_screen.len() <= 3, "{on_screen:?}");
        assert!(on_screen.iter().all(|(other, _)| *other != id), "it is still on the screen");
        let waiting = PROGRAMS - answered + 199;
        until_within(Duration::from_secs(5), "the menu follows", || {
            (desktop.menu()[0] == format!("(1 ready, {waiting} waiting)")).then_some(())
        });
    }
}
