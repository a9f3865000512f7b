//! Who may use what: the person's answers, and what follows from them.

use crate::config::AgentsPolicy;
use crate::peer::Executable;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// How long an answer that came too late still holds for who had asked.
const LATE: SignedDuration = SignedDuration::from_mins(5);

/// The person's answer to "may this agent use this server?".
#[cfg_attr(test, derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// One token.
    AllowOnce,
    /// Until the valet ends.
    AllowSession,
    /// No, until the valet ends.
    Deny,
}

/// Proof that an agent may use a server. It can be had from [`Consents::decide`] and from the person's answer alone.
#[derive(Debug)]
pub(crate) struct Permit(());

/// What is to be done about a request.
#[derive(Debug)]
pub(crate) enum Decision {
    /// It may go on.
    Allow(Permit),
    /// It may not.
    Deny,
    /// The person has to be asked.
    Ask,
}

/// The answers that are remembered: by program and server.
#[derive(Debug, Default)]
pub(crate) struct Consents {
    remembered: HashMap<(Executable, String), Remembered>,
}

#[derive(Debug, Clone, Copy)]
enum Remembered {
    Allowed,
    Denied,
    /// One token, if it is asked for before this moment.
    Once(Timestamp),
}

impl Consents {
    /// Decides about one request of `who` for the server with `id`, using up an answer that holds once. A program that changed
    /// since it connected (`known` is false) is matched to no remembered answer.
    pub(crate) fn decide(
        &mut self,
        policy: AgentsPolicy,
        who: &Executable,
        known: bool,
        id: &str,
        now: Timestamp,
    ) -> Decision {
        let key = (who.clone(), id.to_owned());
        match self.remembered.get(&key) {
            Some(Remembered::Denied) => return Decision::Deny,
            Some(Remembered::Allowed) if known => return Decision::Allow(Permit(())),
            Some(Remembered::Once(until)) => {
                let in_time = now <= *until;
                self.remembered.remove(&key);
                if in_time && known {
                    return Decision::Allow(Permit(()));
                }
            }
            Some(Remembered::Allowed) | None => {}
        }
        match policy {
            AgentsPolicy::Ask => Decision::Ask,
            AgentsPolicy::Allow => Decision::Allow(Permit(())),
            AgentsPolicy::Deny => Decision::Deny,
        }
    }

    /// Remembers an answer. `heard` says whether somebody was still waiting for it.
    pub(crate) fn remember(
        &mut self,
        who: &Executable,
        id: &str,
        answer: Answer,
        heard: bool,
        now: Timestamp,
    ) {
        let remembered = match answer {
            Answer::AllowSession => Remembered::Allowed,
            Answer::Deny => Remembered::Denied,
            Answer::AllowOnce if heard => return,
            Answer::AllowOnce => Remembered::Once(now.saturating_add(LATE).unwrap_or(now)),
        };
        self.remembered.insert((who.clone(), id.to_owned()), remembered);
    }

    /// What was answered about `who` and the server with `id`.
    pub(crate) fn standing(&self, policy: AgentsPolicy, who: &Executable, id: &str) -> wire::ConsentState {
        match (self.remembered.get(&(who.clone(), id.to_owned())), policy) {
            (Some(Remembered::Denied), _) | (None, AgentsPolicy::Deny) => wire::ConsentState::Denied,
            (Some(Remembered::Allowed | Remembered::Once(_)), _) | (None, AgentsPolicy::Allow) => {
                wire::ConsentState::Allowed
            }
            (None, AgentsPolicy::Ask) => wire::ConsentState::None,
        }
    }

    /// The answers that stand until the valet ends: program, server's id, and whether it is a "yes".
    pub(crate) fn lasting(&self) -> impl Iterator<Item = (&Executable, &str, bool)> {
        self.remembered.iter().filter_map(|((who, id), remembered)| match remembered {
            Remembered::Allowed => Some((who, id.as_str(), true)),
            Remembered::Denied => Some((who, id.as_str(), false)),
            Remembered::Once(_) => None,
        })
    }

    /// Takes the answer about one program, given by its path, and one server back.
    pub(crate) fn take_back(&mut self, executable: &str, id: &str) {
        self.remembered.retain(|(who, server), _| server != id || who.path() != executable);
    }

    /// Forgets all answers about a server.
    pub(crate) fn forget(&mut self, id: &str) {
        self.remembered.retain(|(_, server), _| server != id);
    }
}

impl Answer {
    /// The permit that comes with a "yes", for who waited for it.
    pub(crate) const fn permit(self) -> Option<Permit> {
        match self {
            Self::AllowOnce | Self::AllowSession => Some(Permit(())),
            Self::Deny => None,
        }
    }
}
