//! The person's session bus, where there is no service manager: it starts the program that was installed for
//! a name, with the environment of the session, and so with its screen (D-Bus Specification, "Message Bus
//! Starting Services").

use super::{Asked, program, world};
use std::path::Path;
use wire::ClientError;
use words::say;

const PROGRAM: &str = "dbus-send";
/// By what the bus knows the valet that it is to start.
const NAME: &str = "string:io.github.mcp_valet.Valet";
/// Milliseconds until the valet has that name.
const PATIENCE: &str = "--reply-timeout=10000";
/// No program was installed for the name.
const UNKNOWN: &str = "org.freedesktop.DBus.Error.ServiceUnknown";

/// Has it start the valet whose socket is to be at `agents`. `note` is called right before.
///
/// # Errors
/// It belongs to another world, or what it has started does not live.
pub(super) fn start(agents: &Path, note: &mut dyn FnMut()) -> Result<Asked, ClientError> {
    let Some(bus) = agents.parent().and_then(Path::parent).map(|runtime| runtime.join("bus")) else {
        return Ok(Asked::Unable);
    };
    if !world::listens_in_ours(&bus, agents)? {
        return Ok(Asked::Unable);
    }
    let Some(mut command) = program::of_system(PROGRAM) else { return Ok(Asked::Unable) };
    command.arg(format!("--bus=unix:path={}", bus.display()));
    command.args([PATIENCE, "--print-reply", "--dest=org.freedesktop.DBus", "/"]);
    command.args(["org.freedesktop.DBus.StartServiceByName", NAME, "uint32:0"]);
    note();
    match program::run(&mut command) {
        // It has its name only once it listens.
        Some((status, _)) if status.success() => Ok(Asked::Starts(Box::new(|| false))),
        Some((_, said)) if said.contains(UNKNOWN) => Ok(Asked::Unable),
        Some((_, said)) => Err(ClientError::NotStarted(said)),
        None => Err(ClientError::NotStarted(say!(client_not_started_manager))),
    }
}
