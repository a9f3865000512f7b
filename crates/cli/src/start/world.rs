//! Whether a process sees the same world: the same files, users and processes. What sees another one belongs
//! to another machine, as far as the person is concerned.

use std::fs::read_link;
use std::path::PathBuf;

/// The number of the first namespace of processes, which the kernel gives away once (`PROC_PID_INIT_INO` of
/// linux/proc_ns.h). A container has another one.
const FIRST: &str = "pid:[4026531836]";

/// Whether the process with this number sees what we see. One that cannot be looked at does not.
pub(super) fn is_ours(process: u32) -> bool {
    let same = |kind: &str| {
        let (ours, theirs) = (namespace("self", kind), namespace(&process.to_string(), kind));
        ours.is_some() && ours == theirs
    };
    ["mnt", "user", "pid"].into_iter().all(same)
}

/// Whether we are in no container. User namespaces are looked for elsewhere.
pub(super) fn is_the_first() -> bool {
    namespace("self", "pid").is_some_and(|namespace| namespace.as_os_str() == FIRST)
}

fn namespace(process: &str, kind: &str) -> Option<PathBuf> {
    read_link(format!("/proc/{process}/ns/{kind}")).ok()
}
