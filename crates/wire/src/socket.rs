//! Where the socket is, and whether it may be trusted.

use rustix::net::sockopt::socket_peercred;
use rustix::process::getuid;
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Why a socket is not used.
#[derive(Debug, thiserror::Error)]
pub enum SocketPathError {
    /// Nothing is there.
    #[error("no valet listens at {0}")]
    Missing(PathBuf),
    /// Something is there that another user could have put or could listen to.
    #[error("{path} is not used: {why}")]
    Unsafe {
        /// What was looked at.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
}

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

/// Checks that the socket and its folder are ours alone, before anything is sent.
pub(crate) fn check_path(path: &Path) -> Result<(), SocketPathError> {
    let unsafe_because = |path: &Path, why| SocketPathError::Unsafe { path: path.to_owned(), why };
    let socket = std::fs::symlink_metadata(path).map_err(|_| SocketPathError::Missing(path.to_owned()))?;
    if !socket.file_type().is_socket() {
        return Err(unsafe_because(path, "it is not a socket"));
    }
    if socket.uid() != getuid().as_raw() {
        return Err(unsafe_because(path, "it belongs to another user"));
    }
    if socket.mode() & 0o077 != 0 {
        return Err(unsafe_because(path, "other users may open it"));
    }
    let Some(folder) = path.parent() else { return Ok(()) };
    let meta = std::fs::symlink_metadata(folder).map_err(|_| SocketPathError::Missing(path.to_owned()))?;
    if !meta.file_type().is_dir() || meta.uid() != getuid().as_raw() || meta.mode() & 0o022 != 0 {
        return Err(unsafe_because(folder, "other users may change what is in it"));
    }
    Ok(())
}

/// Checks that the process that listens runs as our own user.
pub(crate) fn check_peer(path: &Path, stream: impl AsFd) -> Result<(), SocketPathError> {
    match socket_peercred(stream) {
        Ok(peer) if peer.uid == getuid() => Ok(()),
        Ok(_) | Err(_) => {
            Err(SocketPathError::Unsafe { path: path.to_owned(), why: "another user listens there" })
        }
    }
}
