//! What programs may take at most.

use std::time::Duration;

/// Bounds for each application and for all.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// Programs that run for one application at a time.
    pub of_application: usize,
    /// Programs that run at a time.
    pub of_all: usize,
    /// Bytes of one message.
    pub line: usize,
    /// Bytes of messages that are held for all, on their way.
    pub held: usize,
    /// Bytes of messages that nobody has come for yet, for each program.
    pub unheard: usize,
    /// How long a program may take until its first answer. What is not installed yet is fetched meanwhile.
    pub start: Duration,
    /// How long a program may say nothing at all while a request waits.
    pub silence: Duration,
    /// How long a program without sessions, or whose client listened and has gone, stays when nobody asks it
    /// for anything.
    pub idle: Duration,
    /// How long one with a session does.
    pub session: Duration,
    /// How long a program has to end by itself: once its input ends, and again once it is told to.
    pub farewell: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            of_application: 24,
            of_all: 64,
            line: 16 << 20,
            held: 128 << 20,
            unheard: 1 << 20,
            start: Duration::from_mins(2),
            silence: Duration::from_mins(30),
            idle: Duration::from_mins(10),
            session: Duration::from_hours(12),
            farewell: Duration::from_secs(2),
        }
    }
}
