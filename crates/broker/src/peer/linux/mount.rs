//! What is mounted where: proc_pid_mountinfo(5).

use super::read::bounded;
use rustix::process::Pid;
use std::io;

const MAX_TABLE: usize = 1 << 20;

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mount {
    pub(super) id: u64,
    pub(super) at: String,
    pub(super) read_only: bool,
    pub(super) kind: String,
    pub(super) source: String,
}

/// The mounts that we see.
pub(super) fn ours() -> io::Result<Vec<Mount>> {
    Ok(parse(&bounded("/proc/self/mountinfo", MAX_TABLE)?))
}

/// The mounts that a process sees.
pub(super) fn of(pid: Pid) -> io::Result<Vec<Mount>> {
    Ok(parse(&bounded(format!("/proc/{}/mountinfo", pid.as_raw_nonzero()), MAX_TABLE)?))
}

fn parse(table: &[u8]) -> Vec<Mount> {
    String::from_utf8_lossy(table).lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<Mount> {
    let (mount, file_system) = line.split_once(" - ")?;
    let mut mount = mount.split(' ');
    let id = mount.next()?.parse().ok()?;
    let at = unescape(mount.nth(3)?);
    let read_only = mount.next()?.split(',').any(|option| option == "ro");
    let mut file_system = file_system.split(' ');
    let kind = file_system.next()?.to_owned();
    Some(Mount { id, at, read_only, kind, source: unescape(file_system.next()?) })
}

/// Spaces, tabs, line ends and backslashes are written in octal digits.
fn unescape(text: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(text.to_owned(), |text, (code, character)| text.replace(code, character))
}

impl Mount {
    /// Whether its files are what a program of some user says they are.
    pub(super) fn is_made_up(&self) -> bool {
        self.kind.starts_with("fuse")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_with_its_escapes_and_its_optional_fields() {
        let table =
            b"36 35 98:0 /root /a\\040b ro,noatime master:1 - fuse.My\\040App My\\040App rw,x\n\nrubbish\n";
        let mount = Mount {
            id: 36,
            at: "/a b".into(),
            read_only: true,
            kind: "fuse.My\\040App".into(),
            source: "My App".into(),
        };
        assert_eq!(parse(table), [mount]);
    }
}
