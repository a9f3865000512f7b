//! Who is at the other end of the socket.

use crate::plain::plain;
use nix::sys::socket::getsockopt;
use nix::sys::socket::sockopt::PeerPidfd;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::net::sockopt::socket_peercred;
use rustix::process::{Pid, PidfdFlags, getuid, pidfd_open};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

const MAX_NAME: usize = 60;
const MAX_PATH: usize = 400;

/// Shells, interpreters, runners and couriers.
const OTHERS: &[&str] = &[
    "ash",
    "bash",
    "bun",
    "busybox",
    "curl",
    "dash",
    "deno",
    "env",
    "fish",
    "java",
    "ksh",
    "lua",
    "mcp-valet",
    "node",
    "nodejs",
    "npx",
    "perl",
    "php",
    "pwsh",
    "python",
    "ruby",
    "sh",
    "socat",
    "sudo",
    "tclsh",
    "uv",
    "uvx",
    "wget",
    "zsh",
];

/// The process that opened a connection, as it was then.
#[derive(Debug)]
pub(crate) struct Peer {
    pid: Pid,
    pidfd: OwnedFd,
    started: u64,
    executable: Executable,
}

/// One run of a program: a number may be given to another process later, but not with the same start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Process {
    pid: Pid,
    started: u64,
}

/// A program file, known by device and inode: a path can be given to another file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Executable {
    device: u64,
    inode: u64,
    path: PathBuf,
}

/// Why a connection is not served.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PeerError {
    /// It comes from another user.
    #[error("user {0} is not the user whose valet this is")]
    AnotherUser(u32),
    /// The process ended, or cannot be looked at.
    #[error("the process behind the connection cannot be told ({0})")]
    Unknown(#[from] io::Error),
}

impl Peer {
    /// Looks at the process behind a connection that was just accepted.
    pub(crate) fn of(stream: &impl AsFd) -> Result<Self, PeerError> {
        let credentials = socket_peercred(stream).map_err(io::Error::from)?;
        if credentials.uid != getuid() {
            return Err(PeerError::AnotherUser(credentials.uid.as_raw()));
        }
        let pidfd = match getsockopt(stream, PeerPidfd) {
            Ok(pidfd) => pidfd,
            // Kernels before 6.5 cannot say; the process may have been replaced since it connected, and then so is its start time.
            Err(_) => pidfd_open(credentials.pid, PidfdFlags::empty()).map_err(io::Error::from)?,
        };
        let (started, executable) = (start_time(credentials.pid)?, Executable::of(credentials.pid)?);
        let peer = Self { pid: credentials.pid, pidfd, started, executable };
        peer.check_alive()?;
        Ok(peer)
    }

    /// Whether the same process still runs the same program. One that has become another program since is no longer known.
    pub(crate) fn is_unchanged(&self) -> bool {
        let same = || -> io::Result<bool> {
            let unchanged =
                start_time(self.pid)? == self.started && Executable::of(self.pid)? == self.executable;
            self.check_alive()?;
            Ok(unchanged)
        };
        same().unwrap_or(false)
    }

    /// The run of the program that asks.
    pub(crate) const fn process(&self) -> Process {
        Process { pid: self.pid, started: self.started }
    }

    /// The program that asks.
    pub(crate) const fn executable(&self) -> &Executable {
        &self.executable
    }

    /// What /proc said of a number holds only while the process that had it has not ended.
    fn check_alive(&self) -> io::Result<()> {
        let mut fds = [PollFd::new(&self.pidfd, PollFlags::IN)];
        let now = rustix::event::Timespec { tv_sec: 0, tv_nsec: 0 };
        match poll(&mut fds, Some(&now)) {
            Ok(0) => Ok(()),
            Ok(_) => Err(io::Error::other("it has ended")),
            Err(error) => Err(error.into()),
        }
    }
}

impl Executable {
    fn of(pid: Pid) -> io::Result<Self> {
        let link = format!("/proc/{}/exe", pid.as_raw_nonzero());
        let meta = fs::metadata(&link)?;
        Ok(Self { device: meta.dev(), inode: meta.ino(), path: fs::read_link(&link)? })
    }

    /// The path at which the program was started, as a person can read it.
    pub(crate) fn path(&self) -> String {
        plain(&self.path.to_string_lossy(), MAX_PATH)
    }

    /// Whether it does what others tell it: a "yes" to it is a "yes" to all of them.
    pub(crate) fn stands_for_others(&self) -> bool {
        let name = self.path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        // An interpreter may bear its version.
        let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || ".-".contains(c));
        OTHERS.contains(&plain)
    }

    /// The program's file name, as a person can read it.
    pub(crate) fn name(&self) -> String {
        plain(&self.path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default(), MAX_NAME)
    }
}

/// When the process began, in ticks since the machine did: field 22 of proc_pid_stat(5).
fn start_time(pid: Pid) -> io::Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()))?;
    // The program's name, in brackets, may itself hold spaces and brackets.
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let field = after_name.split_ascii_whitespace().nth(19).and_then(|field| field.parse().ok());
    field.ok_or_else(|| io::Error::other("its start time is not told"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixStream;

    #[test]
    fn we_know_ourselves() {
        let (ours, _theirs) = UnixStream::pair().unwrap();
        let peer = Peer::of(&ours).unwrap();
        assert!(peer.is_unchanged());
        assert_eq!(peer.executable().path, std::env::current_exe().unwrap());
    }
}
