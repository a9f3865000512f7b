//! The valet, locked.

use ground::cause::Cause;

/// The valet, locked.
#[derive(Debug)]
pub(crate) struct Lock {
    /// What locked it.
    pub(crate) cause: Cause,
    /// The program that first asked for something since, at a time when the person could see a reminder of
    /// it.
    pub(crate) wanted_by: Option<String>,
}
