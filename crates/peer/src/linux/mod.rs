//! What Linux tells of processes. Another system has another folder like this one, with the same names.

mod cgroup;
mod connection;
mod entries;
mod entry;
mod executable;
mod flatpak;
mod folder;
mod glance;
mod held;
mod mount;
mod owner;
mod process;
mod read;
mod snap;

pub(super) use cgroup::Unit;
pub(super) use connection::{OtherEnd, ticks_since_start};
pub(super) use entries::{Entries, Named};
pub(super) use executable::{Executable, Origin, on_its_disk};
pub(super) use folder::folder_at;
pub use folder::{Folder, FolderId, NoFolder};
pub(super) use held::{Handle, HeldProcess};
pub use owner::owner_of;
pub use process::Process;
pub(super) use process::Sighting;

use rustix::process::{Pid, getuid};
use std::io;
use std::path::{Path, PathBuf};

/// Where only the system's packages put programs, and its administrator.
const SYSTEM: &[&str] = &["/usr", "/bin", "/sbin", "/lib", "/lib64", "/nix/store", "/gnu/store"];

/// What is told of one process.
#[derive(Debug)]
pub(super) struct Facts {
    /// Its program file. `None` where we may not look.
    pub(super) executable: Option<Executable>,
    pub(super) words: Vec<String>,
    /// Where it works. `None` where we may not look.
    pub(super) folder: Option<PathBuf>,
    pub(super) unit: Option<Unit>,
    pub(super) room: World,
    /// Whether it runs as our user.
    pub(super) is_ours: bool,
}

/// Where a process is: what it sees of files, processes and users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum World {
    /// Where we are.
    Ours,
    /// In the sandbox of this Flatpak.
    Flatpak(String),
    /// In another sandbox, or in a container.
    Foreign,
}

/// Looks at a process. What is found is about one run of one program.
pub(super) fn look(held: &HeldProcess) -> io::Result<Facts> {
    let sighting = &held.sighting;
    let is_ours = sighting.user()? == getuid().as_raw();
    let facts = Facts {
        executable: if is_ours { Executable::of(sighting.pid()).ok() } else { None },
        words: sighting.words(),
        folder: sighting.folder(),
        unit: cgroup::unit(sighting.pid()),
        room: if is_ours { room(sighting) } else { World::Ours },
        is_ours,
    };
    match held.again() {
        Some(now) if now.parent == sighting.parent => Ok(facts),
        Some(_) | None => Err(io::Error::other("it changed meanwhile")),
    }
}

fn room(sighting: &Sighting) -> World {
    if ["mnt", "pid", "user"].iter().all(|kind| sighting.shares(kind)) {
        return World::Ours;
    }
    flatpak::id(sighting.pid()).map_or(World::Foreign, World::Flatpak)
}

/// Whether this process starts and adopts others for everybody: the first one, or systemd for the user.
pub(super) fn is_manager(held: &HeldProcess) -> bool {
    let pid = held.sighting.pid();
    let systemd = ["/usr/lib/systemd/systemd", "/lib/systemd/systemd"].map(Path::new);
    pid == Pid::INIT || Executable::of(pid).is_ok_and(|file| systemd.contains(&file.path.as_path()))
}

/// Whether a program file is a part of the system, or a tool that came with it.
pub(super) fn is_of_system(path: &Path) -> bool {
    SYSTEM.iter().any(|folder| path.starts_with(folder))
}
