//! What is said again and again: a program can have the same said as often as it likes, and the rest of the
//! log is not to go for it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tracing::callsite::Identifier;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// How often one place says something in [`A_WHILE`]. What somebody wants to know in more detail than usual
/// is theirs to bound.
const MOST: u32 = 60;
const A_WHILE: Duration = Duration::from_mins(10);

/// How often each place has said something lately.
#[derive(Default)]
pub(super) struct Bursts(Mutex<HashMap<Identifier, Burst>>);

struct Burst {
    begun: Instant,
    said: u32,
}

impl Burst {
    const fn new(now: Instant) -> Self {
        Self { begun: now, said: 0 }
    }

    /// Whether it is said once more.
    fn goes_on(&mut self, now: Instant) -> bool {
        if now.duration_since(self.begun) >= A_WHILE {
            *self = Self::new(now);
        }
        self.said = self.said.saturating_add(1);
        self.said <= MOST
    }
}

impl<S: Subscriber> Layer<S> for Bursts {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        if *event.metadata().level() > Level::INFO {
            return true;
        }
        let now = Instant::now();
        let mut bursts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bursts.entry(event.metadata().callsite()).or_insert_with(|| Burst::new(now)).goes_on(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_said_so_often_and_then_after_a_while_again() {
        let begun = Instant::now();
        let mut burst = Burst::new(begun);
        assert_eq!((0..1000).filter(|_| burst.goes_on(begun)).count(), MOST as usize);
        assert!(burst.goes_on(begun + A_WHILE));
    }
}
