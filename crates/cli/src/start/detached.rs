//! Without a service manager that knows a valet: one without a screen, in a session of its own, which gives
//! itself the environment that the system says its user has. It is the one that lies beside this program.

use super::{Asked, world};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::env;
use std::process::{ChildStdout, Command, Stdio};
use wire::ClientError;

const PROGRAM: &str = "mcp-valetd";
/// Where these name other places, the valet that was started would not be the person's.
const PLACES: [&str; 2] = ["XDG_CONFIG_HOME", "XDG_STATE_HOME"];

/// Starts it. `note` is called right before.
///
/// # Errors
/// It is there, and does not start.
pub(super) fn start(note: &mut dyn FnMut()) -> Result<Asked, ClientError> {
    if !world::is_the_first() || PLACES.iter().any(|name| env::var_os(name).is_some()) {
        return Ok(Asked::Unable);
    }
    let program = env::current_exe().map(|program| program.with_file_name(PROGRAM));
    let Some(program) = program.ok().filter(|program| program.is_file()) else { return Ok(Asked::Unable) };
    note();
    let mut command = Command::new(program);
    command.arg("--detach").env_clear().current_dir("/");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let failed = |error: std::io::Error| ClientError::NotStarted(error.to_string());
    let mut child = command.spawn().map_err(failed)?;
    let life = child.stdout.take();
    child.wait().map_err(failed)?;
    Ok(Asked::Starts(Box::new(move || life.as_ref().is_none_or(is_open))))
}

/// It has the other end of this pipe, and says nothing on it.
fn is_open(life: &ChildStdout) -> bool {
    let mut end = [PollFd::new(life, PollFlags::IN)];
    poll(&mut end, Some(&Timespec::default())) == Ok(0)
}
