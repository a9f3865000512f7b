//! Who does something: the person, or a program.

use super::Application;
use wire::Actor;

/// Who began a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// The person, in a shell.
    Person,
    /// A program, over the socket.
    Agent(Application),
}

impl By {
    /// What a person calls them.
    pub fn name(&self) -> &str {
        match self {
            Self::Person => "the person",
            Self::Agent(application) => application.name(),
        }
    }

    /// As whom the audit tells of it.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Person => Actor::person(),
            Self::Agent(application) => Actor::program(application.name(), application.path()),
        }
    }
}
