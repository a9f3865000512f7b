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
    #[serde(default)]
    icon: Option<String>,
    #[serde(default)]
    by: Option<String>,
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
    /// One token or one MCP session: it cannot be told from others. No answer about it is remembered, nor matched to it.
    Once,
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
            icon: None,
            by: None,
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

    /// Its icon, as the desktop knows it: a name in the icon theme, or an absolute path.
    #[allow(dead_code, reason = "the question shows it")]
    pub(crate) fn icon(&self) -> Option<&str> {
        self.icon.as_deref()
    }

    /// Where the name comes from something softer than its program file: by what it is called so, as a person can read it.
    #[allow(dead_code, reason = "the question shows it")]
    pub(crate) fn by(&self) -> Option<&str> {
        self.by.as_deref()
    }
}

/// The same application may bear another name next time.
impl PartialEq for Application {
    fn eq(&self, other: &Self) -> bool {
        self.identity == other.identity
    }
}

impl Eq for Application {}
