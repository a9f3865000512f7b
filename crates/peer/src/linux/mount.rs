//! What is mounted where: proc_pid_mountinfo(5).

use super::read::bounded;
use rustix::process::Pid;
use std::io;

const MAX_TABLE: usize = 1 << 20;
/// Which file systems are mounted by whom: fstab(5).
const TABLE_OF_ROOT: &str = "/etc/fstab";
/// Where the kernel notes every change of a file when it happens, writes through a mapping of it too, and
/// nobody below root can say what it notes. All others are held to be other than that: those that a program
/// makes up (FUSE) or another machine (NFS, SMB, 9P), those in memory, which do not notice writes through
/// mappings, those without times of their own (FAT), those that keep them to the second alone, as ext2 and
/// ext3 do with small inodes, and those that lie over others, whose files can be reached beside them.
const KEEP_TIME: &[&str] = &["ext4", "xfs", "btrfs", "f2fs", "bcachefs", "jfs", "nilfs2"];
/// Options of fstab(5) by which users may mount it themselves.
const FOR_USERS: &[&str] = &["user", "users", "owner", "group"];

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mount {
    pub(super) id: u64,
    pub(super) at: String,
    pub(super) read_only: bool,
    /// Whether neither set-user-id programs nor devices count, as on all that users mount.
    pub(super) is_tame: bool,
    pub(super) kind: String,
    pub(super) source: String,
}

/// The mounts that we see.
pub(super) fn ours() -> io::Result<Vec<Mount>> {
    Ok(parse(&bounded("/proc/self/mountinfo", MAX_TABLE)?))
}

/// The mounts that a process sees.
pub(super) fn of(pid: Pid) -> io::Result<Vec<Mount>> {
    Ok(parse(&bounded(format!("/proc/{}/mountinfo", pid.as_raw_nonzero()), MAX_TABLE)?))
}

fn parse(table: &[u8]) -> Vec<Mount> {
    String::from_utf8_lossy(table).lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<Mount> {
    let (mount, file_system) = line.split_once(" - ")?;
    let mut mount = mount.split(' ');
    let id = mount.next()?.parse().ok()?;
    let at = unescape(mount.nth(3)?);
    let options = mount.next()?;
    let has = |wanted: &str| options.split(',').any(|option| option == wanted);
    let (read_only, is_tame) = (has("ro"), has("nosuid") && has("nodev"));
    let mut file_system = file_system.split(' ');
    let kind = file_system.next()?.to_owned();
    Some(Mount { id, at, read_only, is_tame, kind, source: unescape(file_system.next()?) })
}

/// Spaces, tabs, line ends and backslashes are written in octal digits.
fn unescape(text: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(text.to_owned(), |text, (code, character)| text.replace(code, character))
}

impl Mount {
    /// Whether its files are what a program of some user says they are.
    pub(super) fn is_made_up(&self) -> bool {
        self.kind.starts_with("fuse")
    }

    /// Whether the times that it has of its files are the kernel's alone.
    pub(super) fn keeps_time(&self) -> bool {
        KEEP_TIME.contains(&&*self.kind)
    }

    /// Whether a user may have mounted it, or brought it along: then what root owns there may be of their
    /// making.
    pub(super) fn may_be_of_a_user(&self) -> bool {
        self.is_made_up() || (self.is_tame && !is_of_root(&self.at, &read_table_of_root()))
    }
}

fn read_table_of_root() -> String {
    let table = bounded(TABLE_OF_ROOT, MAX_TABLE).unwrap_or_default();
    String::from_utf8_lossy(&table).into_owned()
}

/// Whether root has it mounted there at each start, and nobody else may.
fn is_of_root(at: &str, table: &str) -> bool {
    let fields = |line: &str| line.split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>();
    let lines =
        table.lines().map(fields).filter(|fields| fields.first().is_some_and(|of| !of.starts_with('#')));
    let mut here = lines.filter(|fields| fields.get(1).is_some_and(|place| unescape(place) == at)).peekable();
    here.peek().is_some()
        && here.all(|fields| {
            let options = fields.get(3).map(String::as_str).unwrap_or_default();
            !options.split(',').any(|option| FOR_USERS.contains(&option))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_with_its_escapes_and_its_optional_fields() {
        let table =
            b"36 35 98:0 /root /a\\040b ro,noatime master:1 - fuse.My\\040App My\\040App rw,x\n\nrubbish\n";
        let mount = Mount {
            id: 36,
            at: "/a b".into(),
            read_only: true,
            is_tame: false,
            kind: "fuse.My\\040App".into(),
            source: "My App".into(),
        };
        assert_eq!(parse(table), [mount]);
    }

    #[test]
    fn only_disks_that_root_mounts_have_times_and_owners_that_count() {
        let mounted = |kind: &str, options: &str| {
            parse(format!("36 35 98:0 / /home {options} - {kind} src rw").as_bytes()).remove(0)
        };
        for kind in "ext4 xfs btrfs f2fs bcachefs".split(' ') {
            assert!(mounted(kind, "rw,relatime").keeps_time(), "{kind}");
        }
        for kind in "ext2 ext3 fuse fuseblk fuse.sshfs tmpfs ramfs overlay nfs nfs4 cifs smb3 9p virtiofs ceph vfat exfat ntfs3 hfsplus \
            devtmpfs hugetlbfs ecryptfs squashfs iso9660 aufs unheard-of"
            .split_whitespace()
        {
            assert!(!mounted(kind, "rw,relatime").keeps_time(), "{kind}");
        }
        assert!(mounted("fuseblk", "rw").may_be_of_a_user() && !mounted("tmpfs", "rw").may_be_of_a_user());
        assert!(!mounted("ext4", "rw,nosuid").may_be_of_a_user());
        let table =
            "# /home\nUUID=1 /home ext4 nosuid,nodev 0 2\n/dev/sdb1 /media/a\\040b ext4 noauto,user\n";
        assert!(is_of_root("/home", table));
        assert!(!is_of_root("/media/a b", table) && !is_of_root("/run/media/somebody/STICK", table));
    }
}
