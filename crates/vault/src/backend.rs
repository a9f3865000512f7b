//! The vault itself, as its thread uses it.

use super::VaultError;
use super::file::EncryptedFile;
use super::keychain::Keychain;
use super::sealed::Items;
use super::shared::Bytes;
use wire::VaultKind;

pub(super) enum Backend {
    Keychain(Keychain),
    File(EncryptedFile),
    Memory(Items),
}

impl Backend {
    pub(super) const fn kind(&self) -> VaultKind {
        match self {
            Self::Keychain(_) => VaultKind::Keychain,
            Self::File(_) => VaultKind::File,
            Self::Memory(_) => VaultKind::Memory,
        }
    }

    pub(super) fn read(&mut self, name: &str) -> Result<Option<Bytes>, VaultError> {
        match self {
            Self::Keychain(keychain) => keychain.read(name),
            Self::File(file) => file.read(name),
            Self::Memory(items) => Ok(items.get(name).cloned()),
        }
    }

    pub(super) fn write(&mut self, name: String, value: Bytes) -> Result<(), VaultError> {
        match self {
            Self::Keychain(keychain) => keychain.write(&name, &value),
            Self::File(file) => file.write(name, value),
            Self::Memory(items) => {
                items.insert(name, value);
                Ok(())
            }
        }
    }

    pub(super) fn delete(&mut self, name: &str) -> Result<(), VaultError> {
        match self {
            Self::Keychain(keychain) => keychain.delete(name),
            Self::File(file) => file.delete(name),
            Self::Memory(items) => {
                items.remove(name);
                Ok(())
            }
        }
    }

    pub(super) fn probe(&mut self) -> Result<(), VaultError> {
        match self {
            Self::Keychain(keychain) => keychain.probe(),
            Self::File(file) => file.probe(),
            Self::Memory(_) => Ok(()),
        }
    }
}
