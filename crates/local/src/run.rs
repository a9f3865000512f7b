//! What is seen of a program that runs.

use crate::program::Owner;
use jiff::Timestamp;

/// A program that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Whose it is.
    pub owner: Owner,
    /// The process that keeps it: whatever it started is below that.
    pub keeper: u32,
    /// The program itself; nothing until it is started.
    pub pid: Option<u32>,
    /// When it was started.
    pub since: Timestamp,
    /// Whether it serves a session; else it serves all requests of the application.
    pub session: bool,
    /// Requests that wait for its answer.
    pub waiting: usize,
}
