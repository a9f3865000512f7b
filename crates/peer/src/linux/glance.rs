//! Looks at a process that cost less than what proc_pid_stat(5) tells of it. Where the system has none of
//! them, or they say that something is not as it was, that has the last word.

#![allow(unsafe_code, reason = "no library has these two calls")]

use rustix::ioctl::{Updater, ioctl, opcode};
use rustix::process::Pid;
use std::os::fd::AsFd;
use std::ptr::null_mut;

/// Where a thread keeps the list of its robust locks (get_robust_list(2)). An exec takes it away, and what is
/// started then has its own somewhere else: so it also tells an exec where another process has the memory of
/// the program before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Locks(usize);

impl Locks {
    /// Those of a process's first thread. `None` where it has none, or we may not look.
    pub(super) fn of(pid: Pid) -> Option<Self> {
        let (mut head, mut length) = (null_mut::<libc::c_void>(), 0_usize);
        let (pid, to) = (pid.as_raw_nonzero().get(), &raw mut head);
        // SAFETY: the call writes an address and a length to where it is told, and both are there.
        let told = unsafe { libc::syscall(libc::SYS_get_robust_list, pid, to, &raw mut length) };
        (told == 0 && !head.is_null()).then(|| Self(head.addr()))
    }
}

/// `struct pidfd_info` of Linux's `pidfd.h`, as the first version that has it knows it.
#[repr(C)]
#[derive(Default)]
struct Info {
    mask: u64,
    cgroup: u64,
    pid: u32,
    tgid: u32,
    ppid: u32,
    users_and_groups: [u32; 8],
    exit_code: i32,
}

/// `PIDFD_INFO_PID`.
const PIDS: u64 = 1;
const GET_INFO: rustix::ioctl::Opcode = opcode::read_write::<Info>(0xFF, 11);

/// The parent of a process that lives. `None` where the system does not tell: before Linux 6.13.
pub(super) fn parent(process: &impl AsFd) -> Option<Pid> {
    let mut info = Info { mask: PIDS, ..Info::default() };
    // SAFETY: `PIDFD_GET_INFO` takes and fills a structure of the size that its number says, which this is.
    unsafe { ioctl(process, Updater::<GET_INFO, Info>::new(&mut info)) }.ok()?;
    let ppid = (info.mask & PIDS != 0).then_some(info.ppid)?;
    Pid::from_raw(ppid.try_into().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::process::{PidfdFlags, getpid, getppid, pidfd_open};

    #[test]
    fn a_glance_says_what_is_said_elsewhere() {
        let ours = pidfd_open(getpid(), PidfdFlags::empty()).unwrap();
        if let Some(parent) = parent(&ours) {
            assert_eq!(Some(parent), getppid());
        }
        let locks = Locks::of(getpid());
        assert!(locks == Locks::of(getpid()));
    }
}
