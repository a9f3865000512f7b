//! The valet, locked.

use ground::cause::Cause;

/// The valet, locked.
#[derive(Debug)]
pub struct Lock {
    /// What locked it.
    pub cause: Cause,
    /// The program that first asked for something since, at a time when the person could see a reminder of
    /// it.
    pub wanted_by: Option<String>,
}
