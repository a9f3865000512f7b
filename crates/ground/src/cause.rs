//! What locks the valet.

use serde::Serialize;

/// What locked the valet. A later one is stronger: it stays where a weaker one would have ended.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The screen was locked.
    Screen,
    /// The computer went to sleep.
    Sleep,
    /// Nobody used the valet for as long as the configuration says.
    Idle,
    /// Somebody asked for it: the person, or a program over the socket.
    Person,
}

impl Cause {
    /// What happened, as half a sentence.
    #[must_use]
    pub const fn happened(self) -> &'static str {
        match self {
            Self::Screen => "the screen was locked",
            Self::Sleep => "the computer went to sleep",
            Self::Idle => "nobody used MCP Valet for a while",
            Self::Person => "it was locked by hand",
        }
    }

    /// Whether the lock ends when the person is back at the screen. What the person asked for is theirs to
    /// end.
    pub const fn ends_with_return(self) -> bool {
        match self {
            Self::Screen | Self::Sleep => true,
            Self::Idle | Self::Person => false,
        }
    }
}
