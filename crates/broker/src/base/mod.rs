//! What every room stands on: words of failure, and what is asked of the shell. No state.

pub(crate) mod problems;
pub(crate) mod shell;
