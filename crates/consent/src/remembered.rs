//! An answer that is remembered, and the form in which it outlives the valet.

use crate::extent::Extent;
use config::thing::Thing;
use jiff::Timestamp;
use peer::Application;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wire::Stands;

/// An answer that outlives the valet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    pub(crate) who: Application,
    pub(crate) server: String,
    pub(crate) allowed: bool,
    pub(crate) extent: Extent,
    pub(crate) since: Timestamp,
    /// What the server is, whatever it is called: it may be gone, and come back under another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) thing: Option<Thing>,
}

impl Kept {
    /// The same about the program as it is known today.
    pub fn known_today(self) -> Self {
        Self { who: self.who.known_today(), ..self }
    }

    /// A "yes" that was kept before consents remembered scopes: it is bound to the first that are used.
    pub const fn before(who: Application, server: String) -> Self {
        Self { who, server, allowed: true, extent: Extent::UNTOLD, since: Timestamp::UNIX_EPOCH, thing: None }
    }
}

/// How often and when last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    pub(crate) times: u64,
    pub(crate) last: Option<Timestamp>,
}

#[derive(Debug)]
pub(crate) struct Remembered {
    pub(crate) who: Application,
    /// By what a surface names the program: its identity, told to nobody.
    pub(crate) mark: String,
    pub(crate) answer: Stands,
    pub(crate) extent: Arc<Extent>,
    pub(crate) since: Timestamp,
    pub(crate) used: Used,
}

impl Remembered {
    pub(crate) fn new(who: Application, answer: Stands, extent: Extent, since: Timestamp) -> Self {
        let mark = who.identity().mark();
        Self { who, mark, answer, extent: Arc::new(extent), since, used: Used::default() }
    }

    pub(crate) const fn outlives_the_valet(&self) -> bool {
        matches!(self.answer, Stands::AllowedAlways | Stands::DeniedAlways)
    }

    pub(crate) const fn is_no(&self) -> bool {
        !self.answer.is_yes()
    }
}

impl Remembered {
    pub(crate) fn show<'a>(&'a self, server: &'a str) -> Lasting<'a> {
        let consent = wire::Consent {
            name: self.who.name().to_owned(),
            answer: self.answer,
            scopes: self.extent.scopes(),
            form: self.extent.form(),
            since: self.since,
            last_used: self.used.last,
            uses: self.used.times,
        };
        Lasting { who: &self.who, server, mark: &self.mark, consent }
    }

    pub(crate) fn keep(&self, server: &str, thing: Option<&Thing>) -> Kept {
        Kept {
            thing: thing.cloned(),
            who: self.who.clone(),
            server: server.to_owned(),
            allowed: !self.is_no(),
            extent: (*self.extent).clone(),
            since: self.since,
        }
    }
}

/// An answer that stands, as a surface shows it.
pub struct Lasting<'a> {
    /// The program.
    pub who: &'a Application,
    /// The ID of the server.
    pub server: &'a str,
    /// The mark of the program, by which the answer is named.
    pub mark: &'a str,
    /// The answer.
    pub consent: wire::Consent,
}
