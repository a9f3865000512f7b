//! What is wrong with a configuration: file, key and remedy.

use plain::plain;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::path::{Path, PathBuf};
use wire::{Code, Problem, Reason};
use words::say;

/// Most characters of one part of an error.
const LONGEST: usize = 1000;

/// A configuration that cannot be used as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {}{problem}", file.display(), if key.is_empty() { String::new() } else { format!("{key}: ") })]
pub struct ConfigError {
    file: PathBuf,
    key: String,
    problem: String,
    remedy: String,
}

impl ConfigError {
    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> &str {
        &self.remedy
    }

    /// What is wrong, without the place.
    /// What is wrong.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// The key at fault, such as `mcpServers.slack.oauth.callbackPort`; empty for the file as a whole.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// A place in a file, for saying where something is wrong.
pub(super) struct Location {
    file: PathBuf,
    key: String,
}

impl Location {
    pub(super) fn new(file: &Path) -> Self {
        Self { file: file.to_owned(), key: String::new() }
    }

    pub(super) fn at(&self, key: &str) -> Self {
        let key = if self.key.is_empty() { key.to_owned() } else { format!("{}.{key}", self.key) };
        Self { file: self.file.clone(), key }
    }

    pub(super) fn error(&self, problem: impl Into<String>, remedy: impl Into<String>) -> ConfigError {
        // A misspelt key is repeated in all three.
        let shown = |text: &str| plain(text, LONGEST);
        ConfigError {
            file: self.file.clone(),
            key: shown(&self.key),
            problem: shown(&problem.into()),
            remedy: shown(&remedy.into()),
        }
    }

    pub(super) fn unreadable(&self, error: &std::io::Error) -> ConfigError {
        self.error(say!(config_unreadable, error = error.kind().to_string()), say!(config_unreadable_advice))
    }

    pub(super) fn syntax(&self, error: &serde_json::Error) -> ConfigError {
        self.error(error.to_string(), say!(config_syntax_advice))
    }

    /// Reads a value into its type, naming the key where that fails.
    pub(super) fn read<T: DeserializeOwned>(&self, value: Value) -> Result<T, ConfigError> {
        serde_path_to_error::deserialize(value).map_err(|error| {
            let path = error.path().to_string();
            let message = error.into_inner().to_string();
            let place = if path == "." { self.at("") } else { self.at(&path) };
            place.trimmed().explain(&message)
        })
    }

    fn trimmed(mut self) -> Self {
        self.key.truncate(self.key.trim_end_matches('.').len());
        self
    }

    fn explain(&self, message: &str) -> ConfigError {
        let Some((unknown, known)) = unknown_field(message) else {
            return self.wrong_value(message);
        };
        let meant = known.iter().find(|key| key.eq_ignore_ascii_case(unknown));
        let remedy = match meant {
            Some(key) => say!(config_unknown_key_like, key = *key, unknown = unknown),
            None => say!(config_unknown_key_of, keys = known.join(", ")),
        };
        self.error(say!(config_unknown_key, unknown = unknown), remedy)
    }
}

impl Location {
    /// Says what a value must be, without repeating the one that is there: it may be a secret in the wrong
    /// place.
    fn wrong_value(&self, message: &str) -> ConfigError {
        let segments = self.key.rsplit('.').map(|segment| segment.split('[').next().unwrap_or_default());
        match segments.filter_map(value_of).next() {
            Some(value) => self.error(say!(config_must_be, value = value), say!(config_value_advice)),
            None => self.error(message, say!(config_value_advice)),
        }
    }
}

/// What the value of a key must be.
fn value_of(key: &str) -> Option<String> {
    Some(match key {
        "url" => say!(config_value_address),
        "command" | "cwd" => say!(config_value_text),
        "args" | "keysInArgs" => say!(config_value_texts),
        "clientId" => say!(config_value_text),
        "folders" => say!(config_value_folders),
        "callbackPort" => say!(config_value_port),
        "callbackPath" => say!(config_value_path),
        "redirectHost" => say!(config_value_host),
        "scopes" => say!(config_value_scopes),
        "tls" => say!(config_value_tls),
        "externalUrl" | "authorizationServer" | "authServerMetadataUrl" => say!(config_value_https),
        "resource" => say!(config_value_resource),
        "clientMetadataUrl" => say!(config_value_document),
        "tokenEndpointAuthMethod" => say!(config_value_auth_method),
        "pkce" => say!(config_value_pkce),
        "authorizeParams" => say!(config_value_params),
        "grant" => say!(config_value_grant),
        "privateKey" => say!(config_value_private_key),
        "signingAlg" => say!(config_value_signature),
        "dpop" => say!(config_value_dpop),
        "headers" => say!(config_value_headers),
        "verify" => say!(config_value_verify),
        "handOut" => say!(config_value_hand_out),
        "agents" => say!(config_value_agents),
        "vault" => say!(config_value_vault),
        "lock" => say!(config_value_lock),
        "screen" | "suspend" => say!(config_value_bool),
        "idleMinutes" => say!(config_value_minutes),
        "extraCa" => say!(config_value_files),
        "proxy" => say!(config_value_proxy),
        _ => return None,
    })
}

/// serde's sentence about an unknown field, in parts.
fn unknown_field(message: &str) -> Option<(&str, Vec<&str>)> {
    let rest = message.strip_prefix("unknown field `")?;
    let (unknown, rest) = rest.split_once('`')?;
    let known = rest.split('`').skip(1).step_by(2).filter(|key| !key.starts_with('$')).collect();
    Some((unknown, known))
}

impl From<&ConfigError> for Problem {
    fn from(error: &ConfigError) -> Self {
        Self::new(Code::InvalidRequest, error.to_string(), error.advice()).because(Reason::Configuration)
    }
}
