//! The agents' door: HTTP over a Unix socket that belongs to one user.

mod arrivals;
mod contained;
mod events;
mod news;
pub(in crate::http) mod routes;
#[cfg(test)]
mod schema;
mod serve;
mod socket;
mod token;
mod wall;

pub(crate) use serve::serve;
pub use socket::SocketError;
pub(crate) use socket::bind;
