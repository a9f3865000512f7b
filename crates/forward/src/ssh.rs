//! The commands: `ssh`, as the person has configured it, and what it runs there.

use crate::fault::Fault;
use crate::host::Host;
use crate::said::{LastWords, Lines};
use std::ffi::OsString;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How long it may take to log in.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// Longest path that a Unix socket may have: `sun_path` of unix(7), without its end.
const LONGEST_PATH: usize = 107;

/// Of whatever the configuration says, this alone is said otherwise: nobody is there to answer, no session of
/// the person's own is shared, and no key or sign-in of this desk is lent to the host. Ports that the
/// configuration leads there are led as ever: `ClearAllForwardings` would take the socket away as well.
/// `ForkAfterAuthentication`, `SessionType` and `StdinNull` came with OpenSSH 8.7.
const OPTIONS: &[&str] = &[
    "BatchMode=yes",
    "ControlMaster=no",
    "ControlPersist=no",
    "ForkAfterAuthentication=no",
    "ForwardAgent=no",
    "ForwardX11=no",
    "GSSAPIDelegateCredentials=no",
    "LogLevel=ERROR",
    "PermitLocalCommand=no",
    "RemoteCommand=none",
    "RequestTTY=no",
    "ServerAliveCountMax=3",
    "ServerAliveInterval=5",
    "SessionType=default",
    "StdinNull=no",
    "Tunnel=no",
];

/// What login scripts print does not begin so.
const HOME: &str = "mcp-valet-home:";
/// What stands behind it where the folder there is a link, or another user's.
const NO_FOLDER: &str = "-";
/// What the answers to a probe begin with.
pub(crate) const HERE: &str = "mcp-valet-here:";

/// Makes the folder, takes an old socket away, and says where the home is. A link is not followed: what it
/// leads to may be others' as well, or have the rights that it has for a reason.
const PREPARE: &str = include_str!("prepare.sh");

/// Says which file the socket is, each time that it is asked, and takes it away at the end, if it is the
/// same. It ends with its standard input, and so with us.
const STAY: &str = include_str!("stay.sh");

/// A run of `ssh`.
pub(crate) struct Run {
    pub(crate) child: Child,
    pub(crate) stdin: ChildStdin,
    pub(crate) said: Lines<ChildStdout>,
    pub(crate) last_words: LastWords,
    hearing: JoinHandle<()>,
}

impl Run {
    fn start(mut command: Command) -> Result<Self, Fault> {
        let program = command.as_std().get_program().to_string_lossy().into_owned();
        let failed = |why: String| Fault::NoProgram { program: program.clone(), why };
        let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
        let (Some(stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(failed(String::new()));
        };
        let last_words = LastWords::default();
        let hearing = tokio::spawn(last_words.clone().hear(stderr));
        Ok(Self { child, stdin, said: Lines::new(stdout), last_words, hearing })
    }

    /// Why it ended, by its last words.
    pub(crate) async fn why(&mut self) -> Fault {
        let all = async {
            let _ = self.child.wait().await;
            let _ = (&mut self.hearing).await;
        };
        let _ = timeout(Duration::from_secs(1), all).await;
        let words = self.last_words.words();
        match words.contains("remote port forwarding failed") {
            true => Fault::NotLet(words),
            false => Fault::Ended(words),
        }
    }
}

/// Makes the place ready, and answers the path that the socket is to have there.
pub(crate) async fn prepare(host: &Host) -> Result<String, Fault> {
    let mut run = Run::start(command(host, &[("-o", "ClearAllForwardings=yes".into())], PREPARE))?;
    let home = match timeout(PATIENCE, run.said.marked(HOME)).await {
        Ok(Ok(home)) => home,
        Ok(Err(Fault::Ended(_))) => return Err(run.why().await),
        Ok(Err(fault)) => return Err(fault),
        Err(_) => return Err(Fault::Silent),
    };
    if home == NO_FOLDER {
        return Err(Fault::Folder);
    }
    far_path(&home).ok_or(Fault::Home)
}

/// Leads the socket there to the one at `near`.
pub(crate) fn lead(host: &Host, far: &str, near: &Path) -> Result<Run, Fault> {
    let near =
        near.to_str().filter(|near| is_plain(near)).ok_or_else(|| Fault::Near(near.display().to_string()))?;
    let forward = OsString::from(format!("{far}:{near}"));
    Run::start(command(host, &[("-o", "ExitOnForwardFailure=yes".into()), ("-R", forward)], STAY))
}

fn command(host: &Host, options: &[(&str, OsString)], script: &str) -> Command {
    let mut command = Command::new("ssh");
    command.args(["-T", "-x", "-a", "-S", "none"]);
    for option in OPTIONS {
        command.args(["-o", option]);
    }
    for (name, value) in options {
        command.arg(name).arg(value);
    }
    command.arg("--").arg(host.as_str()).arg(format!("exec /bin/sh -c '{}'", script.trim()));
    command.env("SSH_ASKPASS_REQUIRE", "never");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// `ssh` reads `%`, `$` and `:` in the paths of sockets as something else: what a host says is its home must
/// not have it put something of this desk's environment there.
fn is_plain(path: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@".contains(c);
    path.starts_with('/') && path.len() <= LONGEST_PATH && path.chars().all(is_plain)
}

/// The path of the socket in a home; nothing if that cannot be named.
pub(crate) fn far_path(home: &str) -> Option<String> {
    let path = format!("{}/{}", home.trim_end_matches('/'), crate::FAR_SOCKET);
    Some(path).filter(|path| is_plain(home) && is_plain(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_ssh_reads_as_something_else_is_a_home() {
        assert_eq!(far_path("/home/me").unwrap(), "/home/me/.mcp-valet/agent.sock");
        assert_eq!(far_path("/").unwrap(), "/.mcp-valet/agent.sock");
        for home in ["", "home/me", "/h/${SSH_AUTH_SOCK}", "/h/%d", "/h:/etc/x", "/h/a b", "/h/\u{1b}c", "~"]
        {
            assert_eq!(far_path(home), None, "{home:?}");
        }
        assert_eq!(far_path(&format!("/{}", "h".repeat(100))), None);
    }

    #[test]
    fn the_host_comes_behind_all_options_and_the_scripts_can_stand_in_quotes() {
        let host = Host::parse("me@build").unwrap();
        let command = command(&host, &[], PREPARE);
        let args: Vec<_> = command.as_std().get_args().map(|arg| arg.to_str().unwrap()).collect();
        let end = args.iter().position(|arg| *arg == "--").unwrap();
        assert_eq!((args[end + 1], args.len()), ("me@build", end + 3));
        assert!(!PREPARE.contains('\'') && !STAY.contains('\''));
    }
}
