//! How many bytes of messages are held, for an application and for all. A program whose messages find no room
//! is not read until they do.

use crate::bounds::Bounds;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes in one unit.
const UNIT: usize = 1 << 10;
/// What is always free: most messages, and what is read ahead.
pub(crate) const FREE: usize = 64 << 10;

/// Room for messages.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    of_application: Arc<Semaphore>,
    of_all: Arc<Semaphore>,
}

/// Some of it, given back when it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Held(Option<(OwnedSemaphorePermit, OwnedSemaphorePermit)>);

impl Room {
    pub(crate) fn of_all(bounds: &Bounds) -> Self {
        let of_all = Arc::new(Semaphore::new(bounds.held.max(bounds.line) / UNIT + 1));
        Self { of_application: Arc::clone(&of_all), of_all }
    }

    /// The same for another application: twice what the longest message takes.
    pub(crate) fn of_application(&self, bounds: &Bounds) -> Self {
        let own = Arc::new(Semaphore::new(bounds.line / UNIT * 2 + 2));
        Self { of_application: own, of_all: Arc::clone(&self.of_all) }
    }

    /// Waits for room for the longest message; what it does not take is given back by [`Held::shrink`].
    /// Nobody waits who holds some for a message that is not whole.
    pub(crate) async fn take(&self, bytes: usize) -> Held {
        let units = u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX);
        let own = Arc::clone(&self.of_application).acquire_many_owned(units).await;
        let all = Arc::clone(&self.of_all).acquire_many_owned(units).await;
        Held(own.ok().zip(all.ok()))
    }
}

impl Held {
    /// Gives back what is beyond so many bytes.
    pub(crate) fn shrink(&mut self, bytes: usize) {
        let units = bytes.div_ceil(UNIT);
        let Some((own, all)) = &mut self.0 else { return };
        for permit in [own, all] {
            drop(permit.split(permit.num_permits().saturating_sub(units)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[test]
    fn one_application_does_not_take_the_room_of_another() {
        let bounds = Bounds { line: 1 << 20, held: 16 << 20, ..Bounds::default() };
        let all = Room::of_all(&bounds);
        let (one, other) = (all.of_application(&bounds), all.of_application(&bounds));
        let first = one.take(1 << 20).now_or_never();
        let second = one.take(1 << 20).now_or_never();
        assert!(first.is_some() && second.is_some());
        assert!(one.take(1 << 20).now_or_never().is_none());
        assert!(other.take(1 << 20).now_or_never().is_some());
        let mut first = first.unwrap_or_default();
        first.shrink(1);
        assert!(one.take((1 << 20) - 2048).now_or_never().is_some());
    }
}
