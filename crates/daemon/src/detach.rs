//! Starting for a program, where no service manager does: in a session of its own, with what the system says
//! of this user and nothing of whoever asked.

use nix::unistd::{User, getuid};
use rustix::fs::Mode;
use rustix::process::{setsid, umask};
use std::env;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// Nobody's own folders.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// Starts the valet, and does not wait for it: it is nobody's child by the time it listens. Standard output
/// goes along, so that whoever has its other end sees when it ends.
pub(crate) fn run() -> io::Result<()> {
    let user = User::from_uid(getuid()).ok().flatten();
    let user = user.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
    setsid()?;
    umask(Mode::RWXG | Mode::RWXO);
    let runtime = Path::new("/run/user").join(user.uid.to_string());
    let mut command = Command::new(env::current_exe()?);
    command.arg("--for-a-program").env_clear().current_dir("/");
    command.env("HOME", &user.dir).env("USER", &user.name).env("LOGNAME", &user.name);
    command.env("SHELL", &user.shell).env("PATH", PATH).env("XDG_RUNTIME_DIR", runtime);
    command.stdin(Stdio::null()).stderr(Stdio::null());
    command.spawn().map(drop)
}
