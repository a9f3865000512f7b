//! The passphrase of the encrypted file, on its way to the vault.

use crate::valet::{Valet, reload};
use oauth::Secret;
use peer::By;
use std::sync::Arc;
use vault::VaultError;
use wire::{Act, Problem, VaultKind};
use words::say;

/// Opens the encrypted file if systemd has a passphrase for it. Whatever is wrong with that is said, and the
/// person can still give it.
pub(crate) async fn from_systemd(valet: &Valet) {
    if valet.vault.kind() != VaultKind::File {
        return;
    }
    let given = tokio::task::spawn_blocking(vault::from_systemd).await;
    let wrong = match given.unwrap_or(Ok(None)) {
        Ok(None) => return,
        Ok(Some(passphrase)) => valet
            .vault
            .open(passphrase)
            .await
            .map_err(|error| say!(notice_passphrase, error = error.to_string(), advice = error.advice())),
        Err(why) => Err(format!("{why}.")),
    };
    if let Err(notice) = wrong {
        tracing::error!("{notice}");
        valet.change(|book| book.notices.push(notice));
    }
}

/// Opens the encrypted file for the person, or makes it with the passphrase that they chose, and goes on from
/// there.
pub(crate) async fn given(valet: &Arc<Valet>, passphrase: Secret) -> Result<(), Problem> {
    if let Err(error) = valet.vault.open(passphrase).await {
        // It is locked for another reason than the passphrase, and this one has a remedy.
        if error == VaultError::FileDamaged {
            let _ = valet.unlock().await;
        }
        return Err(Problem::from(error));
    }
    valet.note(&audit::entry(valet.clock.now(), Act::Unlock, By::Person.actor()));
    valet.unlock().await.map_err(Problem::from)?;
    reload::move_secrets(valet).await;
    Ok(())
}
