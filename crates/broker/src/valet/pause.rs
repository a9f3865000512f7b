//! Whoever is asked without end says yes in the end: each no is followed by some quiet, of more each time.

/// Seconds after the first no. Each further one doubles them.
const FIRST: i64 = 60;
/// Seconds at most.
const LONGEST: i64 = 3600;

/// How often the answer was no since it was yes, and when it last was.
#[derive(Default)]
pub(super) struct Pause {
    times: u32,
    last: i64,
}

impl Pause {
    /// Whether nobody is asked about at `now`, in seconds since 1970. A clock that was set back ends it.
    pub(super) fn holds(&self, now: i64) -> bool {
        let Some(doubled) = self.times.checked_sub(1) else { return false };
        let lasts = (FIRST << doubled.min(6)).min(LONGEST);
        (self.last..self.last.saturating_add(lasts)).contains(&now)
    }

    /// The answer was no.
    pub(super) fn after_a_no(&mut self, now: i64) {
        self.times = self.times.saturating_add(1);
        self.last = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_no_is_followed_by_twice_the_quiet_up_to_an_hour() {
        let mut pause = Pause::default();
        assert!(!pause.holds(0));
        for (times, lasts) in [(1, 60), (2, 120), (3, 240), (6, 1_920), (7, 3_600), (100, 3_600)] {
            while pause.times < times {
                pause.after_a_no(1_000);
            }
            assert!(pause.holds(1_000) && pause.holds(999 + lasts), "{times}");
            assert!(!pause.holds(1_000 + lasts) && !pause.holds(999), "{times}");
        }
    }
}
