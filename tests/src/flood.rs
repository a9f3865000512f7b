//! Many programs that each ask for many servers at once.

use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use crate::{Home, Process};

/// Fifty programs, a thousand questions.
#[derive(Debug)]
pub struct Flood<'home> {
    home: &'home Home,
    _programs: Vec<Process>,
}

impl<'home> Flood<'home> {
    /// How many programs ask.
    pub const PROGRAMS: usize = 50;
    /// For how many servers each of them asks.
    pub const SERVERS: usize = 20;
    /// The questions that come of it.
    pub const QUESTIONS: usize = Self::PROGRAMS * Self::SERVERS;

    /// Has a valet know the servers and ask about every program.
    pub fn configure(home: &Home) {
        let server = |n| (format!("s{n}"), json!({ "url": format!("https://s{n}.example/mcp") }));
        let servers: Map<String, Value> = (0..Self::SERVERS).map(server).collect();
        home.configure(&json!({ "mcpServers": servers, "valet": { "agents": "ask", "vault": "memory" } }));
    }

    /// Has all of them ask.
    pub fn start(home: &'home Home) -> Self {
        Self { home, _programs: (0..Self::PROGRAMS).map(|number| asking(home, number)).collect() }
    }

    /// What the program was told for which "agent07 wants to use s3" stood on the screen.
    pub fn told(&self, words: &str) -> Option<String> {
        let agent = words.split(' ').next()?;
        let server = words.rsplit(' ').next()?;
        fs::read_to_string(answer(self.home, agent, server)).ok().filter(|body| body.ends_with('}'))
    }
}

/// A program of its own, which asks for all servers at once. Each answer goes into a file of its own.
fn asking(home: &Home, number: usize) -> Process {
    let name = format!("agent{number:02}");
    let program = home.path().join(&name);
    fs::copy("/usr/bin/curl", &program).unwrap();
    let socket = home.socket();
    let mut command = home.command(&program);
    command.args(["--parallel", "--parallel-immediate", "--parallel-max", "50"]);
    for server in (0..Flood::SERVERS).map(|n| format!("s{n}")) {
        command.args(["--silent", "--max-time", "600", "--unix-socket", socket.to_str().unwrap()]);
        command.args(["-H", "Content-Type: application/json", "--data-raw"]);
        command.arg(json!({ "server": server, "wait": 600 }).to_string());
        command.arg("--output").arg(answer(home, &name, &server));
        command.args(["http://localhost/v1/token", "--next"]);
    }
    // What stands behind the last `--next`.
    command.args(["--silent", "--unix-socket", socket.to_str().unwrap(), "http://localhost/v1/health"]);
    home.spawn(&mut command, &name)
}

fn answer(home: &Home, agent: &str, server: &str) -> PathBuf {
    home.path().join(format!("{agent}-{server}.json"))
}
