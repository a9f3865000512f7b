//! A socket in another place that a program wants to have led here.

use ground::fingerprint::fingerprint;
use serde::Serialize;

/// Servers that a question shows.
const MOST: usize = 200;

/// A place that a program wants to have led here.
pub struct ProposedForward {
    /// The host, as `ssh` is told it.
    pub host: String,
    /// The servers that can be used from there.
    pub servers: Vec<ForwardedServer>,
}

/// A server that can be used from another place.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ForwardedServer {
    /// Its name.
    pub server: String,
    /// What tells it from another of that name.
    #[serde(skip)]
    pub id: String,
    /// Its host; of a program, the command.
    pub host: String,
    /// Its whole address; of a program, the command with all that it is started with.
    pub whole: String,
    /// Whether it is a program of this desk, which does here what programs there ask of it.
    pub runs_here: bool,
}

impl ProposedForward {
    /// A mark of all of it.
    pub(crate) fn mark(&self) -> String {
        let servers = self.servers.iter().map(|one| one.id.as_str());
        fingerprint(&std::iter::once(self.host.as_str()).chain(servers).collect::<Vec<_>>())
    }

    /// Whether a question can show it whole.
    pub(crate) fn can_be_shown(&self) -> bool {
        self.servers.len() <= MOST
    }
}
