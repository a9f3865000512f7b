//! Which Snap a program file is in.

use super::mount::Mount;
use std::path::Path;

const PLACES: &[&str] = &["/snap", "/var/lib/snapd/snap"];

/// The name of the Snap that has this file, mounted there by root. Its revision, which an update changes,
/// does not matter.
pub(super) fn name(path: &Path, mounts: &[Mount]) -> Option<String> {
    let inside = PLACES.iter().find_map(|place| path.strip_prefix(place).ok())?;
    let mut parts = inside.components();
    let name = parts.next()?.as_os_str().to_str()?;
    let revision = parts.next()?.as_os_str().to_str()?;
    parts.next()?;
    let is_here =
        |mount: &&Mount| PLACES.iter().any(|place| mount.at == format!("{place}/{name}/{revision}"));
    // Nobody but root can mount one of these.
    mounts.iter().rfind(is_here).filter(|mount| mount.kind == "squashfs").map(|_| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_mounted_for_a_snap_is_of_that_snap() {
        let mounted = |at: &str, kind: &str| Mount {
            id: 1,
            at: at.into(),
            read_only: true,
            is_tame: true,
            kind: kind.into(),
            source: "/dev/loop1".into(),
        };
        let file = Path::new("/snap/code/123/usr/share/code/code");
        assert_eq!(name(file, &[mounted("/snap/code/123", "squashfs")]).as_deref(), Some("code"));
        assert_eq!(name(file, &[mounted("/snap/code/122", "squashfs")]), None);
        assert_eq!(name(file, &[mounted("/snap/code/123", "fuse.snapfuse")]), None);
        assert_eq!(name(Path::new("/snap/code/123"), &[mounted("/snap/code/123", "squashfs")]), None);
        assert_eq!(name(Path::new("/home/snap/code/1/x"), &[mounted("/snap/code/1", "squashfs")]), None);
    }
}
