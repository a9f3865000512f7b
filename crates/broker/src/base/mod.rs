//! What every room stands on: places, the log, words of failure, and what is asked of the shell. No state.

pub(crate) mod draft;
pub mod log;
pub(crate) mod paths;
pub(crate) mod problems;
pub(crate) mod ranked;
pub(crate) mod regular;
pub(crate) mod shell;
