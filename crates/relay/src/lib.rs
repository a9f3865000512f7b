//! What of MCP passes between an agent and a server, whoever they are: which headers, and where a stream of
//! events is cut, and where in it an answer is. No I/O.

pub mod answer;
pub mod events;
pub mod headers;
pub mod lines;
mod spelled;
pub mod veil;
pub mod whole;
