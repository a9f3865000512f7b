//! Keeps a socket in another place led to this desk: by `ssh`, or made in a container from outside. Each
//! connection that comes by it is handed over. Who may use what, and where secrets are, is not known here.

mod by_ssh;
mod container;
mod fault;
mod host;
mod inside;
mod life;
mod link;
mod near;
mod place;
mod probe;
mod said;
mod ssh;

pub use container::Container;
pub use fault::Fault;
pub use host::{Host, HostError};
pub use link::{Link, State};
pub use place::Place;

/// Where the socket is there, below the home of whoever ssh logs in as.
pub const FAR_SOCKET: &str = ".mcp-valet/agent.sock";
