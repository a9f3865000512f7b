//! A client that knows nothing but HTTP and OAuth, the browser of whoever uses it, and the door that they
//! come to.

use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::node::script;
use crate::{Home, Process, Terminal, Valet, free_port, until};

/// What asks whether somebody may use a server.
const ASKED: &str = "wants to use";

/// Where the door of a home is.
#[derive(Debug, Clone)]
pub struct Door {
    /// Its origin, as a client on this machine has it.
    pub origin: String,
    /// Its port.
    pub port: u16,
}

impl Door {
    /// One at a free port.
    pub fn at_free_port() -> Self {
        let port = free_port();
        Self { origin: format!("http://127.0.0.1:{port}"), port }
    }

    /// What the configuration says of it, with what else it is to have.
    pub fn setting(&self, more: &Value) -> Value {
        let mut door = json!({ "listen": format!("127.0.0.1:{}", self.port) });
        door.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        door
    }

    /// Configures these servers behind a door on a free port, with what else the door is to have.
    pub fn configure(home: &Home, servers: &[(&str, &str)], more: &Value) -> Self {
        let entries = servers.iter().map(|(name, url)| ((*name).to_owned(), json!({ "url": url })));
        let door = Self::at_free_port();
        door.configure_before(home, &Value::Object(entries.collect()), "memory", more);
        door
    }

    /// Configures servers by their whole entries behind this door.
    pub fn configure_before(&self, home: &Home, servers: &Value, vault: &str, more: &Value) {
        let valet = json!({ "agents": "ask", "vault": vault, "door": self.setting(more) });
        home.configure(&json!({ "mcpServers": servers, "valet": valet }));
    }

    /// A valet with this door, where somebody sits at the terminal.
    pub fn valet<'home>(&self, home: &'home Home) -> (Valet<'home>, Terminal) {
        let (valet, mut terminal) = Valet::on_terminal(home);
        until("the door is open, or asked about", || {
            let is_asked = terminal.screen().contains("(door)");
            (is_asked || std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok()).then_some(())
        });
        if terminal.screen().contains("(door)") {
            terminal.types("y");
        }
        until("the door is open", || std::net::TcpStream::connect(("127.0.0.1", self.port)).ok());
        (valet, terminal)
    }

    /// The address of one of its servers.
    pub fn mcp(&self, server: &str) -> String {
        format!("{}/mcp/{server}", self.origin)
    }
}

/// A client of the door, with its browser.
#[derive(Debug)]
pub struct WebClient {
    process: Process,
    input: std::process::ChildStdin,
    said: usize,
}

impl WebClient {
    /// Starts one for this address.
    pub fn start(home: &Home, url: &str) -> Self {
        Self::with(home, url, &[])
    }

    /// The same with more in its environment.
    pub fn with(home: &Home, url: &str, environment: &[(&str, &str)]) -> Self {
        static NUMBERS: AtomicU32 = AtomicU32::new(1);
        let name = format!("web-client-{}", NUMBERS.fetch_add(1, Ordering::Relaxed));
        let mut command = home.command("node");
        command.arg(script("door-client")).arg(url).envs(environment.iter().copied());
        let mut process = home.spawn(command.stdin(Stdio::piped()), &name);
        let input = process.take_stdin();
        Self { process, input, said: 0 }
    }

    /// Has it do something, and does not wait.
    pub fn begin(&mut self, deed: &str) {
        use std::io::Write;
        writeln!(self.input, "{deed}").unwrap();
    }

    /// What came of what was begun.
    #[track_caller]
    pub fn answer(&mut self) -> Value {
        let at = self.said;
        self.said += 1;
        let line = until("the client says what came of it", || {
            if let Some(status) = self.process.ended() {
                panic!("it ended ({status}): {}", self.process.stderr());
            }
            let stdout = self.process.stdout();
            let complete = stdout.rsplit_once('\n').map_or("", |(complete, _)| complete);
            complete.lines().filter_map(|line| line.strip_prefix("answer: ")).nth(at).map(str::to_owned)
        });
        serde_json::from_str(&line).unwrap()
    }

    /// Has it do something; what came of it.
    #[track_caller]
    pub fn does(&mut self, deed: &str) -> Value {
        self.begin(deed);
        self.answer()
    }

    /// Has it sign in, which the person answers at the terminal.
    #[track_caller]
    pub fn connects(&mut self, terminal: &mut Terminal, answer: &str) -> Value {
        self.does_asked("connect", terminal, answer)
    }

    /// Has it do something that the person is asked about.
    #[track_caller]
    pub fn does_asked(&mut self, deed: &str, terminal: &mut Terminal, answer: &str) -> Value {
        let asked = terminal.screen().matches(ASKED).count();
        self.begin(deed);
        until("the person is asked", || (terminal.screen().matches(ASKED).count() > asked).then_some(()));
        terminal.types(answer);
        let went = self.answer();
        assert!(went["connected"] == true || went["back"].is_object(), "{went}: {}", self.process.stderr());
        went
    }
}
