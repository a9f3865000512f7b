//! A program of the system that is asked to have something started: where systems have it, with nothing of
//! our environment, and not for ever.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

/// Folders of the system. What `PATH` leads to may be anybody's.
const FOLDERS: [&str; 3] = ["/usr/bin", "/bin", "/run/current-system/sw/bin"];
const PATIENCE: Timespec = Timespec { tv_sec: 12, tv_nsec: 0 };
/// Bytes of what it says.
const LONGEST: u64 = 400;

/// The program of this name, where the system has it.
pub(super) fn of_system(name: &str) -> Option<Command> {
    let path = FOLDERS.iter().map(|folder| Path::new(folder).join(name)).find(|path| path.is_file())?;
    let mut command = Command::new(path);
    command.env_clear().current_dir("/");
    Some(command)
}

/// Runs it; how it ended, and what it said first. Nothing if it does not start, or does not end.
pub(super) fn run(command: &mut Command) -> Option<(ExitStatus, String)> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    if !ends_in_time(&child) {
        let _ = child.kill();
        let _ = child.wait();
        return None;
    }
    let status = child.wait().ok()?;
    let mut said = Vec::new();
    let _ = child.stderr.take().map(|err| err.take(LONGEST).read_to_end(&mut said));
    Some((status, String::from_utf8_lossy(&said).lines().next().unwrap_or_default().to_owned()))
}

fn ends_in_time(child: &Child) -> bool {
    let Ok(end) = pidfd_open(Pid::from_child(child), PidfdFlags::empty()) else { return false };
    retry_on_intr(|| poll(&mut [PollFd::new(&end, PollFlags::IN)], Some(&PATIENCE)))
        .is_ok_and(|ended| ended > 0)
}
