//! Programs that others wrote list the same servers after their files lead here as before. They are those of
//! npm in `MCP_VALET_CLIENTS`, installed there with --ignore-scripts; without that folder nothing is done.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::env;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use mcp_valet_tests::moved::{MOVE, answered, with_vault};
use mcp_valet_tests::planted::{plant, read};
use mcp_valet_tests::{Home, figure};
use serde_json::json;

/// A program, what its servers are called after, where its own file is, and how it lists them. What ends with
/// `js` is run by Node.
struct Program {
    name: &'static str,
    file: &'static str,
    runs: &'static str,
    lists: &'static [&'static str],
}

const ALL: [Program; 7] = [
    Program {
        name: "claude",
        file: ".claude.json",
        runs: "@anthropic-ai/claude-code-linux-x64/claude",
        lists: &["mcp", "list"],
    },
    Program {
        name: "codex",
        file: ".codex/config.toml",
        runs: "@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex",
        lists: &["mcp", "list"],
    },
    Program {
        name: "gemini",
        file: ".gemini/settings.json",
        runs: "@google/gemini-cli/bundle/gemini.js",
        lists: &["mcp", "list"],
    },
    Program {
        name: "qwen",
        file: ".qwen/settings.json",
        runs: "@qwen-code/qwen-code/cli.js",
        lists: &["mcp", "list"],
    },
    Program {
        name: "opencode",
        file: "config/opencode/opencode.json",
        runs: "opencode-linux-x64/bin/opencode",
        lists: &["mcp", "list"],
    },
    Program {
        name: "copilot",
        file: ".copilot/mcp-config.json",
        runs: "@github/copilot-linux-x64/copilot",
        lists: &["mcp", "list"],
    },
    Program {
        name: "mcporter",
        file: ".mcporter/mcporter.json",
        runs: "mcporter/dist/cli.js",
        lists: &["config", "list"],
    },
];

/// How long a program may take.
const LONGEST: Duration = Duration::from_secs(180);

impl Program {
    /// What it is expected to list.
    fn servers(&self) -> Vec<String> {
        ["header", "variable", "argument", "url", "token"]
            .map(|kind| format!("{}-{kind}", self.name))
            .to_vec()
    }

    /// All that it says when it lists its servers.
    fn listed(&self, home: &Home, clients: &Path) -> String {
        let file = clients.join("node_modules").join(self.runs);
        let mut command = match self.runs.ends_with("js") {
            true => home.command("node"),
            false => home.command(&file),
        };
        if self.runs.ends_with("js") {
            command.arg(&file);
        }
        command.args(self.lists).current_dir(home.path()).stdin(Stdio::null());
        command.env("XDG_RUNTIME_DIR", home.runtime()).env("PATH", env::var("PATH").unwrap());
        command.envs([("DISABLE_AUTOUPDATER", "1"), ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1")]);
        command.envs([("IS_SANDBOX", "1"), ("GEMINI_CLI_TRUST_WORKSPACE", "true"), ("NO_COLOR", "1")]);
        let begun = Instant::now();
        let said = home.run(&mut command);
        figure(format!("| {} | {} s |", self.name, begun.elapsed().as_secs()));
        assert!(begun.elapsed() < LONGEST, "{} took {:?}", self.name, begun.elapsed());
        said.stdout + &said.stderr
    }
}

/// Copilot and mcporter have no list in a home that is planted for all.
fn plant_more(home: &Home) {
    for (name, file) in [("copilot", ".copilot/mcp-config.json"), ("mcporter", ".mcporter/mcporter.json")] {
        let url = |kind: &str| format!("https://{name}-{kind}.example/mcp");
        let servers = json!({ "mcpServers": {
            format!("{name}-header"): { "type": "http", "url": url("header"), "headers": { "X-Api-Key": format!("sk-{name}-of-ada-1") } },
            format!("{name}-variable"): { "command": "npx", "args": ["-y", "@example/server"], "env": { "API_KEY": format!("sk-{name}-of-ada-2") } },
            format!("{name}-argument"): { "command": "npx", "args": ["mcp-remote", url("argument"), "--header", format!("Authorization: Bearer sk-{name}-of-ada-3")] },
            format!("{name}-url"): { "type": "http", "url": url("url"), "headers": { "X-Api-Key": format!("sk-{name}-of-ada-4") } },
            format!("{name}-token"): { "type": "http", "url": url("token"), "headers": { "Authorization": format!("Bearer sk-{name}-of-ada-5") } },
        } });
        let path = home.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, servers.to_string()).unwrap();
    }
}

#[test]
fn programs_list_the_same_servers_once_they_are_led_here() {
    let Some(clients) = env::var_os("MCP_VALET_CLIENTS") else { return };
    let home = Home::new();
    plant(&home);
    plant_more(&home);
    let (valet, mut terminal) = with_vault(&home);
    answered(&valet, &mut terminal, &["adopt", "--all"], (MOVE, "y")).expect_code(0);
    for program in &ALL {
        assert_eq!(read(&home, program.file).matches("\"connect\"").count(), 5, "{}", program.name);
        let listed = program.listed(&home, Path::new(&clients));
        let missing: Vec<String> =
            program.servers().into_iter().filter(|server| !listed.contains(server)).collect();
        assert!(missing.is_empty(), "{} does not list {missing:?}: {listed}", program.name);
    }
}
