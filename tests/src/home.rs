//! A person's home that exists for one test.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use rustix::process::{Pid, getpgid};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::process::Leash;
use crate::programs::shown_below;
use crate::{Process, until};

/// Isolated `HOME` and `XDG_*` folders, and the environment that goes with them.
#[derive(Debug)]
pub struct Home {
    folder: TempDir,
    programs: TempDir,
    /// Each leads a process group.
    started: Mutex<Vec<u32>>,
    _leashes: [Leash; 2],
}

/// What a command that has ended left behind.
#[derive(Debug)]
pub struct CommandOutput {
    /// The exit code, or -1 after a signal.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl CommandOutput {
    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// What it said on standard error, as JSON, where no valet answers it.
    #[track_caller]
    pub fn refused(&self) -> Value {
        assert_eq!(self.code, 6, "{self:?}");
        serde_json::from_str(&self.stderr).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Panics with everything that was said unless the command ended with `code`.
    #[track_caller]
    pub fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }
}

impl Default for Home {
    fn default() -> Self {
        Self::new()
    }
}

impl Home {
    /// An empty home. Directly below `/tmp`, because a Unix socket's path may have 108 bytes only.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("valet-").tempdir_in("/tmp").unwrap();
        for name in ["run", "config", "state", "data", "cache", "logs"] {
            fs::create_dir(folder.path().join(name)).unwrap();
            fs::set_permissions(folder.path().join(name), Permissions::from_mode(0o700)).unwrap();
        }
        let built = std::env::current_exe().unwrap();
        let programs = match shown_below() {
            Some(folder) => tempfile::Builder::new().prefix("agents").rand_bytes(0).tempdir_in(folder),
            None => tempfile::Builder::new().prefix("programs-").tempdir_in(built.parent().unwrap()),
        };
        let programs = programs.unwrap();
        let leashes = [&folder, &programs].map(|folder| Leash::on_folder(folder.path()));
        let home = Self { folder, programs, started: Mutex::default(), _leashes: leashes };
        home.install_browser("exit 0");
        home
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where its programs belong: below the build, which is on a disk. On many systems `/tmp` is in memory,
    /// and what lies there is never known for good.
    pub fn programs(&self) -> &Path {
        self.programs.path()
    }

    /// `XDG_RUNTIME_DIR`.
    pub fn runtime(&self) -> PathBuf {
        self.path().join("run")
    }

    /// Where the agents' socket belongs.
    pub fn socket(&self) -> PathBuf {
        self.runtime().join("mcp-valet/agent.sock")
    }

    /// Where the configuration belongs.
    pub fn config(&self) -> PathBuf {
        self.path().join("config/mcp-valet/config.json")
    }

    /// Where captured output goes.
    pub fn logs(&self) -> PathBuf {
        self.path().join("logs")
    }

    /// Configures these servers, names and URLs, with every agent allowed.
    pub fn lists(&self, servers: &[(&str, &str)], vault: &str) {
        self.configure_servers(servers, "allow", vault);
    }

    /// Configures these servers, names and URLs, with the person being asked about every agent. What they
    /// sign in to is kept in memory.
    pub fn asks_about(&self, servers: &[(&str, &str)]) {
        self.configure_servers(servers, "ask", "memory");
    }

    fn configure_servers(&self, servers: &[(&str, &str)], agents: &str, vault: &str) {
        let servers: Map<String, Value> =
            servers.iter().map(|(name, url)| ((*name).to_owned(), json!({ "url": url }))).collect();
        self.configure(&json!({ "mcpServers": servers, "valet": { "agents": agents, "vault": vault } }));
    }

    /// Writes the configuration.
    pub fn configure(&self, config: &Value) {
        self.configure_text(&serde_json::to_string_pretty(config).unwrap());
    }

    /// Writes the configuration as it is typed, errors and all. At once, as a careful editor does.
    pub fn configure_text(&self, text: &str) {
        let config = self.config();
        fs::create_dir_all(config.parent().unwrap()).unwrap();
        let draft = config.with_extension("draft");
        fs::write(&draft, text).unwrap();
        fs::rename(draft, config).unwrap();
    }

    /// A command that lives in this home and sees nothing else of ours.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.env_clear().envs(self.environment()).stdin(Stdio::null());
        command
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        let below = |name: &str| self.path().join(name).to_str().unwrap().to_owned();
        let path = std::env::var("PATH").unwrap();
        let installed = shown_below().map(|folder| format!("{}/mcp-valet/bin:", folder.display()));
        vec![
            ("PATH", installed.unwrap_or_default() + &path),
            ("LANG", "C.UTF-8".to_owned()),
            ("HOME", below("")),
            ("XDG_RUNTIME_DIR", below("run")),
            ("XDG_CONFIG_HOME", below("config")),
            ("XDG_STATE_HOME", below("state")),
            ("XDG_DATA_HOME", below("data")),
            ("XDG_CACHE_HOME", below("cache")),
            ("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", below("run/bus"))),
            // Nowhere, unless the test starts one: the machine's own would tell of its own sleep.
            ("DBUS_SYSTEM_BUS_ADDRESS", format!("unix:path={}", below("run/system-bus"))),
            ("BROWSER", below("browser")),
            ("MCP_VALET_TEST_CLOCK", below("clock")),
            ("MCP_VALET_TEST_WORK", "2".to_owned()),
        ]
    }

    /// Starts a program here.
    pub fn spawn(&self, command: &mut Command, name: &str) -> Process {
        let process = Process::spawn(command, name, &self.logs());
        self.started.lock().unwrap().push(process.id());
        process
    }

    /// Whether a process descends from something that was started here.
    pub(crate) fn is_home_of(&self, id: u32) -> bool {
        let group = Pid::from_raw(id.cast_signed()).and_then(|id| getpgid(Some(id)).ok());
        group.is_some_and(|group| {
            self.started.lock().unwrap().contains(&group.as_raw_nonzero().get().cast_unsigned())
        })
    }

    /// Runs a program here to its end.
    pub fn run(&self, command: &mut Command) -> CommandOutput {
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        CommandOutput {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Moves the clock that test builds read, in seconds from the real time.
    pub fn move_clock(&self, seconds: i64) {
        fs::write(self.path().join("clock"), seconds.to_string()).unwrap();
    }

    /// `$BROWSER` follows every redirect at once, as somebody who always says yes would.
    pub fn browser_says_yes(&self) {
        self.install_browser("exec curl --silent --location --max-time 20 --output /dev/null \"$1\"");
    }

    /// `$BROWSER` only notes the address, for the test to read with [`Home::opened`].
    pub fn browser_notes_the_address(&self) {
        self.install_browser("printf '%s\\n' \"$1\" >> \"$HOME/opened\"");
    }

    fn install_browser(&self, body: &str) {
        let path = self.path().join("browser");
        fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
    }

    /// The addresses that `$BROWSER` was asked to open; waits for the first and forgets them all.
    #[track_caller]
    pub fn opened(&self) -> Vec<String> {
        let path = self.path().join("opened");
        let lines = until("$BROWSER is asked to open an address", || {
            let text = fs::read_to_string(&path).ok()?;
            text.ends_with('\n').then(|| text.lines().map(str::to_owned).collect())
        });
        fs::remove_file(path).unwrap();
        lines
    }
}
