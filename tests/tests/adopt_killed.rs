//! `kill -9` while secrets are moved in or put back: at each file that is written, none is lost.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::thread;

use mcp_valet_tests::killed::{kills, kills_at_message};
use mcp_valet_tests::moved::{CHANGE, MOVE, answered, with_vault};
use mcp_valet_tests::planted::read;
use mcp_valet_tests::{Home, Keychain, Terminal, Valet, dose, figure, until};
use serde_json::json;

const CURSOR: &str = "{\r\n\t// mine\r\n\t\"mcpServers\": {\r\n\t\t\"hub\": {\"url\": \"https://hub.example/mcp\", \"headers\": {\"X-Api-Key\": \"sk-hub-of-ada\"}}\r\n\t}\r\n}";
const CODEX: &str = "model = \"x\" # mine\n\n[mcp_servers.brave]\ncommand = \"npx\"\nargs = [\"-y\", \"x\"]\nenv = { BRAVE_API_KEY = \"sk-brave-of-ada\" }\n";

const FILES: [(&str, &str); 2] = [(".cursor/mcp.json", CURSOR), (".codex/config.toml", CODEX)];

fn planted(home: &Home) {
    for (file, text) in FILES {
        let path = home.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Either the file has the secret still, or what leads here is in its place whole.
fn is_whole(home: &Home) {
    for (file, before, name) in [(".cursor/mcp.json", CURSOR, "hub"), (".codex/config.toml", CODEX, "brave")]
    {
        let now = read(home, file);
        assert!(now == before || now.contains("\"connect\"") && now.contains(name), "{file}: {now}");
    }
}

const fn asked_for(undo: bool) -> (&'static str, &'static [&'static str]) {
    match undo {
        true => (CHANGE, &["adopt", "--all", "--undo"]),
        false => (MOVE, &["adopt", "--all"]),
    }
}

/// Done again, it goes on: all is moved in, and then back as it was.
fn goes_on(home: &Home, valet: Valet<'_>, mut terminal: Terminal, undo: bool) {
    // Entries that were written, and not known to be agreed to when it was killed, are asked about.
    if terminal.screen().contains("waits for your consent") {
        terminal.shows("would allow more than before");
        terminal.types("y");
        until("they are in use", || (valet.get("/v1/servers/hub").status == 200).then_some(()));
    }
    let dry = valet.cli(&["adopt", "--all", "--dry-run"]).expect_code(0);
    if !undo && !dry.stdout.contains("Nothing to move") {
        answered(&valet, &mut terminal, &["adopt", "--all"], (MOVE, "y")).expect_code(0);
    }
    let back = valet.cli(&["setup", "--undo", "--all", "--dry-run"]).expect_code(0);
    if !back.stdout.contains("Nothing to change") {
        answered(&valet, &mut terminal, &["adopt", "--all", "--undo"], (CHANGE, "y")).expect_code(0);
    }
    for (file, text) in FILES {
        assert_eq!(read(home, file), text, "{undo}");
    }
}

#[test]
fn a_kill_at_any_file_loses_no_secret() {
    const KILLS: [(&str, bool, usize); 8] = [
        ("state/mcp-valet/vault", false, 1),
        ("state/mcp-valet/vault", false, 2),
        ("config/mcp-valet/config.json", false, 1),
        ("config/mcp-valet/config.json", true, 1),
        ("state/mcp-valet/clients.json", false, 1),
        (".codex/config.toml", false, 1),
        (".codex/config.toml", true, 1),
        (".cursor/mcp.json", false, 1),
    ];
    for undo in [false, true] {
        for (file, after, time) in KILLS.into_iter().step_by(dose(2, 1)) {
            // Putting back writes neither the vault nor the configuration.
            if undo && !file.starts_with('.') && !file.ends_with("clients.json") {
                continue;
            }
            let home = Home::new();
            planted(&home);
            let (valet, mut terminal) = with_vault(&home);
            if undo {
                answered(&valet, &mut terminal, &["adopt", "--all"], (MOVE, "y")).expect_code(0);
            }
            let (question, arguments) = asked_for(undo);
            let asked = terminal.screen().matches(question).count();
            thread::scope(|scope| {
                scope.spawn(|| valet.cli(arguments));
                until("it is asked", || (terminal.screen().matches(question).count() > asked).then_some(()));
                let mut strace = kills(&home, &valet, (file, after, time));
                terminal.types("y");
                strace.wait();
            });
            drop(valet);
            is_whole(&home);
            let (valet, terminal) = with_vault(&home);
            goes_on(&home, valet, terminal, undo);
        }
    }
}

/// The calls of a whole run, at most.
const CALLS: usize = 400;

#[test]
fn a_kill_at_any_call_of_the_keychain_loses_no_secret() {
    for undo in [false, true] {
        let mut calls = 0;
        for time in (1..CALLS).step_by(dose(9, 1)) {
            let home = Home::new();
            let _keychain = Keychain::start(&home);
            planted(&home);
            home.configure(&json!({ "valet": { "agents": "ask", "vault": "keychain" } }));
            let (valet, mut terminal) = Valet::on_terminal(&home);
            if undo {
                answered(&valet, &mut terminal, &["adopt", "--all"], (MOVE, "y")).expect_code(0);
            }
            let (question, arguments) = asked_for(undo);
            let asked = terminal.screen().matches(question).count();
            let is_done = thread::scope(|scope| {
                let asking = scope.spawn(|| valet.cli(arguments));
                until("it is asked", || (terminal.screen().matches(question).count() > asked).then_some(()));
                let _strace = kills_at_message(&home, &valet, time);
                terminal.types("y");
                asking.join().unwrap().code == 0
            });
            drop(valet);
            is_whole(&home);
            let (valet, terminal) = Valet::on_terminal(&home);
            goes_on(&home, valet, terminal, undo);
            if is_done {
                break;
            }
            calls = time;
        }
        assert!(calls > 0, "it was never ended at a call");
        figure(format!("| undo {undo} | ended at each of {calls} calls |"));
    }
}
