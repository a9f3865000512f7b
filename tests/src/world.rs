//! The machine as a user's session sees it, with this home as theirs: what a program that is given no
//! environment finds by itself.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::{Pid, Signal, getuid, kill_process};

use crate::process::Leash;
use crate::{CommandOutput, Home, Process, Terminal, curl, program, until};

/// Over the folders of the system lie those of the home, for whoever is inside.
const MOUNTS: &str = r#"
set -e
mount -t tmpfs tmpfs /run/user
mkdir -m 700 "/run/user/$1"
mount --bind "$2/run" "/run/user/$1"
mount -t tmpfs tmpfs /run/systemd
mkdir /run/systemd/system
mount --bind "$2" "$3"
echo ready
exec sleep infinity
"#;

/// A service manager in a control group of its own, as the system gives each user's one.
const MANAGER: &str = r#"
for root; do
    [ -w "$root/cgroup.procs" ] || continue
    mkdir -p "$root/$0"
    echo $$ > "$root/$0/cgroup.procs"
done
exec /lib/systemd/systemd --user
"#;

/// Where systems have them.
const CONTROL_GROUPS: [&str; 3] = ["/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified", "/sys/fs/cgroup"];

/// Ends whatever is inside.
const END: &str = r#"
for process in /proc/[0-9]*; do
    [ "$(readlink "$process/ns/mnt")" != "$0" ] || kill -9 "${process#/proc/}"
done"#;

/// A namespace of files of its own. Whatever runs there ends with it.
#[derive(Debug)]
pub struct World<'home> {
    home: &'home Home,
    door: Process,
    user_home: PathBuf,
    _leash: Leash,
}

impl<'home> World<'home> {
    /// Makes one, where this user may: nobody but root can.
    pub fn new(home: &'home Home) -> Option<Self> {
        if !getuid().is_root() {
            return None;
        }
        for (from, to) in [("config", ".config"), ("state", ".local/state"), ("data", ".local/share")] {
            let link = home.path().join(to);
            fs::create_dir_all(link.parent().unwrap()).unwrap();
            symlink(home.path().join(from), link).unwrap();
        }
        let mut command = home.command("unshare");
        let (user, user_home) = (getuid().as_raw().to_string(), PathBuf::from("/root"));
        command.args(["--mount", "--propagation", "private", "sh", "-c", MOUNTS, "sh", &user]);
        let mut door = home.spawn(command.arg(home.path()).arg(&user_home), "world");
        door.announces("ready");
        let leash = Leash::new(END, namespace(door.id()).unwrap().to_str().unwrap());
        Some(Self { home, door, user_home, _leash: leash })
    }

    /// A command inside, with what Codex leaves of an environment and nothing else.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--mount=/proc/{}/ns/mnt", self.door.id())).arg("--").arg(program.as_ref());
        command.env_clear().env("PATH", std::env::var("PATH").unwrap()).env("HOME", &self.user_home);
        command.env("LANG", "C.UTF-8").env("SHELL", "/bin/sh").env("TERM", "dumb");
        command
    }

    /// `mcp-valet` inside.
    pub fn cli(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(program("mcp-valet"));
        command.args(arguments);
        command
    }

    /// `mcp-valet list --json` inside, which has a valet started where none runs.
    pub fn lists(&self) -> CommandOutput {
        self.home.run(&mut self.cli(&["list", "--json"]))
    }

    /// A valet at a terminal that the person starts inside.
    pub fn valet_on_terminal(&self) -> (Process, Terminal) {
        let mut command = self.command(program("mcp-valetd"));
        command.env("MCP_VALET_LOG", "off");
        let (terminal, process) = Terminal::run(&command, "valet", self.home);
        self.answers();
        (process, terminal)
    }

    /// Starts the person's service manager, with these units.
    pub fn manager(&self, units: &[(&str, &str)]) -> Process {
        let folder = self.home.path().join("config/systemd/user");
        fs::create_dir_all(&folder).unwrap();
        // The home has a bus of its own.
        for (name, text) in [("dbus.socket", "")].iter().chain(units) {
            fs::write(folder.join(name), text).unwrap();
        }
        let mut command = self.command("sh");
        command
            .args(["-c", MANAGER, &self.group()])
            .args(CONTROL_GROUPS)
            .env("XDG_RUNTIME_DIR", self.runtime());
        let manager = self.home.spawn(&mut command, "manager");
        let socket = self.home.runtime().join("systemd/private");
        until("the service manager listens", || socket.exists().then_some(()));
        manager
    }

    /// Starts the person's session bus, with these variables and with this to be started for a name.
    pub fn bus(&self, variables: &[(&str, &str)], services: &[(&str, &str)]) -> Process {
        let folder = self.home.path().join("data/dbus-1/services");
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in services {
            fs::write(folder.join(name), text).unwrap();
        }
        let mut command = self.command("dbus-daemon");
        command.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        command.arg(format!("--address=unix:path={}/bus", self.runtime().display()));
        command.envs(variables.iter().copied()).env("XDG_RUNTIME_DIR", self.runtime());
        let mut bus = self.home.spawn(&mut command, "session-bus");
        bus.announces("unix:path=");
        bus
    }

    /// The runtime folder, as it is called inside.
    pub fn runtime(&self) -> PathBuf {
        Path::new("/run/user").join(getuid().as_raw().to_string())
    }

    /// Waits until a valet answers.
    #[track_caller]
    pub fn answers(&self) {
        let socket = self.home.socket();
        let health = || curl(&["--unix-socket", socket.to_str().unwrap(), "http://localhost/v1/health"]);
        until("a valet answers", || (health().status == 200).then_some(()));
    }

    /// The processes inside that run one of our programs.
    pub fn running(&self, name: &str) -> Vec<u32> {
        let is_it = |process: &u32| {
            fs::read_link(format!("/proc/{process}/exe")).is_ok_and(|exe| exe == program(name))
        };
        self.inside().into_iter().filter(is_it).collect()
    }

    /// `kill -9` for all of those, and waits until they are gone.
    pub fn kill(&self, name: &str) {
        self.signal(name, Signal::KILL);
        // The files of a process are closed after it is seen to run something.
        let socket = self.home.socket();
        let gone =
            || self.running(name).is_empty() && std::os::unix::net::UnixStream::connect(&socket).is_err();
        until("they are gone", || gone().then_some(()));
    }

    /// Sends them all a signal.
    pub fn signal(&self, name: &str, signal: Signal) {
        for process in self.running(name) {
            let _ = kill_process(Pid::from_raw(process.cast_signed()).unwrap(), signal);
        }
    }

    fn group(&self) -> String {
        format!("mcp-valet-test-{}", self.door.id())
    }

    fn inside(&self) -> Vec<u32> {
        let ours = namespace(self.door.id());
        let all = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
        let numbers = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        numbers.filter(|process| namespace(*process) == ours && ours.is_some()).collect()
    }
}

impl Drop for World<'_> {
    fn drop(&mut self) {
        // The door last: without it, nobody knows what is inside.
        let door = self.door.id();
        while let inside @ [_, ..] =
            self.inside().into_iter().filter(|process| *process != door).collect::<Vec<_>>().as_slice()
        {
            for process in inside {
                let _ = kill_process(Pid::from_raw(process.cast_signed()).unwrap(), Signal::KILL);
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        for root in CONTROL_GROUPS.iter().map(|root| Path::new(root).join(self.group())) {
            let _ = Command::new("find").arg(root).args(["-depth", "-type", "d", "-delete"]).output();
        }
    }
}

fn namespace(process: u32) -> Option<PathBuf> {
    fs::read_link(format!("/proc/{process}/ns/mnt")).ok()
}
