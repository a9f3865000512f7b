//! What is started, and for whom.

use secret::Secret;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;
use zeroize::Zeroizing;

/// A program as it is started: all of its environment, and nothing of ours.
#[derive(Debug, Clone)]
pub struct Program {
    /// A path, or a name that is looked for in `PATH` of its environment.
    pub command: OsString,
    /// What follows it.
    pub args: Vec<Word>,
    /// Its whole environment.
    pub env: Vec<(OsString, Word)>,
    /// The folder that it works in.
    pub cwd: PathBuf,
    /// What is covered wherever the program says it.
    pub secrets: Vec<Secret>,
}

impl Program {
    /// A variable of its environment; the last one of this name counts.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&OsStr> {
        self.env.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_os_str())
    }
}

/// An argument, or the value of a variable. It may hold a secret: it cannot be shown, and is wiped.
#[derive(Clone, PartialEq, Eq)]
pub struct Word(Zeroizing<Vec<u8>>);

impl Word {
    /// The text itself, for the one place that starts the program.
    #[must_use]
    pub fn as_os_str(&self) -> &OsStr {
        OsStr::from_bytes(&self.0)
    }
}

impl From<OsString> for Word {
    fn from(text: OsString) -> Self {
        Self(Zeroizing::new(text.into_vec()))
    }
}

impl From<&str> for Word {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(text.as_bytes().to_vec()))
    }
}

impl From<String> for Word {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text.into_bytes()))
    }
}

impl From<&Secret> for Word {
    fn from(secret: &Secret) -> Self {
        Self::from(secret.expose())
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[word]")
    }
}

/// Whose processes they are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Owner {
    /// The ID of the server.
    pub server: String,
    /// The mark of the application. Bounds are for all of its runs together.
    pub application: String,
    /// The mark of its run that asks: without sessions each has a process of its own, and in a session any
    /// may go on.
    pub run: String,
}

impl Owner {
    /// Whether it is the same application that uses the same server, in whichever run.
    #[must_use]
    pub fn is_same_application(&self, other: &Self) -> bool {
        (&self.server, &self.application) == (&other.server, &other.application)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_is_told_is_not_shown() {
        let key = Secret::from("sk-1234".to_owned());
        let program = Program {
            command: "npx".into(),
            args: vec![Word::from(&key)],
            env: vec![("KEY".into(), Word::from(&key))],
            cwd: "/".into(),
            secrets: vec![key],
        };
        assert!(!format!("{program:?}").contains("sk-1234"));
        assert_eq!(program.variable("KEY"), Some(OsStr::new("sk-1234")));
    }
}
