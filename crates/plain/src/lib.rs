//! Text from outside as a person may read it, and paste it. Every room uses it, and it knows none.

mod address;
mod called;
mod command;
mod name;
mod seen;

pub use address::{address, address_within, ascii, pasted};
pub use called::{is_simple, named, named_in};
pub use command::{command, command_line, command_with};
pub use name::{Face, mixes_scripts};
pub use seen::{json, misleads, plain, shown};
