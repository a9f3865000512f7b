//! Runs the person's stdio MCP servers, and speaks Streamable HTTP for them. It is told what to run and for
//! whom; who may, and where the secrets come from, is not known here.

mod bounds;
mod ending;
mod environment;
mod fault;
mod held;
mod http;
mod keeper;
mod process;
mod program;
mod run;
mod running;
mod stderr;
mod talk;

pub use bounds::Bounds;
pub use ending::Ending;
pub use fault::Fault;
pub use http::{Answer, Body, Request};
pub use keeper::{is_told as is_to_keep, run as keep};
pub use program::{Owner, Program, Word};
pub use run::Run;
pub use running::{Keeper, Running};
