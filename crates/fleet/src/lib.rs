//! A vault that several machines share, on an etcd as it is.
//!
//! The engine is not trusted: each item is sealed to the members and signed by one of them, bound to its key,
//! its prefix and its version; each machine pins the list of members, and remembers how new each item was
//! that it saw. What an operator of the engine can do is to read names, and to take away: see `THREATS.md`.

mod answer;
mod engine;
mod follow;
mod item;
mod keys;
mod machine;
mod members;
mod pins;
mod shared;
mod steward;
mod store;
#[cfg(test)]
mod stored;
mod trouble;
mod turn;
mod watched;

pub use follow::Fleet;
pub use machine::Request;
pub use members::{Member, Pin};
pub use steward::{Left, Steward};
pub use trouble::FleetError;

use config::Etcd;
use std::path::Path;
use std::sync::Arc;

/// The shared vault as this machine uses it. Nothing is sent before the first question; `state` is the folder
/// of what the valet writes down. Has to be called within a runtime.
///
/// # Errors
/// This machine has no keys yet, or a file or setting cannot be used.
pub fn open(etcd: &Etcd, state: &Path) -> Result<Arc<Fleet>, FleetError> {
    Fleet::open(etcd, state)
}
