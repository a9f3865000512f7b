//! How a program ended.

use std::fmt;
use words::say;

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// By itself, with this status.
    Status(i32),
    /// By this signal.
    Signal(i32),
    /// It closed its standard input or output, and stayed.
    Closed,
    /// Nobody saw it: what kept it is gone.
    Unseen,
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::Status(status) => say!(local_ended_status, status = status.to_string()),
            Self::Signal(signal) => say!(local_ended_signal, signal = signal.to_string()),
            Self::Closed => say!(local_ended_closed),
            Self::Unseen => say!(local_ended_unseen),
        })
    }
}
