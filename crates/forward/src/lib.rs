//! Keeps a socket in another place led to this desk: runs the `ssh` that does it, and hands over each
//! connection that comes by it. Who may use what, and where secrets are, is not known here.

mod fault;
mod host;
mod life;
mod link;
mod near;
mod probe;
mod said;
mod ssh;

pub use fault::Fault;
pub use host::{Host, HostError};
pub use link::{Link, State};

/// Where the socket is there, below the home of whoever ssh logs in as.
pub const FAR_SOCKET: &str = ".mcp-valet/agent.sock";
