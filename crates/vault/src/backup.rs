//! A copy of all that the valet keeps, in one file that a passphrase opens.

use super::passphrase::LEAST;
use super::sealed::{Items, Kind, Lid, Unopened};
use super::worker::Vault;
use super::{Item, Key, VaultError, mark, moving};
use rustix::fs::{Mode, OFlags};
use secret::Secret;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use wire::{Code, Problem};
use words::say;
use zeroize::Zeroizing;

/// Most bytes of the file.
const LARGEST: u64 = 64 << 20;
/// What the papers are called among the items, which all have `/` or none of these names.
const CONFIGURATION: &str = "file:configuration";
const RECORDS: &str = "file:records";

/// What is kept beside the vault, as it is written.
pub struct Papers {
    /// The configuration.
    pub configuration: Zeroizing<String>,
    /// What is known of each server.
    pub records: String,
}

/// A backup, opened.
pub struct Backup {
    /// What was kept beside the vault.
    pub papers: Papers,
    items: Items,
}

/// Why a backup was not written or opened.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The vault did not do its part.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Something is there already.
    #[error("{}", say!(vault_backup_exists))]
    Exists,
    /// It is none of ours, or not as it was written.
    #[error("{}", say!(vault_backup_damaged))]
    Damaged,
    /// A later version wrote it.
    #[error("{}", say!(vault_backup_newer))]
    Newer,
    /// The passphrase is another one.
    #[error("{}", say!(vault_backup_wrong))]
    WrongPassphrase,
    /// The system said no.
    #[error("{}", say!(vault_backup_refused, why = .0.to_string()))]
    Refused(#[from] io::Error),
}

impl BackupError {
    /// What the person can do.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Vault(error) => error.advice(),
            Self::Exists => say!(vault_backup_exists_advice),
            Self::Damaged => say!(vault_backup_damaged_advice),
            Self::Newer => say!(vault_error_newer_advice),
            Self::WrongPassphrase => say!(vault_error_passphrase_wrong_advice),
            Self::Refused(_) => say!(vault_backup_refused_advice),
        }
    }
}

impl From<BackupError> for Problem {
    fn from(error: BackupError) -> Self {
        if let BackupError::Vault(error) = error {
            return Self::from(error);
        }
        Self::new(Code::InvalidRequest, error.to_string(), error.advice())
    }
}

impl Vault {
    /// Writes everything to a new file that `passphrase` opens, and reads it back. What proves the audit of
    /// this machine stays out. Takes about a second.
    ///
    /// # Errors
    /// The vault cannot be read, the passphrase is too short, or the file cannot be made or is there already:
    /// then nothing of ours is.
    pub async fn back_up(&self, path: &Path, papers: Papers, passphrase: Secret) -> Result<(), BackupError> {
        if passphrase.expose().chars().count() < LEAST {
            return Err(VaultError::PassphraseShort.into());
        }
        self.check().await?;
        let mut items = self.act(|backend, _| moving::items(backend)).await??;
        items.retain(|name, _| is_copied(name));
        let Papers { configuration, records } = papers;
        items.insert(CONFIGURATION.to_owned(), Zeroizing::new(configuration.as_bytes().to_vec()));
        items.insert(RECORDS.to_owned(), Zeroizing::new(records.into_bytes()));
        let path = path.to_owned();
        let written = tokio::task::spawn_blocking(move || write(&path, &items, &passphrase)).await;
        written.map_err(|_| VaultError::Broken)?
    }

    /// Takes everything of a backup into this vault, and reads back each item.
    ///
    /// # Errors
    /// The vault does not take one.
    pub async fn take_in(&self, backup: Backup) -> Result<(), VaultError> {
        self.check().await?;
        let items = backup.items;
        let taken = self.act(move |backend, _| {
            let mut items = items.into_iter();
            items.try_for_each(|(name, value)| backend.write(name, value))
        });
        taken.await??;
        self.was_written();
        Ok(())
    }
}

impl Backup {
    /// Opens the file at `path`. Takes about a second, and blocks.
    ///
    /// # Errors
    /// There is none, it is no backup or a later version's, or the passphrase is another one.
    pub fn open(path: &Path, passphrase: &Secret) -> Result<Self, BackupError> {
        let file = read(path)?;
        if Kind::Backup.is_newer(&file) {
            return Err(BackupError::Newer);
        }
        let (_, mut items) = Lid::open(Kind::Backup, &file, passphrase).map_err(|error| match error {
            Unopened::WrongPassphrase => BackupError::WrongPassphrase,
            Unopened::Damaged => BackupError::Damaged,
        })?;
        let mut text = |name| {
            let bytes = items.remove(name).ok_or(BackupError::Damaged)?;
            String::from_utf8(bytes.to_vec()).map_err(|_| BackupError::Damaged)
        };
        let papers = Papers { configuration: Zeroizing::new(text(CONFIGURATION)?), records: text(RECORDS)? };
        items.retain(|name, _| is_copied(name));
        if items.values().any(|value| mark::is_newer(value)) {
            return Err(BackupError::Newer);
        }
        Ok(Self { papers, items })
    }

    /// One of its items; `None` where it has none, or a damaged one.
    pub fn item<T: Item>(&self, key: &Key) -> Option<T> {
        T::open(self.items.get(&key.to_string())?)
    }
}

/// The audit of a machine is proved by what is there, and each vault has a mark of its own.
fn is_copied(name: &str) -> bool {
    let stays = [Key::AuditSeal.to_string(), Key::AuditAnchor.to_string()];
    name != mark::MARK && stays.iter().all(|one| one != name)
}

fn write(path: &Path, items: &Items, passphrase: &Secret) -> Result<(), BackupError> {
    let lid = Lid::make(passphrase).ok_or(VaultError::Broken)?;
    let sealed = lid.seal(Kind::Backup, items).ok_or(VaultError::Broken)?;
    if sealed.len() as u64 >= LARGEST {
        return Err(VaultError::Broken.into());
    }
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let made = rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR);
    let mut file = match made {
        Err(rustix::io::Errno::EXIST) => return Err(BackupError::Exists),
        made => File::from(made.map_err(io::Error::from)?),
    };
    let whole = file.write_all(&sealed).and_then(|()| file.sync_all()).map_err(BackupError::from);
    let whole = whole.and_then(|()| match lid.items(Kind::Backup, &read(path)?) {
        Ok(back) if back == *items => Ok(()),
        Ok(_) | Err(_) => Err(BackupError::Damaged),
    });
    if whole.is_err() {
        let _ = std::fs::remove_file(path);
    }
    whole
}

fn read(path: &Path) -> Result<Vec<u8>, BackupError> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(path, flags, Mode::empty()).map_err(io::Error::from)?);
    let about = file.metadata()?;
    if !about.is_file() || about.len() >= LARGEST {
        return Err(BackupError::Damaged);
    }
    let mut bytes = Vec::new();
    file.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}
