//! Another host: a real SSH server that another user runs, and what somebody does there.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use rustix::process::getuid;
use serde_json::Value;
use tempfile::TempDir;

use crate::who::answers;
use crate::wire::Wire;
use crate::{CommandOutput, Home, HttpResponse, Process, Rogue, Terminal, Valet, free_port, until};

/// The user there. Nobody on this machine has the number.
const USER: u32 = 47_110;

/// A user of this name is seen by whoever is inside.
const SERVE: &str = r#"
set -e
mount --bind "$1/passwd" /etc/passwd
exec setpriv --reuid=47110 --regid=47110 --clear-groups /usr/sbin/sshd -D -e -f "$1/sshd_config"
"#;

const ASKED: &str = "Forward it?";

/// A valet at a terminal with two servers, signed in to the first.
pub fn desk<'home>(home: &'home Home, rogue: &Rogue, far: &FarHost<'_>) -> (Valet<'home>, Terminal) {
    home.asks_about(&[("rogue", &rogue.mcp()), ("private", "https://private.example/mcp")]);
    rogue.is_a_server();
    let (valet, terminal) = Valet::on_terminal_with(home, &[far.environment()]);
    valet.sign_in("rogue");
    (valet, terminal)
}

/// Asks for a forward of one server, and answers the question.
pub fn forward(valet: &Valet<'_>, terminal: &mut Terminal, host: &str, answer: &str) -> CommandOutput {
    asks_to_forward(valet, terminal, &["ssh", host], answer)
}

/// The same, to a place of whatever kind.
pub fn asks_to_forward(
    valet: &Valet<'_>,
    terminal: &mut Terminal,
    place: &[&str],
    answer: &str,
) -> CommandOutput {
    let asked = terminal.screen().matches(ASKED).count();
    let all = [&["forward"], place, &["--server", "rogue", "--json"]].concat();
    thread::scope(|scope| {
        let asking = scope.spawn(|| valet.cli(&all));
        until("it is asked", || (terminal.screen().matches(ASKED).count() > asked).then_some(()));
        terminal.types(answer);
        asking.join().unwrap()
    })
}

/// Those that there are.
pub fn forwards(valet: &Valet<'_>) -> Vec<Value> {
    valet.get("/v1/forwards").json().as_array().unwrap().clone()
}

/// A handshake there that the person lets through until the valet ends.
pub fn allowed(far: &FarHost<'_>, terminal: &mut Terminal, count: usize) {
    thread::scope(|scope| {
        let asking = scope.spawn(|| far.initialize("rogue", "Claude Code"));
        answers(terminal, count, "Claude Code, it says, on far", "f");
        asking.join().unwrap().expect_status(200);
    });
}

/// A host that `ssh far` reaches.
#[derive(Debug)]
pub struct FarHost<'home> {
    home: &'home Home,
    folder: TempDir,
    port: u16,
    sshd: Option<Process>,
    wire: Option<Wire>,
}

impl<'home> FarHost<'home> {
    /// Starts one, where somebody may be another user: nobody but root can.
    pub fn start(home: &'home Home) -> Option<Self> {
        Self::start_with(home, "")
    }

    /// The same, with more in the configuration of its server.
    pub fn start_with(home: &'home Home, more: &str) -> Option<Self> {
        if !getuid().is_root() || !Path::new("/usr/sbin/sshd").exists() {
            return None;
        }
        let folder = tempfile::Builder::new().prefix("far-").tempdir_in("/tmp").unwrap();
        let mut host = Self { home, folder, port: free_port(), sshd: None, wire: None };
        host.configure(more);
        host.come_up();
        Some(host)
    }

    /// The same as `start`, with all that goes by `ssh` written down.
    pub fn tapped(home: &'home Home) -> Option<Self> {
        let mut host = Self::start(home)?;
        let config = home.path().join("ssh/config");
        host.wire = host.sshd.as_ref().map(|server| Wire::tapped(home, &config, host.port, server));
        Some(host)
    }

    /// What goes by `ssh`, of a host that is tapped.
    pub fn wire(&self) -> &Wire {
        self.wire.as_ref().unwrap()
    }

    /// The folder of the user there.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The socket there.
    pub fn socket(&self) -> PathBuf {
        self.folder().join(".mcp-valet/agent.sock")
    }

    /// What the valet needs in its environment to find `ssh far`.
    pub fn environment(&self) -> (String, String) {
        let path = format!("{}:{}", self.home.path().join("ssh").display(), std::env::var("PATH").unwrap());
        ("PATH".to_owned(), path)
    }

    fn configure(&self, more: &str) {
        let (there, here) = (self.folder(), self.home.path().join("ssh"));
        fs::create_dir_all(&here).unwrap();
        let at = |name: &str| there.join(name).display().to_string();
        let key = |file: &Path| {
            let mut command = Command::new("ssh-keygen");
            command.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(file);
            assert!(command.status().unwrap().success());
        };
        key(&there.join("host_key"));
        key(&here.join("id"));
        fs::copy(here.join("id.pub"), there.join("authorized_keys")).unwrap();
        let all = fs::read_to_string("/etc/passwd").unwrap();
        let user = format!("far:x:{USER}:{USER}::{}:/bin/sh\n", there.display());
        fs::write(there.join("passwd"), all + &user).unwrap();
        let config = format!(
            "ListenAddress 127.0.0.1\nPort {}\nHostKey {}\nAuthorizedKeysFile {}\nPidFile {}\nUsePAM no\nStrictModes no\n{more}\n",
            self.port,
            at("host_key"),
            at("authorized_keys"),
            at("pid"),
        );
        fs::write(there.join("sshd_config"), config).unwrap();
        for entry in fs::read_dir(there).unwrap() {
            chown(entry.unwrap().path(), Some(USER), Some(USER)).unwrap();
        }
        fs::set_permissions(there, Permissions::from_mode(0o755)).unwrap();
        chown(there, Some(USER), Some(USER)).unwrap();
        let client = format!(
            "Host inner\nProxyJump far\nHost far inner\nHostName 127.0.0.1\nPort {}\nUser far\nIdentityFile {}\nIdentitiesOnly yes\n\
             StrictHostKeyChecking no\nUserKnownHostsFile {}\nHost gone\nHostName 127.0.0.1\nPort 1\n",
            self.port,
            here.join("id").display(),
            here.join("known").display(),
        );
        fs::write(here.join("config"), client).unwrap();
        // `ssh` goes by the home of the user, and not by the variable.
        let ssh = here.join("ssh");
        let script = format!("#!/bin/sh\nexec /usr/bin/ssh -F {} \"$@\"\n", here.join("config").display());
        fs::write(&ssh, script).unwrap();
        fs::set_permissions(&ssh, Permissions::from_mode(0o755)).unwrap();
    }

    /// It answers again.
    pub fn come_up(&mut self) {
        let mut command = self.home.command("unshare");
        command.args(["--mount", "--propagation", "private", "sh", "-c", SERVE, "sh"]).arg(self.folder());
        self.sshd = Some(self.home.spawn(&mut command, "sshd"));
        until("the host answers", || std::net::TcpStream::connect(("127.0.0.1", self.port)).ok());
    }

    /// It is gone with all its connections, without a word.
    pub fn go_down(&mut self) {
        drop(self.sshd.take());
        for id in self.processes() {
            let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
        }
    }

    /// The processes of the user there.
    pub fn processes(&self) -> Vec<u32> {
        let found = Command::new("pgrep").args(["-U", &USER.to_string()]).output().unwrap();
        let here = |id: &u32| {
            let words = fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
            let words = String::from_utf8_lossy(&words).into_owned();
            words.contains(self.folder().to_str().unwrap())
                || words.contains(self.home.path().to_str().unwrap())
        };
        let ids = String::from_utf8_lossy(&found.stdout).into_owned();
        ids.split_whitespace().filter_map(|id| id.parse().ok()).filter(here).collect()
    }

    /// A command that the user there runs.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new("setpriv");
        command.env_clear().env("HOME", self.folder()).env("PATH", std::env::var("PATH").unwrap());
        let user = ["--reuid=47110", "--regid=47110", "--clear-groups"];
        command.args(user).arg(program.as_ref()).current_dir("/");
        command
    }

    /// Runs it to its end.
    pub fn runs(&self, command: &mut Command) -> CommandOutput {
        self.home.run(command)
    }

    /// Plain curl there, on the socket.
    pub fn curl(&self, arguments: &[&str]) -> HttpResponse {
        let mut command = self.command("curl");
        command.args(["--silent", "--include", "--http1.1", "--max-time", "60", "--unix-socket"]);
        let output = command.arg(self.socket()).args(arguments).output().unwrap();
        HttpResponse::parse(&String::from_utf8_lossy(&output.stdout))
    }

    /// `GET` there.
    pub fn get(&self, path: &str) -> HttpResponse {
        self.curl(&[&format!("http://localhost{path}")])
    }

    /// `POST` there.
    pub fn post(&self, path: &str, body: &str) -> HttpResponse {
        let accept = "Accept: application/json, text/event-stream";
        let kind = "Content-Type: application/json";
        self.curl(&["-H", kind, "-H", accept, "--data-raw", body, &format!("http://localhost{path}")])
    }

    /// A handshake there, by a program that calls itself so.
    pub fn initialize(&self, server: &str, name: &str) -> HttpResponse {
        let body = format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"initialize","params":{{"protocolVersion":"2025-11-25","capabilities":{{}},"clientInfo":{{"name":"{name}","version":"1"}}}}}}"#
        );
        self.post(&format!("/mcp/{server}"), &body)
    }
}

impl Drop for FarHost<'_> {
    fn drop(&mut self) {
        self.go_down();
    }
}
