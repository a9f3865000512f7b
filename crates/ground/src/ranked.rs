//! Locks that are taken in one order, so that no two threads ever wait for each other. Test builds hold every
//! thread to it.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The order: whoever has one of these locks may take those below it, and none above.
pub mod order {
    /// One answer of the person at a time.
    pub const ANSWERING: u8 = 1;
    /// One reading of the configuration at a time.
    pub const RELOADING: u8 = 2;
    /// One writer of the records at a time.
    pub const RECORD_PEN: u8 = 3;
    /// One writer, and reader, of what servers said of themselves.
    pub const LAST_TIMES: u8 = 4;
    /// One writer of who has registered at the door. Nobody has it beside the one before.
    pub const WEB_CLIENTS: u8 = 4;
    /// The picture that every surface draws is drawn.
    pub const VIEW: u8 = 5;
    /// All servers.
    pub const BOOK: u8 = 6;
    /// Who began which sign-in.
    pub const SIGN_INS: u8 = 7;
    /// The answers about programs.
    pub const CONSENTS: u8 = 8;
    /// The questions that are open.
    pub const QUESTIONS: u8 = 9;
    /// The sessions, and the operations, of the proxy; what was answered about proposals; the HTTP client.
    pub const LAST: u8 = 10;
}

/// A lock of a rank: while a thread holds it, it takes none of the same or a lower one.
#[derive(Debug, Default)]
pub struct Ranked<T, const RANK: u8>(Mutex<T>);

/// What is locked, until this is dropped.
pub struct Locked<'a, T> {
    // Dropped in this order: the lock is given back before its place is.
    guard: MutexGuard<'a, T>,
    _place: Hold,
}

impl<T, const RANK: u8> Ranked<T, RANK> {
    /// A lock over `value`.
    pub const fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    /// Waits for the lock. One that a panicking thread had is as good as any: sections are short, and leave
    /// nothing half done.
    #[track_caller]
    pub fn lock(&self) -> Locked<'_, T> {
        let place = Hold::take(RANK);
        Locked { guard: self.0.lock().unwrap_or_else(PoisonError::into_inner), _place: place }
    }
}

impl<T> Deref for Locked<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T> DerefMut for Locked<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.guard
    }
}

/// A thread's place in the order, for as long as it has a lock of that rank. Nothing in builds for use.
#[cfg(not(feature = "test-hooks"))]
pub struct Hold;

#[cfg(not(feature = "test-hooks"))]
impl Hold {
    /// Takes it.
    pub const fn take(_: u8) -> Self {
        Self
    }
}

/// A thread's place in the order, for as long as it has a lock of that rank.
#[cfg(feature = "test-hooks")]
pub struct Hold(u8);

#[cfg(feature = "test-hooks")]
thread_local! {
    static TAKEN: std::cell::RefCell<Vec<u8>> = const { std::cell::RefCell::new(Vec::new()) };
    /// How often this thread took a lock of each rank.
    static TIMES: std::cell::Cell<[u32; RANKS]> = const { std::cell::Cell::new([0; RANKS]) };
}

#[cfg(feature = "test-hooks")]
const RANKS: usize = order::LAST as usize + 1;

#[cfg(feature = "test-hooks")]
impl Hold {
    /// Takes it.
    ///
    /// # Panics
    /// The thread has one of this rank or a higher one.
    #[track_caller]
    pub fn take(rank: u8) -> Self {
        TAKEN.with_borrow_mut(|taken| {
            let highest = taken.iter().max().copied();
            assert!(
                highest < Some(rank),
                "a lock of rank {rank} is taken while one of rank {highest:?} is held"
            );
            taken.push(rank);
        });
        let mut times = TIMES.get();
        times.iter_mut().skip(rank.into()).take(1).for_each(|times| *times += 1);
        TIMES.set(times);
        Self(rank)
    }
}

#[cfg(feature = "test-hooks")]
impl Drop for Hold {
    fn drop(&mut self) {
        let _ = TAKEN.try_with(|taken| taken.borrow_mut().retain(|rank| *rank != self.0));
    }
}

/// Counts the locks that a thread takes of the book and the consents, and tells it in the end. Nothing in
/// builds for use.
pub struct Count {
    #[cfg(feature = "test-hooks")]
    tell: fn(u32, u32),
    #[cfg(feature = "test-hooks")]
    before: [u32; RANKS],
}

impl Count {
    /// Counts from now on.
    #[cfg(not(feature = "test-hooks"))]
    pub const fn new(_: fn(u32, u32)) -> Self {
        Self {}
    }

    /// Counts from now on.
    #[cfg(feature = "test-hooks")]
    pub fn new(tell: fn(u32, u32)) -> Self {
        Self { tell, before: TIMES.get() }
    }
}

#[cfg(feature = "test-hooks")]
impl Drop for Count {
    fn drop(&mut self) {
        let times = TIMES.get();
        let [book, consents] = [order::BOOK, order::CONSENTS].map(usize::from).map(|rank| {
            times.get(rank).zip(self.before.get(rank)).map_or(0, |(now, before)| now.wrapping_sub(*before))
        });
        (self.tell)(book, consents);
    }
}

#[cfg(all(test, feature = "test-hooks"))]
mod tests {
    use super::*;

    #[test]
    fn locks_are_taken_upwards() {
        let (low, high) = (Ranked::<_, 1>::new(()), Ranked::<_, 2>::new(()));
        drop((low.lock(), high.lock()));
        drop(high.lock());
        drop(low.lock());
    }

    #[test]
    #[should_panic(expected = "rank 1 is taken while one of rank Some(2) is held")]
    fn and_not_downwards() {
        let (low, high) = (Ranked::<_, 1>::new(()), Ranked::<_, 2>::new(()));
        let _held = high.lock();
        let _ = low.lock();
    }
}
