//! The socket on this side, to which nobody but the program that we have started may connect.

use crate::fault::Fault;
use crate::link::Refused;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::sockopt::socket_peercred;
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tokio::net::{UnixListener, UnixStream};

/// A socket that is taken away with this.
#[derive(Debug)]
pub(crate) struct Near {
    listener: UnixListener,
    path: PathBuf,
    /// Which file it is: device and inode.
    file: (u64, u64),
}

/// A process that we have started, held so that its number cannot come to mean another one.
#[derive(Debug)]
pub(crate) struct Started {
    pid: Pid,
    handle: OwnedFd,
}

impl Started {
    /// A child that nobody has waited for yet.
    pub(crate) fn of(pid: u32) -> io::Result<Self> {
        let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
        let pid = pid.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(Self { pid, handle: pidfd_open(pid, PidfdFlags::empty())? })
    }

    /// One of which there is a handle already.
    pub(crate) const fn held(pid: Pid, handle: OwnedFd) -> Self {
        Self { pid, handle }
    }

    /// Whether it has not ended.
    pub(crate) fn lives(&self) -> bool {
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        matches!(poll(&mut [PollFd::new(&self.handle, PollFlags::IN)], Some(&now)), Ok(0))
    }

    /// Whether it is the one at the other end of a connection.
    fn is_behind(&self, stream: &UnixStream) -> bool {
        // In this order: while it lives, its number is its own.
        socket_peercred(stream).is_ok_and(|peer| peer.pid == self.pid) && self.lives()
    }
}

impl Near {
    /// Listens at this path, in a folder of its own user alone. Nothing is there that is still needed.
    pub(crate) fn bind(path: &Path) -> Result<Self, Fault> {
        let failed = |error: io::Error| Fault::Near(error.to_string());
        let folder = path.parent().ok_or_else(|| failed(io::ErrorKind::InvalidInput.into()))?;
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
        let meta = fs::symlink_metadata(folder).map_err(failed)?;
        let is_ours = meta.is_dir() && meta.uid() == rustix::process::getuid().as_raw();
        if !is_ours || meta.mode() & 0o077 != 0 {
            return Err(failed(io::ErrorKind::PermissionDenied.into()));
        }
        let _ = fs::remove_file(path);
        let listener = UnixListener::bind(path).map_err(failed)?;
        fs::set_permissions(path, Permissions::from_mode(0o600)).map_err(failed)?;
        let file = file(path).map_err(failed)?;
        Ok(Self { listener, path: path.to_owned(), file })
    }

    /// Whether what is there is what was made, and not a socket of another program in its place.
    pub(crate) fn is_there(&self) -> bool {
        file(&self.path).is_ok_and(|now| now == self.file)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The next connection of that process. All others are closed unheard, and counted.
    pub(crate) async fn accept(&self, from: &Started, refused: &Refused) -> io::Result<UnixStream> {
        loop {
            let (stream, _) = self.listener.accept().await?;
            if from.is_behind(&stream) {
                return Ok(stream);
            }
            refused.count();
            tracing::warn!("a program of this machine tried to use a forward, and was refused");
        }
    }
}

impl Drop for Near {
    fn drop(&mut self) {
        if self.is_there() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn file(path: &Path) -> io::Result<(u64, u64)> {
    fs::symlink_metadata(path).map(|meta| (meta.dev(), meta.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::os::unix::net::UnixStream as Blocking;
    use std::process::{Child, Command, Stdio};
    use std::time::Duration;

    fn sleeps() -> Child {
        Command::new("sleep").arg("9").stdin(Stdio::null()).spawn().unwrap()
    }

    #[tokio::test]
    async fn nobody_but_the_started_program_connects() {
        let folder = tempfile::tempdir().unwrap();
        let near = Near::bind(&folder.path().join("forwards/1.sock")).unwrap();
        let mut other = sleeps();
        let (started, us) = (Started::of(other.id()).unwrap(), Started::of(std::process::id()).unwrap());
        let mut local = Blocking::connect(near.path()).unwrap();
        let (patience, refused) = (Duration::from_millis(200), Refused::default());
        assert!(tokio::time::timeout(patience, near.accept(&started, &refused)).await.is_err());
        assert_eq!(*refused.told().borrow(), 1);
        assert_eq!(local.read(&mut [0; 1]).unwrap(), 0, "it was hung up on");
        let _ours = Blocking::connect(near.path()).unwrap();
        near.accept(&us, &refused).await.unwrap();
        other.kill().unwrap();
        other.wait().unwrap();
        assert!(!started.lives());
    }

    #[tokio::test]
    async fn a_socket_that_was_put_in_its_place_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let near = Near::bind(&folder.path().join("forwards/1.sock")).unwrap();
        assert!(near.is_there());
        fs::rename(near.path(), folder.path().join("old")).unwrap();
        assert!(!near.is_there());
        let _other = UnixListener::bind(near.path()).unwrap();
        assert!(!near.is_there());
    }

    #[tokio::test]
    async fn a_folder_that_others_may_enter_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let open = folder.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, Permissions::from_mode(0o755)).unwrap();
        assert!(matches!(Near::bind(&open.join("1.sock")), Err(Fault::Near(_))));
    }
}
