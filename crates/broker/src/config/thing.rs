//! What a server is, whatever it is called: by where it is, and by what its tokens are for.
//!
//! This is meant to be wider than the equality by which a server is found by its URL: other spellings of one
//! address, a query, or another name of this machine give the same token to the same server in practice, and
//! would be all it takes to get around a "no". Where that is wider than the person means, their answer for
//! the other entry stands.

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use url::{Host, Url};

/// Names of one thing that are remembered: a server that calls itself something else each time is not
/// followed for ever.
const MOST_KEYS: usize = 8;

/// By what two entries are one thing: normal forms of their addresses and of the resources (RFC 8707) that
/// their tokens are for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Thing(BTreeSet<String>);

impl Thing {
    pub(crate) fn at(address: &str) -> Self {
        Self(BTreeSet::from([key(address)]))
    }

    /// Whether both are the same, by any of their names.
    pub(crate) fn is(&self, other: &Self) -> bool {
        !self.0.is_disjoint(&other.0)
    }

    /// Learns other names of it.
    pub(crate) fn join(&mut self, other: &Self) {
        let room = MOST_KEYS.saturating_sub(self.0.len());
        let new: Vec<String> = other.0.difference(&self.0).take(room).cloned().collect();
        self.0.extend(new);
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// An address without what makes no difference to who answers there. Whatever is no address stays as it is.
fn key(address: &str) -> String {
    let Some((url, host)) = Url::parse(address).ok().and_then(|url| Some((url.clone(), host(&url)?))) else {
        return address.to_owned();
    };
    let port = url.port_or_known_default().unwrap_or_default();
    let path = percent_decode_str(url.path()).decode_utf8_lossy();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    format!("{}://{host}:{port}/{}", url.scheme(), segments.join("/"))
}

fn host(url: &Url) -> Option<String> {
    Some(match url.host()? {
        Host::Ipv4(ip) if ip.is_loopback() => "localhost".to_owned(),
        Host::Ipv6(ip) if ip.to_canonical().is_loopback() => "localhost".to_owned(),
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            if name.ends_with(".localhost") { "localhost".to_owned() } else { name.to_owned() }
        }
        Host::Ipv4(_) | Host::Ipv6(_) => url.host_str()?.to_owned(),
    })
}
