//! Whether a vault is the one that it was: another keyring, an empty one, or another encrypted file is not to
//! be taken for a vault in which there is nothing yet. Each vault has a mark of its own, which is written
//! down with the servers too; where the two differ, nothing in it is read or touched, and all is there again
//! once the right one is.
//!
//! The same place watches that nothing which a later version wrote is written over: what is kept says its
//! form with a number.

use super::VaultError;
use super::backend::Backend;
use ground::stored_form;
use serde::{Deserialize, Serialize};
use wire::VaultKind;
use zeroize::Zeroizing;

/// What the mark is called in the vault.
pub(super) const MARK: &str = "vault-mark";
/// The newest form of anything that is kept. What says no form is of the first.
const FORM: u64 = 3;

/// The marks of the vaults that were used, by kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keychain: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

impl Marks {
    /// The mark of the vault of this kind, if one is known.
    pub fn of(&self, kind: VaultKind) -> Option<&String> {
        match kind {
            VaultKind::Keychain => self.keychain.as_ref(),
            VaultKind::File => self.file.as_ref(),
            // Its members' pinned list tells it from another.
            VaultKind::Shared | VaultKind::Memory => None,
        }
    }

    /// Notes the mark of a vault, or that there is none any more.
    pub fn note(&mut self, kind: VaultKind, mark: Option<String>) {
        match kind {
            VaultKind::Keychain => self.keychain = mark,
            VaultKind::File => self.file = mark,
            VaultKind::Shared | VaultKind::Memory => {}
        }
    }

    /// Whether no vault is known by its mark.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What is known of a vault before it is opened.
#[derive(Debug, Clone, Default)]
pub struct KnownVault {
    /// Its mark.
    pub mark: Option<String>,
    /// Where earlier versions left none: items of which at least one must be there.
    pub signs: Vec<String>,
}

impl KnownVault {
    /// Whether there must be something in it.
    pub(super) fn is_used(&self) -> bool {
        self.mark.is_some() || !self.signs.is_empty()
    }
}

/// The mark, as it is kept.
#[derive(Serialize, Deserialize)]
struct StoredMark {
    mark: String,
}

/// Stands before a vault on its thread.
pub(super) struct Guard {
    known: KnownVault,
}

impl Guard {
    pub(super) const fn new(known: KnownVault) -> Self {
        Self { known }
    }

    pub(super) fn mark(&self) -> Option<String> {
        self.known.mark.clone()
    }

    /// Lets through whoever means the vault that this is. It is looked at each time: a keychain may be
    /// restarted with another keyring at any moment.
    pub(super) fn pass(&mut self, backend: &mut Backend) -> Result<(), VaultError> {
        let found = match backend.kind() {
            VaultKind::Shared | VaultKind::Memory => return Ok(()),
            VaultKind::Keychain | VaultKind::File => found(backend)?,
        };
        match (&self.known.mark, found) {
            (Some(known), Some(found)) if *known == found => Ok(()),
            (Some(_), _) => Err(other(backend)),
            (None, None) if !self.has_a_sign(backend)? => Err(other(backend)),
            (None, found) => {
                self.known.mark = found;
                Ok(())
            }
        }
    }

    /// As [`Guard::pass`], for whoever changes the item called `name`: not if a later version wrote it.
    pub(super) fn pass_to_change(&mut self, backend: &mut Backend, name: &str) -> Result<(), VaultError> {
        self.pass(backend)?;
        if backend.read(name)?.is_some_and(|bytes| is_newer(&bytes)) {
            return Err(VaultError::Newer);
        }
        if backend.kind() != VaultKind::Memory && self.known.mark.is_none() {
            self.make(backend)?;
        }
        Ok(())
    }

    /// The person begins anew, or moved to another vault: what this one has is what counts from now on.
    pub(super) fn forget(&mut self) {
        self.known = KnownVault::default();
    }

    fn make(&mut self, backend: &mut Backend) -> Result<(), VaultError> {
        let mark: String = rand::random::<[u8; 16]>().iter().map(|byte| format!("{byte:02x}")).collect();
        let kept = serde_json::to_vec(&StoredMark { mark: mark.clone() }).map_err(|_| VaultError::Broken)?;
        backend.write(MARK.to_owned(), Zeroizing::new(kept))?;
        self.known.mark = Some(mark);
        Ok(())
    }

    fn has_a_sign(&self, backend: &mut Backend) -> Result<bool, VaultError> {
        for sign in &self.known.signs {
            if backend.read(sign)?.is_some() {
                return Ok(true);
            }
        }
        Ok(self.known.signs.is_empty())
    }
}

fn found(backend: &mut Backend) -> Result<Option<String>, VaultError> {
    let Some(bytes) = backend.read(MARK)? else { return Ok(None) };
    if is_newer(&bytes) {
        return Err(VaultError::Newer);
    }
    // One that is damaged is no mark that was ever written.
    let kept = serde_json::from_slice(&bytes).unwrap_or(StoredMark { mark: String::new() });
    Ok(Some(kept.mark))
}

const fn other(backend: &Backend) -> VaultError {
    match backend {
        Backend::File(_) => VaultError::FileOther,
        Backend::Keychain(_) | Backend::Memory(_) => VaultError::KeychainOther,
    }
}

/// Whether a later version wrote an item, in a form that is not known here.
pub(super) fn is_newer(bytes: &[u8]) -> bool {
    stored_form::is_newer(bytes, FORM)
}
