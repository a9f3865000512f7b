//! The vault that the configuration chooses.

use crate::run::{Shares, StartError};
use config::VaultChoice;
use files::paths::Paths;
use state::record::Records;
use state::vault_notice::VaultNotice;
use vault::{Vault, VaultError};
use wire::VaultKind;

/// Where something is in the keychain already, memory is no substitute for a keychain that is away just now.
pub(super) async fn open(
    choice: &VaultChoice,
    paths: &Paths,
    records: &Records,
    shares: Option<Box<Shares>>,
) -> Result<(Vault, Option<VaultNotice>), StartError> {
    let known = |kind| records.known(kind);
    match choice {
        VaultChoice::Keychain => Ok((Vault::keychain(known(VaultKind::Keychain))?, None)),
        VaultChoice::File => Ok((Vault::file(paths.vault(), known(VaultKind::File))?, None)),
        VaultChoice::Memory => Ok((Vault::memory()?, Some(VaultNotice::Forgets))),
        VaultChoice::Etcd(etcd) => {
            let shares = shares.ok_or(StartError::Unshared)?;
            let shared = shares(etcd, paths).map_err(StartError::Shared)?;
            Ok((Vault::of_several(shared)?, None))
        }
        VaultChoice::Auto => {
            let keychain = Vault::keychain(known(VaultKind::Keychain))?;
            if records.keychain_used || keychain.probe().await != Err(VaultError::Absent) {
                return Ok((keychain, None));
            }
            Ok((Vault::memory()?, Some(VaultNotice::NoKeychain)))
        }
    }
}

/// The vault in use, in words.
#[must_use]
pub const fn vault_in_words(vault: VaultKind) -> &'static str {
    match vault {
        VaultKind::Keychain => "the keychain",
        VaultKind::File => "an encrypted file",
        VaultKind::Memory => "memory",
        VaultKind::Shared => "the shared vault",
    }
}
