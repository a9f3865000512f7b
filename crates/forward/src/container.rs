//! A container, as the engine that runs it is asked about it.

use crate::fault::Fault;
use crate::host::HostError;
use plain::plain;
use rustix::process::Pid;
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

/// The name or the ID of a container: letters, digits and `_.-`, as engines have them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Container(String);

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

    /// The first process of it, as the first engine that knows it says.
    pub(crate) async fn first_process(&self) -> Result<Pid, Fault> {
        let mut said = Vec::new();
        for engine in ENGINES {
            match ask(engine, &self.0).await {
                Ok(0) => return Err(Fault::Stopped),
                Ok(pid) => return Pid::from_raw(pid).ok_or(Fault::Stopped),
                Err(why) => said.push(why),
            }
        }
        said.retain(|why| !why.is_empty());
        Err(Fault::NoContainer(said.join("; ")))
    }
}

/// Its process, which is 0 where it does not run; or what the engine said.
async fn ask(engine: &str, name: &str) -> Result<i32, String> {
    let mut command = Command::new(engine);
    command.args(["inspect", "--type", "container", "--format", "{{.State.Pid}}", name]);
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
    let pid = String::from_utf8_lossy(&said).trim().parse().ok().filter(|pid| *pid >= 0);
    pid.ok_or_else(|| plain(String::from_utf8_lossy(&trouble).trim(), 200))
}

#[cfg(test)]
mod tests {
    use super::*;

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
