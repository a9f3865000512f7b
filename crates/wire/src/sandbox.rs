//! Whether this program sees the world through a sandbox, as far as a sandbox lets that be seen.

use std::fs;
use std::path::Path;

/// Whose a file or a process is whose user has no number in this user namespace (user_namespaces(7),
/// `/proc/sys/kernel/overflowuid`).
const OVERFLOW: u32 = 65534;
/// All users that there can be.
const EVERYBODY: u64 = u32::MAX as u64;

/// Whether this looks like a sandbox. Some cannot be told: a no is no proof.
pub(crate) fn is_around() -> bool {
    let has_few = Users::here().is_some_and(|users| !users.are_all());
    has_few || gains_no_rights() || Path::new("/.flatpak-info").exists()
}

/// Whether this is in a container of an engine, which marks each of them so, where this user has a number.
pub(crate) fn is_container_of(user: u32) -> bool {
    user != OVERFLOW && ["/run/.containerenv", "/.dockerenv"].iter().any(|mark| Path::new(mark).exists())
}

/// Whether a number that is not our own may still mean our own user. Without `/proc` the number alone tells.
pub(crate) fn hides(user: u32) -> bool {
    Users::here().map_or(user == OVERFLOW, |users| !users.are_all())
}

/// Whether our own number is everybody's who has none here.
pub(crate) fn hides_us(ours: u32) -> bool {
    ours == OVERFLOW && !Users::here().is_some_and(|users| users.has(ours))
}

/// Sandboxes forbid gaining rights before they do anything else (`PR_SET_NO_NEW_PRIVS` of prctl(2)).
fn gains_no_rights() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|line| line.strip_prefix("NoNewPrivs:").is_some_and(|value| value.trim() == "1"))
}

/// The users that have numbers here: the first number and how many there are (user_namespaces(7), "User and
/// group ID mappings").
struct Users(Vec<(u64, u64)>);

impl Users {
    /// Nothing where there is no `/proc`.
    fn here() -> Option<Self> {
        fs::read_to_string("/proc/self/uid_map").ok().map(|map| Self::read(&map))
    }

    fn read(map: &str) -> Self {
        let range = |line: &str| {
            let mut numbers = line.split_whitespace().map(str::parse);
            let (Some(Ok(first)), Some(Ok(_)), Some(Ok(count))) =
                (numbers.next(), numbers.next(), numbers.next())
            else {
                return None;
            };
            Some((first, count))
        };
        Self(map.lines().filter_map(range).collect())
    }

    fn are_all(&self) -> bool {
        self.0.contains(&(0, EVERYBODY))
    }

    fn has(&self, user: u32) -> bool {
        self.0.iter().any(|(first, count)| (*first..first.saturating_add(*count)).contains(&u64::from(user)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_those_that_the_namespace_has_numbers_for() {
        assert!(Users::read("         0          0 4294967295\n").are_all());
        let few = Users::read("0 1000 1\n1 100000 65536\n");
        assert!(!few.are_all() && few.has(0) && few.has(65535) && !few.has(65537));
        let none = Users::read("");
        assert!(!none.are_all() && !none.has(OVERFLOW));
    }
}
