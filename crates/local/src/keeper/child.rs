//! The program itself, between fork and exec.

#![allow(unsafe_code, reason = "what a child does before it becomes the program, no library says for it")]

use super::group::Group;
use super::order::{Ends, Order};
use rustix::process::{Pid, Signal, getpid, getppid, set_parent_process_death_signal};
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

/// Starts it. Its descriptors are those three; its signals are as everybody has them, whatever was ignored or
/// held back here.
pub(super) fn start(order: Order, ends: Ends, group: Option<&Group>) -> io::Result<Pid> {
    let mut command = Command::new(order.file());
    command.arg0(order.command()).args(order.args()).env_clear().envs(order.env()).current_dir(order.cwd());
    let [input, output, errors] = ends;
    command.stdin(Stdio::from(input)).stdout(Stdio::from(output)).stderr(Stdio::from(errors));
    let (keeper, procs) = (getpid(), group.map(|group| group.procs().as_raw_fd()));
    // SAFETY: this process has one thread, and the closure only makes system calls: nothing is allocated, and
    // no lock is taken.
    unsafe {
        command.pre_exec(move || prepare(keeper, procs));
    }
    let child = command.spawn()?;
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    pid.ok_or_else(|| io::Error::from(io::ErrorKind::Other))
}

fn prepare(keeper: Pid, group: Option<RawFd>) -> io::Result<()> {
    // Where the keeper is killed, so is the program.
    set_parent_process_death_signal(Some(Signal::KILL))?;
    if getppid() != Some(keeper) {
        return Err(io::Error::from_raw_os_error(libc::ESRCH));
    }
    // SAFETY: plain system calls on numbers and on memory of this frame; a descriptor that is not open is an
    // error, and then the program runs without a group.
    unsafe {
        if let Some(group) = group {
            libc::write(group, b"0".as_ptr().cast(), 1);
        }
        for signal in 1..=31 {
            libc::signal(signal, libc::SIG_DFL);
        }
        let mut none = std::mem::zeroed::<libc::sigset_t>();
        libc::sigemptyset(&raw mut none);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const none, std::ptr::null_mut());
        // Whatever was open where the valet was started. Systems before Linux 5.11 have no such call; nothing
        // of the valet's own is inherited there either.
        libc::syscall(libc::SYS_close_range, 3_u32, u32::MAX, libc::CLOSE_RANGE_CLOEXEC);
    }
    Ok(())
}
