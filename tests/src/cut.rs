//! A network of its own for one machine, which can be cut without a word.

use std::process::{Command, id};

use tempfile::TempDir;

use crate::Process;
use crate::process::Leash;

const RELAY: &str = include_str!("relay.py");

/// A network namespace that reaches some ports of this machine's loopback address, by the same ports of its
/// own.
#[derive(Debug)]
pub struct Network {
    name: String,
    /// The end of it that is outside.
    far: String,
    _relays: Vec<Process>,
    _logs: TempDir,
    _leash: Leash,
}

impl Network {
    /// Makes one. `None` where only root could.
    pub fn to(ports: &[u16]) -> Option<Self> {
        let (name, number) = (format!("valet-{}", id()), id() % (1 << 14));
        if !ip(&format!("netns add {name}")) {
            return None;
        }
        let leash = Leash::new("ip netns del \"$0\"", &name);
        let address = |last: u32| format!("10.201.{}.{}", number >> 6, (number & 63) * 4 + last);
        let (far, near) = (format!("vlt{number}"), format!("vln{number}"));
        for words in [
            format!("link add {far} type veth peer name {near} netns {name}"),
            format!("addr add {}/30 dev {far}", address(1)),
            format!("link set {far} up"),
            format!("-n {name} link set lo up"),
            format!("-n {name} addr add {}/30 dev {near}", address(2)),
            format!("-n {name} link set {near} up"),
        ] {
            assert!(ip(&words), "{words}");
        }
        let logs = tempfile::tempdir().unwrap();
        let relay = |command: &mut Command, from: &str, to: &str, log: &str| {
            command.args(["-c", RELAY, from, to]).args(ports.iter().map(u16::to_string));
            let mut relay = Process::spawn(command, log, logs.path());
            relay.announces("ready");
            relay
        };
        let outside = relay(&mut Command::new("python3"), &address(1), "127.0.0.1", "outside");
        let mut within = Command::new("nsenter");
        within.args([&format!("--net=/run/netns/{name}"), "python3"]);
        let inside = relay(&mut within, "127.0.0.1", &address(1), "inside");
        Some(Self { name, far, _relays: vec![outside, inside], _logs: logs, _leash: leash })
    }

    /// What a program is started by to be in it. It stays with the files and users of this machine.
    pub fn entry(&self) -> [String; 2] {
        ["nsenter".to_owned(), format!("--net=/run/netns/{}", self.name)]
    }

    /// From now on nothing passes, and nobody is told.
    pub fn cut(&self) {
        assert!(ip(&format!("link set {} down", self.far)));
    }

    /// All passes again.
    pub fn mend(&self) {
        assert!(ip(&format!("link set {} up", self.far)));
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        ip(&format!("netns del {}", self.name));
    }
}

fn ip(words: &str) -> bool {
    let output = Command::new("ip").args(words.split(' ')).output();
    output.is_ok_and(|output| output.status.success())
}
