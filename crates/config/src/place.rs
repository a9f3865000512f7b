//! Where a server is.

use crate::program::Program;
use std::fmt;
use terms::ServerUrl;

/// Where a server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// At an address.
    Remote(ServerUrl),
    /// On this machine: a program that the valet starts.
    Local(Program),
}

impl Place {
    /// What tells it from every other place.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Remote(url) => url.as_str(),
            Self::Local(program) => program.as_str(),
        }
    }

    /// Its address, if it has one.
    #[must_use]
    pub const fn url(&self) -> Option<&ServerUrl> {
        match self {
            Self::Remote(url) => Some(url),
            Self::Local(_) => None,
        }
    }

    /// The program, if it is one.
    #[must_use]
    pub const fn program(&self) -> Option<&Program> {
        match self {
            Self::Remote(_) => None,
            Self::Local(program) => Some(program),
        }
    }

    /// Whose it is, in a word: the host, or the command.
    #[must_use]
    pub fn host(&self) -> String {
        match self {
            Self::Remote(url) => url.host(),
            Self::Local(program) => plain::shown(&program.command),
        }
    }

    /// Its whole address as a browser has it, or the command as it would be typed.
    #[must_use]
    pub fn whole(&self) -> String {
        match self {
            // Where a key goes is as plain as it was written.
            Self::Remote(url) if url.as_str().contains("${") => {
                url.url().as_str().replace("$%7B", "${").replace("%7D", "}")
            }
            Self::Remote(url) => url.url().as_str().to_owned(),
            Self::Local(program) => program.said(),
        }
    }
}

/// As a person reads it.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Remote(url) => url.fmt(f),
            Self::Local(program) => f.write_str(&program.said()),
        }
    }
}
