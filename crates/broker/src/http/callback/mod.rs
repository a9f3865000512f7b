//! The callback server: where an issuer sends the browser back to.

mod listener;
pub(in crate::http) mod page;
mod receive;
mod tls;

pub(crate) use listener::Callbacks;
