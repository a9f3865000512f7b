//! What a process was started as: the names that systemd, desktops, Flatpak and Snap give to control groups.
//!
//! Any program of the user can have a group made with a name that it likes: they are worth a name, and no
//! more. systemd.io/DESKTOP_ENVIRONMENTS says how desktops name them.

use super::read::bounded;
use rustix::process::Pid;

const MAX_GROUPS: usize = 8 << 10;

/// The unit that a process belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unit {
    /// An application that a desktop started, by the name of its desktop entry.
    Desktop(String),
    /// Anything else that systemd started and watches.
    Service(String),
}

/// The unit that a process belongs to. `None` if it is in a scope that says nothing, such as a whole login.
pub(crate) fn unit(pid: Pid) -> Option<Unit> {
    let groups = bounded(format!("/proc/{}/cgroup", pid.as_raw_nonzero()), MAX_GROUPS).ok()?;
    unit_of(path(&String::from_utf8_lossy(&groups))?)
}

/// The path of the unified hierarchy; where that is not what systemd uses, of its own.
fn path(groups: &str) -> Option<&str> {
    let of = |start: &str| groups.lines().find_map(|line| line.split_once(start).map(|(_, path)| path));
    of("0::").filter(|path| *path != "/").or_else(|| of(":name=systemd:"))
}

fn unit_of(path: &str) -> Option<Unit> {
    let mut groups = path.rsplit('/');
    let name = groups.find(|name| name.ends_with(".scope") || name.ends_with(".service"))?;
    if let Some(id) = desktop_id(name) {
        return Some(Unit::Desktop(id));
    }
    // What is only below the user's manager was started by nobody in particular.
    let service = name.ends_with(".service") && !name.starts_with("user@");
    service.then(|| Unit::Service(unescape(name)))
}

/// `app[-LAUNCHER]-ID-RANDOM.scope`, `app[-LAUNCHER]-ID[@RANDOM].service`; in each part, dashes are written
/// `\x2d`.
fn desktop_id(unit: &str) -> Option<String> {
    let name = unit.strip_prefix("app-")?;
    let parts = match name.strip_suffix(".scope") {
        Some(name) => name.rsplit_once('-')?.0,
        None => name.strip_suffix(".service")?.split('@').next()?,
    };
    let id = parts.rsplit('-').next().filter(|id| !id.is_empty())?;
    Some(unescape(id))
}

/// Undoes systemd-escape(1).
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..3).filter(|code| *first == b'\\' && code[0] == b'x');
        let byte = code.and_then(|code| u8::from_str_radix(std::str::from_utf8(&code[1..]).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[3..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(groups: &str, unit: Option<Unit>) {
        assert_eq!(path(groups).and_then(unit_of), unit, "{groups}");
    }

    #[test]
    fn what_a_desktop_started_is_told_by_the_name_of_its_entry() {
        let below = "0::/user.slice/user-1000.slice/user@1000.service/app.slice";
        for (name, id) in [
            ("app-gnome-code\\x2doss-4711.scope", "code-oss"),
            ("app-org.gnome.Terminal-4711.scope", "org.gnome.Terminal"),
            ("app-flatpak-org.gnome.Builder-81.scope", "org.gnome.Builder"),
            ("app-code@5f1c.service", "code"),
            ("app-gnome-at\\x2dspi@autostart.service/deeper", "at-spi"),
        ] {
            is(&format!("{below}/{name}\n"), Some(Unit::Desktop(id.to_owned())));
        }
    }

    #[test]
    fn services_are_told_and_logins_are_not() {
        let service = |name: &str| Some(Unit::Service(name.to_owned()));
        is("0::/user.slice/user@1000.service/app.slice/back\\x2dup.service\n", service("back-up.service"));
        is("1:name=systemd:/system.slice/cron.service\n0::/\n", service("cron.service"));
        is("0::/user.slice/user-1000.slice/session-3.scope\n", None);
        is("0::/user.slice/user-1000.slice/user@1000.service/init.scope\n", None);
        is("0::/user.slice/user-1000.slice/user@1000.service\n", None);
        is("0::/app-.scope\n", None);
        is("", None);
    }
}
