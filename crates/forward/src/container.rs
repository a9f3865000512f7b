//! A container, as the engine that runs it is asked about it.

use crate::fault::Fault;
use crate::host::HostError;
use plain::plain;
use rustix::process::Pid;
use std::fs;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::time::timeout;

/// Longest name, in bytes.
const LONGEST: usize = 128;
/// Engines that are asked, in this order.
const ENGINES: [&str; 2] = ["podman", "docker"];
/// How long one may take to answer, and how much of that is read.
const PATIENCE: Duration = Duration::from_secs(15);
const MOST: u64 = 256;
/// Digits of an ID.
const ID: usize = 64;
/// Parents that are looked at for the monitor.
const HIGHEST: usize = 4;

/// The name or the ID of a container: letters, digits and `_.-`, as engines have them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Container(String);

/// Which container it is, of all that have had the name or will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    engine: &'static str,
    pub(crate) id: String,
}

impl Container {
    /// Reads a name.
    ///
    /// # Errors
    /// No container can be called so.
    pub fn parse(text: &str) -> Result<Self, HostError> {
        if text.is_empty() || text.len() > LONGEST {
            return Err(HostError::Length);
        }
        if text.starts_with('-') {
            return Err(HostError::Dash);
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        if text.chars().all(is_plain) { Ok(Self(text.to_owned())) } else { Err(HostError::Sign) }
    }

    /// As it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first process of it, as the first engine says in which it runs. Of one that was led here before,
    /// its own engine alone is asked.
    ///
    /// # Errors
    /// None such runs, or another one has the name of the one that was `known`.
    pub(crate) async fn first_process(&self, known: Option<&Known>) -> Result<(Known, Pid), Fault> {
        let (mut said, mut is_stopped) = (Vec::new(), false);
        for engine in ENGINES.into_iter().filter(|engine| known.is_none_or(|known| known.engine == *engine)) {
            match ask(engine, &self.0).await {
                Ok((id, _)) if known.is_some_and(|known| known.id != id) => return Err(Fault::Replaced),
                Ok((id, pid)) => match Pid::from_raw(pid) {
                    Some(pid) => return Ok((Known { engine, id }, pid)),
                    None => is_stopped = true,
                },
                Err(why) => said.push(why),
            }
        }
        if is_stopped {
            return Err(Fault::Stopped);
        }
        said.retain(|why| !why.is_empty());
        Err(Fault::NoContainer(said.join("; ")))
    }
}

/// Whether this process of this machine is of the container. An engine may speak of another machine, where
/// the same number is of something else.
pub(crate) fn is_of(pid: Pid, id: &str) -> bool {
    let cgroup = fs::read_to_string(format!("/proc/{}/cgroup", pid.as_raw_pid()));
    cgroup.is_ok_and(|cgroup| cgroup.contains(id)) || is_below_monitor(pid, id)
}

/// Where podman makes no control group, its monitor is above, and bears the ID.
fn is_below_monitor(mut pid: Pid, id: &str) -> bool {
    for _ in 0..HIGHEST {
        let Some(parent) = parent(pid) else { return false };
        let line = fs::read(format!("/proc/{}/cmdline", parent.as_raw_pid())).unwrap_or_default();
        let words: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
        let is_monitor = words.first().is_some_and(|name| name.ends_with(b"conmon"));
        if is_monitor && words.windows(2).any(|pair| pair == [b"-c", id.as_bytes()]) {
            return true;
        }
        pid = parent;
    }
    false
}

/// By proc_pid_stat(5): the fourth field, behind a name that may say anything.
fn parent(pid: Pid) -> Option<Pid> {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_pid())).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    Pid::from_raw(rest.split_whitespace().nth(1)?.parse().ok()?)
}

/// Its ID and its process, which is 0 where it does not run; or what the engine said.
async fn ask(engine: &str, name: &str) -> Result<(String, i32), String> {
    let mut command = Command::new(engine);
    command.args(["inspect", "--type", "container", "--format", "{{.Id}} {{.State.Pid}}", name]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let Ok(mut child) = command.spawn() else { return Err(String::new()) };
    let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(String::new());
    };
    let (mut said, mut trouble) = (Vec::new(), Vec::new());
    let answer = async {
        let (mut stdout, mut stderr) = (stdout.take(MOST), stderr.take(MOST));
        let _ = tokio::join!(stdout.read_to_end(&mut said), stderr.read_to_end(&mut trouble));
    };
    let _ = timeout(PATIENCE, answer).await;
    read(&String::from_utf8_lossy(&said)).ok_or_else(|| plain(String::from_utf8_lossy(&trouble).trim(), 200))
}

fn read(said: &str) -> Option<(String, i32)> {
    let (id, pid) = said.trim().split_once(' ')?;
    let is_id = id.len() == ID && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let pid = pid.parse().ok().filter(|pid| *pid >= 0)?;
    is_id.then(|| (id.to_owned(), pid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_engine_says_is_an_id_and_a_number() {
        let id = "0a".repeat(32);
        assert_eq!(read(&format!("{id} 7\n")), Some((id.clone(), 7)));
        for said in ["", "7", &id, &format!("{id} -1"), &format!("{id} 7 8"), "web 7", &format!("../{id} 7")]
        {
            assert_eq!(read(said), None, "{said:?}");
        }
    }

    #[test]
    fn a_number_of_another_machine_is_of_no_container_here() {
        assert!(!is_of(rustix::process::getpid(), &"0a".repeat(32)));
    }

    #[test]
    fn only_what_engines_call_containers_is_a_name() {
        assert_eq!(Container::parse("web-1.a_b").unwrap().as_str(), "web-1.a_b");
        assert_eq!(Container::parse("--format"), Err(HostError::Dash));
        for name in ["a b", "a/b", "a;b", "$(a)", "a\n", "ä", "a:b", "@a"] {
            assert_eq!(Container::parse(name), Err(HostError::Sign), "{name:?}");
        }
        assert_eq!(Container::parse(""), Err(HostError::Length));
    }
}
