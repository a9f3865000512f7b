//! A server that takes keys, as others may see it: everything about them but the keys themselves.

use crate::held::Held;
use crate::keys::Unfit;
use crate::server::Server;
use config::KeyName;
use wire::{HeaderLine, Problem, ServerKey, ServerState};

impl Server {
    /// The state of one whose keys were read.
    pub(crate) fn state_by_keys(&self) -> ServerState {
        match (self.not_now.is_said(), self.fitting_keys(), &self.doubts.refused) {
            (true, ..) => ServerState::Declined,
            (false, Err(_), _) => ServerState::KeyRequired,
            (false, Ok(_), Some(_)) => ServerState::KeyRefused,
            (false, Ok(_), None) => ServerState::Ready,
        }
    }

    /// Whether it takes keys, and it is known which there are.
    pub(crate) fn keys_are_known(&self) -> bool {
        self.takes_keys() && !matches!(self.held, Held::Sealed(_))
    }

    pub(crate) fn keys_to_wire(&self) -> Vec<ServerKey> {
        let headers = &self.config.headers;
        let kept = |name: &KeyName| self.held.keys().and_then(|keys| keys.get(name));
        let goes_into = |name: &KeyName| {
            let takes = headers.iter().filter(|header| header.line.keys().any(|key| key == name));
            takes.map(|header| header.name.clone()).collect()
        };
        let of = |name: &KeyName| ServerKey {
            name: name.as_str().to_owned(),
            headers: goes_into(name),
            set_at: kept(name).map(|key| key.set_at),
            set_by: kept(name).and_then(|key| key.set_by.clone()),
        };
        headers.keys().into_iter().map(of).collect()
    }

    pub(crate) fn headers_to_wire(&self) -> Vec<HeaderLine> {
        let of = |header: &config::Header| HeaderLine {
            name: header.name.clone(),
            value: plain::shown(&header.line.to_string()),
        };
        self.config.headers.iter().map(of).collect()
    }

    /// What keeps its keys from being used.
    pub(crate) fn key_problem(&self) -> Option<Problem> {
        let unfit = self.fitting_keys().err().filter(|_| self.keys_are_known())?;
        Some(self.unfit(&unfit))
    }

    /// What is told of a server whose headers cannot be sent.
    #[must_use]
    pub fn unfit(&self, unfit: &Unfit) -> Problem {
        match unfit {
            Unfit::Missing(key) => problems::key_required(&self.name, key.as_str()),
            Unfit::BoundElsewhere(key) => problems::key_bound_elsewhere(&self.name, key.as_str()),
        }
    }
}
