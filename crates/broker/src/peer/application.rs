//! The application behind a process, as a person would name it.

use super::Executable;
use serde::{Deserialize, Serialize};

/// What the person is asked about, and what answers are remembered by.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Application {
    identity: Identity,
    name: String,
    path: String,
    longest: Longest,
}

/// By what an application is told from all others.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Identity {
    /// Its program file.
    Program(Executable),
}

/// How long a "yes" to an application may stand, by how surely it is known when it comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Longest {
    /// Until the valet ends.
    Session,
    /// Until the person takes it back.
    Always,
}

impl Application {
    pub(super) fn of(executable: &Executable) -> Self {
        let longest = if executable.stands_for_others() { Longest::Session } else { Longest::Always };
        Self {
            name: executable.name(),
            path: executable.path(),
            identity: Identity::Program(executable.clone()),
            longest,
        }
    }

    /// By what it is known again.
    pub(crate) const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Its name, as a person can read it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The path of its program, as a person can read it.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// How long a "yes" to it may stand.
    pub(crate) const fn longest(&self) -> Longest {
        self.longest
    }
}

/// The same application may bear another name next time.
impl PartialEq for Application {
    fn eq(&self, other: &Self) -> bool {
        self.identity == other.identity
    }
}

impl Eq for Application {}
