//! To whom it is counted what programs hold.

use super::{Application, Identity, Longest};

/// To whom a connection is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Room {
    /// Who is not looked at yet, or never is.
    Newcomers,
    /// One application.
    Application(Identity),
    /// All that cannot be told from each other, together: else each process would have a room of its own.
    Unknown,
}

impl Room {
    /// The room of a program.
    pub fn of(application: &Application) -> Self {
        match application.longest() {
            Longest::Once => Self::Unknown,
            Longest::Session | Longest::Always => Self::Application(application.identity().clone()),
        }
    }
}
