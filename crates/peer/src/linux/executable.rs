//! Program files.

use super::mount::{self, Mount};
use super::read::link;
use super::snap;
use crate::Program;
use rustix::fs::{AtFlags, CWD, Statx, StatxFlags, statvfs, statx};
use rustix::process::{Pid, getuid};
use std::cell::OnceCell;
use std::fs;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use words::say;

/// What the kernel writes after the path of a file that is there no more.
const GONE: &[u8] = b" (deleted)";
/// What it writes in the place of a path for what is in memory alone, before the name that its maker chose
/// (memfd_create(2)).
const IN_MEMORY: &[u8] = b"/memfd:";
/// What it calls a file that was made without a name (open(2), `O_TMPFILE`).
const UNNAMED: &str = "#";
/// Where AppImages mount what is in them.
const APP_IMAGE: &str = ".mount_";
/// The device numbers of files that pose as disks (`Documentation/admin-guide/devices.txt`): whoever owns one
/// can write beside the file system in it.
const LOOP: u32 = 7;
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

    pub(super) const fn of(found: &Statx) -> Self {
        Self { device: (found.stx_dev_major, found.stx_dev_minor), inode: found.stx_ino }
    }
}

/// Looks at the program file itself, however it is reached, without asking a file system that a program makes
/// up.
fn look(pid: Pid, wanted: StatxFlags) -> io::Result<Statx> {
    let exe = format!("/proc/{}/exe", pid.as_raw_nonzero());
    Ok(statx(CWD, exe, AtFlags::STATX_DONT_SYNC, wanted)?)
}

/// The program file of a process.
#[derive(Debug, Clone)]
pub(crate) struct Executable {
    file: File,
    /// When its content or anything else about it last changed. On a disk no program of the user can set
    /// that.
    changed: (i64, u32),
    owner: u32,
    mode: u32,
    mount: u64,
    /// A path that leads to it, wherever it is.
    way: String,
    /// Found out at the first need.
    ground: OnceCell<Ground>,
    pub(crate) path: PathBuf,
    /// Whether it is there no more: it was replaced, or never had a name.
    gone: bool,
}

/// On whose word a program file is what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The kernel's, of a disk that root has mounted; which one, by what stays the same when the machine is
    /// started again: the number of a device need not.
    Disk(u64),
    /// Of a Snap, mounted by root.
    Snap(String),
    /// Of an AppImage, which makes a file system up, by the name that it gave it.
    AppImage(String),
    /// Nobody's that counts: somebody else than the kernel says which file it is, or when that changed.
    Loose,
}

/// What a file lies on.
#[derive(Debug, Clone)]
struct Ground {
    origin: Origin,
    /// Whether nobody but root can have mounted it.
    of_system: bool,
}

impl Ground {
    const UNKNOWN: Self = Self { origin: Origin::Loose, of_system: false };
}

/// The file that programs were known by before it was known which disk they are on, with its disk: if it is
/// there unchanged, and it is the kernel that says so.
pub(crate) fn on_its_disk(path: &Path, inode: u64, changed: (i64, u32)) -> Option<u64> {
    let found =
        statx(CWD, path, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::BASIC_STATS | StatxFlags::MNT_ID).ok()?;
    let is_same =
        (found.stx_ino, found.stx_ctime.tv_sec, found.stx_ctime.tv_nsec) == (inode, changed.0, changed.1);
    let file = Executable::new(&found, path.to_str()?.to_owned(), path.to_owned(), false);
    if let Origin::Disk(disk) = file.origin() { Some(*disk).filter(|_| is_same) } else { None }
}

impl Executable {
    pub(crate) fn of(pid: Pid) -> io::Result<Self> {
        let found = look(pid, StatxFlags::BASIC_STATS | StatxFlags::MNT_ID)?;
        let way = format!("/proc/{}/exe", pid.as_raw_nonzero());
        let (path, gone) = existing(link(&way)?, found.stx_nlink == 0);
        Ok(Self::new(&found, way, path, gone))
    }

    fn new(found: &Statx, way: String, path: PathBuf, gone: bool) -> Self {
        Self {
            file: File::of(found),
            changed: (found.stx_ctime.tv_sec, found.stx_ctime.tv_nsec),
            owner: found.stx_uid,
            mode: found.stx_mode.into(),
            mount: found.stx_mnt_id,
            way,
            ground: OnceCell::new(),
            path,
            gone,
        }
    }

    /// As a person can read it: the file's name.
    pub(crate) fn name(&self) -> String {
        if !self.has_file() {
            return say!(who_without_file);
        }
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Whether it is or was a file with a path. What it says in the place of one is its own word, which may
    /// read like the path of another program.
    pub(crate) fn has_file(&self) -> bool {
        let bytes = self.path.as_os_str().as_bytes();
        let is_unnamed = || {
            let name = self.path.file_name().unwrap_or_default().to_string_lossy();
            name.strip_prefix(UNNAMED).is_some_and(|number| number.parse::<u64>().is_ok())
        };
        !self.gone || !(bytes.starts_with(IN_MEMORY) || is_unnamed())
    }

    /// On whose word it is what it is.
    pub(crate) fn origin(&self) -> &Origin {
        &self.ground().origin
    }

    fn ground(&self) -> &Ground {
        self.ground.get_or_init(|| self.look_at_ground().unwrap_or(Ground::UNKNOWN))
    }

    /// What it lies on, by the table of mounts: a file system that a program makes up is asked nothing, since
    /// that need not answer.
    fn look_at_ground(&self) -> Option<Ground> {
        let mounts = mount::ours().ok()?;
        let mount = mounts.iter().find(|mount| mount.id == self.mount)?;
        let of_system = !mount.may_be_of_a_user();
        let is_disk = of_system && mount.keeps_time() && self.file.device.0 != LOOP;
        let disk = is_disk.then(|| statvfs(&self.way).ok()).flatten();
        let origin = match (snap::name(&self.path, &mounts), disk) {
            (Some(name), _) => Origin::Snap(name),
            (None, Some(disk)) => Origin::Disk(disk.f_fsid),
            (None, None) if mount.is_made_up() && mount.at.contains(APP_IMAGE) => {
                Origin::AppImage(app_image(mount))
            }
            (None, None) => Origin::Loose,
        };
        Some(Ground { origin, of_system })
    }

    /// By what it is known when it comes again.
    pub(crate) fn program(&self) -> Program {
        if self.is_installed() {
            return Program::Installed(self.path.clone());
        }
        let (path, inode, changed) = (self.path.clone(), self.file.inode, self.changed);
        match self.origin() {
            Origin::Disk(disk) => Program::Own { path, inode, changed, disk: Some(*disk) },
            Origin::Snap(_) | Origin::AppImage(_) | Origin::Loose => {
                Program::Loose { path, device: self.file.device, inode, changed }
            }
        }
    }

    /// Whether it can come again at all.
    pub(crate) fn lasts(&self) -> bool {
        !self.gone || self.is_installed()
    }

    /// Whether root alone decides what is at its path; where we are root ourselves, that says nothing.
    pub(crate) fn is_installed(&self) -> bool {
        let not_ours = |owner: u32, mode: u32| owner == 0 && mode & SHARED == 0;
        let folder = |folder: &Path| {
            fs::symlink_metadata(folder).is_ok_and(|meta| meta.is_dir() && not_ours(meta.uid(), meta.mode()))
        };
        !getuid().is_root()
            && self.ground().of_system
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
