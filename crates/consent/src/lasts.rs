//! How long an answer holds.

use jiff::{Span, Timestamp, ToSpan, Zoned};
use peer::Longest;
use serde::{Deserialize, Serialize};

/// How long an answer holds, from the shortest.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lasts {
    /// For one token, or one MCP session.
    Once,
    /// For 15 minutes.
    QuarterHour,
    /// For an hour.
    Hour,
    /// Until the person's midnight.
    Today,
    /// Until the valet ends.
    ForNow,
    /// Until the person takes it back.
    Always,
}

/// When an answer ends that is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// At a moment. It outlives the valet until then.
    At(Timestamp),
    /// With the valet.
    WithTheValet,
    /// When the person takes it back.
    Never,
}

impl Lasts {
    /// The longest for a program that is known again for so long.
    pub const fn longest(longest: Longest) -> Self {
        match longest {
            Longest::Once => Self::Once,
            Longest::Session => Self::ForNow,
            Longest::Always => Self::Always,
        }
    }

    /// What it comes to for a program that is known again for so long.
    pub fn within(self, longest: Longest) -> Self {
        self.min(Self::longest(longest))
    }

    /// When an answer ends that is given now; `None` if it is not remembered.
    pub fn ends(self, now: &Zoned) -> Option<Ends> {
        match self {
            Self::Once => None,
            Self::QuarterHour => Some(after(now, 15.minutes())),
            Self::Hour => Some(after(now, 1.hour())),
            Self::Today => Some(midnight(now)),
            Self::ForNow => Some(Ends::WithTheValet),
            Self::Always => Some(Ends::Never),
        }
    }
}

/// Where there is no such moment any more, it is over at once.
fn after(now: &Zoned, time: Span) -> Ends {
    let end = now.checked_add(time);
    Ends::At(end.as_ref().unwrap_or(now).timestamp())
}

fn midnight(now: &Zoned) -> Ends {
    let end = now.tomorrow().and_then(|tomorrow| tomorrow.start_of_day());
    Ends::At(end.as_ref().unwrap_or(now).timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(lasts: Lasts, now: &str) -> Option<Ends> {
        lasts.ends(&now.parse().unwrap())
    }

    #[test]
    fn today_ends_at_the_midnight_of_the_person_also_where_the_day_is_short() {
        for (now, midnight) in [
            ("2026-11-29T15:20:00+01:00[Europe/Berlin]", "2026-11-29T23:00:00Z"),
            ("2026-11-29T23:59:59+01:00[Europe/Berlin]", "2026-11-29T23:00:00Z"),
            ("2026-03-29T01:00:00+01:00[Europe/Berlin]", "2026-03-29T22:00:00Z"),
            // Where clocks go forward at midnight, the day begins at one.
            ("2026-03-28T12:00:00+02:00[Asia/Beirut]", "2026-03-28T22:00:00Z"),
        ] {
            assert_eq!(ends(Lasts::Today, now), Some(Ends::At(midnight.parse().unwrap())), "{now}");
        }
    }

    #[test]
    fn an_hour_is_an_hour_also_where_clocks_are_changed() {
        let now = "2026-03-29T01:30:00+01:00[Europe/Berlin]";
        assert_eq!(ends(Lasts::Hour, now), Some(Ends::At("2026-03-29T01:30:00Z".parse().unwrap())));
        assert_eq!(ends(Lasts::QuarterHour, now), Some(Ends::At("2026-03-29T00:45:00Z".parse().unwrap())));
    }

    #[test]
    fn nothing_lasts_longer_than_the_program_is_known() {
        let all = [Lasts::Once, Lasts::QuarterHour, Lasts::Today, Lasts::ForNow, Lasts::Always];
        assert!(all.iter().all(|lasts| lasts.within(Longest::Once) == Lasts::Once));
        assert_eq!(Lasts::Always.within(Longest::Session), Lasts::ForNow);
        assert_eq!(Lasts::Today.within(Longest::Session), Lasts::Today);
        assert_eq!(Lasts::Always.within(Longest::Always), Lasts::Always);
    }
}
