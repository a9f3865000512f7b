//! What the person may do about the vault.

use super::{Person, broke_off};
use crate::valet::{backup, moving, passphrase};
use oauth::Secret;
use peer::By;
use state::book::Book;
use std::path::PathBuf;
use std::sync::Arc;
use vault::{Destination, Mend};
use wire::{Act, Problem, VaultKind};

impl Person {
    /// Opens the encrypted file, or makes it with the passphrase that the person chose. Takes about a second.
    ///
    /// # Errors
    /// The passphrase is wrong or, where it is the first one, too short; or the file is damaged.
    pub async fn open_vault(&self, passphrase: Secret) -> Result<(), Problem> {
        let valet = Arc::clone(&self.valet);
        self.on_broker(async move { passphrase::given(&valet, passphrase).await }).await
    }

    /// Puts another passphrase in the place of this one.
    ///
    /// # Errors
    /// The old one is wrong, the new one too short, or the file cannot be written.
    pub async fn change_passphrase(&self, old: Secret, new: Secret) -> Result<(), Problem> {
        let valet = Arc::clone(&self.valet);
        self.on_broker(async move {
            valet.vault.change_passphrase(old, new).await.map_err(Problem::from)?;
            valet.note(&audit::entry(valet.clock.now(), Act::ChangePassphrase, By::Person.actor()));
            Ok(())
        })
        .await
    }

    /// Does something about a damaged encrypted file. The damaged one is set aside.
    ///
    /// # Errors
    /// There is no copy that could take its place, or the folder cannot be written.
    pub async fn mend_vault(&self, how: Mend) -> Result<(), Problem> {
        let valet = Arc::clone(&self.valet);
        self.on_broker(async move {
            valet.vault.mend(how).await.map_err(Problem::from)?;
            valet.note(&audit::entry(valet.clock.now(), Act::MendVault, By::Person.actor()));
            if how == Mend::Anew {
                valet.change(Book::expect_nothing);
            }
            // Now it waits for a passphrase, and says so.
            let _ = valet.unlock().await;
            Ok(())
        })
        .await
    }

    /// Keeps secrets in another vault from now on, and moves everything there. `passphrase` is that of a new
    /// encrypted file.
    ///
    /// # Errors
    /// One of the two vaults is locked or does not do its part, or the configuration cannot be written: then
    /// the old one stays in use as it was.
    pub async fn move_vault(&self, to: VaultKind, passphrase: Option<Secret>) -> Result<(), Problem> {
        let place = match (to, passphrase) {
            (VaultKind::Keychain, _) => Destination::Keychain,
            (VaultKind::File, Some(passphrase)) => {
                Destination::File { path: self.valet.paths.vault(), passphrase }
            }
            (VaultKind::File, None) | (VaultKind::Memory | VaultKind::Shared, _) => return Err(broke_off()),
        };
        self.on_broker(moving::to(Arc::clone(&self.valet), place)).await
    }

    /// Copies all that is kept to a new file at this whole path, which `passphrase` opens.
    ///
    /// # Errors
    /// The vault cannot be read, the passphrase is too short, or there is no making such a file.
    pub async fn back_up(&self, path: PathBuf, passphrase: Secret) -> Result<(), Problem> {
        self.on_broker(backup::write(Arc::clone(&self.valet), path, passphrase)).await
    }

    /// Takes in all that such a file has.
    ///
    /// # Errors
    /// Something is kept here already, the file is no backup, or the passphrase is another one.
    pub async fn restore(&self, path: PathBuf, passphrase: Secret) -> Result<(), Problem> {
        self.on_broker(backup::restore(Arc::clone(&self.valet), path, passphrase)).await
    }
}
