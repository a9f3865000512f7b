//! The door for clients that know nothing but HTTP and OAuth: an address on this machine, with `/mcp/NAME`
//! behind an authorization server of our own. What is behind it is the proxy, as at the socket; no token of a
//! server ever goes out by it.

mod authorize;
mod endpoints;
mod guard;
mod listen;
mod mcp;
mod page;
mod routes;
mod serve;
mod stream;
mod wait;

pub(crate) use listen::follow;
