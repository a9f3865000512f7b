//! The person's service manager (systemd). It starts the unit that was installed, and no other program; a
//! caller has no say in what that is.

use super::{Asked, world};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;
use rustix::net::sockopt::socket_peercred;
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use std::io::Read;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use wire::ClientError;
use words::say;

const UNIT: &str = "mcp-valet.service";
/// Where systems have it. What `PATH` leads to may be anybody's.
const PROGRAMS: [&str; 3] = ["/usr/bin/systemctl", "/bin/systemctl", "/run/current-system/sw/bin/systemctl"];
/// `EXIT_NOTINSTALLED`: there is no such unit (systemctl(1), "Exit status").
const NO_UNIT: i32 = 5;
const PATIENCE: Timespec = Timespec { tv_sec: 5, tv_nsec: 0 };
/// How often it is looked whether what was started has failed.
const LOOK: Duration = Duration::from_millis(500);
/// Bytes of what systemctl says.
const LONGEST: u64 = 400;

/// Has it start the valet whose socket is to be at `agents`. `note` is called right before.
///
/// # Errors
/// It belongs to another world, or refuses.
pub(super) fn start(agents: &Path, note: impl FnOnce()) -> Result<Asked, ClientError> {
    let Some(runtime) = agents.parent().and_then(Path::parent) else { return Ok(Asked::Unable) };
    let Ok(manager) = UnixStream::connect(runtime.join("systemd/private")) else { return Ok(Asked::Unable) };
    let process = socket_peercred(&manager).ok().map(|peer| peer.pid.as_raw_nonzero().get().cast_unsigned());
    if !process.is_some_and(world::is_ours) {
        return Err(ClientError::Hidden(agents.to_owned()));
    }
    drop(manager);
    let Some(program) = PROGRAMS.into_iter().find(|path| Path::new(path).is_file()) else {
        return Ok(Asked::Unable);
    };
    note();
    let (status, said) = run(program, runtime, &["--no-block", "start", UNIT])
        .ok_or_else(|| ClientError::NotStarted(say!(client_not_started_manager)))?;
    match status.code() {
        Some(0) => Ok(Asked::Starts(is_alive(program, runtime))),
        Some(NO_UNIT) => Ok(Asked::Unable),
        Some(_) | None => Err(ClientError::NotStarted(said)),
    }
}

fn is_alive(program: &'static str, runtime: &Path) -> Box<dyn FnMut() -> bool> {
    let (runtime, mut looked, mut again) = (runtime.to_owned(), Instant::now(), Some(()));
    Box::new(move || {
        if looked.elapsed() < LOOK {
            return true;
        }
        looked = Instant::now();
        let succeeds =
            |words: &[&str]| run(program, &runtime, words).is_some_and(|(status, _)| status.success());
        let is = |state: &str| succeeds(&["--quiet", state, UNIT]);
        // It may have heard only now that the one before had ended, and then it started none.
        if !is("is-active") && again.take().is_some() {
            return succeeds(&["--no-block", "start", UNIT]);
        }
        !is("is-failed")
    })
}

/// How it ended, and what it said. Nothing if it was not to be had, or does not end.
fn run(program: &str, runtime: &Path, arguments: &[&str]) -> Option<(ExitStatus, String)> {
    let mut command = Command::new(program);
    command.args(["--user", "--no-ask-password", "--no-pager"]).args(arguments);
    command.env_clear().env("XDG_RUNTIME_DIR", runtime).current_dir("/");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    if !ends_in_time(&child) {
        let _ = child.kill();
        let _ = child.wait();
        return None;
    }
    let status = child.wait().ok()?;
    let mut said = Vec::new();
    let _ = child.stderr.take().map(|err| err.take(LONGEST).read_to_end(&mut said));
    Some((status, String::from_utf8_lossy(&said).lines().next().unwrap_or_default().to_owned()))
}

fn ends_in_time(child: &Child) -> bool {
    let Ok(end) = pidfd_open(Pid::from_child(child), PidfdFlags::empty()) else { return false };
    retry_on_intr(|| poll(&mut [PollFd::new(&end, PollFlags::IN)], Some(&PATIENCE)))
        .is_ok_and(|ended| ended > 0)
}
