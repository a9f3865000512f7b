//! The person's service manager (systemd). It starts the unit that was installed, and no other program; a
//! caller has no say in what that is.

use super::{Asked, program, world};
use std::path::Path;
use std::process::ExitStatus;
use std::time::{Duration, Instant};
use wire::ClientError;
use words::say;

const PROGRAM: &str = "systemctl";
const UNIT: &str = "mcp-valet.service";
/// `EXIT_NOTINSTALLED`: there is no such unit (systemctl(1), "Exit status").
const NO_UNIT: i32 = 5;
/// How often it is looked whether what was started has failed.
const LOOK: Duration = Duration::from_millis(500);

/// Has it start the valet whose socket is to be at `agents`. `note` is called right before.
///
/// # Errors
/// It belongs to another world, or refuses.
pub(super) fn start(agents: &Path, note: &mut dyn FnMut()) -> Result<Asked, ClientError> {
    let Some(runtime) = agents.parent().and_then(Path::parent) else { return Ok(Asked::Unable) };
    if !world::listens_in_ours(&runtime.join("systemd/private"), agents)?
        || program::of_system(PROGRAM).is_none()
    {
        return Ok(Asked::Unable);
    }
    note();
    let (status, said) = run(runtime, &["--no-block", "start", UNIT])
        .ok_or_else(|| ClientError::NotStarted(say!(client_not_started_manager)))?;
    match status.code() {
        Some(0) => Ok(Asked::Starts(is_alive(runtime))),
        Some(NO_UNIT) => Ok(Asked::Unable),
        Some(_) | None => Err(ClientError::NotStarted(said)),
    }
}

fn is_alive(runtime: &Path) -> Box<dyn FnMut() -> bool> {
    let (runtime, mut looked, mut again) = (runtime.to_owned(), Instant::now(), Some(()));
    Box::new(move || {
        if looked.elapsed() < LOOK {
            return true;
        }
        looked = Instant::now();
        let succeeds = |words: &[&str]| run(&runtime, words).is_some_and(|(status, _)| status.success());
        let is = |state: &str| succeeds(&["--quiet", state, UNIT]);
        // It may have heard only now that the one before had ended, and then it started none.
        if !is("is-active") && again.take().is_some() {
            return succeeds(&["--no-block", "start", UNIT]);
        }
        !is("is-failed")
    })
}

/// How it ended, and what it said. Nothing if it was not to be had, or does not end.
fn run(runtime: &Path, arguments: &[&str]) -> Option<(ExitStatus, String)> {
    let mut command = program::of_system(PROGRAM)?;
    command.args(["--user", "--no-ask-password", "--no-pager"]).args(arguments);
    program::run(command.env("XDG_RUNTIME_DIR", runtime))
}
