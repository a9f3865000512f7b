//! Which process is at the other end of a socket: unix(7), `SO_PEERCRED` and `SO_PEERPIDFD`.

use super::held::{Handle, HeldProcess};
use crate::PeerError;
use nix::sys::socket::getsockopt;
use nix::sys::socket::sockopt::PeerPidfd;
use rustix::net::sockopt::socket_peercred;
use rustix::param::clock_ticks_per_second;
use rustix::process::{Pid, PidfdFlags, getuid, pidfd_open};
use rustix::time::{ClockId, clock_gettime};
use std::io;
use std::os::fd::AsFd;
use std::sync::Arc;

/// The process behind a connection, held.
#[derive(Debug)]
pub(crate) struct OtherEnd {
    pub(crate) pid: Pid,
    /// `None` where it ended, or cannot be looked at.
    pub(crate) held: Option<Arc<HeldProcess>>,
}

impl OtherEnd {
    /// Looks at the process behind a connection that was just accepted. One that is `known` and unchanged is
    /// not taken hold of again.
    pub(crate) fn of(
        stream: &impl AsFd,
        known: impl FnOnce(&Handle) -> Option<Arc<HeldProcess>>,
    ) -> Result<Self, PeerError> {
        let accepted = ticks_since_start();
        let credentials = socket_peercred(stream).map_err(io::Error::from)?;
        if credentials.uid != getuid() {
            return Err(PeerError::AnotherUser(credentials.uid.as_raw()));
        }
        let pid = credentials.pid;
        let pidfd = match getsockopt(stream, PeerPidfd) {
            Ok(pidfd) => Ok(pidfd),
            // Kernels before 6.5 cannot say, and the number is all there is.
            Err(nix::errno::Errno::ENOPROTOOPT) => pidfd_open(pid, PidfdFlags::empty()),
            Err(_) => return Ok(Self { pid, held: None }),
        };
        let Ok(handle) = pidfd.map(Handle::from) else { return Ok(Self { pid, held: None }) };
        let known = known(&handle).filter(|held| held.is_the_same());
        let held = known.or_else(|| HeldProcess::new(handle, pid).ok().map(Arc::new));
        // What began after the connection was accepted did not make it.
        let held = held.filter(|held| held.sighting.process.began_by(accepted));
        Ok(Self { pid, held })
    }
}

/// Now, in the unit of proc_pid_stat(5), rounded up.
pub(crate) fn ticks_since_start() -> u64 {
    let now = clock_gettime(ClockId::Boottime);
    let (seconds, part) = (now.tv_sec.unsigned_abs(), now.tv_nsec.unsigned_abs());
    let ticks = clock_ticks_per_second();
    seconds * ticks + (part * ticks).div_ceil(1_000_000_000)
}
