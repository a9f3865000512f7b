//! The one task that follows all sources and does what the rule says.

use crate::valet::{Valet, idle};
use ground::cause::Cause;
use lock::keychain;
use lock::rule::{Consequence, Presence};
use lock::source::{self, Event};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{self, Receiver};
use wire::{Act, Actor, VaultKind};

/// How long sleep is put off for answers that are under way.
const BEFORE_SLEEP: Duration = Duration::from_secs(3);
/// Events that may wait for their turn.
const MOST: usize = 16;

/// Begins to follow whatever may lock the valet.
pub(crate) fn start(valet: &Arc<Valet>) {
    let (events, heard) = mpsc::channel(MOST);
    for source in source::all() {
        valet.runtime.spawn(source.follow(events.clone()));
    }
    valet.runtime.spawn(follow(Arc::clone(valet), heard));
    valet.runtime.spawn(follow_keychain(Arc::clone(valet)));
    valet.runtime.spawn(idle::follow(Arc::clone(valet)));
}

async fn follow(valet: Arc<Valet>, mut heard: Receiver<Event>) {
    let mut presence = Presence::default();
    while let Some(event) = heard.recv().await {
        let step = {
            let mut book = valet.book();
            let (policy, held) = (book.config.valet.lock, book.lock.as_ref().map(|lock| lock.cause));
            let step = presence.step(&event, policy, held);
            book.nobody_looks = presence.is_away();
            step
        };
        tracing::debug!(?event, ?step, "the computer says");
        match step {
            Consequence::Stay => {}
            Consequence::Lock(cause) => lock(&valet, cause),
            Consequence::Unlock(how) => unlock(&valet, how),
        }
        if matches!(event, Event::Asleep(_)) {
            answers_in_time(&valet).await;
        }
        // Sleep waited for this.
        drop(event);
    }
}

/// Looks again at a keychain that was locked, once it is unlocked for whomever.
async fn follow_keychain(valet: Arc<Valet>) {
    let mut changes = valet.changes();
    while valet.vault.kind() != VaultKind::Keychain {
        if changes.changed().await.is_err() {
            return;
        }
    }
    let (unlocked, mut heard) = mpsc::channel(MOST);
    valet.runtime.spawn(keychain::follow(unlocked));
    while heard.recv().await.is_some() {
        if valet.book().locked.is_some() {
            tracing::debug!("the keychain is unlocked");
            let _ = valet.unseal().await;
            valet.publish();
        }
    }
}

/// What an issuer is about to answer does not reach a computer that sleeps. Sleep waits five seconds at most.
async fn answers_in_time(valet: &Valet) {
    let mut changes = valet.changes();
    let settled = async { while valet.book().is_busy() && changes.changed().await.is_ok() {} };
    let _ = tokio::time::timeout(BEFORE_SLEEP, settled).await;
}

/// Locks as the rule says.
pub(crate) fn lock(valet: &Valet, cause: Cause) {
    if valet.lock(cause) {
        tracing::info!("locked: {}", cause.happened());
        note(valet, Act::Lock, cause.happened());
    }
}

fn note(valet: &Valet, act: Act, why: &str) {
    let mut entry = audit::entry(valet.clock.now(), act, Actor::valet());
    entry.result = Some(why.to_owned());
    valet.note(&entry);
}

/// The keychain may be slow, and whatever comes next is not to wait for it.
fn unlock(valet: &Arc<Valet>, how: &str) {
    note(valet, Act::Unlock, how);
    valet.open();
    tracing::info!("unlocked: {how}");
    let reader = Arc::clone(valet);
    valet.runtime.spawn(async move { reader.unseal().await });
}
