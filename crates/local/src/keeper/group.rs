//! A control group (cgroups(7), version 2) for one program, where this user may make one: it is ended at
//! once, and nobody leaves it by forking.

use rustix::process::getpid;
use std::fs::{self, File, OpenOptions};
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};

/// What the names of ours begin with.
const NAME: &str = "mcp-valet-program";
/// How often a folder is tried to be taken away, of which the last process has just ended.
const TRIES: usize = 20;

/// A group, taken away in the end.
#[derive(Debug)]
pub(crate) struct Group {
    folder: PathBuf,
    procs: File,
}

impl Group {
    /// Below the group of this process; nothing where that is not ours to divide.
    pub(super) fn create() -> Option<Self> {
        let own = fs::read_to_string("/proc/self/cgroup").ok()?;
        let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
        let folder = here(&own, &mounts)?.join(format!("{NAME}-{}", getpid().as_raw_nonzero()));
        fs::create_dir(&folder).ok()?;
        let procs = OpenOptions::new().write(true).open(folder.join("cgroup.procs")).ok();
        match procs.filter(|_| folder.join("cgroup.kill").exists()) {
            Some(procs) => Some(Self { folder, procs }),
            None => {
                let _ = fs::remove_dir(&folder);
                None
            }
        }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn procs(&self) -> BorrowedFd<'_> {
        self.procs.as_fd()
    }

    pub(super) fn kill(&self) {
        kill(&self.folder);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        remove(&self.folder);
    }
}

/// Ends whatever is in it.
pub(crate) fn kill(folder: &Path) {
    let _ = fs::write(folder.join("cgroup.kill"), "1");
}

/// Ends groups of keepers that were killed together with the valet that started them, as far as they are
/// beside this process.
pub(crate) fn end_left() {
    let folder = || {
        let own = fs::read_to_string("/proc/self/cgroup").ok()?;
        here(&own, &fs::read_to_string("/proc/self/mountinfo").ok()?)
    };
    let groups = folder().and_then(|folder| fs::read_dir(folder).ok());
    for group in groups.into_iter().flatten().flatten() {
        let name = group.file_name();
        let keeper = name.to_str().and_then(|name| name.strip_prefix(NAME)?.strip_prefix('-'));
        // Another process has its number by now, if any: the group is found by its mark as well.
        if keeper.is_some_and(|keeper| !Path::new("/proc").join(keeper).exists()) {
            kill(&group.path());
            remove(&group.path());
        }
    }
}

/// Takes it away, with groups that the program made in it.
pub(crate) fn remove(folder: &Path) {
    for _ in 0..TRIES {
        let inner = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        inner.filter(|path| path.is_dir()).for_each(|path| remove_once(&path));
        if fs::remove_dir(folder).is_ok() || !folder.exists() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

fn remove_once(folder: &Path) {
    let _ = fs::remove_dir(folder);
}

/// The folder of the group that a process is in.
fn here(own: &str, mounts: &str) -> Option<PathBuf> {
    let path = own.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let mount = mounts.lines().find_map(mounted)?;
    Some(Path::new(mount).join(path)).filter(|folder| folder.is_dir())
}

/// Where this line mounts the whole of the hierarchy (`proc_pid_mountinfo(5)`).
fn mounted(line: &str) -> Option<&str> {
    let (mount, kind) = line.split_once(" - ")?;
    let mut fields = mount.split(' ').skip(3);
    let (root, place) = (fields.next()?, fields.next()?);
    (kind.starts_with("cgroup2 ") && root == "/").then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hierarchy_is_found_among_the_mounts() {
        let line = "42 32 0:39 / /sys/fs/cgroup/unified rw,nosuid shared:11 - cgroup2 cgroup2 rw";
        assert_eq!(mounted(line), Some("/sys/fs/cgroup/unified"));
        assert_eq!(mounted(&line.replace("cgroup2 cgroup2", "cgroup cgroup")), None);
        assert_eq!(mounted(&line.replace(" / /sys", " /user /sys")), None);
    }
}
