//! What the lists of other programs come to here, secrets and all: which servers of ours they are, which
//! secret goes where, how each file leads here afterwards, and what stays.
//!
//! Nothing here goes online, asks anybody or does anything: files of other programs are read, and a plan
//! comes out. The secrets in it are for the vault alone, and what is shown of it has none.

mod address;
mod copies;
#[cfg(any(test, feature = "fuzz"))]
pub mod fuzz;
mod key;
mod local;
mod members;
mod place;
mod plan;
mod remote;
mod servers;
mod survey;
mod suspect;
mod thing;
mod why;

pub use copies::Copied;
pub use key::Key;
pub use place::Place;
pub use plan::{Plan, Stays, Wanted, plan};
pub use servers::{Here, Joined, There};
pub use survey::{Lying, survey};
pub use why::Why;
