//! Locking: nothing is handed out, and memory holds no secret that the vault has too, until the person is
//! back.
//!
//! [`rule`] decides and knows no system; each source of signals is in a file of its own, and one task follows
//! them all.

pub(crate) mod activity;
pub(crate) mod alarm;
mod logind;
pub(crate) mod rule;
mod screensaver;
pub(crate) mod source;

pub(crate) use activity::Activity;
