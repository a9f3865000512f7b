//! Folders on a file system that does not answer.

use std::path::{Path, PathBuf};

use crate::killed::drafts;
use crate::{Home, Process, Valet, until};

/// Whatever the valet asks about `folder` from now on is not answered, as long as this is kept.
pub fn stuck(home: &Home, valet: &Valet<'_>, folder: &Path) -> Process {
    unanswered(
        home,
        valet,
        &[folder.to_owned()],
        "?readlink,?readlinkat,?stat,?lstat,?newfstatat,?statx,?open,?openat",
    )
}

/// Whatever the valet puts in the place of `file` from now on never comes to be there, as long as this is
/// kept.
pub fn stuck_when_written(home: &Home, valet: &Valet<'_>, file: &Path) -> Process {
    unanswered(home, valet, &drafts(valet, file), "?rename,?renameat,?renameat2")
}

fn unanswered(home: &Home, valet: &Valet<'_>, places: &[PathBuf], calls: &str) -> Process {
    let mut command = home.command("strace");
    command.args(["-f", "-p", &valet.id().to_string()]);
    places.iter().for_each(|place| {
        command.arg("-P").arg(place);
    });
    command.args(["-e", &format!("trace={calls}")]);
    command.args(["-e", &format!("inject={calls}:delay_enter=600000000")]);
    let strace = home.spawn(&mut command, "strace");
    until("it looks on", || strace.stderr().contains("attached").then_some(()));
    strace
}
