//! What is remembered of a server's settings, so that one that comes back is held against what it was.

use super::raise::{aims, endpoints, key_file, openness};
use super::{HandOut, ServerConfig, Verify};
use ground::fingerprint::fingerprint;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The settings by which an edit can give more than before: whole where they are plain, else by a mark.
/// Nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// A server with another address is another server. Of a program, what it is started by.
    pub(super) url: String,
    /// A mark of where it signs in, and how its issuer is found.
    pub(super) endpoints: String,
    /// A mark of our client there, and of what else a sign-in is made of. Older marks have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) aims: Option<String>,
    /// How openly its token is handed out; more is more open.
    pub(super) openness: u8,
    /// How strictly its tokens are checked; less is laxer.
    pub(super) strictness: u8,
    /// A mark of what goes with each request to it, without its keys. Older marks have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) headers: Option<String>,
    /// The keys that the file had itself, by their names.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) found: BTreeSet<String>,
    /// A mark of the folders that it is the account for. Older marks have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) folders: Option<String>,
    /// A mark of the file that its private key is read from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) key_file: Option<String>,
    /// A mark of where what proves the person is read from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<String>,
}

impl Known {
    /// Whether agents got no token of it itself.
    pub const fn is_kept_to_the_proxy(&self) -> bool {
        self.openness == openness(Some(HandOut::Proxy))
    }

    /// Whether the file had the keys itself that it has now.
    pub fn had_keys_of(&self, server: &ServerConfig) -> bool {
        server.headers.found().all(|(name, _)| self.found.contains(name.as_str()))
    }

    /// What is remembered of a server as it stands in the file.
    pub fn of(server: &ServerConfig) -> Self {
        let mark = |text: String| fingerprint(&[&text]);
        Self {
            url: server.place.as_str().to_owned(),
            endpoints: mark(endpoints(server)),
            aims: Some(mark(aims(&server.oauth))),
            openness: openness(server.hand_out),
            strictness: match server.verify {
                Verify::Off => 0,
                Verify::Warn => 1,
                Verify::Enforce => 2,
            },
            headers: (!server.headers.is_empty()).then(|| mark(format!("{:?}", server.headers.plain()))),
            found: server.headers.found().map(|(name, _)| name.as_str().to_owned()).collect(),
            folders: (!server.folders.is_empty()).then(|| mark(format!("{:?}", server.folders))),
            key_file: key_file(&server.oauth).map(|file| mark(format!("{file:?}"))),
            source: server.oauth.grant.source().map(|source| mark(format!("{source:?}"))),
        }
    }
}
