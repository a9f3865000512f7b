//! What every room stands on: the log, words of failure, and what is asked of the shell. No state.

pub mod log;
pub(crate) mod problems;
pub(crate) mod shell;
