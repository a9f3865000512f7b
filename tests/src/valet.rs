//! The valet itself: the real programs in a home.

use std::process::Command;

use rustix::process::Signal;
use serde_json::Value;

use crate::{CommandOutput, Desktop, Home, HttpResponse, Process, Rogue, Terminal, curl, program, until};

/// A terminal's foreground belongs to another group, whose process is the valet's parent. The valet is in the
/// group that the test kills, and the foreground hangs up with its session.
const IN_BACKGROUND: &str = "
import os, signal, sys
background = os.getpgrp()
if os.fork() == 0:
    os.setpgid(0, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.tcsetpgrp(0, os.getpgrp())
    if os.fork() == 0:
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.setpgid(0, background)
        os.execv(sys.argv[1], sys.argv[1:])
os.wait()
";

/// A running `mcp-valetd`.
#[derive(Debug)]
pub struct Valet<'home> {
    home: &'home Home,
    process: Process,
}

impl<'home> Valet<'home> {
    /// Starts it and waits until its socket answers. It logs everything it ever would.
    pub fn start(home: &'home Home) -> Self {
        let mut valet = Self { home, process: home.spawn(&mut daemon(home), "valet") };
        valet.answers();
        valet
    }

    /// Starts it with a server at `rogue` that every agent may use, and signs in there.
    pub fn signed_in(home: &'home Home, rogue: &Rogue) -> Self {
        home.lists(&[("rogue", &rogue.mcp())], "memory");
        let valet = Self::start(home);
        valet.sign_in("rogue");
        valet
    }

    /// Starts it as it is started for a program that asks while none runs.
    pub fn for_a_program(home: &'home Home) -> Self {
        let mut valet = Self { home, process: home.spawn(daemon(home).arg("--for-a-program"), "valet") };
        valet.answers();
        valet
    }

    /// Starts it as a person would, with nothing said but what matters.
    pub fn start_quiet(home: &'home Home) -> Self {
        let mut valet = Self { home, process: home.spawn(&mut home.command(program("mcp-valetd")), "valet") };
        valet.answers();
        valet
    }

    /// Starts it with more in its environment.
    pub fn start_with(home: &'home Home, environment: &[(&str, &str)]) -> Self {
        let mut command = daemon(home);
        command.envs(environment.iter().copied());
        let mut valet = Self { home, process: home.spawn(&mut command, "valet") };
        valet.answers();
        valet
    }

    /// Starts it by a tool that looks on, saying what it usually would.
    pub fn start_under(home: &'home Home, tool: &[&str]) -> Self {
        let mut command = home.command(tool[0]);
        command.args(&tool[1..]).arg(program("mcp-valetd"));
        let mut valet = Self { home, process: home.spawn(&mut command, "valet") };
        valet.answers();
        valet
    }

    /// Starts it where a file that grows too large is an error, as on a full disk, and not the end of the
    /// program.
    pub fn start_to_be_bounded(home: &'home Home) -> Self {
        let mut command = home.command("env");
        command.arg("--ignore-signal=XFSZ").arg(program("mcp-valetd")).env("MCP_VALET_LOG", "off");
        let mut valet = Self { home, process: home.spawn(&mut command, "valet") };
        valet.answers();
        valet
    }

    /// From now on no file that it writes grows beyond so many bytes; without a number, any does.
    pub fn bound_files(&self, bytes: Option<u64>) {
        let id = self.id().to_string();
        let bytes = bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string());
        let limit = format!("--fsize={bytes}:");
        self.home.run(self.home.command("prlimit").args(["--pid", &id, &limit])).expect_code(0);
    }

    /// Starts the desktop app instead.
    pub fn on_desktop(desktop: &Desktop<'home>) -> Self {
        let mut valet = Self::begin_on_desktop(desktop);
        valet.answers();
        valet
    }

    /// Starts the desktop app without waiting until it answers.
    pub fn begin_on_desktop(desktop: &Desktop<'home>) -> Self {
        Self { home: desktop.home(), process: desktop.home().spawn(&mut desktop.valet(), "tray") }
    }

    /// Starts the desktop app as the desktop does with its session.
    pub fn at_login(desktop: &Desktop<'home>) -> Self {
        let home = desktop.home();
        let mut valet = Self { home, process: home.spawn(desktop.valet().arg("--login"), "tray") };
        valet.answers();
        valet
    }

    /// Starts the desktop app with one variable of the environment as it should not be.
    pub fn on_desktop_with(desktop: &Desktop<'home>, variable: &str, value: &str) -> Self {
        let home = desktop.home();
        let mut valet = Self { home, process: home.spawn(desktop.valet().env(variable, value), "tray") };
        valet.answers();
        valet
    }

    /// Starts the desktop app as if no library for tray icons were installed: what is found in its place is
    /// empty.
    pub fn on_desktop_without_library(desktop: &Desktop<'home>) -> Self {
        let folder = desktop.home().path().join("missing");
        std::fs::create_dir(&folder).unwrap();
        for name in ["libayatana-appindicator3.so", "libappindicator3.so"] {
            for ending in ["", ".1"] {
                std::fs::write(folder.join(format!("{name}{ending}")), "").unwrap();
            }
        }
        Self::on_desktop_with(desktop, "LD_LIBRARY_PATH", folder.to_str().unwrap())
    }

    /// Its children, dead ones that nobody reaped among them.
    pub fn children(&self) -> Vec<u32> {
        children(self.id())
    }

    /// Starts it without waiting, for starts that are meant to fail.
    pub fn launch(home: &Home) -> Process {
        home.spawn(&mut daemon(home), "valet-launched")
    }

    /// Starts it where a person sits at a terminal.
    pub fn on_terminal(home: &'home Home) -> (Self, Terminal) {
        Self::on_terminal_with(home, &[])
    }

    /// The same, with more in its environment.
    pub fn on_terminal_with(home: &'home Home, environment: &[(String, String)]) -> (Self, Terminal) {
        let mut command = daemon(home);
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        // What it logs would hide what it asks.
        command.env("MCP_VALET_LOG", "off");
        let (terminal, process) = Terminal::run(&command, "valet", home);
        let mut valet = Self { home, process };
        valet.answers();
        (valet, terminal)
    }

    /// Starts it as a shell with job control does for `mcp-valetd &`: whoever reads the terminal there is
    /// stopped.
    pub fn in_background(home: &'home Home) -> (Self, Terminal) {
        let valet = daemon(home);
        let mut command = home.command("python3");
        command.args(["-c", IN_BACKGROUND]).arg(valet.get_program());
        let (terminal, process) = Terminal::run(&command, "valet", home);
        let mut valet = Self { home, process };
        valet.answers();
        (valet, terminal)
    }

    #[track_caller]
    fn answers(&mut self) {
        until("the valet answers on its socket", || {
            if let Some(status) = self.process.ended() {
                panic!("it ended ({status}): {}", self.log());
            }
            (self.get("/v1/health").status == 200).then_some(())
        });
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.process.kill();
    }

    /// Asks it to end, and waits until it has.
    pub fn stop(mut self) {
        self.process.signal(Signal::TERM);
        self.process.wait();
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.process.ended().is_none()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Everything it has said.
    pub fn log(&self) -> String {
        self.process.stdout() + &self.process.stderr()
    }

    /// Its resident memory in KiB.
    pub fn memory(&self) -> u64 {
        memory_of(self.id())
    }

    /// `GET` over the socket, by plain curl.
    pub fn get(&self, path: &str) -> HttpResponse {
        self.curl(&[&url(path)])
    }

    /// `POST` of a JSON body over the socket, by plain curl.
    pub fn post(&self, path: &str, body: &Value) -> HttpResponse {
        let body = body.to_string();
        self.curl(&["-H", "Content-Type: application/json", "--data-raw", &body, &url(path)])
    }

    /// `PUT` of a JSON body over the socket, by plain curl.
    pub fn put(&self, path: &str, body: &Value) -> HttpResponse {
        let body = body.to_string();
        self.curl(&["-X", "PUT", "-H", "Content-Type: application/json", "--data-raw", &body, &url(path)])
    }

    /// `DELETE` over the socket, by plain curl.
    pub fn delete(&self, path: &str) -> HttpResponse {
        self.curl(&["-X", "DELETE", &url(path)])
    }

    /// Plain curl on the socket with these arguments.
    pub fn curl(&self, arguments: &[&str]) -> HttpResponse {
        let socket = self.home.socket();
        let mut all = vec!["--unix-socket", socket.to_str().unwrap()];
        all.extend(arguments);
        curl(&all)
    }

    /// Asks for a token.
    pub fn token(&self, server: &str) -> HttpResponse {
        self.post("/v1/token", &serde_json::json!({ "server": server }))
    }

    /// Sends a JSON-RPC message through the proxy, by plain curl, with more of curl's arguments.
    pub fn proxy(&self, server: &str, message: &Value, more: &[&str]) -> HttpResponse {
        let (address, message) = (url(&format!("/mcp/{server}")), message.to_string());
        let accept = "Accept: application/json, text/event-stream";
        let mut all =
            vec!["-H", "Content-Type: application/json", "-H", accept, "--data-raw", &message, &address];
        all.extend(more);
        self.curl(&all)
    }

    /// The state of one server.
    #[track_caller]
    pub fn server(&self, server: &str) -> Value {
        self.get(&format!("/v1/servers/{server}")).expect_status(200).json()
    }

    /// Waits until a server is in this state.
    #[track_caller]
    pub fn settles(&self, server: &str, state: &str) -> Value {
        until(&format!("{server} is {state}"), || {
            Some(self.server(server)).filter(|now| now["state"] == state)
        })
    }

    /// Runs `mcp-valet` to its end.
    pub fn cli(&self, arguments: &[&str]) -> CommandOutput {
        self.home.cli(arguments)
    }

    /// Signs in with a browser that says yes to everything.
    #[track_caller]
    pub fn sign_in(&self, server: &str) {
        self.home.browser_says_yes();
        self.cli(&["authorize", server]).expect_code(0);
    }

    /// Begins a sign-in and answers the address that a browser would open.
    #[track_caller]
    pub fn begin(&self, server: &str) -> url::Url {
        let answer = self.post(&format!("/v1/servers/{server}/authorize"), &serde_json::json!({}));
        answer.expect_status(200).text("authorization_url").parse().unwrap()
    }
}

impl Home {
    /// Runs `mcp-valet` here to its end, whether a valet runs or not.
    pub fn cli(&self, arguments: &[&str]) -> CommandOutput {
        self.run(self.command(program("mcp-valet")).args(arguments))
    }

    /// Starts `mcp-valet` here and leaves it to itself.
    pub fn start_cli(&self, arguments: &[&str]) -> Process {
        self.spawn(self.command(program("mcp-valet")).args(arguments), "cli")
    }
}

/// The children of a process, dead ones that nobody reaped among them.
pub fn children(id: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{id}/task")).unwrap();
    let list = |task: std::io::Result<std::fs::DirEntry>| {
        std::fs::read_to_string(task.unwrap().path().join("children")).unwrap_or_default()
    };
    let words: Vec<String> = tasks.map(list).collect();
    words.iter().flat_map(|words| words.split_whitespace()).map(|child| child.parse().unwrap()).collect()
}

/// The resident memory of a process in KiB.
pub fn memory_of(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn daemon(home: &Home) -> Command {
    let mut command = home.command(program("mcp-valetd"));
    command.env("MCP_VALET_LOG", "trace");
    command
}

fn url(path: &str) -> String {
    format!("http://localhost{path}")
}
