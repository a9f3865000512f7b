//! Whether whoever asks is the program that connected.

use peer::{Application, Peer};

/// A program that asks.
#[derive(Debug, Clone, Copy)]
pub enum Who<'a> {
    /// It is the one that connected.
    Same(&'a Application),
    /// It became another since then. No yes is matched to it.
    Another(&'a Application),
}

impl<'a> Who<'a> {
    /// Looks at who is at the other end now.
    pub fn of(peer: &'a Peer) -> Self {
        let application = peer.application();
        if peer.is_unchanged() { Self::Same(application) } else { Self::Another(application) }
    }

    /// The application.
    pub const fn application(self) -> &'a Application {
        match self {
            Self::Same(application) | Self::Another(application) => application,
        }
    }
}
