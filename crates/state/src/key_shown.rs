//! A server that takes keys, as others may see it: everything about them but the keys themselves.

use crate::held::{Held, Noted};
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
        let kept = |name: &KeyName| self.held.keys().and_then(|keys| keys.get(name));
        let of = |name: &KeyName| ServerKey {
            name: name.as_str().to_owned(),
            headers: self.config.taking(name),
            set_at: kept(name).map(|key| key.set_at),
            set_by: kept(name).and_then(|key| key.set_by.clone()),
        };
        self.config.keys().into_iter().map(of).collect()
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

    /// Whether it has this key already. As long as the vault was not read, it may have any of them.
    #[must_use]
    pub fn may_have_key(&self, name: &KeyName) -> bool {
        let in_vault = match &self.held {
            Held::Keys(keys) => keys.value().get(name).is_some(),
            Held::Sealed(noted) => *noted == Noted::Granted,
            Held::Nothing | Held::Live(_) | Held::Unsaved(_) | Held::Unregistered(..) | Held::Lapsed(_) => {
                false
            }
        };
        in_vault || self.config.headers.found().any(|(found, _)| found == name)
    }

    /// What is told of a server whose headers cannot be sent. A key is named where there are several.
    #[must_use]
    pub fn unfit(&self, unfit: &Unfit) -> Problem {
        let is_one_of_several = self.config.keys().len() > 1;
        let named = |key: &KeyName| is_one_of_several.then(|| key.as_str().to_owned());
        match unfit {
            Unfit::Missing(key) => problems::key_required(&self.name, named(key).as_deref()),
            Unfit::BoundElsewhere(key) => problems::key_bound_elsewhere(&self.name, named(key).as_deref()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn said(headers: serde_json::Value) -> String {
        let entry = serde_json::json!({ "url": "https://a.example/mcp", "headers": headers });
        let config = config::check_entry(Path::new("config.json"), "a", entry.as_object().unwrap()).unwrap();
        let missing = Unfit::Missing(KeyName::parse("app").unwrap());
        let problem = Server::new("a", config.into()).unfit(&missing);
        format!("{}. {}", problem.detail, problem.advice)
    }

    #[test]
    fn a_key_is_named_where_there_are_several() {
        let one = said(serde_json::json!({ "X-App": "${key:app}" }));
        assert!(one.contains("`mcp-valet key set a`") && !one.contains("\"app\""), "{one}");
        let several = said(serde_json::json!({ "X-App": "${key:app}", "X-Api": "${key:api}" }));
        assert!(several.contains("`mcp-valet key set a app`") && several.contains("\"app\""), "{several}");
    }
}
