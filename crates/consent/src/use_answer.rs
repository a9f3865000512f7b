//! The person's answer to a question about several servers, which names those that were on screen.

use crate::answer::{Answer, Choice};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A yes to some servers, and a no to others. Whatever it does not name stays asked.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct UseAnswer {
    allow: BTreeSet<String>,
    deny: BTreeSet<String>,
    #[serde(flatten)]
    choice: Choice,
}

impl UseAnswer {
    /// A yes to all of these.
    pub fn yes(servers: impl IntoIterator<Item = String>, choice: Choice) -> Self {
        Self { allow: servers.into_iter().collect(), deny: BTreeSet::new(), choice }
    }

    /// A no to all of these.
    pub fn no(servers: impl IntoIterator<Item = String>, choice: Choice) -> Self {
        Self { allow: BTreeSet::new(), deny: servers.into_iter().collect(), choice }
    }

    /// What it says of one server.
    pub fn about(&self, server: &str) -> Option<Answer> {
        if self.allow.contains(server) {
            return Some(Answer::Yes(self.choice));
        }
        self.deny.contains(server).then_some(Answer::No(self.choice.lasts))
    }
}

/// It as a shell sends it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    allow: BTreeSet<String>,
    deny: BTreeSet<String>,
    reach: wire::AccessLevel,
    lasts: crate::lasts::Lasts,
}

impl TryFrom<Written> for UseAnswer {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let Written { allow, deny, reach, lasts } = written;
        if !allow.is_disjoint(&deny) {
            return Err("a server is both allowed and denied");
        }
        Ok(Self { allow, deny, choice: Choice { reach, lasts } })
    }
}
