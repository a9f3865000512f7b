//! Keeps the audit's key and anchor in the vault.

use crate::valet::Valet;
use audit::anchor::Anchor;
use audit::entry;
use audit::line::Seal;
use state::item::AuditKey;
use std::sync::Arc;
use std::time::Duration;
use vault::{Key, VaultError};
use wire::{Act, Actor, VaultKind};
use words::say;

/// How many entries of a crash may be without an anchor, in time.
const SOON: Duration = Duration::from_secs(10);

/// How long a vault is left alone that did not take the anchor: it may ask the person for a password each
/// time.
const LATER: Duration = Duration::from_secs(10 * 60);

/// What the person reads where the vault has the anchor without the key.
const KEY_GONE: &str = "the key of the audit is gone from the vault, and a new one was made";

/// Reads the key and the anchor, unless they are known. A vault that has no key yet gets one with the first
/// anchor.
pub(crate) async fn learn(valet: &Valet) -> Result<(), VaultError> {
    know(valet, NoKey::Stays).await
}

/// What becomes of it where the vault has no key.
#[derive(PartialEq, Eq)]
enum NoKey {
    Stays,
    IsMade,
}

async fn know(valet: &Valet, no_key: NoKey) -> Result<(), VaultError> {
    if valet.vault.kind() == VaultKind::Memory || valet.audit.knows_vault() {
        return Ok(());
    }
    let kept = valet.vault.read::<AuditKey>(Key::AuditSeal).await?;
    let mut seal = kept.and_then(|key| Seal::open(&key.value().key));
    if seal.is_none() && no_key == NoKey::IsMade {
        // Both are written together, so that one alone means that the other was taken away.
        if valet.vault.read::<Anchor>(Key::AuditAnchor).await?.is_some() {
            tracing::warn!("{KEY_GONE}");
            valet.change(|book| book.notices.push(say!(notice_audit_key_gone)));
        }
        let key = AuditKey { key: Seal::make() };
        let stored = valet.vault.write(Key::AuditSeal, Arc::new(key)).await?;
        seal = Seal::open(&stored.value().key);
    }
    let anchor = valet.vault.read::<Anchor>(Key::AuditAnchor).await?;
    let anchor = anchor.as_ref().map(|anchor| anchor.value().as_ref());
    let damaged = valet.audit.take_over(seal, anchor, valet.clock.now());
    if valet.not_locked().is_err() {
        valet.audit.forget_key();
    }
    if damaged {
        tracing::warn!(
            "the audit is not what the vault says that it was: `mcp-valet audit --verify` says where"
        );
        valet.note(&entry(valet.clock.now(), Act::AuditDamaged, Actor::valet()));
    }
    Ok(())
}

/// Gives a vault that began empty the key by which entries are sealed already.
///
/// # Errors
/// The vault does not take it.
pub(crate) async fn store_key_anew(valet: &Valet) -> Result<(), VaultError> {
    let Some(key) = valet.audit.key() else { return Ok(()) };
    valet.vault.write(Key::AuditSeal, Arc::new(AuditKey { key })).await.map(drop)
}

/// Keeps the anchor behind the newest entry.
pub(crate) async fn keep_anchored(valet: Arc<Valet>) {
    let mut patience = SOON;
    loop {
        valet.audit.due().await;
        tokio::select! {
            () = tokio::time::sleep(patience) => {}
            () = valet.audit.urgent() => {}
        }
        let anchored = anchor(&valet).await;
        patience = if anchored.is_ok() { SOON } else { LATER };
        if let Err(error) = anchored {
            tracing::warn!(%error, "the newest entries of the audit have no anchor yet");
        }
    }
}

/// As [`anchor`], at the end of the run. A vault that was not open in it stays closed.
///
/// # Errors
/// As [`anchor`].
pub(crate) async fn anchor_last(valet: &Arc<Valet>) -> Result<(), VaultError> {
    if valet.audit.knows_vault() || valet.vault.has_written() { anchor(valet).await } else { Ok(()) }
}

/// Puts the anchor behind the newest entry, and drops the files that are too many.
///
/// # Errors
/// The vault does not take it.
async fn anchor(valet: &Arc<Valet>) -> Result<(), VaultError> {
    let audit = &valet.audit;
    let _one_at_a_time = audit.anchoring().await;
    // However long the vault does not answer, the files stay bounded.
    audit.drop_beyond(2);
    if valet.vault.kind() == VaultKind::Memory {
        sum_up(valet).await;
        audit.drop_told();
        return Ok(());
    }
    // Nobody is asked for a password only to keep books.
    if !valet.vault_is_in_use() || valet.not_locked().is_err() {
        return Ok(());
    }
    know(valet, NoKey::IsMade).await?;
    sum_up(valet).await;
    let Some((anchor, dropped)) = audit.next_anchor() else { return Ok(()) };
    valet.vault.write(Key::AuditAnchor, Arc::new(anchor)).await?;
    audit.leave_behind(anchor, &dropped);
    Ok(())
}

/// Has it told what the files tell that are about to go. They are large: nobody else waits meanwhile.
async fn sum_up(valet: &Arc<Valet>) {
    let going = valet.audit.going();
    if going.is_empty() {
        return;
    }
    let (keeper, now) = (Arc::clone(valet), valet.clock.now());
    let told = tokio::task::spawn_blocking(move || keeper.audit.sum_up(&going, now)).await;
    if let Err(error) = told.map_err(std::io::Error::from).flatten() {
        tracing::warn!(%error, "what an old file of the audit tells could not be told again: it stays for now");
    }
}
