//! Secrets that the configuration may hold until they are in the vault.

use super::ConfigError;
use super::error::Location;
use ::secret::Secret;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use words::say;

/// The keys that may hold one.
pub(super) const CLIENT_SECRET: &str = "clientSecret";
pub(super) const PRIVATE_KEY: &str = "privateKey";

/// Where the private key of a client is.
#[derive(Debug, Clone)]
pub enum PrivateKey {
    /// In the configuration itself, in PEM, until it has been moved into the vault.
    Pem(Secret),
    /// In a PEM file, which is read each time.
    File(PathBuf),
}

impl PrivateKey {
    /// What could be a key is never taken for a path: paths are shown in messages.
    pub(super) fn of(text: Secret, place: &Location) -> Result<Self, ConfigError> {
        if is_pem(text.expose()) {
            return Ok(Self::Pem(text));
        }
        let path = Path::new(text.expose());
        if path.is_absolute() && text.expose().lines().count() == 1 {
            return Ok(Self::File(path.to_owned()));
        }
        let place = place.at("privateKey");
        Err(place.error(say!(config_no_private_key), say!(config_no_private_key_advice)))
    }

    pub(super) const fn pem(&self) -> Option<&Secret> {
        match self {
            Self::Pem(pem) => Some(pem),
            Self::File(_) => None,
        }
    }
}

impl PartialEq for PrivateKey {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::File(ours), Self::File(theirs)) => ours == theirs,
            (Self::Pem(_) | Self::File(_), _) => {
                self.pem().is_some() && is_same_secret(self.pem(), other.pem())
            }
        }
    }
}

/// Whether a key holds a secret. That of a private key may be the path of its file as well, which is none.
pub(super) fn is_secret(key: &str, value: &Value) -> bool {
    match key {
        CLIENT_SECRET => true,
        PRIVATE_KEY => value.as_str().is_none_or(is_pem),
        _ => false,
    }
}

pub(super) fn is_pem(text: &str) -> bool {
    text.contains("-----BEGIN ")
}

/// Takes a secret out of a block before anything else reads it, so that no message about a wrong type can
/// quote it.
pub(super) fn take_secret(
    block: &mut Map<String, Value>,
    key: &str,
    place: &Location,
) -> Result<Option<Secret>, ConfigError> {
    match block.remove(key) {
        None => Ok(None),
        Some(Value::String(secret)) if !secret.is_empty() => Ok(Some(Secret::from(secret))),
        Some(_) => Err(place.at(key).error(say!(config_no_text), say!(config_no_text_advice))),
    }
}

/// Compares in constant time.
pub(super) fn is_same_secret(one: Option<&Secret>, other: Option<&Secret>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => one.ct_eq(other.expose()),
        (None, Some(_)) | (Some(_), None) => false,
    }
}
