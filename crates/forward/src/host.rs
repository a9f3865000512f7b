//! The name by which `ssh` is told where to go.

use std::fmt;
use words::say;

/// Longest name, in bytes: that of a host has at most 253 (RFC 1035 section 2.3.4).
const LONGEST: usize = 255;

/// A destination of `ssh`: a name of the person's own configuration, a host, or `user@host`.
///
/// It has none but letters, digits and a few signs. `ssh` puts it into commands of the configuration
/// (`ProxyCommand`, `Match exec`), where a shell reads it, and takes what begins with a dash for an option.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Host(String);

/// Why something is no such name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// There is nothing, or too much.
    #[error("{}", say!(forward_host_length))]
    Length,
    /// It would be taken for an option.
    #[error("{}", say!(forward_host_dash))]
    Dash,
    /// A shell, or a person, could read something else in it.
    #[error("{}", say!(forward_host_sign))]
    Sign,
}

impl Host {
    /// Reads a destination.
    ///
    /// # Errors
    /// It is none that `ssh` could be given safely.
    pub fn parse(text: &str) -> Result<Self, HostError> {
        if text.is_empty() || text.len() > LONGEST {
            return Err(HostError::Length);
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-_@:/+".contains(c);
        if !text.chars().all(is_plain) {
            return Err(HostError::Sign);
        }
        // All that has a slash is the whole address; `ssh` would take the rest for a folder of sockets.
        if text.strip_prefix("ssh://").unwrap_or(text).contains('/') {
            return Err(HostError::Sign);
        }
        if text.split(['@', '/', ':']).any(|part| part.starts_with('-')) {
            return Err(HostError::Dash);
        }
        Ok(Self(text.to_owned()))
    }

    /// As it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_people_give_hosts_are_read() {
        for name in ["build", "me@build.example.com", "10.0.0.7", "::1", "ssh://me@build:2222", "a_b-c+d"] {
            assert_eq!(Host::parse(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn what_ssh_or_a_shell_would_read_otherwise_is_none() {
        for name in ["-oBatchMode", "me@-oProxyCommand", "ssh://-x", "-"] {
            assert_eq!(Host::parse(name), Err(HostError::Dash), "{name}");
        }
        for name in [
            "-oProxyCommand=id",
            "a b",
            "a\nb",
            "a\tb",
            "a\0b",
            "\u{1b}[2J",
            "a;id",
            "$(id)",
            "`id`",
            "a|b",
            "a&b",
            "a'b",
            "a\"b",
            "%h",
            "a\\b",
            "a*b",
            "a{b",
            "~me",
            "#a",
            "!a",
            "bücher",
            "bu\u{202e}ild",
            "а",
            "a/b",
            "/tmp/x",
            "ssh://a/b",
        ] {
            assert_eq!(Host::parse(name), Err(HostError::Sign), "{name:?}");
        }
        assert_eq!(Host::parse(""), Err(HostError::Length));
        assert_eq!(Host::parse(&"a".repeat(256)), Err(HostError::Length));
    }
}
