//! Folders on a file system that does not answer.

use std::path::Path;

use crate::{Home, Process, Valet, until};

/// Whatever the valet asks about `folder` from now on is not answered, as long as this is kept.
pub fn stuck(home: &Home, valet: &Valet<'_>, folder: &Path) -> Process {
    const CALLS: &str = "?readlink,?readlinkat,?stat,?lstat,?newfstatat,?statx,?open,?openat";
    let mut command = home.command("strace");
    command.args(["-f", "-p", &valet.id().to_string()]).arg("-P").arg(folder);
    command.args(["-e", &format!("trace={CALLS}")]);
    command.args(["-e", &format!("inject={CALLS}:delay_enter=600000000")]);
    let strace = home.spawn(&mut command, "strace");
    until("it looks on", || strace.stderr().contains("attached").then_some(()));
    strace
}
