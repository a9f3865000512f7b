//! The ports at which a process listens, as the system has them.

use std::collections::HashSet;
use std::fs;

/// How many TCP sockets of a process wait for connections.
pub fn listening_ports(id: u32) -> usize {
    let own: HashSet<String> = fs::read_dir(format!("/proc/{id}/fd"))
        .unwrap()
        .filter_map(|file| fs::read_link(file.ok()?.path()).ok())
        .filter_map(|link| Some(link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
        .collect();
    let table = |name: &str| fs::read_to_string(format!("/proc/{id}/net/{name}")).unwrap_or_default();
    let is_own = |line: &&str| {
        let words: Vec<_> = line.split_whitespace().collect();
        // proc_pid_net(5): 0A is LISTEN.
        words.get(3) == Some(&"0A") && words.get(9).is_some_and(|inode| own.contains(*inode))
    };
    ["tcp", "tcp6"].iter().map(|name| table(name).lines().filter(is_own).count()).sum()
}
