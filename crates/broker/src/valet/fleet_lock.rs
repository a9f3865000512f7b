//! The lock by hand where several machines share the vault: it is all of theirs.

use crate::valet::{Valet, again};
use ground::cause::Cause;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use vault::{Item, Key};
use wire::{Act, Actor, VaultKind};

/// Whether all are locked, as it is kept.
#[derive(Serialize, Deserialize)]
struct FleetLock {
    locked: bool,
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
    let (teller, locked) = (Arc::clone(valet), is_locked(valet));
    valet.runtime.spawn(async move {
        if !told(&teller, locked).await {
            again::until(|| told(&teller, locked)).await;
        }
    });
}

/// True once there is nothing more to tell.
async fn told(valet: &Valet, locked: bool) -> bool {
    is_locked(valet) != locked || valet.vault.write(Key::Lock, Arc::new(FleetLock { locked })).await.is_ok()
}

/// Does as another machine was told by hand.
pub(crate) async fn follow(valet: &Arc<Valet>) {
    let Ok(Some(lock)) = valet.vault.read::<FleetLock>(Key::Lock).await else { return };
    match (lock.value().locked, is_locked(valet)) {
        (true, false) => {
            valet.lock(Cause::Person);
            note(valet, Act::Lock);
        }
        (false, true) => {
            note(valet, Act::Unlock);
            valet.open();
            let _ = valet.unseal().await;
            valet.publish();
        }
        (true, true) | (false, false) => {}
    }
}

fn note(valet: &Valet, act: Act) {
    let mut entry = audit::entry(valet.clock.now(), act, Actor::valet());
    entry.result = Some("by hand elsewhere".to_owned());
    valet.note(&entry);
}
