//! Which container a process of this machine bears the mark of: its control group has the ID, or the monitor
//! above it. Any program can give itself such a mark: it says which container to ask about, and no more.

use rustix::process::Pid;
use std::fs::File;
use std::io::{self, Read};

/// Digits of an ID.
const ID: usize = 64;
/// Parents that are looked at for the monitor.
const HIGHEST: usize = 48;
/// Bytes that are read of what the kernel tells of a process.
const MOST: u64 = 16 << 10;

/// The ID of a container that a process of this machine bears. It may wait for memory of that process.
#[must_use]
pub fn id_borne_by(pid: u32) -> Option<String> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw)?;
    let group = told(pid, "cgroup").ok().and_then(|group| last_id(&group));
    group.or_else(|| above(pid))
}

/// Whether this process of this machine is marked as the container's. An engine may speak of another machine,
/// where the same number is of something else.
pub(crate) fn is_of(pid: Pid, id: &str) -> bool {
    let group = told(pid, "cgroup");
    group.is_ok_and(|group| group.contains(id)) || above(pid).is_some_and(|above| above == id)
}

/// Whether it is the form of an ID.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() == ID && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The innermost of a group's path: `docker-ID.scope`, `libpod-ID/container`.
fn last_id(group: &str) -> Option<String> {
    group.split(|c: char| !c.is_ascii_alphanumeric()).rfind(|word| is_id(word)).map(ToOwned::to_owned)
}

/// Where podman makes no control group, its monitor is above, and bears the ID.
fn above(mut pid: Pid) -> Option<String> {
    for _ in 0..HIGHEST {
        pid = parent(pid)?;
        let line = told(pid, "cmdline").unwrap_or_default();
        let words: Vec<&str> = line.split('\0').collect();
        if words.first().is_some_and(|name| name.ends_with("conmon")) {
            let id = words.windows(2).find(|pair| pair[0] == "-c" && is_id(pair[1]));
            return id.map(|pair| pair[1].to_owned());
        }
    }
    None
}

/// By proc_pid_stat(5): the fourth field, behind a name that may say anything.
fn parent(pid: Pid) -> Option<Pid> {
    let stat = told(pid, "stat").ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    Pid::from_raw(rest.split_whitespace().nth(1)?.parse().ok()?)
}

fn told(pid: Pid, what: &str) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(format!("/proc/{}/{what}", pid.as_raw_pid()))?.take(MOST).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_another_machine_is_of_no_container_here() {
        assert!(!is_of(rustix::process::getpid(), &"0a".repeat(32)));
    }

    #[test]
    fn the_innermost_group_that_an_engine_made_has_the_id() {
        let (outer, inner) = ("0a".repeat(32), "1b".repeat(32));
        let of = |path: &str| last_id(&format!("0::{path}\n"));
        assert_eq!(of(&format!("/system.slice/docker-{outer}.scope")), Some(outer.clone()));
        assert_eq!(of(&format!("/libpod_parent/libpod-{outer}/container")), Some(outer.clone()));
        assert_eq!(of(&format!("/docker/{outer}/docker/{inner}")), Some(inner));
        for path in ["/", "/user.slice/session-3.scope", &outer[1..], &format!("{outer}0")] {
            assert_eq!(of(path), None, "{path}");
        }
    }
}
