//! Which remote MCP servers other programs list, and what of that the valet can take over: text in, found
//! servers out.
//!
//! Nothing here adds a server, asks anybody or goes online. Of what is read, only addresses, names and
//! settings that are no secrets come out; headers and secrets are said to be there, and never copied. Whoever
//! moves them asks for the entries themselves.

mod bridge;
mod client;
mod entry;
mod file;
mod format;
#[cfg(any(test, feature = "fuzz"))]
pub mod fuzz;
mod key;
mod lenient;
mod listing;
mod mend;
mod name;
mod oauth;
mod place;
mod plain;
mod same;
mod tree;
mod whole;

pub use bridge::words;
pub use client::{Client, UnknownClient};
pub use entry::{Left, Why};
pub use file::{LIMIT, within_limit};
pub use format::Format;
pub use listing::{Listing, Notice, Offer, Other, Seen, listing};
pub use mend::mended;
pub use name::free as free_name;
pub use place::{Findings, Folders, listed, look};
pub use plain::misleads;
pub use same::{is_nothing, is_plain, leads_itself};
pub use tree::Listed;
pub use whole::{Whole, addresses, has_variables, key_in, keys_within, whole};
