//! Whether the socket may be trusted: that it is our own user's, and nobody else's.

use crate::sandbox;
use rustix::process::getuid;
use std::fs::Metadata;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use words::say;

/// Why a socket is not used.
#[derive(Debug, thiserror::Error)]
pub enum SocketPathError {
    /// Nothing is there.
    #[error("{}", say!(socket_missing, path = .0.display().to_string()))]
    Missing(PathBuf),
    /// Something is there that another user could have put or could listen to.
    #[error("{}", say!(socket_unsafe, path = path.display().to_string(), why = .why.words()))]
    Unsafe {
        /// What was looked at.
        path: PathBuf,
        /// What is wrong with it.
        why: Doubt,
    },
    /// The system lets nobody look there.
    #[error("{}", say!(socket_io, path = path.display().to_string(), why = .why.to_string()))]
    Io {
        /// The socket.
        path: PathBuf,
        /// What the system says.
        why: io::Error,
    },
    /// Whose it is cannot be told from inside a user namespace.
    #[error(
        "{}", say!(socket_mapped, path = path.display().to_string(), owner = .owner.to_string(), ours = .ours.to_string()))]
    Mapped {
        /// What was looked at.
        path: PathBuf,
        /// The number of its owner, or of who listens there, in the namespace.
        owner: u32,
        /// The number of this program's user there.
        ours: u32,
    },
    /// It is another user's than that of this container.
    #[error(
        "{}", say!(socket_container, path = path.display().to_string(), owner = .owner.to_string(), ours = .ours.to_string()))]
    Container {
        /// What was looked at.
        path: PathBuf,
        /// The number of its owner in the container.
        owner: u32,
        /// The number of this program's user there.
        ours: u32,
    },
}

/// What is wrong with a socket, or with its folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// It is something else.
    NoSocket,
    /// It belongs to another user.
    OtherUser,
    /// Others may connect to it.
    OthersOpen,
    /// Others may put another in its place.
    OthersChange,
    /// Another user listens there.
    OtherListens,
}

impl Doubt {
    fn words(self) -> String {
        match self {
            Self::NoSocket => say!(socket_no_socket),
            Self::OtherUser => say!(socket_other_user),
            Self::OthersOpen => say!(socket_others_open),
            Self::OthersChange => say!(socket_others_change),
            Self::OtherListens => say!(socket_other_listens),
        }
    }
}

/// Checks that the socket and its folder are ours alone, before anything is sent.
pub(crate) fn check_path(path: &Path) -> Result<(), SocketPathError> {
    let unsafe_because = |path: &Path, why| SocketPathError::Unsafe { path: path.to_owned(), why };
    let socket = look(path, path).map_err(|error| shut(path, error))?;
    if !socket.file_type().is_socket() {
        return Err(unsafe_because(path, Doubt::NoSocket));
    }
    check_owner(path, socket.uid(), Doubt::OtherUser)?;
    if socket.mode() & 0o077 != 0 {
        return Err(unsafe_because(path, Doubt::OthersOpen));
    }
    let Some(folder) = path.parent() else { return Ok(()) };
    let meta = look(folder, path)?;
    let others = Doubt::OthersChange;
    check_owner(folder, meta.uid(), others)?;
    if !meta.file_type().is_dir() || meta.mode() & 0o022 != 0 {
        return Err(unsafe_because(folder, others));
    }
    Ok(())
}

/// Checks that the process that listens runs as our own user. Its number may be unknown here, in a namespace
/// of processes; that of its user is asked for alone.
pub(crate) fn check_peer(path: &Path, user: Option<u32>) -> Result<(), SocketPathError> {
    let why = Doubt::OtherListens;
    match user {
        Some(user) => check_owner(path, user, why),
        None => Err(SocketPathError::Unsafe { path: path.to_owned(), why }),
    }
}

/// A folder that lets us see nothing may be of another user, as that of whoever runs a container is inside.
fn shut(path: &Path, error: SocketPathError) -> SocketPathError {
    let of_folder = || path.parent().and_then(|folder| look(folder, path).ok());
    let is_of_another = || of_folder().and_then(|folder| not_of_container(path, folder.uid()));
    if let SocketPathError::Io { why, .. } = &error
        && why.kind() == io::ErrorKind::PermissionDenied
    {
        return is_of_another().unwrap_or(error);
    }
    error
}

fn not_of_container(path: &Path, owner: u32) -> Option<SocketPathError> {
    let (path, ours) = (path.to_owned(), getuid().as_raw());
    (owner != ours && sandbox::is_container_of(owner)).then_some(SocketPathError::Container {
        path,
        owner,
        ours,
    })
}

fn look(at: &Path, path: &Path) -> Result<Metadata, SocketPathError> {
    let is_absent = [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory];
    std::fs::symlink_metadata(at).map_err(|why| match is_absent.contains(&why.kind()) {
        true => SocketPathError::Missing(path.to_owned()),
        false => SocketPathError::Io { path: path.to_owned(), why },
    })
}

fn check_owner(path: &Path, owner: u32, why: Doubt) -> Result<(), SocketPathError> {
    if let Some(error) = not_of_container(path, owner) {
        return Err(error);
    }
    let (path, ours) = (path.to_owned(), getuid().as_raw());
    if (owner != ours && sandbox::hides(owner)) || sandbox::hides_us(ours) {
        return Err(SocketPathError::Mapped { path, owner, ours });
    }
    if owner == ours { Ok(()) } else { Err(SocketPathError::Unsafe { path, why }) }
}
