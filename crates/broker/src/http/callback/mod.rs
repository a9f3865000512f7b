//! The callback server: where an issuer sends the browser back to.

mod endpoint;
mod listener;
mod page;
mod receive;
mod tls;

pub(crate) use endpoint::{Endpoint, Wanted};
pub(crate) use listener::Callbacks;
pub(crate) use receive::{REMEMBERED, Received, receive_in_time};
