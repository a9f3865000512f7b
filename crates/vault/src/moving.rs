//! Moving everything from one vault to another, so that at every moment one of them has it all.

use super::VaultError;
use super::backend::Backend;
use super::file::EncryptedFile;
use super::keychain::Keychain;
use super::mark::MARK;
use super::sealed::Items;
use super::worker::Vault;
use secret::Secret;
use std::path::PathBuf;
use wire::{Problem, VaultKind};

/// A vault to move to.
pub enum Destination {
    /// The desktop's keychain.
    Keychain,
    /// A new encrypted file.
    File {
        /// Where it is to be.
        path: PathBuf,
        /// What opens it.
        passphrase: Secret,
    },
}

/// What became of a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Whether the old vault could be read; else what is in it stays there.
    pub copied: bool,
    /// Whether nothing is left in the old vault.
    pub emptied: bool,
}

impl Destination {
    /// The kind of vault that this is.
    pub const fn kind(&self) -> VaultKind {
        match self {
            Self::Keychain => VaultKind::Keychain,
            Self::File { .. } => VaultKind::File,
        }
    }

    /// Takes everything in. Either of the two reads back what it writes.
    fn take_in(self, items: Items) -> Result<Backend, VaultError> {
        match self {
            Self::File { path, passphrase } => {
                EncryptedFile::filled(path, &passphrase, items).map(Backend::File)
            }
            Self::Keychain => {
                let mut keychain = Keychain::default();
                keychain.probe()?;
                for (name, value) in items {
                    keychain.write(&name, &value)?;
                }
                Ok(Backend::Keychain(keychain))
            }
        }
    }
}

impl Vault {
    /// Copies everything to `place`, calls `switch` (with whether the old vault could be read), and empties
    /// the old vault. Whatever else is asked of the vault meanwhile waits, and is then asked of the new one.
    /// If `switch` fails, the old vault stays in use as it was.
    pub async fn move_to(
        &self,
        place: Destination,
        switch: impl FnOnce(bool) -> Result<(), Problem> + Send + 'static,
    ) -> Result<Moved, Problem> {
        // What is in another vault, or what a later version wrote, is left where it is.
        if let Some(error) = self.check().await.err().filter(|error| error.is_other()) {
            return Err(Problem::from(error));
        }
        let moved = self.act(move |old, guard| {
            let moved = moved(old, place, switch);
            if moved.is_ok() {
                guard.forget();
                let _ = guard.pass(old);
            }
            moved
        });
        let moved = moved.await;
        moved.unwrap_or_else(|error| Err(Problem::from(error)))
    }

    /// Empties a vault that is not in use any more.
    pub async fn empty(&self) -> Result<(), VaultError> {
        // One that is shut can be done away with all the same.
        if let Err(error @ (VaultError::KeychainOther | VaultError::Newer)) = self.check().await {
            return Err(error);
        }
        self.act(|backend, _| empty(backend)).await?
    }
}

fn moved(
    old: &mut Backend,
    place: Destination,
    switch: impl FnOnce(bool) -> Result<(), Problem>,
) -> Result<Moved, Problem> {
    let items = match items(old) {
        Ok(items) => Some(items),
        // What is away cannot be copied, and nothing is taken out of it.
        Err(VaultError::Absent) => None,
        Err(error) => return Err(Problem::from(error)),
    };
    let copied = items.is_some();
    let mut new = place.take_in(items.unwrap_or_default()).map_err(Problem::from)?;
    if let Err(problem) = switch(copied) {
        let _ = empty(&mut new);
        return Err(problem);
    }
    let mut left = std::mem::replace(old, new);
    Ok(Moved { copied, emptied: copied && empty(&mut left).is_ok() })
}

pub(super) fn items(backend: &mut Backend) -> Result<Items, VaultError> {
    match backend {
        Backend::Memory(items) => Ok(items.clone()),
        Backend::File(file) => file.items(),
        Backend::Keychain(keychain) => {
            let mut items = Items::new();
            for name in keychain.names()? {
                if let Some(value) = keychain.read(&name)? {
                    items.insert(name, value);
                }
            }
            Ok(items)
        }
    }
}

fn empty(backend: &mut Backend) -> Result<(), VaultError> {
    match backend {
        Backend::Memory(items) => {
            items.clear();
            Ok(())
        }
        Backend::File(file) => file.destroy(),
        Backend::Keychain(keychain) => {
            // The mark goes last: cut short, this goes on the next time.
            for name in keychain.names()?.iter().filter(|name| *name != MARK) {
                keychain.delete(name)?;
            }
            keychain.delete(MARK)
        }
    }
}
