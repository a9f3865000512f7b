//! Programs that others wrote, each for the first time in front of a server that it cannot use yet: the first
//! prompt ends with the tool called, once a person has done what is missing. Which programs there are, and
//! how each is started, is in `node/client.sh`; without their folder in `MCP_VALET_CLIENTS` nothing is done.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{
    Home, Keychain, Process, Rogue, SessionServer, Terminal, Valet, figure, program, until,
};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{env, fs};

/// The programs that `node/client.sh` can start.
const PROGRAMS: [&str; 12] = [
    "claude",
    "codex",
    "gemini",
    "qwen",
    "opencode",
    "copilot",
    "cline",
    "continue",
    "mcporter",
    "openai-agents",
    "pydantic-ai",
    "mcp-use",
];
/// After how long the person does what is missing, once the program has started its server.
const LATER: Duration = Duration::from_secs(7);
/// How long a program may take in all.
const LONGEST: Duration = Duration::from_secs(120);
const STEP: Duration = Duration::from_millis(100);

/// What is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Situation {
    Nothing,
    NobodySignedIn,
    NotAllowed,
    Locked,
    NotRunning,
}

use Situation::{Locked, NobodySignedIn, NotAllowed, NotRunning, Nothing};

fn wanted(list: &str, name: &str) -> bool {
    env::var(list).map_or(true, |only| only.split(',').any(|one| one == name))
}

/// How a prompt ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// With what the server's tool said.
    Called,
    /// With the advice to restart the program once.
    SaysRestart,
    /// Otherwise.
    Otherwise,
}

use End::{Called, Otherwise, SaysRestart};

/// How a first prompt and the next are known to end: `docs/measured/clients.md` is the table of that.
fn known(name: &str, situation: Situation) -> [End; 2] {
    let looks_once = matches!(name, "codex" | "qwen" | "cline" | "continue" | "mcp-use" | "pydantic-ai");
    match situation {
        Nothing => [Called, Called],
        // Nobody could tell them anything of the last time.
        NotRunning if looks_once => [SaysRestart, SaysRestart],
        // It looks when a call is over, and asks its model meanwhile.
        NotRunning if name == "copilot" => [Called, SaysRestart],
        NobodySignedIn | NotAllowed | Locked if looks_once => [SaysRestart, Called],
        NobodySignedIn | NotAllowed | Locked | NotRunning => [Called, Called],
    }
}

#[test]
fn the_first_prompt_ends_with_the_tool_called() {
    if env::var_os("MCP_VALET_CLIENTS").is_none() {
        return;
    }
    figure("| program | missing | the first prompt, and the next | s | s |\n| --- | --- | --- | --- | --- |");
    let mut surprises = Vec::new();
    for name in PROGRAMS.into_iter().filter(|name| wanted("MCP_VALET_ONLY", name)) {
        for situation in [Nothing, NobodySignedIn, NotAllowed, Locked, NotRunning] {
            if !wanted("MCP_VALET_SITUATION", &format!("{situation:?}")) {
                continue;
            }
            let [first, second] = meets(name, situation);
            let said = format!("{}; {}", first.said, second.said);
            let row = format!("| {name} | {situation:?} | {said} | {} | {} |", first.took, second.took);
            figure(&row);
            if [first.end(), second.end()] != known(name, situation) {
                surprises.push(row);
            }
        }
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

/// What came of a prompt.
struct Outcome {
    said: String,
    took: u64,
}

impl Outcome {
    fn end(&self) -> End {
        match self.said.as_str() {
            "hello" => Called,
            said if said.starts_with("DONE: ") && said.contains("hello") => Called,
            said if said.contains("does not look at that list again") => SaysRestart,
            _ => Otherwise,
        }
    }
}

/// One program in one situation, and then once more.
fn meets(name: &str, situation: Situation) -> [Outcome; 2] {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let server = SessionServer::start(&home, &rogue.origin());
    let agents = if situation == NotAllowed { "ask" } else { "allow" };
    home.configure(&json!({
        "mcpServers": { "toolbox": { "url": server.mcp() } },
        "valet": { "agents": agents, "vault": "keychain" },
    }));
    let (valet, terminal) = Valet::on_terminal(&home);
    if situation != NobodySignedIn {
        valet.sign_in("toolbox");
    }
    let mut person = Person { home: &home, rogue: &rogue, terminal, valet: Some(valet) };
    person.leaves(situation);
    let first = prompt(&home, name, || person.comes(situation));
    // What was allowed for now is so still.
    let again = if situation == NotAllowed { Nothing } else { situation };
    person.leaves(again);
    let second = prompt(&home, name, || person.comes(again));
    [first, second]
}

/// Somebody who does what is missing.
struct Person<'home> {
    home: &'home Home,
    rogue: &'home Rogue,
    terminal: Terminal,
    valet: Option<Valet<'home>>,
}

impl Person<'_> {
    fn leaves(&mut self, situation: Situation) {
        match situation {
            Locked => drop(self.valet.as_ref().unwrap().cli(&["lock"]).expect_code(0)),
            NotRunning => drop(self.valet.take().map(Valet::stop)),
            // The issuer ends the sign-in, as it does after some weeks.
            NobodySignedIn => {
                self.rogue.end_grants();
                self.rogue.end_access();
            }
            Nothing | NotAllowed => {}
        }
    }

    fn comes(&mut self, situation: Situation) {
        match situation {
            Nothing => {}
            NobodySignedIn => {
                let valet = self.valet.as_ref().unwrap();
                // That it has ended shows at the first use.
                until("somebody is missing", || (valet.server("toolbox")["state"] != "ready").then_some(()));
                valet.sign_in("toolbox");
            }
            NotAllowed => {
                self.terminal.shows("Allow [o]nce");
                self.terminal.types("f");
            }
            Locked => self.terminal.types(""),
            NotRunning => {
                let (valet, terminal) = Valet::on_terminal(self.home);
                (self.valet, self.terminal) = (Some(valet), terminal);
            }
        }
    }
}

fn prompt(home: &Home, name: &str, person: impl FnOnce()) -> Outcome {
    let mut model =
        home.spawn(home.command("node").arg(node("model.mjs")).arg("hello"), &format!("model-{}", unique()));
    let url = model.announces("listening on ");
    let begun = home.path().join("begun");
    let _ = fs::remove_file(&begun);
    let since = Instant::now();
    let mut command = home.command("bash");
    // Some clear the environment, and the socket of a test is nowhere that is looked at by itself.
    let runtime = format!("XDG_RUNTIME_DIR={}", home.runtime().display());
    command.arg(node("client.sh")).args([name, &url, "env", &runtime]);
    command.arg(program("mcp-valet")).args(["connect", "toolbox"]);
    command.env("MCP_VALET_CLIENTS", env::var_os("MCP_VALET_CLIENTS").unwrap());
    command.stdin(std::process::Stdio::null());
    let mut client = home.spawn(&mut command, &format!("client-{}", unique()));
    let mut waits_until = |is_enough: &dyn Fn() -> bool| {
        while client.ended().is_none() && since.elapsed() < LONGEST && !is_enough() {
            sleep(STEP);
        }
        client.ended().is_none()
    };
    waits_until(&|| begun.exists());
    sleep(LATER);
    if waits_until(&|| true) {
        person();
        waits_until(&|| false);
    }
    let took = since.elapsed().as_secs();
    if client.ended().is_none() {
        client.kill();
    }
    let said = said(&model, &client);
    if let Some(folder) = env::var_os("MCP_VALET_LOGS") {
        let all = [model.stdout(), client.stdout(), client.stderr()].join("\n--\n");
        fs::write(Path::new(&folder).join(format!("{name}-{}", unique())), all).unwrap();
    }
    Outcome { said, took }
}

/// The last that the model said, or the program itself where it asks none.
fn said(model: &Process, client: &Process) -> String {
    let lines = model.stdout();
    let mut texts = lines.lines().filter_map(|line| line.strip_prefix(r#"says {"text":""#));
    let last = texts.next_back().map(str::to_owned).or_else(|| Some(client.stdout().trim().to_owned()));
    let last: String = last.unwrap_or_default().replace('|', "/").replace('\n', " ");
    last.chars().take(500).collect()
}

fn unique() -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NUMBERS: AtomicUsize = AtomicUsize::new(1);
    NUMBERS.fetch_add(1, Ordering::Relaxed)
}

fn node(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("node").join(name)
}
