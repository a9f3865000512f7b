//! The socket itself: made so that at no moment anybody else can open it.

use files::paths;
use rustix::fs::{Mode, fchmod};
use rustix::net::{
    AddressFamily, SocketAddrUnix, SocketFlags, SocketType, bind as bind_to, listen, socket_with,
};
use rustix::process::getuid;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::{fs, io};
use words::say;

/// Agents that may wait to be accepted.
const BACKLOG: i32 = 4096;

/// Why there is no socket.
#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    /// Another valet answers there.
    #[error("{}", say!(start_socket_live, path = .0.display().to_string()))]
    Live(PathBuf),
    /// Something else is in the way.
    #[error("{}", say!(start_socket_in_the_way, path = path.display().to_string(), why = .why))]
    InTheWay {
        /// What is in the way.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The system refused.
    #[error("{}", say!(start_socket_io, path = path.display().to_string(), source = .source.to_string()))]
    Io {
        /// Where it should be.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl SocketError {
    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Live(_) => say!(start_socket_live_advice),
            Self::InTheWay { .. } => say!(start_socket_in_the_way_advice),
            Self::Io { .. } => {
                say!(start_socket_io_advice)
            }
        }
    }
}

/// The socket, listening. It is taken away when the valet ends, unless another has taken its place.
pub(crate) struct Bound {
    pub(super) listener: UnixListener,
    path: PathBuf,
    inode: u64,
}

impl Drop for Bound {
    fn drop(&mut self) {
        if fs::symlink_metadata(&self.path).is_ok_and(|meta| meta.ino() == self.inode) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Makes the folder, takes a dead socket away, and listens. A live one is left alone.
pub(crate) fn bind(path: &Path) -> Result<Bound, SocketError> {
    let failed = |source: io::Error| SocketError::Io { path: path.to_owned(), source };
    let folder = path.parent().ok_or_else(|| failed(io::Error::other(say!(start_socket_no_folder))))?;
    paths::make_private(folder).map_err(failed)?;
    check_folder(folder)?;
    clear(path)?;
    let listener = listen_at(path).map_err(failed)?;
    let inode = fs::symlink_metadata(path).map_err(failed)?.ino();
    Ok(Bound { listener, path: path.to_owned(), inode })
}

fn check_folder(folder: &Path) -> Result<(), SocketError> {
    let in_the_way = |why| SocketError::InTheWay { path: folder.to_owned(), why };
    let meta =
        fs::symlink_metadata(folder).map_err(|source| SocketError::Io { path: folder.to_owned(), source })?;
    if !meta.is_dir() {
        return Err(in_the_way(say!(start_socket_folder)));
    }
    if meta.uid() != getuid().as_raw() {
        return Err(in_the_way(say!(start_socket_other_user)));
    }
    if meta.mode() & 0o077 != 0 {
        return Err(in_the_way(say!(start_socket_open)));
    }
    Ok(())
}

fn clear(path: &Path) -> Result<(), SocketError> {
    let Ok(meta) = fs::symlink_metadata(path) else { return Ok(()) };
    if !meta.file_type().is_socket() {
        return Err(SocketError::InTheWay { path: path.to_owned(), why: say!(start_socket_no_socket) });
    }
    // A socket that nobody accepts on any more refuses; whatever else happens, somebody may be there.
    match UnixStream::connect(path) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            fs::remove_file(path).map_err(|source| SocketError::Io { path: path.to_owned(), source })
        }
        Ok(_) | Err(_) => Err(SocketError::Live(path.to_owned())),
    }
}

/// The mode is set before the socket has a name, so there is no moment at which it is open to others.
fn listen_at(path: &Path) -> io::Result<UnixListener> {
    let socket = socket_with(
        AddressFamily::UNIX,
        SocketType::STREAM,
        SocketFlags::CLOEXEC | SocketFlags::NONBLOCK,
        None,
    )?;
    fchmod(&socket, Mode::RUSR | Mode::WUSR)?;
    bind_to(&socket, &SocketAddrUnix::new(path)?)?;
    listen(&socket, BACKLOG)?;
    Ok(UnixListener::from(socket))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_socket_is_replaced_and_a_live_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("valet").join("agent.sock");
        let mut first = bind(&path).unwrap();
        assert!(matches!(bind(&path), Err(SocketError::Live(_))));
        first.inode = 0;
        drop(first);
        assert!(path.exists(), "left behind, as by kill -9");
        let second = bind(&path).unwrap();
        assert_eq!(fs::symlink_metadata(&path).unwrap().mode() & 0o777, 0o600);
        drop(second);
        assert!(!path.exists());
    }

    #[test]
    fn a_folder_that_others_may_enter_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let open = folder.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        assert!(matches!(bind(&open.join("agent.sock")), Err(SocketError::InTheWay { .. })));
    }
}
