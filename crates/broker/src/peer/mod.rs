//! Who is at the other end of the socket: the process, and the application that a person would name for it.

mod application;
mod executable;

pub(crate) use application::{Application, Identity, Longest};
pub(crate) use executable::Executable;

use nix::sys::socket::getsockopt;
use nix::sys::socket::sockopt::PeerPidfd;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::net::sockopt::socket_peercred;
use rustix::process::{Pid, PidfdFlags, getuid, pidfd_open};
use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};

/// The process that opened a connection, as it was then.
#[derive(Debug)]
pub(crate) struct Peer {
    pid: Pid,
    pidfd: OwnedFd,
    started: u64,
    executable: Executable,
    application: Application,
}

/// One run of a program: a number may be given to another process later, but not with the same start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Process {
    pid: Pid,
    started: u64,
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
        let application = Application::of(&executable);
        let peer = Self { pid: credentials.pid, pidfd, started, executable, application };
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

    /// The application that asks.
    pub(crate) const fn application(&self) -> &Application {
        &self.application
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
        assert_eq!(std::path::Path::new(&peer.application().path()), std::env::current_exe().unwrap());
    }
}
