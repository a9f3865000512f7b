//! Moving to another vault while running: nothing is lost on the way, and at every moment one vault has it
//! all.

use crate::valet::{Valet, anchor, keep, kept_answers, keys, reload};
use config::{self, VaultChoice};
use peer::By;
use state::held::Held;
use std::sync::Arc;
use vault::{Destination, KnownVault, Vault};
use wire::{Act, Problem, VaultKind};

/// Moves everything to `place`: each item is copied and read back, then the configuration names the new
/// vault, and then the old one is emptied. Cut short, it leaves the one that the configuration names
/// complete.
pub(crate) async fn to(valet: Arc<Valet>, place: Destination) -> Result<(), Problem> {
    let (old, new) = (valet.vault.kind(), place.kind());
    let may_move = old != new && old != VaultKind::Shared;
    let Some(choice) = choice(new).filter(|_| may_move) else { return Ok(()) };
    let switching = Arc::clone(&valet);
    let switch = move |copied: bool| {
        // Noted before it is true: as long as the configuration names the old vault, the next start does not
        // go by it.
        note_left(&switching, copied.then_some(old));
        let switched = config::set_vault(&switching.paths.config, choice.clone());
        switched.map_err(|error| {
            note_left(&switching, None);
            Problem::from(&error)
        })?;
        // The person chose it: nobody else's edit is to be asked about.
        switching.change(|book| book.config.use_vault(choice));
        Ok(())
    };
    let moved = {
        let _pens = valet.all_pens().await;
        valet.vault.move_to(place, switch).await?
    };
    valet.change(|book| {
        book.vault_notices.clear();
        book.moved_out_of = (moved.copied && !moved.emptied).then_some(old);
        if moved.emptied {
            book.marks.note(old, None);
        }
        book.keychain_used &= !(old == VaultKind::Keychain && moved.emptied);
    });
    if !moved.copied {
        store_anew(&valet).await;
    }
    valet.save();
    reload::reload(&valet);
    valet.note(&audit::entry(valet.clock.now(), Act::MoveVault, By::Person.actor()));
    let _ = valet.unseal().await;
    reload::move_secrets(&valet).await;
    Ok(())
}

/// How the configuration names a vault that lasts.
pub(crate) const fn choice(vault: VaultKind) -> Option<VaultChoice> {
    match vault {
        VaultKind::Keychain => Some(VaultChoice::Keychain),
        VaultKind::File => Some(VaultChoice::File),
        VaultKind::Memory | VaultKind::Shared => None,
    }
}

/// Writes down which vault everything was moved out of.
fn note_left(valet: &Valet, left: Option<VaultKind>) {
    valet.change(|book| book.moved_out_of = left);
    valet.save();
}

/// What is in memory alone, since the old vault could not be read, is stored in the new one.
async fn store_anew(valet: &Arc<Valet>) {
    // Before anything is sealed by another key.
    if let Err(error) = anchor::store_key_anew(valet).await {
        tracing::warn!(%error, "the key of the audit could not be stored anew");
    }
    kept_answers::keep(valet);
    let unsaved = valet.change(|book| {
        let held = book.servers.values_mut().filter_map(|server| {
            let grant = Arc::clone(server.held.grant()?);
            server.held = Held::Unsaved(Arc::clone(&grant));
            Some((server.name.clone(), grant))
        });
        held.collect::<Vec<_>>()
    });
    for (name, grant) in unsaved {
        keep::save_later(valet, &name, &grant);
    }
    keys::store_anew(valet);
}

/// Empties the vault that an earlier run moved out of, if it was cut short then.
pub(crate) async fn sweep(valet: Arc<Valet>) {
    let Some(left) = valet.book().moved_out_of else { return };
    let known = || KnownVault { mark: valet.book().marks.of(left).cloned(), signs: Vec::new() };
    let vault = match left {
        // The configuration names it again: it is in use, and what is in it counts.
        in_use if in_use == valet.vault.kind() => None,
        VaultKind::Keychain => Vault::keychain(known()).ok(),
        VaultKind::File => Vault::file(valet.paths.vault(), KnownVault::default()).ok(),
        VaultKind::Memory | VaultKind::Shared => None,
    };
    if let Some(vault) = vault
        && let Err(error) = vault.empty().await
    {
        return tracing::warn!(%error, "the vault that was moved out of still has copies");
    }
    if left != valet.vault.kind() {
        valet.change(|book| book.marks.note(left, None));
    }
    note_left(&valet, None);
}
