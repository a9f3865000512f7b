//! `kill -9` while secrets are moved in or put back: at each file that is written, none is lost.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::thread;

use mcp_valet_tests::killed::kills;
use mcp_valet_tests::moved::{CHANGE, MOVE, answered, with_vault};
use mcp_valet_tests::planted::read;
use mcp_valet_tests::{Home, dose, until};

const CURSOR: &str = "{\r\n\t// mine\r\n\t\"mcpServers\": {\r\n\t\t\"hub\": {\"url\": \"https://hub.example/mcp\", \"headers\": {\"X-Api-Key\": \"sk-hub-of-ada\"}}\r\n\t}\r\n}";
const CODEX: &str = "model = \"x\" # mine\n\n[mcp_servers.brave]\ncommand = \"npx\"\nargs = [\"-y\", \"x\"]\nenv = { BRAVE_API_KEY = \"sk-brave-of-ada\" }\n";

fn planted(home: &Home) {
    for (file, text) in [(".cursor/mcp.json", CURSOR), (".codex/config.toml", CODEX)] {
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

#[test]
fn a_kill_at_any_file_loses_no_secret() {
    const FILES: [(&str, bool, usize); 8] = [
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
        for (file, after, time) in FILES.into_iter().step_by(dose(2, 1)) {
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
            let (question, arguments) = match undo {
                true => (CHANGE, vec!["adopt", "--all", "--undo"]),
                false => (MOVE, vec!["adopt", "--all"]),
            };
            let asked = terminal.screen().matches(question).count();
            thread::scope(|scope| {
                scope.spawn(|| valet.cli(&arguments));
                until("it is asked", || (terminal.screen().matches(question).count() > asked).then_some(()));
                let mut strace = kills(&home, &valet, (file, after, time));
                terminal.types("y");
                strace.wait();
            });
            drop(valet);
            is_whole(&home);
            let (valet, mut terminal) = with_vault(&home);
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
            assert_eq!(read(&home, ".cursor/mcp.json"), CURSOR, "{file} {after} {undo}");
            assert_eq!(read(&home, ".codex/config.toml"), CODEX, "{file} {after} {undo}");
        }
    }
}
