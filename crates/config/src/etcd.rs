//! Where a fleet keeps the vault that it shares: an etcd, as it is.

use serde::{Deserialize, Deserializer, Serialize};
use std::path::PathBuf;
use terms::reach::is_loopback;
use url::Url;
use words::say;

/// Most endpoints that are tried in turn.
const MOST_ENDPOINTS: usize = 16;
/// Letters of a prefix.
const LONGEST_PREFIX: usize = 200;

/// An etcd, and how it is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Etcd {
    /// Its client addresses, which are tried in turn: https, or http on this machine.
    #[serde(deserialize_with = "endpoints")]
    pub endpoints: Vec<Url>,
    /// Whose certificates are believed there, and what this machine shows.
    #[serde(default)]
    pub tls: EtcdTls,
    /// As whom it is signed in to. The password is in no file of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Below what all keys are.
    #[serde(default = "prefix_by_default", deserialize_with = "prefix")]
    pub prefix: String,
    /// For how many seconds tokens in memory serve while it cannot be reached.
    #[serde(default = "stale_by_default", deserialize_with = "stale")]
    pub stale_seconds: u32,
}

/// Certificates, as PEM files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EtcdTls {
    /// The authorities that are believed, instead of the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
    /// The certificate of this machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cert: Option<PathBuf>,
    /// Its private key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<PathBuf>,
}

fn prefix_by_default() -> String {
    "mcp-valet".to_owned()
}

const fn stale_by_default() -> u32 {
    60
}

fn endpoints<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Url>, D::Error> {
    let endpoints = Vec::<Url>::deserialize(from)?;
    let is_usable = |url: &Url| {
        let plain = url.scheme() == "http" && is_loopback(url);
        (plain || url.scheme() == "https")
            && url.username().is_empty()
            && url.password().is_none()
            && matches!(url.path(), "" | "/")
            && url.query().is_none()
    };
    if endpoints.is_empty() || endpoints.len() > MOST_ENDPOINTS || !endpoints.iter().all(is_usable) {
        return Err(serde::de::Error::custom(say!(config_etcd_endpoints)));
    }
    Ok(endpoints)
}

fn prefix<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let prefix = String::deserialize(from)?;
    let simple = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
    let begins = prefix.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '/');
    if !begins || prefix.ends_with('/') || prefix.len() > LONGEST_PREFIX || !prefix.chars().all(simple) {
        return Err(serde::de::Error::custom(say!(config_etcd_prefix)));
    }
    Ok(prefix)
}

fn stale<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    let seconds = u32::deserialize(from)?;
    if !(10..=3600).contains(&seconds) {
        return Err(serde::de::Error::custom(say!(config_etcd_stale)));
    }
    Ok(seconds)
}

#[cfg(test)]
mod tests {
    use super::Etcd;
    use serde_json::{Value, json};

    fn read(value: Value) -> Option<Etcd> {
        serde_json::from_value(value).ok()
    }

    #[test]
    fn an_engine_is_reached_by_tls_or_on_this_machine() {
        for (endpoint, usable) in [
            ("https://etcd.example.com:2379", true),
            ("http://127.0.0.1:2379", true),
            ("http://[::1]:2379", true),
            ("http://etcd.example.com:2379", false),
            ("https://user:secret@etcd.example.com", false),
            ("https://etcd.example.com/v3", false),
        ] {
            assert_eq!(read(json!({"endpoints": [endpoint]})).is_some(), usable, "{endpoint}");
        }
        assert!(read(json!({"endpoints": []})).is_none());
    }

    #[test]
    fn a_password_has_no_place_in_the_file() {
        let with = json!({"endpoints": ["https://e.example"], "user": "valet", "password": "p"});
        assert!(read(with).is_none());
    }

    #[test]
    fn what_is_not_said_has_a_default_and_what_is_said_is_bounded() {
        let etcd = read(json!({"endpoints": ["https://e.example"]})).unwrap();
        assert_eq!((etcd.prefix.as_str(), etcd.stale_seconds), ("mcp-valet", 60));
        for wrong in [json!({"staleSeconds": 5}), json!({"staleSeconds": 7200}), json!({"prefix": "a b"})] {
            let mut value = json!({"endpoints": ["https://e.example"]});
            value.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
            assert!(read(value).is_none(), "{wrong}");
        }
    }
}
