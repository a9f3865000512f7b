//! Whether a process sees the same world: the same files, users and processes. What sees another one belongs
//! to another machine, as far as the person is concerned.

use rustix::net::sockopt::socket_peercred;
use std::fs::read_link;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use wire::ClientError;

/// The number of the first namespace of processes, which the kernel gives away once (`PROC_PID_INIT_INO` of
/// linux/proc_ns.h). A container has another one.
const FIRST: &str = "pid:[4026531836]";

/// Whether one listens here who may be asked to start the valet whose socket is to be at `agents`.
///
/// # Errors
/// They see another world.
pub(super) fn listens_in_ours(socket: &Path, agents: &Path) -> Result<bool, ClientError> {
    let Ok(stream) = UnixStream::connect(socket) else { return Ok(false) };
    let process = socket_peercred(&stream).ok().map(|peer| peer.pid.as_raw_nonzero().get().cast_unsigned());
    if process.is_some_and(is_ours) { Ok(true) } else { Err(ClientError::Hidden(agents.to_owned())) }
}

/// Whether the process with this number sees what we see. One that cannot be looked at does not.
fn is_ours(process: u32) -> bool {
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
