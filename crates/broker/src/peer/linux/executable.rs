//! Program files.

use super::mount::{self, Mount};
use super::read::link;
use super::snap;
use crate::peer::Program;
use rustix::fs::{AtFlags, CWD, Statx, StatxFlags, statx};
use rustix::process::{Pid, getuid};
use std::fs;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What the kernel writes after the path of a file that is there no more.
const GONE: &[u8] = b" (deleted)";
/// Where AppImages mount what is in them.
const APP_IMAGE: &str = ".mount_";
/// Group and others may write.
const SHARED: u32 = 0o022;

/// Which file it is: a path can be given to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct File {
    device: (u32, u32),
    inode: u64,
}

impl File {
    /// The program file of a process.
    pub(super) fn of_process(pid: Pid) -> io::Result<Self> {
        look(pid, StatxFlags::INO).map(|found| Self::of(&found))
    }

    const fn of(found: &Statx) -> Self {
        Self { device: (found.stx_dev_major, found.stx_dev_minor), inode: found.stx_ino }
    }
}

/// Looks at the program file itself, however it is reached, without asking a file system that a program makes up.
fn look(pid: Pid, wanted: StatxFlags) -> io::Result<Statx> {
    let exe = format!("/proc/{}/exe", pid.as_raw_nonzero());
    Ok(statx(CWD, exe, AtFlags::STATX_DONT_SYNC, wanted)?)
}

/// The program file of a process.
#[derive(Debug, Clone)]
pub(in crate::peer) struct Executable {
    file: File,
    /// When its content or anything else about it last changed. No program of the user can set that.
    changed: (i64, u32),
    owner: u32,
    mode: u32,
    mount: u64,
    pub(in crate::peer) path: PathBuf,
    /// Whether it is there no more: it was replaced, or never had a name.
    gone: bool,
}

/// On whose word a program file is what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::peer) enum Origin {
    /// The disk's.
    Disk,
    /// Of a Snap, mounted by root.
    Snap(String),
    /// Of an AppImage, which makes a file system up, by the name that it gave it.
    AppImage(String),
    /// Of another program that makes a file system up.
    MadeUp,
}

impl Executable {
    pub(in crate::peer) fn of(pid: Pid) -> io::Result<Self> {
        let found = look(pid, StatxFlags::BASIC_STATS | StatxFlags::MNT_ID)?;
        let path = link(&format!("/proc/{}/exe", pid.as_raw_nonzero()))?;
        let (path, gone) = existing(path, found.stx_nlink == 0);
        Ok(Self {
            file: File::of(&found),
            changed: (found.stx_ctime.tv_sec, found.stx_ctime.tv_nsec),
            owner: found.stx_uid,
            mode: found.stx_mode.into(),
            mount: found.stx_mnt_id,
            path,
            gone,
        })
    }

    pub(in crate::peer) fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// On whose word it is what it is.
    pub(in crate::peer) fn origin(&self) -> Origin {
        // Only file systems without a disk of their own are made up, and a Snap is on a loop device.
        if self.file.device.0 != 0
            && !self.path.starts_with("/snap")
            && !self.path.starts_with("/var/lib/snapd")
        {
            return Origin::Disk;
        }
        let Ok(mounts) = mount::ours() else { return Origin::MadeUp };
        if let Some(name) = snap::name(&self.path, &mounts) {
            return Origin::Snap(name);
        }
        match mounts.iter().find(|mount| mount.id == self.mount) {
            Some(mount) if !mount.is_made_up() => Origin::Disk,
            Some(mount) if mount.at.contains(APP_IMAGE) => Origin::AppImage(app_image(mount)),
            Some(_) | None => Origin::MadeUp,
        }
    }

    /// By what it is known when it comes again.
    pub(in crate::peer) fn program(&self) -> Program {
        if self.is_installed() {
            return Program::Installed(self.path.clone());
        }
        Program::Own { path: self.path.clone(), inode: self.file.inode, changed: self.changed }
    }

    /// Whether it can come again at all.
    pub(in crate::peer) fn lasts(&self) -> bool {
        !self.gone || self.is_installed()
    }

    /// Whether root alone decides what is at its path; where we are root ourselves, that says nothing.
    pub(in crate::peer) fn is_installed(&self) -> bool {
        let not_ours = |owner: u32, mode: u32| owner == 0 && mode & SHARED == 0;
        let folder = |folder: &Path| {
            fs::symlink_metadata(folder).is_ok_and(|meta| meta.is_dir() && not_ours(meta.uid(), meta.mode()))
        };
        !getuid().is_root()
            && self.path.is_absolute()
            && not_ours(self.owner, self.mode)
            && self.path.ancestors().skip(1).all(folder)
            && (self.gone || self.is_at_its_path())
    }

    fn is_at_its_path(&self) -> bool {
        fs::symlink_metadata(&self.path).is_ok_and(|meta| meta.ino() == self.file.inode && meta.is_file())
    }
}

/// The path without what the kernel says of it.
fn existing(path: PathBuf, gone: bool) -> (PathBuf, bool) {
    let bytes = path.as_os_str().as_bytes();
    match bytes.strip_suffix(GONE) {
        Some(bytes) if gone => (std::ffi::OsString::from_vec(bytes.to_vec()).into(), true),
        Some(_) | None => (path, gone),
    }
}

/// What an AppImage calls itself: the file's name.
fn app_image(mount: &Mount) -> String {
    let file = mount.source.rsplit('/').next().unwrap_or_default();
    ["AppImage", "appimage"]
        .iter()
        .find_map(|ending| file.strip_suffix(ending)?.strip_suffix('.'))
        .unwrap_or(file)
        .to_owned()
}
