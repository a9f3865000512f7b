//! `kill -9` of the valet at one file that it writes.

use std::path::{Path, PathBuf};

use crate::{Home, Process, Valet, until};

/// Where the valet may have what is to take the place of a file, before it does.
pub(crate) fn drafts(valet: &Valet<'_>, file: &Path) -> Vec<PathBuf> {
    let (name, id) = (file.file_name().unwrap().to_str().unwrap(), valet.id());
    (0..100).map(|number| file.with_file_name(format!(".{name}.mcp-valet-draft-{id}-{number}"))).collect()
}

/// Ends the valet as a file takes its place for the so-many-th time, which is not done any more, or as the
/// folder is seen to be on the disk, which is right after.
pub fn kills(home: &Home, valet: &Valet<'_>, (file, after, time): (&str, bool, usize)) -> Process {
    let mut command = home.command("strace");
    let (id, path) = (valet.id().to_string(), home.path().join(file));
    command.args(["-f", "-p", &id]);
    let calls = if after { "?open,?openat" } else { "?rename,?renameat,?renameat2" };
    if after {
        command.arg("-P").arg(path.parent().unwrap());
    } else {
        drafts(valet, &path).iter().for_each(|draft| {
            command.arg("-P").arg(draft);
        });
        // The vault's own draft.
        command.arg("-P").arg(path.with_extension("new"));
    }
    command.args(["-e", &format!("trace={calls}"), "-e", &format!("inject={calls}:signal=KILL:when={time}")]);
    let strace = home.spawn(&mut command, "strace");
    until("it looks on", || strace.stderr().contains("attached").then_some(()));
    strace
}

/// Ends the valet as it is about to send the so-many-th message from now on: it has no other on its bus than
/// those to a keychain.
pub fn kills_at_message(home: &Home, valet: &Valet<'_>, time: usize) -> Process {
    let mut command = home.command("strace");
    command.args(["-f", "-p", &valet.id().to_string(), "-e", "trace=sendmsg"]);
    command.args(["-e", &format!("inject=sendmsg:signal=KILL:when={time}")]);
    let strace = home.spawn(&mut command, "strace");
    until("it looks on", || strace.stderr().contains("attached").then_some(()));
    strace
}
