//! The lock by hand where several machines share the vault: it is all of theirs.

use crate::valet::{Valet, again};
use ground::cause::Cause;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use vault::{Item, Key, VaultError};
use wire::{Act, Actor, VaultKind};

/// Whether all are locked, as it is kept.
#[derive(Serialize, Deserialize)]
struct FleetLock {
    locked: bool,
    /// Counts what was said of it, so that nobody follows again what it followed before.
    #[serde(default)]
    number: u64,
}

impl Item for FleetLock {}

/// Whether this machine was locked by hand.
fn is_locked(valet: &Valet) -> bool {
    valet.book().lock.as_ref().is_some_and(|lock| lock.cause == Cause::Person)
}

/// Tells the others whether this machine was locked by hand, until they know or it is so no more.
pub(crate) fn tell(valet: &Arc<Valet>) {
    if valet.vault.kind() != VaultKind::Shared {
        return;
    }
    let locked = is_locked(valet);
    // Written down first: until the others know, what they said before is not followed.
    valet.book().shared_vault.lock.untold = Some(locked);
    valet.save();
    let teller = Arc::clone(valet);
    valet.runtime.spawn(async move {
        if !told(&teller, locked).await {
            again::until(|| told(&teller, locked)).await;
        }
    });
}

/// True once there is nothing more to tell.
async fn told(valet: &Valet, locked: bool) -> bool {
    if valet.book().shared_vault.lock.untold != Some(locked) {
        return true;
    }
    if is_locked(valet) != locked {
        is_told(valet, None);
        return true;
    }
    let Ok(number) = write(valet, locked).await else { return false };
    if valet.book().shared_vault.lock.untold == Some(locked) {
        is_told(valet, Some(number));
    }
    true
}

/// Writes it down for the others, with the next number.
async fn write(valet: &Valet, locked: bool) -> Result<u64, VaultError> {
    // One at a time, so that each has a number of its own.
    match valet.vault.turn(Key::Lock).await {
        Ok(mut turn) => {
            let before = turn.found::<FleetLock>().and_then(Result::ok).flatten();
            let number = before.map_or(0, |before| before.value().number) + 1;
            turn.write(Arc::new(FleetLock { locked, number })).await.map(|_| number)
        }
        // What no member left there gives way to what the person says.
        Err(VaultError::FleetTampered) => {
            let number = valet.book().shared_vault.lock.number.unwrap_or_default() + 1;
            valet.vault.write(Key::Lock, Arc::new(FleetLock { locked, number })).await.map(|_| number)
        }
        Err(error) => Err(error),
    }
}

fn is_told(valet: &Valet, number: Option<u64>) {
    {
        let lock = &mut valet.book().shared_vault.lock;
        (lock.untold, lock.number) = (None, number.or(lock.number));
    }
    valet.save();
}

/// Does as another machine was told by hand, and tries again where the vault did not answer.
pub(crate) fn follow_at_last(valet: &Arc<Valet>) {
    let follower = Arc::clone(valet);
    valet.runtime.spawn(async move {
        if !follow(&follower).await {
            again::until(|| follow(&follower)).await;
        }
    });
}

/// True once there is nothing more to follow. What was said here and is not known elsewhere is told instead;
/// and nothing that was followed before unlocks again.
async fn follow(valet: &Arc<Valet>) -> bool {
    let Ok(lock) = valet.vault.read::<FleetLock>(Key::Lock).await else { return false };
    let mut followed = valet.book().shared_vault.lock;
    if followed.untold.is_some_and(|locked| locked != is_locked(valet)) {
        // The person started the valet since.
        is_told(valet, None);
        followed.untold = None;
    }
    let number = lock.as_ref().map(|lock| lock.value().number);
    let is_new = number > followed.number;
    match (lock.is_some_and(|lock| lock.value().locked), is_locked(valet)) {
        (true, false) if is_new || followed.untold.is_none() => {
            is_told(valet, number);
            valet.lock(Cause::Person);
            note(valet, Act::Lock);
        }
        (false, true) if is_new && followed.untold.is_none() => {
            is_told(valet, number);
            note(valet, Act::Unlock);
            valet.open();
            let _ = valet.unseal().await;
            valet.publish();
        }
        _ if followed.untold.is_some() => tell(valet),
        (true, false | true) | (false, false | true) if is_new => is_told(valet, number),
        (true, false | true) | (false, false | true) => {}
    }
    true
}

fn note(valet: &Valet, act: Act) {
    let mut entry = audit::entry(valet.clock.now(), act, Actor::valet());
    entry.result = Some("by hand elsewhere".to_owned());
    valet.note(&entry);
}
