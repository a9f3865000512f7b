//! Where a socket is led here from.

use crate::container::Container;
use crate::host::{Host, HostError};
use std::fmt;

/// What stands before the name of a container, where both are one text. No host has a space.
const CONTAINER: &str = "container ";

/// A place whose socket is led here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// A host that `ssh` reaches.
    Ssh(Host),
    /// A container that runs on this machine.
    Container(Container),
}

impl Place {
    /// Reads what [`Place`] is shown as.
    ///
    /// # Errors
    /// It is no name of a host or a container.
    pub fn parse(text: &str) -> Result<Self, HostError> {
        match text.strip_prefix(CONTAINER) {
            Some(name) => Container::parse(name).map(Self::Container),
            None => Host::parse(text).map(Self::Ssh),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ssh(host) => host.fmt(f),
            Self::Container(container) => write!(f, "{CONTAINER}{}", container.as_str()),
        }
    }
}
