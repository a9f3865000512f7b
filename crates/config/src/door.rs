//! The door for clients that know nothing but HTTP and OAuth: where it is, what it is called, and where
//! answers may go.

use serde::{Deserialize, Deserializer};
use std::net::SocketAddr;
use url::Url;
use words::say;

/// Redirect URIs that may be listed.
const MOST_REDIRECTS: usize = 16;
/// The longest of them, in bytes.
const LONGEST: usize = 2048;

/// The door, where there is one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DoorConfig {
    /// Where it listens: on this machine alone.
    #[serde(deserialize_with = "loopback")]
    pub listen: SocketAddr,
    /// What it is called from outside, where something in front of it ends TLS: an https origin, without a
    /// slash at its end.
    #[serde(default, deserialize_with = "origin")]
    pub external_url: Option<String>,
    /// Where answers may go beside this machine, exactly as clients write it. With `external_url`, loopback
    /// is the machine of whoever asks: then nothing goes there that is not listed.
    #[serde(default, deserialize_with = "redirects")]
    pub redirects: Vec<String>,
}

impl DoorConfig {
    /// The origin below which everything of it is: the one from outside, or the listener's own.
    #[must_use]
    pub fn origin(&self) -> String {
        self.external_url.clone().unwrap_or_else(|| self.own_origin())
    }

    /// The listener's own origin.
    #[must_use]
    pub fn own_origin(&self) -> String {
        format!("http://{}", self.listen)
    }

    /// Host and port by which it is asked from outside, as they stand in a request.
    #[must_use]
    pub fn external_host(&self) -> Option<&str> {
        self.external_url.as_deref().and_then(|url| url.strip_prefix("https://"))
    }

    /// What it opens, in one line.
    #[must_use]
    pub fn said(&self) -> String {
        match (&self.external_url, self.redirects.as_slice()) {
            (None, []) => self.own_origin(),
            (Some(url), []) => format!("{} ({url})", self.own_origin()),
            (_, redirects) => format!("{} → {}", self.origin(), redirects.join(", ")),
        }
    }
}

fn loopback<'de, D: Deserializer<'de>>(from: D) -> Result<SocketAddr, D::Error> {
    let address: Option<SocketAddr> = String::deserialize(from)?.parse().ok();
    // One without a port of its own would have another address each time.
    let good = address.filter(|address| address.ip().is_loopback() && address.port() != 0);
    good.ok_or_else(|| serde::de::Error::custom(say!(config_door_listen)))
}

fn origin<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let raw = String::deserialize(from)?;
    let wrong = || serde::de::Error::custom(say!(config_door_external));
    let url = Url::parse(&raw).map_err(|_| wrong())?;
    let origin = url.origin().ascii_serialization();
    let is_origin = url.scheme() == "https" && raw.trim_end_matches('/').eq_ignore_ascii_case(&origin);
    is_origin.then_some(Some(origin)).ok_or_else(wrong)
}

fn redirects<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let all = Vec::<String>::deserialize(from)?;
    let is_good = |raw: &String| {
        let url = Url::parse(raw).ok().filter(|url| url.scheme() == "https" || is_loopback(url));
        raw.len() <= LONGEST && url.is_some_and(|url| url.fragment().is_none() && url.username().is_empty())
    };
    let good = all.len() <= MOST_REDIRECTS && all.iter().all(is_good);
    good.then_some(all).ok_or_else(|| serde::de::Error::custom(say!(config_door_redirects)))
}

fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http" && matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door(text: &str) -> Result<DoorConfig, serde_json::Error> {
        serde_json::from_str(text)
    }

    #[test]
    fn a_door_is_on_this_machine_and_called_by_https() {
        let door_here = door(r#"{"listen": "127.0.0.1:8790"}"#).unwrap();
        assert_eq!(door_here.origin(), "http://127.0.0.1:8790");
        let outside =
            door(r#"{"listen": "[::1]:8790", "externalUrl": "https://Valet.example.com/"}"#).unwrap();
        assert_eq!(outside.origin(), "https://valet.example.com");
        assert_eq!(outside.external_host(), Some("valet.example.com"));
        let here = r#"{"listen": "127.0.0.1:1", "redirects": ["http://localhost/callback"]}"#;
        assert!(door(here).is_ok());
        for wrong in [
            r#"{"listen": "0.0.0.0:8790"}"#,
            r#"{"listen": "192.168.1.2:8790"}"#,
            r#"{"listen": "127.0.0.1:0"}"#,
            r#"{"listen": "localhost:8790"}"#,
            r#"{"listen": "127.0.0.1:1", "externalUrl": "http://valet.example.com"}"#,
            r#"{"listen": "127.0.0.1:1", "externalUrl": "https://valet.example.com/path"}"#,
            r#"{"listen": "127.0.0.1:1", "externalUrl": "https://me@valet.example.com"}"#,
            r#"{"listen": "127.0.0.1:1", "redirects": ["http://app.example.com/cb"]}"#,
            r#"{"listen": "127.0.0.1:1", "redirects": ["https://app.example.com/cb#x"]}"#,
            r#"{"listen": "127.0.0.1:1", "more": 1}"#,
        ] {
            assert!(door(wrong).is_err(), "{wrong}");
        }
    }
}
