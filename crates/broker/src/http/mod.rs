//! Two doors: the agents' socket, and the callback server to which an issuer sends the browser back.

pub(crate) mod agent;
pub(crate) mod callback;
mod problem;
