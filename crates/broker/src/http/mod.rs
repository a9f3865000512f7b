//! Five doors: the agents' socket, what comes by a forward from another place, the loopback address of web
//! clients, the person's window, and the callback server to which an issuer sends the browser back. Behind
//! the first three is the proxy.

pub(crate) mod agent;
mod arrival;
mod body;
pub(crate) mod callback;
mod connection;
pub(crate) mod door;
pub(crate) mod forward;
mod outgoing;
pub(crate) mod person;
mod problem;
pub(crate) mod proxy;
