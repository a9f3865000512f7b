//! Who may use what: the person's answers, and what follows from them.

use crate::config::AgentsPolicy;
use crate::peer::{Application, Identity, Longest};
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
    /// Until the person takes it back; of a program that stands for others as well, see [`Longest`], until
    /// the valet ends.
    AllowAlways,
    /// No, until the valet ends.
    Deny,
}

/// Proof that an agent may use a server. It can be had from [`Consents::decide`] and from the person's answer alone.
#[derive(Debug)]
pub(crate) struct Permit {
    once: bool,
}

impl Permit {
    /// Whether it holds for one token or one MCP session alone.
    pub(crate) const fn is_once(&self) -> bool {
        self.once
    }

    /// The same leave for another request of the session that it was given for.
    pub(crate) const fn within_session(&self) -> Self {
        Self { once: self.once }
    }
}

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
    remembered: HashMap<(Identity, String), (Application, Remembered)>,
    /// Whether those that outlive the valet have been read.
    read: bool,
}

/// An answer that outlives the valet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    who: Application,
    server: String,
}

/// How long an answer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stands {
    Allowed { always: bool },
    Denied,
}

#[derive(Debug, Clone, Copy)]
enum Remembered {
    Always,
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
        who: &Application,
        known: bool,
        id: &str,
        now: Timestamp,
    ) -> Decision {
        let key = (who.identity().clone(), id.to_owned());
        let known = known && who.longest() > Longest::Once;
        match self.remembered.get(&key).map(|(_, remembered)| *remembered) {
            Some(Remembered::Denied) => return Decision::Deny,
            Some(Remembered::Always | Remembered::Allowed) if known => {
                return Decision::Allow(Permit { once: false });
            }
            Some(Remembered::Once(until)) => {
                let in_time = now <= until;
                self.remembered.remove(&key);
                if in_time && known {
                    return Decision::Allow(Permit { once: true });
                }
            }
            Some(Remembered::Always | Remembered::Allowed) | None => {}
        }
        match policy {
            AgentsPolicy::Ask => Decision::Ask,
            AgentsPolicy::Allow => Decision::Allow(Permit { once: false }),
            AgentsPolicy::Deny => Decision::Deny,
        }
    }

    /// Remembers an answer. `heard` says whether somebody was still waiting for it.
    pub(crate) fn remember(
        &mut self,
        who: &Application,
        id: &str,
        answer: Answer,
        heard: bool,
        now: Timestamp,
    ) {
        let remembered = match answer {
            Answer::AllowAlways if who.longest() == Longest::Always => Remembered::Always,
            Answer::AllowAlways | Answer::AllowSession => Remembered::Allowed,
            Answer::Deny => Remembered::Denied,
            Answer::AllowOnce if heard => return,
            Answer::AllowOnce => Remembered::Once(now.saturating_add(LATE).unwrap_or(now)),
        };
        self.remembered.insert((who.identity().clone(), id.to_owned()), (who.clone(), remembered));
    }

    /// What was answered about `who` and the server with `id`.
    pub(crate) fn standing(&self, policy: AgentsPolicy, who: &Application, id: &str) -> wire::ConsentState {
        let key = (who.identity().clone(), id.to_owned());
        match (self.remembered.get(&key).map(|(_, remembered)| remembered), policy) {
            (Some(Remembered::Denied), _) | (None, AgentsPolicy::Deny) => wire::ConsentState::Denied,
            (Some(Remembered::Always | Remembered::Allowed | Remembered::Once(_)), _)
            | (None, AgentsPolicy::Allow) => wire::ConsentState::Allowed,
            (None, AgentsPolicy::Ask) => wire::ConsentState::None,
        }
    }

    /// The answers that stand: program, server's id, and which.
    pub(crate) fn lasting(&self) -> impl Iterator<Item = (&Application, &str, Stands)> {
        self.remembered.iter().filter_map(|((_, id), (who, remembered))| match remembered {
            Remembered::Always => Some((who, id.as_str(), Stands::Allowed { always: true })),
            Remembered::Allowed => Some((who, id.as_str(), Stands::Allowed { always: false })),
            Remembered::Denied => Some((who, id.as_str(), Stands::Denied)),
            Remembered::Once(_) => None,
        })
    }

    /// The answers that outlive the valet.
    pub(crate) fn kept(&self) -> Vec<Kept> {
        let always = self.lasting().filter(|(.., stands)| *stands == Stands::Allowed { always: true });
        always.map(|(who, id, _)| Kept { who: who.clone(), server: id.to_owned() }).collect()
    }

    /// Whether [`Consents::restore`] was called.
    pub(crate) const fn are_read(&self) -> bool {
        self.read
    }

    /// Takes over what was kept. What was answered since then is newer.
    pub(crate) fn restore(&mut self, kept: &[Kept]) {
        self.read = true;
        for Kept { who, server } in kept {
            let key = (who.identity().clone(), server.clone());
            self.remembered.entry(key).or_insert_with(|| (who.clone(), Remembered::Always));
        }
    }

    /// Takes the answer about one program, given by its path, and one server back. True if it would have outlived the valet.
    pub(crate) fn take_back(&mut self, executable: &str, id: &str) -> bool {
        self.drop_those(|who, server| server == id && who.path() == executable)
    }

    /// Forgets all answers about a server. True if one would have outlived the valet.
    pub(crate) fn forget(&mut self, id: &str) -> bool {
        self.drop_those(|_, server| server == id)
    }

    fn drop_those(&mut self, goes: impl Fn(&Application, &str) -> bool) -> bool {
        let gone = self.remembered.extract_if(|(_, server), (who, _)| goes(who, server));
        gone.filter(|(_, (_, remembered))| matches!(remembered, Remembered::Always)).count() > 0
    }
}

impl Answer {
    /// The permit that comes with a "yes", for who waited for it.
    pub(crate) const fn permit(self) -> Option<Permit> {
        match self {
            Self::AllowOnce => Some(Permit { once: true }),
            Self::AllowSession | Self::AllowAlways => Some(Permit { once: false }),
            Self::Deny => None,
        }
    }
}
