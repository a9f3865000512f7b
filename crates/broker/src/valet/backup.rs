//! Backing up all that is kept, and taking it back in where nothing is kept yet.

use crate::valet::{Valet, kept_answers, reload};
use oauth::Secret;
use peer::By;
use state::record::Records;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vault::{Backup, BackupError, Key, Marks, Papers};
use wire::{Act, Problem, VaultKind};
use words::say;
use zeroize::Zeroizing;

/// Writes everything to a new file that `passphrase` opens: configuration, what is known of the servers, and
/// the vault with the answers about programs.
pub(crate) async fn write(valet: Arc<Valet>, path: PathBuf, passphrase: Secret) -> Result<(), Problem> {
    let path = whole(&path)?;
    is_its_own(&valet)?;
    valet.open_vault().await?;
    kept_answers::flush(&valet).await.map_err(Problem::from)?;
    {
        let _pens = valet.all_pens().await;
        valet.save();
        let papers = papers(&valet).map_err(BackupError::from)?;
        valet.vault.back_up(path, papers, passphrase).await?;
    }
    valet.note(&audit::entry(valet.clock.now(), Act::BackUp, By::Person.actor()));
    Ok(())
}

/// Takes a backup in: the vault first, then the configuration with all that is known of its servers.
pub(crate) async fn restore(valet: Arc<Valet>, path: PathBuf, passphrase: Secret) -> Result<(), Problem> {
    let path = whole(&path)?.to_owned();
    is_its_own(&valet)?;
    is_empty(&valet)?;
    let opened = tokio::task::spawn_blocking(move || Backup::open(&path, &passphrase)).await;
    let backup = opened
        .map_err(|_| problems::internal(say!(problem_this_broke_off), say!(problem_again_advice)))??;
    let Papers { configuration, records } = &backup.papers;
    let mut records = Records::parse(records, "").ok_or(BackupError::Newer)?.after_a_start();
    // What it says of vaults is not of the one that is here.
    (records.marks, records.moved_out_of, records.keychain_used) = (Marks::default(), None, false);
    let configuration = reload::good(&valet, configuration)?;
    let answers = backup.item(&Key::Consents);
    valet.vault.take_in(backup).await.map_err(Problem::from)?;
    reload::restore(&valet, configuration, records)?;
    kept_answers::take_in(&valet, answers).await;
    valet.note(&audit::entry(valet.clock.now(), Act::Restore, By::Person.actor()));
    let _ = valet.unseal().await;
    Ok(())
}

/// A path that means the same whoever reads it.
fn whole(path: &Path) -> Result<&Path, Problem> {
    let is_whole = path.is_absolute() && path.file_name().is_some();
    is_whole.then_some(path).ok_or_else(problems::backup_path)
}

/// What several machines share is copied where it is kept.
fn is_its_own(valet: &Valet) -> Result<(), Problem> {
    let is_shared = valet.vault.kind() == VaultKind::Shared;
    if is_shared { Err(problems::backup_of_fleet()) } else { Ok(()) }
}

/// What is here already is not mixed with what was elsewhere, and what would be forgotten is not taken in.
fn is_empty(valet: &Valet) -> Result<(), Problem> {
    if valet.vault.kind() == VaultKind::Memory {
        return Err(problems::restore_would_be_forgotten());
    }
    let book = valet.book();
    if !book.servers.is_empty() || !book.config.asleep.is_empty() {
        return Err(problems::restore_beside_others());
    }
    book.why_locked().map_or(Ok(()), |shut| Err(Problem::from(shut)))
}

fn papers(valet: &Valet) -> std::io::Result<Papers> {
    let configuration = Zeroizing::new(std::fs::read_to_string(&valet.paths.config)?);
    Ok(Papers { configuration, records: std::fs::read_to_string(valet.paths.servers())? })
}

impl Valet {
    /// Every pen, and that of the answers: an issuer may be about to answer, and what it says is stored
    /// first.
    pub(crate) async fn all_pens(&self) -> impl Sized + use<'_> {
        let mut pens = Vec::new();
        let all = self.book().pens();
        for pen in all {
            pens.push(pen.lock_owned().await);
        }
        (pens, self.consent_pen.lock().await)
    }
}
