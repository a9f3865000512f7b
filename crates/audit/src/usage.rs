//! The entry that is written most often, of what is at hand.

use jiff::Timestamp;
use serde::Serialize;
use wire::{Act, ActorKind};

/// A program's use of a server. It is written as an [`AuditEntry`](wire::AuditEntry) that says the same.
#[derive(Debug, Serialize)]
pub struct Use<'a> {
    /// When.
    pub at: Timestamp,
    /// What was done.
    pub what: Act,
    /// Always a program.
    pub by: ActorKind,
    /// Its name.
    pub agent: &'a str,
    /// Its path.
    pub executable: &'a str,
    /// By what it is found again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<&'a str>,
    /// What connected for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub through: Option<&'a str>,
    /// The server's name.
    pub server: &'a str,
    /// Whose account it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<&'a str>,
    /// The folder that said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<&'a str>,
    /// The scopes of what was handed out.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub scopes: &'a [String],
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::entry;
    use wire::Actor;

    #[test]
    fn a_use_is_written_as_an_entry_that_says_the_same() {
        let (at, scopes) = (Timestamp::UNIX_EPOCH, vec!["read".to_owned()]);
        let mut whole = entry(at, Act::HandOut, Actor::program("curl", "/usr/bin/curl"));
        let mut brief = Use { at, ..curl() };
        whole.server = Some("linear".to_owned());
        assert_eq!(serde_json::to_string(&brief).unwrap(), serde_json::to_string(&whole).unwrap());
        (whole.mark, whole.through, whole.scopes) =
            (Some("m".to_owned()), Some("sh".to_owned()), scopes.clone());
        (brief.mark, brief.through, brief.scopes) = (Some("m"), Some("sh"), &scopes);
        (whole.account, whole.folder) = (Some("ada".to_owned()), Some("/srv".to_owned()));
        (brief.account, brief.folder) = (Some("ada"), Some("/srv"));
        assert_eq!(serde_json::to_string(&brief).unwrap(), serde_json::to_string(&whole).unwrap());
    }

    /// A token of one server for one program.
    pub(crate) const fn curl() -> Use<'static> {
        Use {
            at: Timestamp::UNIX_EPOCH,
            what: Act::HandOut,
            by: ActorKind::Program,
            agent: "curl",
            executable: "/usr/bin/curl",
            mark: None,
            through: None,
            server: "linear",
            account: None,
            folder: None,
            scopes: &[],
        }
    }
}
