//! A socket inside of a container that runs: made there from outside, so that nothing has to run there and
//! nothing has to be mounted.
//!
//! All that is in a container may be made to mislead: its paths are looked up with its own root (openat2(2),
//! `RESOLVE_IN_ROOT`), and links of the last steps are not followed.

use crate::bearing::is_of;
use crate::fault::Fault;
use crate::link::Refused;
use crate::near::Started;
use crate::ssh::far_path;
use nix::sys::socket::getsockopt;
use nix::sys::socket::sockopt::PeerPidfd;
use rustix::fs::{
    AtFlags, CWD, Mode, OFlags, ResolveFlags, fstat, mkdirat, openat, openat2, statat, unlinkat,
};
use rustix::io::Errno;
use rustix::net::sockopt::socket_peercred;
use rustix::process::{Pid, PidfdFlags, getuid, pidfd_open};
use std::fs;
use std::io::{self, Read};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::thread;
use tokio::net::{UnixListener, UnixStream};

const FOLDER: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
const NAME: &str = "agent.sock";
/// Bytes of an environment that are read.
const MOST: u64 = 64 << 10;

/// A socket in a container, taken away with this.
pub(crate) struct Inside {
    listener: UnixListener,
    folder: OwnedFd,
    inode: u64,
    /// The namespace of files that the container has.
    world: World,
    first: Started,
    /// Its path there.
    pub(crate) far: String,
}

/// A namespace: namespaces(7).
type World = (u64, u64);

fn world(pid: Pid) -> io::Result<World> {
    fs::metadata(format!("/proc/{}/ns/mnt", pid.as_raw_pid())).map(|meta| (meta.dev(), meta.ino()))
}

impl Inside {
    /// Makes it in the home of the container's first process. It may wait for what the container has as its
    /// files.
    pub(crate) fn bind(first: Pid, id: &str) -> Result<Self, Fault> {
        let closed = |error: io::Error| Fault::Closed(error.to_string());
        let number = first.as_raw_pid();
        let held = u32::try_from(number).ok().and_then(|pid| Started::of(pid).ok()).ok_or(Fault::Stopped)?;
        if !is_of(first, id) {
            return Err(Fault::NotHere);
        }
        let user = fs::metadata(format!("/proc/{number}")).map_err(|_| Fault::Stopped)?.uid();
        if user != getuid().as_raw() {
            return Err(Fault::OtherUser(user));
        }
        let world = world(first).map_err(closed)?;
        if world == self::world(rustix::process::getpid()).map_err(closed)? {
            return Err(Fault::NotApart);
        }
        let home = home(first).map_err(closed)?;
        let far = far_path(&home).ok_or(Fault::Home)?;
        let folder = folder(first, &home).map_err(|error| closed(error.into()))?;
        match unlinkat(&folder, NAME, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(error) => return Err(closed(error.into())),
        }
        let way = format!("/proc/self/fd/{}/{NAME}", folder.as_raw_fd());
        let listener = UnixListener::bind(way).map_err(closed)?;
        let made = statat(&folder, NAME, AtFlags::SYMLINK_NOFOLLOW).map_err(|error| closed(error.into()))?;
        let inside = Self { listener, folder, inode: made.st_ino, world, first: held, far };
        // While it lives, all that was looked at by its number was its own.
        if inside.first.lives() { Ok(inside) } else { Err(Fault::Stopped) }
    }

    /// The next connection from inside. All others are closed unheard, and counted.
    pub(crate) async fn accept(&self, refused: &Refused) -> io::Result<UnixStream> {
        loop {
            let (stream, _) = self.listener.accept().await?;
            if self.is_from_inside(&stream) {
                return Ok(stream);
            }
            refused.count();
            tracing::warn!("a program outside of a container tried to use its forward, and was refused");
        }
    }

    fn is_from_inside(&self, stream: &UnixStream) -> bool {
        let Ok(peer) = socket_peercred(stream) else { return false };
        let Some(handle) = handle(peer.pid, getsockopt(stream, PeerPidfd)) else { return false };
        // In this order: while it lives, what is looked at is its own.
        world(peer.pid).is_ok_and(|world| world == self.world)
            && Started::held(peer.pid, handle).lives()
            && self.first.lives()
    }

    /// Why it is not as it was made, if it is not.
    pub(crate) fn trouble(&self) -> Option<Fault> {
        if !self.first.lives() {
            return Some(Fault::Stopped);
        }
        (!is_there(&self.folder, self.inode)).then_some(Fault::Taken)
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        // Its files may be such that this never ends.
        let Ok(folder) = self.folder.try_clone() else { return };
        let inode = self.inode;
        thread::spawn(move || {
            if is_there(&folder, inode) {
                let _ = unlinkat(&folder, NAME, AtFlags::empty());
            }
        });
    }
}

fn is_there(folder: &OwnedFd, inode: u64) -> bool {
    statat(folder, NAME, AtFlags::SYMLINK_NOFOLLOW).is_ok_and(|now| now.st_ino == inode)
}

/// The process at the other end, held. Kernels before 6.5 cannot say, and the number is all there is.
fn handle(pid: Pid, said: nix::Result<OwnedFd>) -> Option<OwnedFd> {
    match said {
        Ok(handle) => Some(handle),
        Err(nix::errno::Errno::ENOPROTOOPT) => pidfd_open(pid, PidfdFlags::empty()).ok(),
        Err(_) => None,
    }
}

/// The home that the container gave its first process.
fn home(first: Pid) -> io::Result<String> {
    let mut all = Vec::new();
    let environment = fs::File::open(format!("/proc/{}/environ", first.as_raw_pid()))?;
    environment.take(MOST).read_to_end(&mut all)?;
    let mut variables = all.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    let home = variables.find_map(|one| one.strip_prefix("HOME=").map(ToOwned::to_owned));
    Ok(home.filter(|home| home.starts_with('/') && home != "/").unwrap_or_else(|| "/root".to_owned()))
}

/// The folder for the socket, which is its user's alone.
fn folder(first: Pid, home: &str) -> Result<OwnedFd, Errno> {
    let root = openat(CWD, format!("/proc/{}/root", first.as_raw_pid()), FOLDER, Mode::empty())?;
    let within = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
    let home = openat2(&root, home, FOLDER, Mode::empty(), within)?;
    match mkdirat(&home, ".mcp-valet", Mode::RWXU) {
        Ok(()) | Err(Errno::EXIST) => {}
        Err(error) => return Err(error),
    }
    let exactly = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    let folder = openat2(&home, ".mcp-valet", FOLDER, Mode::empty(), exactly)?;
    let found = fstat(&folder)?;
    let is_private = found.st_uid == getuid().as_raw() && found.st_mode & 0o077 == 0;
    if is_private { Ok(folder) } else { Err(Errno::PERM) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nix::errno::Errno as Said;

    #[test]
    fn where_the_kernel_cannot_say_who_connected_the_number_is_taken() {
        let us = rustix::process::getpid();
        assert!(Started::held(us, handle(us, Err(Said::ENOPROTOOPT)).unwrap()).lives());
        assert!(handle(us, Err(Said::EINVAL)).is_none());
    }
}
