//! What goes by `ssh`: its bytes on the way, and the plain text that the server at the other end makes of
//! them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Home, Process, until};

/// What each host that `ssh` reaches is reached by: it passes on all that goes there and comes back, and
/// writes it down as it is.
const PASS_ON: &str = r#"
import os, socket, sys, threading
port, folder = sys.argv[1:]
far = socket.create_connection(("127.0.0.1", int(port)))
def passes(reads, writes, name):
    with open(os.path.join(folder, name), "ab", buffering=0) as kept:
        while data := reads(65536):
            kept.write(data)
            writes(data)
def goes():
    passes(lambda most: os.read(0, most), far.sendall, "sent")
    far.shutdown(socket.SHUT_WR)
threading.Thread(target=goes, daemon=True).start()
passes(far.recv, lambda data: os.write(1, data), "got")
"#;

/// The calls by which a server of `ssh` reads and writes, whether a network, a socket or a pipe.
const CALLS: &str = "trace=read,write,readv,writev,recvfrom,sendto,recvmsg,sendmsg";

/// What goes by `ssh` to one host, from the moment when this was made.
#[derive(Debug)]
pub struct Wire {
    folder: PathBuf,
    _strace: Process,
}

impl Wire {
    /// Has every `ssh` with this configuration go to the host `far` by way of what writes it down, and looks
    /// at all that the server there, and whatever it starts, reads and writes.
    pub(crate) fn tapped(home: &Home, config: &Path, port: u16, server: &Process) -> Self {
        let folder = home.path().join("by-ssh");
        fs::create_dir(&folder).unwrap();
        let script = folder.join("pass-on.py");
        fs::write(&script, PASS_ON).unwrap();
        let to = format!("python3 {} {port} {}", script.display(), folder.display());
        let before = fs::read_to_string(config).unwrap();
        fs::write(config, format!("{before}Host far\nProxyCommand {to}\n")).unwrap();
        let mut command = home.command("strace");
        command.args(["-f", "-p", &server.id().to_string(), "-e", "signal=none", "-e", CALLS]);
        command.args(["-s", "1048576", "-o"]).arg(folder.join("plain"));
        let strace = home.spawn(&mut command, "strace-sshd");
        until("it looks on", || strace.stderr().contains("attached").then_some(()));
        Self { folder, _strace: strace }
    }

    /// The bytes that went to the host, and those that came from it, as a network between them has them.
    pub fn bytes(&self) -> [Vec<u8>; 2] {
        ["sent", "got"].map(|name| fs::read(self.folder.join(name)).unwrap_or_default())
    }

    /// What the server there has read and written by now, before and after its ciphers.
    pub fn plain(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.folder.join("plain")).unwrap_or_default()).into_owned()
    }
}
