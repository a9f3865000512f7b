//! Where the socket is.

use rustix::process::getuid;
use std::path::{Path, PathBuf};

/// The agents' socket: `$MCP_VALET_SOCK`, else below `$XDG_RUNTIME_DIR`, else below `/run/user/UID`. Never in
/// a shared folder.
#[must_use]
pub fn default_path() -> PathBuf {
    let named = |key| std::env::var_os(key).filter(|value| Path::new(value).is_absolute()).map(PathBuf::from);
    if let Some(path) = named("MCP_VALET_SOCK") {
        return path;
    }
    below(named("XDG_RUNTIME_DIR").unwrap_or_else(runtime))
}

/// Where a forward puts the socket of a desk elsewhere, below the home.
#[cfg(feature = "client")]
const FORWARDED: &str = ".mcp-valet/agent.sock";

/// The socket that a program is served by: that of a valet here, and where none is, one that leads to a desk
/// elsewhere.
#[cfg(feature = "client")]
pub(crate) fn path_to_ask() -> PathBuf {
    let own = default_path();
    if std::env::var_os("MCP_VALET_SOCK").is_some() || own.exists() {
        return own;
    }
    let home = std::env::var_os("HOME").map(PathBuf::from).filter(|home| home.is_absolute());
    home.map(|home| home.join(FORWARDED)).filter(|socket| socket.exists()).unwrap_or(own)
}

/// Whether a socket is one that leads to a desk elsewhere.
#[cfg(feature = "client")]
pub(crate) fn is_forwarded(socket: &Path) -> bool {
    socket.ends_with(FORWARDED)
}

/// Whether that is where a valet listens whose environment names no other place.
#[must_use]
pub fn is_usual(socket: &Path) -> bool {
    std::env::var_os("MCP_VALET_SOCK").is_none() && socket == below(runtime())
}

fn below(runtime: PathBuf) -> PathBuf {
    runtime.join("mcp-valet").join("agent.sock")
}

/// The folder that the system makes for each user who has logged in.
fn runtime() -> PathBuf {
    PathBuf::from(format!("/run/user/{}", getuid().as_raw()))
}
