//! What of MCP passes between an agent and a server, whoever they are: which headers, and where a stream of
//! events is cut. No I/O.

pub mod events;
pub mod headers;
