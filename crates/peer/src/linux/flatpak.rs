//! Which Flatpak a process is in: flatpak-metadata(5).

use super::{mount, read::bounded};
use rustix::process::Pid;

const MAX_INFO: usize = 16 << 10;
const MAX_ID: usize = 255;

/// The ID of the application whose sandbox a process is in. `/.flatpak-info` is put there read-only, from
/// memory, by whoever makes the sandbox; what is in it can neither change nor cover it.
pub(super) fn id(pid: Pid) -> Option<String> {
    let mounts = mount::of(pid).ok()?;
    // The last one at a place covers the others. A file in memory answers at once, whoever made it.
    let in_memory =
        |at: &str| mounts.iter().rfind(|mount| mount.at == at).filter(|mount| mount.kind == "tmpfs");
    in_memory("/")?;
    in_memory("/.flatpak-info").filter(|mount| mount.read_only)?;
    let info = bounded(format!("/proc/{}/root/.flatpak-info", pid.as_raw_nonzero()), MAX_INFO).ok()?;
    name(&String::from_utf8_lossy(&info))
}

fn name(info: &str) -> Option<String> {
    let group = info.lines().skip_while(|line| line.trim() != "[Application]").skip(1);
    let mut keys = group.take_while(|line| !line.starts_with('['));
    let id = keys.find_map(|line| line.strip_prefix("name="))?.trim();
    is_id(id).then(|| id.to_owned())
}

/// At least three words of letters, digits, `_` and `-` with dots between.
fn is_id(id: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
    };
    id.len() <= MAX_ID && id.split('.').count() >= 3 && id.split('.').all(word)
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn only_the_name_of_an_application_counts() {
        assert_eq!(name("[Application]\nname=org.gnome.Builder\n").as_deref(), Some("org.gnome.Builder"));
        for info in [
            "",
            "name=org.gnome.Builder\n",
            "[Application]\n[Instance]\nname=org.gnome.Builder\n",
            "[Runtime]\nname=org.gnome.Builder\n",
            "[Application]\nname=../x.y.z\n",
            "[Application]\nname=a b.c.d\n",
            "[Application]\nname=gnome\n",
        ] {
            assert_eq!(name(info), None, "{info}");
        }
    }
}
