//! Locking: nothing is handed out, and memory holds no secret that the vault has too, until the person is
//! back.
//!
//! [`rule`] decides and knows no system; each source of signals is in a file of its own, and one task follows
//! them all.

mod activity;
pub mod alarm;
pub mod keychain;
mod logind;
pub mod rule;
mod screensaver;
pub mod source;

pub use activity::Usage;
