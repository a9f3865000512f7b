//! Keeps a socket in another place led to this desk: by `ssh`, or made in a container from outside. Each
//! connection that comes by it is handed over. Who may use what, and where secrets are, is not known here.
//!
//! What engines know of containers is asked for here alone, also for naming whoever is in one.

mod bearing;
mod by_ssh;
mod container;
mod engine;
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

pub use bearing::id_borne_by;
pub use container::Container;
pub use engine::{Described, described};
pub use fault::Fault;
pub use host::{Host, HostError};
pub use link::{Link, State};
pub use place::Place;

/// Where the socket is there, below the home of whoever ssh logs in as.
pub const FAR_SOCKET: &str = ".mcp-valet/agent.sock";
