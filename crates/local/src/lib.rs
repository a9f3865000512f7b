//! Runs the person's stdio MCP servers, and speaks Streamable HTTP for them. It is told what to run and for
//! whom; who may, and where the secrets come from, is not known here.

mod bounds;
mod ending;
mod environment;
mod fault;
mod http;
mod program;
mod run;
mod running;

pub use bounds::Bounds;
pub use ending::Ending;
pub use fault::Fault;
pub use http::{Answer, Body, Request};
pub use program::{Owner, Program, Word};
pub use run::Run;
pub use running::{Keeper, Running};
