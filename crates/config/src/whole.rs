//! A whole file that comes from elsewhere.

use super::prepared::{as_object, prepare};
use super::{Config, ConfigError, VaultChoice};
use serde_json::{Value, json};
use std::path::Path;

/// A whole file in the place of the one that is there.
///
/// # Errors
/// It is no good configuration, or cannot be written.
pub fn replace(path: &Path, text: &str) -> Result<(), ConfigError> {
    prepare(path, |_, _| Ok(text.to_owned()))?.0.commit()
}

/// The text of a file, for a machine whose secrets are in this vault.
///
/// # Errors
/// It is no good configuration.
pub fn with_vault(path: &Path, text: &str, vault: VaultChoice) -> Result<String, ConfigError> {
    let written = Config::parse(path, text)?.valet.vault;
    if written == vault || (written == VaultChoice::Auto && vault == VaultChoice::Keychain) {
        return Ok(text.to_owned());
    }
    as_object(path, text, |file| {
        if let Value::Object(valet) = file.entry("valet").or_insert_with(|| json!({})) {
            valet.insert("vault".to_owned(), json!(vault));
        }
        Ok(())
    })
}
