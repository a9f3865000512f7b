//! Locking: nothing is handed out, and memory holds no secret that the vault has too, until the person is back.
//!
//! [`rule`] decides and knows no system; each source of signals is in a file of its own, and one task follows them all.

mod activity;
mod alarm;
mod cause;
mod follow;
mod idle;
mod logind;
mod rule;
mod screensaver;
mod source;

pub(crate) use activity::{Activity, InUse};
pub use cause::Cause;
pub(crate) use follow::start;
pub(crate) use idle::look;

/// The valet, locked.
#[derive(Debug)]
pub(crate) struct Lock {
    /// What locked it.
    pub(crate) cause: Cause,
    /// The program that first asked for something since, at a time when the person could see a reminder of it.
    pub(crate) wanted_by: Option<String>,
}
