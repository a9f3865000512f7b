//! The Secret Service keychain, called from the vault's thread only.

use super::VaultError;
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use secret::Secret;
use std::collections::HashMap;
use std::sync::Arc;
use zbus_secret_service_keyring_store::Store;
use zeroize::Zeroizing;

const SERVICE: &str = "mcp-valet";

/// A connection to the keychain, made when first needed and made anew after the keychain was restarted.
#[derive(Default)]
pub(super) struct Keychain {
    store: Option<Arc<Store>>,
}

impl Keychain {
    pub(super) fn read(&mut self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        self.with_entry(name, |entry| match entry.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    /// Writes and reads back: a keychain that loses what it is given is found out before the old value is
    /// forgotten.
    pub(super) fn write(&mut self, name: &str, value: &[u8]) -> Result<(), VaultError> {
        self.with_entry(name, |entry| entry.set_secret(value))
            .map_err(|error| self.why_not_written(error))?;
        match self.read(name)? {
            Some(kept) if kept.as_slice() == value => Ok(()),
            Some(_) | None => Err(VaultError::Broken),
        }
    }

    pub(super) fn delete(&mut self, name: &str) -> Result<(), VaultError> {
        self.with_entry(name, |entry| match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
    }

    /// The names of everything of ours.
    pub(super) fn names(&mut self) -> Result<Vec<String>, VaultError> {
        let ours = self.store()?.search(&HashMap::from([("service", SERVICE)]));
        let ours = ours.map_err(|error| classify(&error))?;
        // What has no name now was taken away, or locked, a moment ago.
        let names = ours.iter().map(|entry| entry.get_specifiers().map(|(_, name)| name));
        names.collect::<Option<_>>().ok_or(VaultError::Locked)
    }

    /// Whether a keychain answers at all.
    pub(super) fn probe(&mut self) -> Result<(), VaultError> {
        self.store().map(drop)
    }

    fn store(&mut self) -> Result<Arc<Store>, VaultError> {
        if let Some(store) = &self.store {
            return Ok(Arc::clone(store));
        }
        let store = Store::new().map_err(|error| classify(&error))?;
        self.store = Some(Arc::clone(&store));
        Ok(store)
    }

    fn with_entry<T>(
        &mut self,
        name: &str,
        act: impl Fn(&Entry) -> keyring_core::Result<T>,
    ) -> Result<T, VaultError> {
        let mut last = VaultError::Absent;
        for _ in 0..2 {
            let store = self.store()?;
            match entry(&store, name).and_then(|entry| act(&entry)) {
                Ok(done) => return Ok(done),
                Err(error) => last = classify(&error),
            }
            if last != VaultError::Absent {
                break;
            }
            // A restarted keychain has forgotten our session: one more try with a new one.
            self.store = None;
        }
        Err(last)
    }

    /// Without a login collection a keychain answers reads with "no such item" and writes with "locked".
    fn why_not_written(&mut self, error: VaultError) -> VaultError {
        let Ok(store) = self.store() else { return error };
        let nothing_there =
            store.search(&HashMap::from([("service", SERVICE)])).is_ok_and(|found| found.is_empty());
        if error == VaultError::Locked && nothing_there { VaultError::NoCollection } else { error }
    }
}

/// What the keychain has under this name, for what is not the vault's own: a password. Waits for as long as
/// the keychain does.
pub fn from_keychain(name: &str) -> Option<Secret> {
    let name = name.to_owned();
    // Its calls panic inside an async task.
    let asked = std::thread::spawn(move || Keychain::default().read(&name).ok().flatten()).join();
    let bytes = asked.ok().flatten()?;
    std::str::from_utf8(&bytes).ok().map(|text| Secret::from(text.to_owned()))
}

fn entry(store: &Store, name: &str) -> keyring_core::Result<Entry> {
    let label = format!("MCP Valet: {name}");
    store.build(SERVICE, name, Some(&HashMap::from([("label", label.as_str())])))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the crate's own error may grow")]
fn classify(error: &Error) -> VaultError {
    match error {
        Error::NoStorageAccess(_) => VaultError::Locked,
        Error::PlatformFailure(_) => VaultError::Absent,
        _ => VaultError::Broken,
    }
}
