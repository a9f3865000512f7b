//! When the valet locks by itself.

use serde::{Deserialize, Deserializer, Serialize};
use words::say;

/// Longest pause that can be set, in minutes: a week.
const LONGEST: u16 = 7 * 24 * 60;

/// When the valet locks by itself.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LockPolicy {
    /// With the screen. Off unless wanted: agents are meant to work on while nobody watches them.
    pub screen: bool,
    /// Before the computer sleeps. On: nothing works meanwhile, and memory may be written to disk.
    pub suspend: bool,
    /// After so many minutes in which neither a program nor the person used it; 0 means never.
    #[serde(deserialize_with = "minutes")]
    pub idle_minutes: u16,
}

impl Default for LockPolicy {
    fn default() -> Self {
        Self { screen: false, suspend: true, idle_minutes: 0 }
    }
}

impl LockPolicy {
    /// What is locked less than by `old`, in words for the person.
    pub(super) fn loosens(self, old: Self) -> Vec<String> {
        // Never is later than any time.
        let pause = |policy: Self| policy.idle_minutes.wrapping_sub(1);
        let looser = [
            (old.screen && !self.screen, say!(config_loosens_screen)),
            (old.suspend && !self.suspend, say!(config_loosens_sleep)),
            (pause(self) > pause(old), say!(config_loosens_idle)),
        ];
        looser.into_iter().filter(|(loosens, _)| *loosens).map(|(_, words)| words).collect()
    }
}

fn minutes<'de, D: Deserializer<'de>>(from: D) -> Result<u16, D::Error> {
    let minutes = u16::deserialize(from)?;
    if minutes > LONGEST {
        return Err(serde::de::Error::custom(say!(config_too_many_minutes, longest = LONGEST)));
    }
    Ok(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_to_lock_less_is_named_and_to_lock_more_is_none() {
        let policy = |screen, suspend, idle_minutes| LockPolicy { screen, suspend, idle_minutes };
        let strict = policy(true, true, 10);
        assert_eq!(policy(false, false, 0).loosens(strict).len(), 3);
        assert_eq!(policy(true, true, 11).loosens(strict).len(), 1);
        assert!(strict.loosens(policy(false, false, 0)).is_empty());
        assert!(policy(true, true, 9).loosens(strict).is_empty());
        assert!(strict.loosens(strict).is_empty());
    }

    #[test]
    fn what_is_left_out_is_as_by_default_and_what_is_too_long_is_refused() {
        let read = |text| serde_json::from_str::<LockPolicy>(text);
        assert_eq!(read("{}").unwrap(), LockPolicy::default());
        assert_eq!(read(r#"{"screen":true}"#).unwrap(), LockPolicy { screen: true, ..LockPolicy::default() });
        for wrong in [r#"{"idleMinutes":10081}"#, r#"{"idleMinutes":-1}"#, r#"{"idle":1}"#, r#"{"screen":1}"#]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
