//! What is wrong with a configuration: file, key and remedy.

use plain::plain;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::path::{Path, PathBuf};
use wire::{Code, Problem, Reason};

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
        self.error(
            format!("it cannot be read ({})", error.kind()),
            "Check that the file is yours and is text.",
        )
    }

    pub(super) fn syntax(&self, error: &serde_json::Error) -> ConfigError {
        self.error(
            error.to_string(),
            "Mend the file there. It is JSON: no comments, no comma after the last entry.",
        )
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
            Some(key) => format!("Write `{key}` instead of `{unknown}`."),
            None => format!("Take it out, or use one of: {}.", known.join(", ")),
        };
        self.error(format!("`{unknown}` is not a key that is known here"), remedy)
    }
}

impl Location {
    /// Says what a value must be, without repeating the one that is there: it may be a secret in the wrong
    /// place.
    fn wrong_value(&self, message: &str) -> ConfigError {
        let segments = self.key.rsplit('.').map(|segment| segment.split('[').next().unwrap_or_default());
        let known = segments.filter_map(|name| VALUES.iter().find(|(key, _)| *key == name)).next();
        match known {
            Some((_, value)) => self.error(format!("this must be {value}"), "Correct the value."),
            None => self.error(message, "Correct the value."),
        }
    }
}

/// What the values of keys must be.
const VALUES: &[(&str, &str)] = &[
    ("url", "an address in quotes, such as \"https://mcp.example.com/mcp\""),
    ("clientId", "a text in quotes"),
    ("callbackPort", "a number from 0 to 65535"),
    ("callbackPath", "a path in quotes, such as \"/callback\""),
    ("redirectHost", "\"localhost\" or \"127.0.0.1\""),
    ("scopes", "a list of texts, such as [\"read\", \"write\"]"),
    ("tls", "true, or {\"cert\": FILE, \"key\": FILE}"),
    ("externalUrl", "an https address in quotes"),
    ("resource", "\"auto\", \"omit\" or an absolute URI"),
    ("authorizationServer", "an https address in quotes"),
    ("authServerMetadataUrl", "an https address in quotes"),
    (
        "clientMetadataUrl",
        "the https address of your client metadata document, with a path and in its usual form",
    ),
    (
        "tokenEndpointAuthMethod",
        "\"none\", \"client_secret_basic\", \"client_secret_post\" or \"private_key_jwt\"",
    ),
    ("pkce", "\"required\" or \"assume\""),
    ("authorizeParams", "texts by name, such as {\"audience\": \"api\"}"),
    (
        "grant",
        "\"authorization_code\", \"device_code\", \"client_credentials\", or an object with a type and what belongs to it",
    ),
    ("privateKey", "the path of a PEM file, or the PEM itself, in quotes"),
    ("signingAlg", "the name of a signature, such as \"ES256\""),
    ("dpop", "\"auto\", \"required\" or \"off\""),
    ("verify", "\"off\", \"warn\" or \"enforce\""),
    ("handOut", "\"token\" or \"proxy\""),
    ("agents", "\"ask\", \"allow\" or \"deny\""),
    ("vault", "\"auto\", \"keychain\", \"file\" or \"memory\""),
    ("lock", "an object, such as {\"screen\": true, \"suspend\": true, \"idleMinutes\": 30}"),
    ("screen", "true or false"),
    ("suspend", "true or false"),
    ("idleMinutes", "a number of minutes from 0 (never) to 10080 (a week)"),
    ("extraCa", "a list of file names"),
    ("proxy", "an address in quotes, such as \"http://proxy.example:3128\""),
];

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
