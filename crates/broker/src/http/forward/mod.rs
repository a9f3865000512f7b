//! The door for other places: what comes by a forward. It has the proxy for the servers of that forward, a
//! list of them, and how the valet is; nothing else.

mod routes;
mod serve;

pub(crate) use serve::Door;
