//! Locking what nobody uses: one task that sleeps until the pause would be long enough.

use crate::valet::{Valet, follow};
use ground::cause::Cause;
use jiff::SignedDuration;
use lock::{alarm, rule};
use state::book::Book;
use std::sync::Arc;
use std::time::Duration;

/// Follows the pauses for as long as the valet runs.
pub(crate) async fn follow(valet: Arc<Valet>) {
    loop {
        // Before the look, so that no end is missed.
        valet.activity.await_end(true);
        let left = left(&valet);
        if left.is_some() || !is_ruled(&valet) {
            valet.activity.await_end(false);
        }
        match left.map(Duration::try_from) {
            Some(Ok(left)) if !left.is_zero() => tokio::select! {
                () = alarm::after(left) => {}
                () = valet.activity.changed() => {}
                () = valet.clock.moved() => {}
            },
            Some(_) => follow::lock(&valet, Cause::Idle),
            None => valet.activity.changed().await,
        }
    }
}

/// Looks whether the pause is over that a request ends: after a sleep of the computer it may come before the
/// alarm.
pub(crate) fn look(valet: &Valet) {
    if left(valet).is_some_and(|left| left <= SignedDuration::ZERO) {
        follow::lock(valet, Cause::Idle);
    }
}

/// Whether the valet is open, and no pause is over that would lock it.
pub(crate) fn is_open(valet: &Valet, book: &Book) -> bool {
    book.lock.is_none() && left_of(valet, book).is_none_or(|left| left > SignedDuration::ZERO)
}

/// How much longer the valet may go unused. `None` where that does not matter: the rule is off, it is used
/// now, or locked as firmly already.
fn left(valet: &Valet) -> Option<SignedDuration> {
    left_of(valet, &valet.book())
}

/// Whether a pause would lock the valet once it begins.
fn is_ruled(valet: &Valet) -> bool {
    left_after(&valet.book(), SignedDuration::ZERO).is_some()
}

fn left_of(valet: &Valet, book: &Book) -> Option<SignedDuration> {
    left_after(book, valet.activity.pause(valet.clock.now())?)
}

fn left_after(book: &Book, pause: SignedDuration) -> Option<SignedDuration> {
    let locked = book.lock.as_ref().is_some_and(|lock| lock.cause >= Cause::Idle);
    let policy = (!locked).then_some(book.config.valet.lock)?;
    rule::left(policy, pause)
}
