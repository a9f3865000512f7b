//! Programs that others wrote offer their models the same tools once their files lead here as before: each
//! has a server with a key in its own file, and answers a prompt before that is moved in and afterwards. They
//! are those of npm in `MCP_VALET_CLIENTS`; without that folder nothing is done.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use std::{env, fs};

use mcp_valet_tests::moved::{MOVE, answered, with_vault};
use mcp_valet_tests::{Home, Process, Terminal, figure, program, stdio, until};
use serde_json::json;

/// The programs that `node/client.sh` can start, and where the file of each is.
const PROGRAMS: [(&str, &str); 9] = [
    ("mcporter", ".mcporter/mcporter.json"),
    ("codex", ".codex/config.toml"),
    ("claude", ".claude.json"),
    ("gemini", ".gemini/settings.json"),
    ("qwen", ".qwen/settings.json"),
    ("opencode", "config/opencode/opencode.json"),
    ("copilot", ".copilot/mcp-config.json"),
    ("cline", ".cline/data/settings/cline_mcp_settings.json"),
    ("continue", ".continue/config.yaml"),
];
/// The tools of the server.
const TOOLS: [&str; 6] = ["look", "complain", "run", "fill", "leave", "die"];
const KEY: &str = "ghp_toolboxOfAda8kZ2";
/// How long a program may take.
const LONGEST: Duration = Duration::from_secs(180);
/// What is asked before a program is started here, or may use a server.
const ALLOW: &str = "Allow [o]nce";

/// A program in a home, with a model that notes what it is offered.
struct Prompts<'a> {
    home: &'a Home,
    name: &'a str,
    model: Process,
    url: String,
}

impl<'a> Prompts<'a> {
    fn of(home: &'a Home, name: &'a str) -> Self {
        let mut model = home.spawn(home.command("node").arg(node("model.mjs")).arg("look"), "model");
        let url = model.announces("listening on ");
        Self { home, name, model, url }
    }

    /// The tools of the server that the program offers in a prompt, as it calls them.
    fn offered(&self, again: bool, person: Option<&mut Terminal>) -> BTreeSet<String> {
        let before = self.model.stdout().len();
        let mut command = self.home.command("bash");
        command.arg(node("client.sh")).args([self.name, &self.url, "python3"]).arg(stdio::script());
        command.env("MCP_VALET_CLIENTS", env::var_os("MCP_VALET_CLIENTS").unwrap());
        command.env("XDG_RUNTIME_DIR", self.home.runtime()).envs([("KEY", KEY), ("LISTS", "1")]);
        command.envs(again.then_some(("AGAIN", "1"))).stdin(Stdio::null());
        let mut client = self.home.spawn(&mut command, &format!("client-{again}"));
        let (since, mut person) = (Instant::now(), person);
        let mut answered = 0;
        while client.ended().is_none() && since.elapsed() < LONGEST {
            if let Some(terminal) = person.as_deref_mut() {
                let asked = terminal.screen().matches(ALLOW).count();
                (answered..asked).for_each(|_| terminal.types("f"));
                answered = asked;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        if client.ended().is_none() {
            client.kill();
        }
        let said = self.model.stdout()[before..].to_owned() + &client.stdout();
        let lists =
            |line: &&str| ["offered ", "function "].iter().any(|begin| line.trim().starts_with(begin));
        let words = said
            .lines()
            .filter(lists)
            .flat_map(|line| line.split(|c: char| !(c.is_alphanumeric() || "_-/".contains(c))));
        let is_own = |word: &&str| TOOLS.iter().any(|tool| is_called(word, tool));
        words.filter(is_own).map(ToOwned::to_owned).collect()
    }
}

/// Whether a tool is meant, which programs call after its server as well.
fn is_called(word: &str, tool: &str) -> bool {
    word.strip_suffix(tool).is_some_and(|before| before.is_empty() || before.contains("toolbox"))
}

/// The command line, which finds the socket of a test wherever a program clears the environment.
fn found(home: &Home) -> String {
    let script = home.path().join("mcp-valet");
    let (runtime, program) =
        (home.runtime().display().to_string(), program("mcp-valet").display().to_string());
    fs::write(&script, format!("#!/bin/sh\nXDG_RUNTIME_DIR={runtime} exec {program} \"$@\"\n")).unwrap();
    fs::set_permissions(&script, Permissions::from_mode(0o755)).unwrap();
    script.display().to_string()
}

fn node(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("node").join(name)
}

#[test]
fn programs_offer_the_same_tools_once_they_are_led_here() {
    if env::var_os("MCP_VALET_CLIENTS").is_none() {
        return;
    }
    let only = env::var("MCP_VALET_ONLY").ok();
    let wanted = |name: &str| only.as_ref().is_none_or(|only| only.split(',').any(|one| one == name));
    let mut surprises = Vec::new();
    for (name, file) in PROGRAMS.into_iter().filter(|(name, _)| wanted(name)) {
        let home = Home::new();
        home.configure(&json!({ "valet": { "agents": "allow", "vault": "file" } }));
        let prompts = Prompts::of(&home, name);
        let before = prompts.offered(false, None);
        let (valet, mut terminal) = with_vault(&home);
        answered(&valet, &mut terminal, &["adopt", "--all"], (MOVE, "y")).expect_code(0);
        let text = fs::read_to_string(home.path().join(file)).unwrap();
        assert!(text.contains("connect") && !text.contains(KEY), "{name}: {text}");
        fs::write(
            home.path().join(file),
            text.replace(program("mcp-valet").to_str().unwrap(), &found(&home)),
        )
        .unwrap();
        until("it can be used", || (valet.server("toolbox")["state"] == "ready").then_some(()));
        let after = prompts.offered(true, Some(&mut terminal));
        figure(format!("| {name} | {} | {} |", before.len(), after.len()));
        if before != after || before.len() < TOOLS.len() {
            surprises.push(format!("{name}: {before:?} {after:?} {}", terminal.screen()));
        }
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}
