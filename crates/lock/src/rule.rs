//! When the valet locks by itself, and when that ends: no system is known here, and no time passes.

use super::source::{Event, Signaller};
use config::LockPolicy;
use ground::cause::Cause;
use jiff::SignedDuration;
use std::collections::BTreeSet;

/// What follows from an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    /// Nothing.
    Stay,
    /// The valet locks.
    Lock(Cause),
    /// The person is back, as the text says.
    Unlock(&'static str),
}

/// Where the person is, as far as the sources have said.
#[derive(Debug, Default)]
pub struct Presence {
    /// The sources that say that the screen is locked.
    locked: BTreeSet<Signaller>,
}

impl Presence {
    /// Whether the screen is locked.
    pub fn is_away(&self) -> bool {
        !self.locked.is_empty()
    }

    /// Takes an event in. `held` is what the valet is locked by already.
    pub fn step(&mut self, event: &Event, policy: LockPolicy, held: Option<Cause>) -> Consequence {
        match event {
            Event::ScreenLocked(origin) => {
                self.locked.insert(*origin);
                if policy.screen { Consequence::Lock(Cause::Screen) } else { Consequence::Stay }
            }
            // Only who said that the screen is locked is believed that it is not: a locker that knows nothing
            // of this one may come and go. Its word counts for all, since many never take back what the login
            // manager asked of them.
            Event::ScreenUnlocked(origin) if self.locked.contains(origin) => {
                self.locked.clear();
                self.back(held, "the screen was unlocked")
            }
            Event::ScreenUnlocked(_) => Consequence::Stay,
            Event::Asleep(_) if policy.suspend => Consequence::Lock(Cause::Sleep),
            Event::Asleep(_) => Consequence::Stay,
            Event::Awake => self.back(held.filter(|cause| *cause == Cause::Sleep), "the computer woke up"),
        }
    }

    fn back(&self, held: Option<Cause>, how: &'static str) -> Consequence {
        let ends = held.is_some_and(Cause::ends_with_return) && !self.is_away();
        if ends { Consequence::Unlock(how) } else { Consequence::Stay }
    }
}

/// How much longer the valet may go unused, which it has been for `unused`. `None` if it may for ever.
pub fn left(policy: LockPolicy, unused: SignedDuration) -> Option<SignedDuration> {
    let most = SignedDuration::from_mins(policy.idle_minutes.into());
    (policy.idle_minutes > 0).then(|| most.saturating_sub(unused))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: LockPolicy = LockPolicy { screen: true, suspend: true, idle_minutes: 30 };
    const NONE: LockPolicy = LockPolicy { screen: false, suspend: false, idle_minutes: 0 };
    const SAVER: Signaller = "org.example.ScreenSaver";
    const OTHER: Signaller = "org.example.Other";

    #[test]
    fn the_screen_locks_and_its_unlocking_unlocks_unless_something_stronger_came() {
        let mut presence = Presence::default();
        assert_eq!(presence.step(&Event::ScreenLocked(SAVER), ALL, None), Consequence::Lock(Cause::Screen));
        assert!(presence.is_away());
        let back = presence.step(&Event::ScreenUnlocked(SAVER), ALL, Some(Cause::Screen));
        assert_eq!(back, Consequence::Unlock("the screen was unlocked"));
        for stronger in [Cause::Idle, Cause::Person] {
            presence.step(&Event::ScreenLocked(SAVER), ALL, Some(stronger));
            assert_eq!(presence.step(&Event::ScreenUnlocked(SAVER), ALL, Some(stronger)), Consequence::Stay);
        }
    }

    #[test]
    fn who_did_not_say_locked_is_not_believed_unlocked() {
        let mut presence = Presence::default();
        presence.step(&Event::ScreenLocked(SAVER), ALL, None);
        assert_eq!(presence.step(&Event::ScreenUnlocked(OTHER), ALL, Some(Cause::Screen)), Consequence::Stay);
        assert!(presence.is_away());
    }

    #[test]
    fn waking_up_unlocks_only_where_no_screen_is_locked() {
        let mut presence = Presence::default();
        assert_eq!(presence.step(&Event::Asleep(None), ALL, None), Consequence::Lock(Cause::Sleep));
        let awake = presence.step(&Event::Awake, ALL, Some(Cause::Sleep));
        assert_eq!(awake, Consequence::Unlock("the computer woke up"));
        presence.step(&Event::ScreenLocked(SAVER), NONE, Some(Cause::Sleep));
        assert_eq!(presence.step(&Event::Awake, ALL, Some(Cause::Sleep)), Consequence::Stay);
        let back = presence.step(&Event::ScreenUnlocked(SAVER), ALL, Some(Cause::Sleep));
        assert_eq!(back, Consequence::Unlock("the screen was unlocked"));
    }

    #[test]
    fn rules_that_are_off_lock_nothing() {
        let mut presence = Presence::default();
        for event in [Event::ScreenLocked(SAVER), Event::Asleep(None)] {
            assert_eq!(presence.step(&event, NONE, None), Consequence::Stay);
        }
        assert_eq!(left(NONE, SignedDuration::from_hours(99)), None);
        let left = left(ALL, SignedDuration::from_mins(31));
        assert_eq!(left, Some(SignedDuration::from_mins(-1)));
    }
}
