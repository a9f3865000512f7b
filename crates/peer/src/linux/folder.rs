//! The folder that a process works in: proc_pid_cwd(5). It is told by device and inode, as are those that it
//! is in: a path may be another folder's by now, or somewhere else.

use super::executable::File;
use super::held::HeldProcess;
use super::process::Sighting;
use super::read::link;
use rustix::fs::{AtFlags, CWD, Mode, OFlags, Statx, StatxFlags, openat, statx};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

/// Folders that are gone up, at most.
const HIGHEST: usize = 256;
const FOLDER: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// Which folder it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FolderId(File);

/// The folder that a process works in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    pub(crate) path: PathBuf,
    pub(crate) here: FolderId,
    /// This one, the one that it is in, and so on up to the root.
    pub(crate) line: Vec<FolderId>,
}

/// Why nobody can tell in which folder a process works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoFolder {
    /// It sees other files or users than we do: there, a path says nothing.
    Elsewhere,
    /// The folder is gone, or its path leads to another one.
    Removed,
    /// It may not be looked at, or the process has ended.
    Unreadable,
}

impl Folder {
    /// Where a process works now.
    pub(crate) fn of(held: &HeldProcess) -> Result<Self, NoFolder> {
        let sighting = &held.sighting;
        if !is_among_us(sighting) {
            return Err(NoFolder::Elsewhere);
        }
        let way = format!("/proc/{}/cwd", sighting.pid().as_raw_nonzero());
        let here = openat(CWD, &way, FOLDER, Mode::empty()).map_err(|_| NoFolder::Unreadable)?;
        let path = link(&way).map_err(|_| NoFolder::Unreadable)?;
        let place = Place::of(&here, "").map_err(|_| NoFolder::Unreadable)?;
        // What the kernel writes behind the path of one that is gone may be a part of another one's name.
        let at_path = Place::at(&path, AtFlags::SYMLINK_NOFOLLOW);
        if !at_path.is_ok_and(|found| found.id == place.id) {
            return Err(NoFolder::Removed);
        }
        let line = line(here, place).map_err(|_| NoFolder::Unreadable)?;
        let is_the_same = held.again().is_some() && is_among_us(sighting);
        if is_the_same { Ok(Self { path, here: place.id, line }) } else { Err(NoFolder::Unreadable) }
    }
}

/// The folder at a path, if there is one.
pub(crate) fn folder_at(path: &Path) -> Option<FolderId> {
    let found = statx(CWD, path, AtFlags::STATX_DONT_SYNC, StatxFlags::BASIC_STATS).ok()?;
    let is_folder = rustix::fs::FileType::from_raw_mode(found.stx_mode.into()).is_dir();
    is_folder.then(|| FolderId(File::of(&found)))
}

/// Whether a path means the same to a process as to us.
fn is_among_us(sighting: &Sighting) -> bool {
    let root = |of: &str| Place::at(Path::new(&format!("/proc/{of}/root")), AtFlags::empty());
    let theirs = root(&sighting.pid().as_raw_nonzero().to_string());
    let same_root = matches!((theirs, root("self")), (Ok(theirs), Ok(ours)) if theirs == ours);
    same_root && ["mnt", "pid", "user"].iter().all(|kind| sighting.shares(kind))
}

/// A folder, and where it is mounted: the same may be mounted in itself.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place {
    id: FolderId,
    mount: u64,
}

impl Place {
    fn of(from: &impl AsFd, path: &str) -> io::Result<Self> {
        let flags = AtFlags::EMPTY_PATH | AtFlags::STATX_DONT_SYNC;
        Ok(Self::found(&statx(from, path, flags, StatxFlags::INO | StatxFlags::MNT_ID)?))
    }

    fn at(path: &Path, flags: AtFlags) -> io::Result<Self> {
        let flags = flags | AtFlags::STATX_DONT_SYNC;
        Ok(Self::found(&statx(CWD, path, flags, StatxFlags::INO | StatxFlags::MNT_ID)?))
    }

    const fn found(found: &Statx) -> Self {
        Self { id: FolderId(File::of(found)), mount: found.stx_mnt_id }
    }
}

/// The way up is that of the kernel, from the folder itself.
fn line(mut here: OwnedFd, mut place: Place) -> io::Result<Vec<FolderId>> {
    let mut line = vec![place.id];
    while line.len() < HIGHEST {
        here = openat(&here, "..", FOLDER, Mode::empty())?;
        let above = Place::of(&here, "")?;
        if above == place {
            return Ok(line);
        }
        place = above;
        line.push(place.id);
    }
    Err(io::ErrorKind::InvalidFilename.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::process::getpid;

    #[test]
    fn the_folder_that_we_work_in_is_in_all_that_its_path_leads_through() {
        let held = HeldProcess::open(getpid()).unwrap();
        let folder = Folder::of(&held).unwrap();
        let path = std::env::current_dir().unwrap();
        assert_eq!(folder.path, path);
        let above: Vec<FolderId> = path.ancestors().map(|path| folder_at(path).unwrap()).collect();
        assert_eq!(folder.line, above);
    }

    #[test]
    fn what_is_no_folder_is_none() {
        assert_eq!((folder_at(Path::new("/proc/self/stat")), folder_at(Path::new("/nothing"))), (None, None));
    }
}
