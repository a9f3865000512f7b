//! What was asked for stays for a while after the last who asked has gone: a late answer still finds its
//! asker.

use jiff::Timestamp;
use std::time::Duration;

/// How long it stays.
pub const LATE: Duration = Duration::from_secs(5 * 60);

/// Since when nobody waits, while somebody counts that time. However many come and go, one does.
#[derive(Debug, Default)]
pub struct Late(Option<Timestamp>);

impl Late {
    /// Somebody goes now. True if the time has to be counted from here on: nobody does it yet.
    pub fn leave(&mut self, now: Timestamp) -> bool {
        self.0.replace(now).is_none()
    }

    /// How long it still stays; `None`, and nobody counts any more, once it is over, or as long as somebody
    /// waits again.
    pub fn rest(&mut self, now: Timestamp, waits: bool) -> Option<Duration> {
        let since = self.0.filter(|_| !waits);
        let passed = since.map(|since| Duration::try_from(now.duration_since(since)).unwrap_or_default());
        let rest = passed.and_then(|passed| LATE.checked_sub(passed)).filter(|rest| !rest.is_zero());
        if rest.is_none() {
            self.0 = None;
        }
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_counts_for_all_and_from_the_last() {
        let (mut late, mut now) = (Late::default(), Timestamp::UNIX_EPOCH);
        assert!(late.leave(now));
        now += LATE / 2;
        assert!(!late.leave(now));
        now += LATE / 2;
        assert_eq!(late.rest(now, false), Some(LATE / 2));
        now += LATE / 2;
        assert_eq!(late.rest(now, false), None);
        assert!(late.leave(now));
        assert_eq!(late.rest(now, true), None);
        assert!(late.leave(now));
    }
}
