//! What a server is, whatever it is called: by where it is, and by what its tokens are for.
//!
//! This is meant to be wider than the equality by which a server is found by its URL: other spellings of one
//! address, a query, or another name of this machine give the same token to the same server in practice, and
//! would be all it takes to get around a "no". Where that is wider than the person means, their answer for
//! the other entry stands.

use crate::place::Place;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::net::IpAddr;
use url::{Host, Url};

/// The name under which all names of this machine are one.
const HERE: &str = "localhost";

/// Names of one thing that are remembered: a server that calls itself something else each time is not
/// followed for ever.
const MOST_KEYS: usize = 8;

/// By what two entries are one thing: normal forms of their addresses and of the resources (RFC 8707) that
/// their tokens are for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Thing(BTreeSet<String>);

impl Thing {
    /// The thing at an address.
    pub fn at(address: &str) -> Self {
        Self(BTreeSet::from([key(address)]))
    }

    /// The thing at the place of a server.
    pub fn of(place: &Place) -> Self {
        let address = place.url().and_then(|address| normal(address.url()));
        Self(BTreeSet::from([address.unwrap_or_else(|| key(place.as_str()))]))
    }

    /// Whether both are the same, by any of their names.
    pub fn is(&self, other: &Self) -> bool {
        !self.0.is_disjoint(&other.0)
    }

    /// Learns other names of it.
    pub fn join(&mut self, other: &Self) {
        let room = MOST_KEYS.saturating_sub(self.0.len());
        let new: Vec<String> = other.0.difference(&self.0).take(room).cloned().collect();
        self.0.extend(new);
    }

    /// Its names, in their normal forms.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// An address without what makes no difference to who answers there. Whatever is no address stays as it is.
fn key(address: &str) -> String {
    Url::parse(address).ok().and_then(|url| normal(&url)).unwrap_or_else(|| address.to_owned())
}

fn normal(url: &Url) -> Option<String> {
    let path = percent_decode_str(url.path()).decode_utf8_lossy();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    Some(format!("{}/{}", with_port(url)?, segments.join("/")))
}

fn with_port(url: &Url) -> Option<String> {
    let port = url.port_or_known_default().unwrap_or_default();
    Some(format!("{}://{}:{port}", url.scheme(), host(url)?))
}

/// The origin of an address, the same for all spellings of it.
pub fn origin(url: &Url) -> String {
    with_port(url).unwrap_or_else(|| url.origin().ascii_serialization())
}

/// A page, the same for all spellings of its address. Servers differ in whether they mind upper and lower
/// case.
pub fn page(url: &Url) -> String {
    normal(url).unwrap_or_else(|| url.as_str().to_owned()).to_lowercase()
}

/// Whether `child` is `parent` or below it, both being normal forms.
pub fn is_below(child: &str, parent: &str) -> bool {
    let rest = child.strip_prefix(parent.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether an address is of this machine.
pub fn is_here(url: &Url) -> bool {
    host(url).is_some_and(|host| host == HERE)
}

fn host(url: &Url) -> Option<String> {
    Some(match url.host()? {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            if name.ends_with(".localhost") { HERE.to_owned() } else { name }
        }
        Host::Ipv4(ip) => by_number(IpAddr::V4(ip)),
        Host::Ipv6(ip) => by_number(ip.to_canonical()),
    })
}

/// Who asks for no address at all is answered by this machine.
fn by_number(ip: IpAddr) -> String {
    if ip.is_loopback() || ip.is_unspecified() { HERE.to_owned() } else { ip.to_string() }
}
