//! The passphrase of the encrypted file: from the person, or from systemd. It has no other way in: an
//! environment or a command line can be read by every program of the same user.

use super::backend::Backend;
use super::file::Mend;
use super::worker::Vault;
use super::{VaultError, file::EncryptedFile};
use rustix::fs::{Mode, OFlags};
use secret::Secret;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use words::say;
use zeroize::Zeroizing;

/// Fewest letters of a new passphrase. The file may be copied and guessed at for years.
pub(super) const LEAST: usize = 12;
/// The systemd credential, as `LoadCredentialEncrypted=` names it.
const CREDENTIAL: &str = "mcp-valet-passphrase";
/// Most bytes of a credential.
const LONGEST: u64 = 4 << 10;

impl Vault {
    /// Opens the encrypted file with its passphrase, or makes it with a first one.
    pub async fn open(&self, passphrase: Secret) -> Result<(), VaultError> {
        self.with_file(move |file| file.open(&passphrase)).await
    }

    /// Puts another passphrase in the place of this one.
    pub async fn change_passphrase(&self, old: Secret, new: Secret) -> Result<(), VaultError> {
        self.with_file(move |file| file.change_passphrase(&old, &new)).await
    }

    /// Does something about a file that is damaged, or a vault that is gone or another.
    pub async fn mend(&self, how: Mend) -> Result<(), VaultError> {
        let Ok(_one_attempt_at_a_time) = self.attempt.try_lock() else { return Err(VaultError::Busy) };
        self.act(move |backend, guard| {
            let other = matches!(guard.pass(backend), Err(VaultError::FileOther));
            if let Backend::File(file) = backend {
                file.mend(how, other)?;
            }
            if how == Mend::Anew {
                guard.forget();
            }
            Ok(())
        })
        .await?
    }

    /// Wipes what the encrypted file needs in memory, once what was asked before is done. Other vaults keep
    /// nothing there that they could find again.
    pub fn lock(&self) {
        self.send(|backend, _| {
            if let Backend::File(file) = backend {
                file.lock();
            }
        });
    }

    async fn with_file(
        &self,
        act: impl FnOnce(&mut EncryptedFile) -> Result<(), VaultError> + Send + 'static,
    ) -> Result<(), VaultError> {
        let Ok(_one_attempt_at_a_time) = self.attempt.try_lock() else { return Err(VaultError::Busy) };
        let done = self.act(|backend, _| match backend {
            Backend::File(file) => act(file),
            Backend::Keychain(_) | Backend::Memory(_) => Ok(()),
        });
        done.await?
    }
}

/// The passphrase that systemd gives this service (`$CREDENTIALS_DIRECTORY`, systemd.exec(5)); `None` where
/// it gives none. Blocks.
///
/// # Errors
/// It is there and cannot be used; the sentence says why.
pub fn from_systemd() -> Result<Option<Secret>, String> {
    credential(CREDENTIAL)
}

/// As [`from_systemd`], for the credential of this name.
///
/// # Errors
/// It is there and cannot be used; the sentence says why.
pub fn credential(name: &str) -> Result<Option<Secret>, String> {
    let Some(folder) = std::env::var_os("CREDENTIALS_DIRECTORY") else { return Ok(None) };
    let path = Path::new(&folder).join(name);
    match read(&path) {
        Ok(passphrase) => Ok(Some(passphrase)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(say!(vault_error_credential, credential = name, error = error.to_string())),
    }
}

fn read(path: &Path) -> io::Result<Secret> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    let meta = file.metadata()?;
    let own = rustix::process::geteuid().as_raw();
    // Where systemd gives access by a list, the file is root's and the list shows as the group's right to
    // read.
    let others = if meta.uid() == 0 { 0o037 } else { 0o077 };
    if !meta.is_file() || ![0, own].contains(&meta.uid()) || meta.mode() & others != 0 {
        return Err(io::Error::other(say!(vault_error_credential_open)));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * LONGEST as usize));
    file.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(io::Error::other(say!(vault_error_credential_long)));
    }
    let text =
        std::str::from_utf8(&bytes).map_err(|_| io::Error::other(say!(vault_error_credential_no_text)))?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        return Err(io::Error::other(say!(vault_error_credential_empty)));
    }
    Ok(Secret::from(text.to_owned()))
}
