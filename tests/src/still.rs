//! Processes that do nothing for a while, as if they hung.

use std::fs;
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};

use crate::until;

/// Has a process do nothing more, and waits until none of its threads does: on a busy machine they go on for
/// a while after the signal.
pub fn freeze(id: u32) {
    tell(id, Signal::STOP);
    let threads = format!("/proc/{id}/task");
    until("each of its threads is stopped", || {
        let mut threads = fs::read_dir(&threads).into_iter().flatten().flatten();
        threads.all(|thread| is_still(&thread.path())).then_some(())
    });
}

/// Has it go on.
pub fn thaw(id: u32) {
    tell(id, Signal::CONT);
}

fn tell(id: u32, signal: Signal) {
    kill_process(Pid::from_raw(id.cast_signed()).unwrap(), signal).unwrap();
}

/// Also what has ended meanwhile.
fn is_still(thread: &Path) -> bool {
    let stat = fs::read_to_string(thread.join("stat")).unwrap_or_default();
    let state = stat.rsplit_once(") ").map_or("X", |(_, rest)| rest);
    state.starts_with(['T', 't', 'X', 'Z'])
}
