//! What an agent asks an MCP server for, as it is read before it is judged, and what a server lists of its
//! tools. No I/O.
//!
//! The message that was judged is the one that is sent, byte for byte. So nothing may be read here in one way
//! and by a server in another: what is ambiguous is refused, and not mended.

pub mod arguments;
pub mod deed;
mod distinct;
pub mod flaw;
#[cfg(any(test, feature = "fuzz"))]
pub mod fuzz;
pub mod headers;
pub mod listing;
mod members;
pub mod tool;
