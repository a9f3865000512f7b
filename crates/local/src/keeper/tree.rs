//! All processes below one.

use rustix::process::{Pid, PidfdFlags, Signal, getpid, pidfd_open, pidfd_send_signal};
use std::collections::{HashMap, HashSet};
use std::fs;

/// How often those that fork are looked for.
const ROUNDS: usize = 50;

/// Sends each process below this one a signal.
pub(crate) fn signal(root: Pid, signal: Signal) {
    for (pid, parent) in below(root) {
        send(pid, signal, || field(pid, 1) == Some(parent));
    }
}

/// Stops each process below this one, until no other is found.
pub(super) fn hold(root: Pid) {
    let mut held = HashSet::new();
    for _ in 0..ROUNDS {
        let new: Vec<Pid> = below(root).into_keys().filter(|pid| !held.contains(pid)).collect();
        if new.is_empty() {
            return;
        }
        for pid in new {
            send(pid, Signal::STOP, || true);
            held.insert(pid);
        }
    }
}

/// Ends processes that a keeper left behind which was killed: those of its session, and those that have this
/// in their environment.
pub(crate) fn sweep_after(session: i32, mark: &[u8]) {
    sweep(|pid| session_of(pid) == Some(session) || has(pid, |variable| variable == mark));
}

/// Ends all processes of which this is so.
pub(crate) fn sweep(is_left: impl Fn(Pid) -> bool) {
    for _ in 0..ROUNDS {
        let left: Vec<Pid> = all().into_iter().filter(|pid| is_left(*pid)).collect();
        if left.is_empty() {
            return;
        }
        for pid in left {
            send(pid, Signal::KILL, || is_left(pid));
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// The handle is on one process: whoever gets its number later is not meant.
fn send(pid: Pid, signal: Signal, is_meant: impl Fn() -> bool) {
    let Ok(handle) = pidfd_open(pid, PidfdFlags::empty()) else { return };
    if is_meant() {
        let _ = pidfd_send_signal(handle, signal);
    }
}

/// Whether it has such a variable in its environment. What it set itself later is not seen.
pub(crate) fn has(pid: Pid, is_meant: impl Fn(&[u8]) -> bool) -> bool {
    let environment = fs::read(format!("/proc/{}/environ", pid.as_raw_nonzero())).unwrap_or_default();
    environment.split(|byte| *byte == 0).any(is_meant)
}

/// Whether it is this process, or one that this was started by: a program may have the valet started.
pub(crate) fn is_above_us(pid: Pid) -> bool {
    let mut at = Some(getpid());
    for _ in 0..ROUNDS {
        match at {
            Some(here) if here == pid => return true,
            Some(here) => at = field(here, 1).and_then(Pid::from_raw),
            None => return false,
        }
    }
    false
}

/// Each process below this one, with its parent.
fn below(root: Pid) -> HashMap<Pid, i32> {
    let mut children: HashMap<i32, Vec<Pid>> = HashMap::new();
    for pid in all() {
        if let Some(parent) = field(pid, 1) {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut found = HashMap::new();
    let mut next = vec![root];
    while let Some(pid) = next.pop() {
        let parent = pid.as_raw_nonzero().get();
        let of_it = children.remove(&parent).unwrap_or_default();
        found.extend(of_it.iter().map(|child| (*child, parent)));
        next.extend(of_it);
    }
    found
}

fn session_of(pid: Pid) -> Option<i32> {
    // A zombie is only waited for.
    (state(pid) != Some('Z')).then(|| field(pid, 3)).flatten()
}

fn all() -> Vec<Pid> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let number = |name: std::ffi::OsString| name.to_str()?.parse().ok().and_then(Pid::from_raw);
    entries.filter_map(|entry| number(entry.file_name())).collect()
}

/// What follows the name of the program (`proc_pid_stat(5)`): its state, parent, group, session.
fn after_name(pid: Pid) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    stat.rsplit_once(')').map(|(_, rest)| rest.trim_start().to_owned())
}

fn state(pid: Pid) -> Option<char> {
    after_name(pid)?.chars().next()
}

fn field(pid: Pid, at: usize) -> Option<i32> {
    after_name(pid)?.split(' ').nth(at)?.parse().ok()
}
