//! What is measured beside the valet.

use mcp_valet_tests::{Home, Process, until};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Something bare that listens.
pub(crate) struct Peer {
    pub(crate) socket: PathBuf,
    process: Process,
}

impl Peer {
    fn start(home: &Home, program: &str, name: &str, told: &[String]) -> Self {
        let socket = home.runtime().join(name);
        let process = home.spawn(home.command(program).arg(&socket).args(told), name);
        listens(&socket);
        Self { socket, process }
    }

    /// axum and nothing else. Its answers have a body of so many bytes.
    pub(crate) fn echo(home: &Home, answer: usize) -> Self {
        Self::start(home, ECHO, "echo", &[answer.to_string()])
    }

    /// The same, which takes so many microseconds of a processor longer.
    pub(crate) fn as_long(home: &Home, answer: usize, micros: f64) -> Self {
        Self::start(home, ECHO, "as-long", &[answer.to_string(), micros.to_string()])
    }

    /// Neither HTTP nor a runtime. Its answers have so many bytes.
    pub(crate) fn answer(home: &Home, answer: usize) -> Self {
        Self::start(home, env!("CARGO_BIN_EXE_bare-answer"), "answer", &[answer.to_string()])
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

const ECHO: &str = env!("CARGO_BIN_EXE_bare-echo");
const LEAST: &str = env!("CARGO_BIN_EXE_least-client");

/// A command that starts a bare echo.
pub(crate) fn echo(home: &Home, socket: &Path) -> Command {
    let mut command = home.command(ECHO);
    command.arg(socket).arg("500");
    command
}

/// The least client.
pub(crate) fn least_client(home: &Home, server: &str) -> Command {
    let mut command = home.command(LEAST);
    command.arg(home.socket()).arg(server);
    command
}

fn listens(socket: &Path) {
    until("it listens", || UnixStream::connect(socket).ok());
}

/// pizauth, which holds tokens for mail programs, where it is installed. It is told of an account that nobody
/// signed in to, and asked what it is: its shortest way.
pub(crate) struct Pizauth {
    pub(crate) socket: PathBuf,
    runtime: PathBuf,
    config: PathBuf,
}

const PIZAUTH: &str = "pizauth";
const ACCOUNT: &str = r#"account "one" {
    auth_uri = "https://issuer.example/authorize";
    token_uri = "https://issuer.example/token";
    client_id = "bench";
    scopes = ["read"];
}"#;

impl Pizauth {
    pub(crate) fn there(home: &Home) -> Option<Self> {
        if Command::new(PIZAUTH).stderr(Stdio::null()).stdout(Stdio::null()).status().is_err() {
            println!("NOT MEASURED: pizauth. It is not installed.");
            return None;
        }
        let runtime = home.path().join("peer");
        std::fs::create_dir_all(&runtime).unwrap();
        let config = runtime.join("pizauth.conf");
        std::fs::write(&config, ACCOUNT).unwrap();
        Some(Self { socket: runtime.join("pizauth/pizauth.sock"), runtime, config })
    }

    pub(crate) fn command(&self, home: &Home) -> Command {
        let mut command = home.command(PIZAUTH);
        command.env("XDG_RUNTIME_DIR", &self.runtime).args(["server", "-d", "-c"]).arg(&self.config);
        command
    }

    /// Starts it.
    pub(crate) fn start(&self, home: &Home) -> Process {
        let process = home.spawn(&mut self.command(home), PIZAUTH);
        listens(&self.socket);
        process
    }

    /// Asks it, and reads its answer.
    pub(crate) fn ask(&self) -> Option<()> {
        let mut stream = UnixStream::connect(&self.socket).ok()?;
        stream.write_all(b"info:").ok()?;
        stream.shutdown(Shutdown::Write).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok().filter(|length| *length > 0).map(drop)
    }
}

/// Programs that asked once and stay, each a file of its own.
pub(crate) struct Visitors(Vec<Child>);

impl Visitors {
    pub(crate) fn come(home: &Home, count: usize, server: &str) -> Self {
        let file = home.programs().join("visitor");
        std::fs::copy(LEAST, &file).unwrap();
        let come = |number: usize| {
            let own = home.programs().join(format!("visitor-{number}"));
            std::fs::hard_link(&file, &own).unwrap();
            let mut command = home.command(own);
            command.arg(home.socket()).arg(server).arg("stays").stdin(Stdio::piped()).stdout(Stdio::piped());
            let mut child = command.spawn().unwrap();
            BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut String::new()).unwrap();
            child
        };
        Self((0..count).map(come).collect())
    }
}

impl Drop for Visitors {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
