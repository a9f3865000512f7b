//! The valet's own settings.

use super::door::DoorConfig;
use super::etcd::Etcd;
use super::lock::LockPolicy;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use terms::ClientDocument;
use url::Url;
use wire::ClassRules;
use words::say;

/// The valet's own settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ValetConfig {
    /// What an agent with no remembered answer gets.
    #[serde(default)]
    pub agents: AgentsPolicy,
    /// What such an agent may do where it gets leave, and what a question begins with.
    #[serde(default)]
    pub rules: ClassRules,
    /// Where secrets are kept.
    #[serde(default)]
    pub vault: VaultChoice,
    /// What becomes of the audit beside its file.
    #[serde(default)]
    pub audit: AuditConfig,
    /// When the valet locks by itself.
    #[serde(default)]
    pub lock: LockPolicy,
    /// Whether programs are started that an older version left alone, and nobody was asked about since: a
    /// service has nobody whom it could ask.
    #[serde(default)]
    pub local_servers: bool,
    /// The door for clients that know nothing but HTTP and OAuth.
    #[serde(default)]
    pub door: Option<DoorConfig>,
    /// PEM files of certificate authorities to trust beside the system's.
    #[serde(default)]
    pub extra_ca: Vec<PathBuf>,
    /// The HTTP proxy for every call, instead of the system's.
    #[serde(default)]
    pub proxy: Option<Url>,
    /// The document whose address is our client ID at every issuer that takes one.
    #[serde(default, deserialize_with = "document")]
    pub client_metadata_url: Option<ClientDocument>,
}

fn document<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<ClientDocument>, D::Error> {
    let url = String::deserialize(from)?;
    ClientDocument::parse(&url).map(Some).map_err(serde::de::Error::custom)
}

/// What becomes of the audit beside its file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuditConfig {
    /// Where each entry goes as well, as a line of JSON.
    #[serde(default)]
    pub export: Option<Export>,
}

/// Where entries of the audit go.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Export {
    /// A file of ours, at its end.
    #[serde(deserialize_with = "absolute")]
    File(PathBuf),
    /// A Unix socket at which somebody listens.
    #[serde(deserialize_with = "absolute")]
    Socket(PathBuf),
}

impl Export {
    /// Its path.
    #[must_use]
    pub const fn path(&self) -> &PathBuf {
        match self {
            Self::File(path) | Self::Socket(path) => path,
        }
    }
}

fn absolute<'de, D: serde::Deserializer<'de>>(from: D) -> Result<PathBuf, D::Error> {
    let path = PathBuf::deserialize(from)?;
    if path.is_absolute() { Ok(path) } else { Err(serde::de::Error::custom(say!(config_export_absolute))) }
}

/// What an agent with no remembered answer gets.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentsPolicy {
    /// The person is asked.
    #[default]
    Ask,
    /// It may use every server.
    Allow,
    /// It may use none.
    Deny,
}

/// Where secrets are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultChoice {
    /// In the keychain if there is one, else in memory with a standing notice.
    #[default]
    Auto,
    /// In the keychain or nowhere.
    Keychain,
    /// In a file that is encrypted with a passphrase.
    File,
    /// In memory: gone when the valet ends.
    Memory,
    /// On an etcd that several machines share.
    Etcd(Box<Etcd>),
}
