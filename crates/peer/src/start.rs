//! When processes began, compared with each other.

use crate::system::{self, Process};
use rustix::param::clock_ticks_per_second;
use std::time::Duration;

/// A moment, in ticks since the machine started, as processes have it (proc_pid_stat(5)).
#[derive(Debug, Clone, Copy)]
pub struct Moment(u64);

impl Moment {
    /// This one.
    #[must_use]
    pub fn now() -> Self {
        Self(system::ticks_since_start())
    }
}

impl Process {
    /// What tells it from every other process since the machine started.
    #[must_use]
    pub fn mark(self) -> String {
        format!("{}.{}", self.pid().as_raw_pid(), self.started())
    }

    /// Whether both began within so much time.
    #[must_use]
    pub fn began_within(self, apart: Duration, other: Self) -> bool {
        let ticks = apart.as_secs() * clock_ticks_per_second();
        self.started().abs_diff(other.started()) <= ticks
    }

    /// Whether it began at that moment or later, as far as ticks tell.
    #[must_use]
    pub const fn began_after(self, moment: Moment) -> bool {
        self.started() >= moment.0.saturating_sub(1)
    }
}
