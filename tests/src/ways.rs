//! Places that the person's servers are led to, by whichever way, and what somebody does there.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use crate::container::{Container, Engine};
use crate::far::{FarHost, asks_to_forward};
use crate::who::answers;
use crate::{Home, Process, StdioClient, Terminal, Valet, program};

/// A container without an engine: namespaces of its own, and a home that is nowhere else.
const SPACES: &str = r#"
exec -a conmon bash -c 'setpriv --pdeathsig KILL unshare --mount --propagation private sh -c "mount -t tmpfs tmpfs /root && chmod 700 /root && echo ready && exec sleep infinity" & echo "first $!"; wait' -c "$ID"
"#;
/// What an engine says of it. The namespaces are the kernel's.
const ENGINE: &str = "#!/bin/sh\ncat \"$HOME/said\" 2>/dev/null || exit 125\n";

/// Somebody whose name this machine does not know is not who most programs can be.
const AS_USER: &str = r#"
mount --bind "$1/passwd" /etc/passwd && cd "$1" && shift && exec setpriv --reuid=47110 --regid=47110 --clear-groups "$@"
"#;

/// Passes on what comes by one socket to another, and writes all of it down as it is.
const TAP: &str = r#"
import os, socket, sys, threading
at, to, kept = sys.argv[1:]
os.umask(0o077)
os.makedirs(os.path.dirname(at), exist_ok=True)
kept = open(kept, "ab", buffering=0)
listener = socket.socket(socket.AF_UNIX)
listener.bind(at)
listener.listen()
print("ready", flush=True)
def passes(one, other):
    try:
        while data := one.recv(65536):
            kept.write(data)
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        pass
while True:
    near, _ = listener.accept()
    far = socket.socket(socket.AF_UNIX)
    far.connect(to)
    for pair in ((near, far), (far, near)):
        threading.Thread(target=passes, args=pair, daemon=True).start()
"#;

const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"Codex","version":"1"}}}"#;

/// A way to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A host that `ssh` reaches.
    Ssh,
    /// A host behind that one.
    Hop,
    /// A container of podman.
    Podman,
    /// Namespaces alone.
    Spaces,
}

/// A place at the end of one.
#[derive(Debug)]
pub enum Place<'home> {
    /// A host, by the name that `ssh` has for it.
    Host(Box<FarHost<'home>>, &'static str),
    /// A container.
    Container(Container<'home>),
    /// Namespaces, and the number of the first process in them.
    Spaces(Process, u32),
}

impl Way {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ssh, Self::Hop, Self::Podman, Self::Spaces];

    /// A place at its end, where this machine lets one be made.
    pub fn place(self, home: &Home) -> Option<Place<'_>> {
        if !rustix::process::getuid().is_root() {
            return None;
        }
        Some(match self {
            Self::Ssh => Place::Host(Box::new(FarHost::tapped(home)?), "far"),
            Self::Hop => Place::Host(Box::new(FarHost::tapped(home)?), "inner"),
            Self::Podman => Place::Container(with_this_machines_programs(home)?),
            Self::Spaces => spaces(home),
        })
    }
}

/// What is started there is what this machine has.
fn with_this_machines_programs(home: &Home) -> Option<Container<'_>> {
    let mut options = vec!["--network".to_owned(), "host".to_owned()];
    let mut shows = |from: &Path, to: &Path| {
        options.push("--mount".to_owned());
        options.push(format!("type=bind,source={},target={},readonly", from.display(), to.display()));
    };
    for folder in ["usr", "bin", "lib", "lib64"] {
        let folder = Path::new("/").join(folder);
        shows(&folder.canonicalize().unwrap(), &folder);
    }
    let own = [program("mcp-valet").parent().unwrap().to_owned(), node()];
    let clients = std::env::var_os("MCP_VALET_CLIENTS").map(PathBuf::from);
    own.iter().chain(&clients).for_each(|folder| shows(folder, folder));
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    Container::run(home, Engine::Podman, "place", &options)
}

fn node() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("node")
}

fn spaces(home: &Home) -> Place<'_> {
    let (id, engines) = ("c".repeat(64), home.path().join("ssh"));
    let mut monitor =
        home.spawn(home.command("bash").args(["-c", SPACES]).env("HOME", "/root").env("ID", &id), "spaces");
    let first = monitor.announces("first ").trim().parse().unwrap();
    monitor.announces("ready");
    fs::create_dir_all(&engines).unwrap();
    fs::write(engines.join("podman"), ENGINE).unwrap();
    fs::set_permissions(engines.join("podman"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(home.path().join("said"), format!("{id} {first} spaces")).unwrap();
    Place::Spaces(monitor, first)
}

impl Place<'_> {
    /// What the valet needs in its environment to get there.
    pub fn environment(&self, home: &Home) -> (String, String) {
        let path = format!("{}:{}", home.path().join("ssh").display(), std::env::var("PATH").unwrap());
        ("PATH".to_owned(), path)
    }

    /// What it is called at the desk.
    pub fn name(&self) -> String {
        match self {
            Self::Host(_, name) => (*name).to_owned(),
            Self::Container(container) => format!("container {}", container.name()),
            Self::Spaces(..) => "container spaces".to_owned(),
        }
    }

    /// The home there.
    pub fn home(&self) -> PathBuf {
        match self {
            Self::Host(far, _) => far.folder().to_owned(),
            Self::Container(_) | Self::Spaces(..) => "/root".into(),
        }
    }

    /// The same, as it is seen from outside.
    pub fn home_from_outside(&self) -> PathBuf {
        match self {
            Self::Host(far, _) => far.folder().to_owned(),
            Self::Container(_) | Self::Spaces(..) => format!("/proc/{}/root/root", self.first()).into(),
        }
    }

    fn first(&self) -> u32 {
        match self {
            Self::Host(..) => 0,
            Self::Container(container) => container.first(),
            Self::Spaces(_, first) => *first,
        }
    }

    /// A command that runs there.
    pub fn command(&self, words: &[&str]) -> Command {
        match self {
            Self::Host(far, _) => {
                let mut command = Command::new("unshare");
                command.env_clear().env("HOME", far.folder()).env("PATH", std::env::var("PATH").unwrap());
                command.args(["--mount", "--propagation", "private", "sh", "-c", AS_USER, "sh"]);
                command.arg(far.folder()).args(words);
                command
            }
            Self::Container(container) => container.command(&[&["env", "HOME=/root"], words].concat()),
            Self::Spaces(_, first) => {
                let mut command = Command::new("nsenter");
                command.arg(format!("--mount=/proc/{first}/ns/mnt")).args(["--wd=/root", "--"]).args(words);
                command.env_clear().env("HOME", "/root").env("PATH", std::env::var("PATH").unwrap());
                command
            }
        }
    }

    /// Leads a server there, and lets whoever is there use it from now on.
    pub fn is_led_to(&self, home: &Home, valet: &Valet<'_>, terminal: &mut Terminal) {
        let place = match self {
            Self::Host(_, name) => ["ssh", name],
            Self::Container(container) => ["container", container.name()],
            Self::Spaces(..) => ["container", "spaces"],
        };
        asks_to_forward(valet, terminal, &place, "y").expect_code(0);
        let socket = self.home().join(".mcp-valet/agent.sock").display().to_string();
        let mut asks =
            self.command(&["curl", "-s", "--unix-socket", &socket, "-H", "Content-Type: application/json"]);
        asks.args(["-H", "Accept: application/json, text/event-stream", "--data-raw", INITIALIZE]);
        asks.arg("http://localhost/mcp/rogue");
        thread::scope(|scope| {
            let asking = scope.spawn(|| home.run(&mut asks));
            answers(terminal, 1, &format!("Codex, it says, on {}", self.name()), "f");
            asking.join().unwrap().expect_code(0);
        });
    }

    /// A socket there that passes on to the one that leads to the desk, and keeps all that goes by it in the
    /// file `wire` of the home.
    pub fn tap(&self, home: &Home) -> (Process, PathBuf) {
        let at = |name: &str| self.home().join(name).display().to_string();
        let tapped = at("tap/agent.sock");
        let words = ["/usr/bin/python3", "-c", TAP, &tapped, &at(".mcp-valet/agent.sock"), &at("wire")];
        let mut tap = home.spawn(&mut self.command(&words), "tap");
        tap.announces("ready");
        (tap, tapped.into())
    }

    /// The official TypeScript SDK's client there, which starts `mcp-valet connect`.
    pub fn sdk(&self, home: &Home, socket: &Path) -> StdioClient {
        let (socket, script) =
            (format!("MCP_VALET_SOCK={}", socket.display()), node().join("stdio-client.mjs"));
        let (script, ours) = (script.display().to_string(), program("mcp-valet").display().to_string());
        let words = ["env", &socket, "node", &script, &ours, "connect", "rogue"];
        StdioClient::run(home, self.command(&words))
    }

    /// The processes there.
    pub fn processes(&self) -> Vec<u32> {
        let Self::Host(far, _) = self else {
            let world = |id: u32| fs::metadata(format!("/proc/{id}/ns/mnt")).map(|meta| meta.ino()).ok();
            let ids = fs::read_dir("/proc")
                .unwrap()
                .filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
            return ids.filter(|id| world(*id).is_some() && world(*id) == world(self.first())).collect();
        };
        far.processes()
    }

    /// The files below the home there that have this text in them.
    pub fn files_with(&self, home: &Home, text: &str) -> String {
        let mut command = Command::new("grep");
        command.args(["-rlaF", text]).arg(self.home_from_outside()).stdin(Stdio::null());
        home.run(&mut command).stdout
    }
}
