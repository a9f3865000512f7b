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
    let runtime =
        named("XDG_RUNTIME_DIR").unwrap_or_else(|| PathBuf::from(format!("/run/user/{}", getuid().as_raw())));
    runtime.join("mcp-valet").join("agent.sock")
}
