//! An answer that is remembered, and the form in which it outlives the valet.

use crate::answer::Choice;
use crate::extent::{Extent, Wanted};
use crate::lasts::Ends;
use crate::rules::{KeptRules, Rules};
use config::thing::Thing;
use jiff::{SignedDuration, Timestamp};
use peer::{Application, Longest};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wire::{AccessLevel, Form, Stands};

/// By so much clocks are set back in their daily course.
const ADJUSTED: SignedDuration = SignedDuration::from_mins(1);

/// Whether the answer was yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Said {
    /// So far.
    Yes(AccessLevel),
    No,
}

/// An answer that outlives the valet.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptAnswer {
    pub(crate) who: Application,
    pub(crate) server: String,
    pub(crate) said: Said,
    pub(crate) extent: Extent,
    /// What a yes goes by that is to less than everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rules: Option<KeptRules>,
    pub(crate) since: Timestamp,
    /// When it ends, if it does so by time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<Timestamp>,
    /// What the person chose last for this program, whatever that was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) chosen: Option<Choice>,
    /// What the server is, whatever it is called: it may be gone, and come back under another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) thing: Option<Thing>,
}

/// A "yes" that was kept before consents remembered scopes: it is bound to the first that are used.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptWithoutScopes {
    who: Application,
    server: String,
}

/// An answer that was kept before answers could end by time.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptWithoutEnd {
    who: Application,
    server: String,
    allowed: bool,
    extent: Extent,
    since: Timestamp,
    #[serde(default)]
    thing: Option<Thing>,
}

impl KeptAnswer {
    /// The same about the program as it is known today.
    pub fn known_today(self) -> Self {
        Self { who: self.who.known_today(), ..self }
    }

    /// The rules of a yes that goes by them. Where they are not told, only reads go through.
    pub(crate) fn rules(&mut self) -> Option<Arc<Rules>> {
        let kept = self.rules.take();
        (self.said == Said::Yes(AccessLevel::ByRules))
            .then(|| Arc::new(kept.map_or_else(Rules::reads_only, Rules::from)))
    }

    /// Whether a version that knows no rules could take it for more than it is.
    pub fn has_rules(&self) -> bool {
        self.rules.is_some()
    }

    pub(crate) const fn ends(&self) -> Ends {
        match self.until {
            Some(until) => Ends::At(until),
            None => Ends::Never,
        }
    }
}

impl From<KeptWithoutScopes> for KeptAnswer {
    fn from(KeptWithoutScopes { who, server }: KeptWithoutScopes) -> Self {
        let (extent, since) = (Extent::UNTOLD, Timestamp::UNIX_EPOCH);
        KeptWithoutEnd { who, server, allowed: true, extent, since, thing: None }.into()
    }
}

impl From<KeptWithoutEnd> for KeptAnswer {
    fn from(before: KeptWithoutEnd) -> Self {
        let KeptWithoutEnd { who, server, allowed, extent, since, thing } = before;
        let said = if allowed { Said::Yes(AccessLevel::Everything) } else { Said::No };
        Self { who, server, said, extent, rules: None, since, until: None, chosen: None, thing }
    }
}

/// Whether the clock is behind what was seen, by more than its daily course.
pub(crate) fn is_set_back(now: Timestamp, latest: Timestamp) -> bool {
    now < latest.saturating_sub(ADJUSTED).unwrap_or(latest)
}

/// How often and when last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    pub(crate) times: u64,
    pub(crate) last: Option<Timestamp>,
}

impl Used {
    /// The later of two counts.
    #[must_use]
    pub const fn or_later(self, other: Self) -> Self {
        if other.times > self.times { other } else { self }
    }
}

#[derive(Debug)]
pub(crate) struct Remembered {
    pub(crate) who: Application,
    /// By what a surface names the program: its identity, told to nobody.
    pub(crate) mark: String,
    pub(crate) said: Said,
    pub(crate) ends: Ends,
    pub(crate) extent: Arc<Extent>,
    /// There where a yes goes by rules.
    pub(crate) rules: Option<Arc<Rules>>,
    pub(crate) since: Timestamp,
    pub(crate) used: Used,
}

impl Remembered {
    pub(crate) fn new(who: Application, said: Said, ends: Ends, extent: Extent, since: Timestamp) -> Self {
        let mark = who.identity().mark();
        Self { who, mark, said, ends, extent: Arc::new(extent), rules: None, since, used: Used::default() }
    }

    /// What is known again after the valet has ended.
    pub(crate) fn outlives_the_valet(&self) -> bool {
        !matches!(self.ends, Ends::WithTheValet) && self.who.longest() == Longest::Always
    }

    pub(crate) const fn is_no(&self) -> bool {
        matches!(self.said, Said::No)
    }

    /// Whether a token is refused, and not asked about.
    pub(crate) fn keeps_from(&self, wanted: Wanted<'_>) -> bool {
        matches!(self.said, Said::Yes(AccessLevel::ProxyOnly | AccessLevel::ByRules))
            && wanted.form > Form::Proxied
    }

    /// Whether it is over. A yes is so as well where the clock was set back since it was given, or since
    /// `latest`: nobody knows how much of its time has passed.
    pub(crate) fn is_over(&self, now: Timestamp, latest: Timestamp) -> bool {
        let Ends::At(until) = self.ends else { return false };
        now >= until || ((now < self.since || is_set_back(now, latest)) && !self.is_no())
    }

    pub(crate) fn show<'a>(&'a self, server: &'a str, latest: Timestamp) -> Lasting<'a> {
        let reach = match self.said {
            Said::Yes(reach) => reach,
            Said::No => AccessLevel::Everything,
        };
        let consent = wire::Consent {
            name: self.who.name().to_owned(),
            answer: self.stands(),
            scopes: self.extent.scopes(),
            form: self.extent.form(),
            reach,
            rules: self.rules.as_ref().map(|rules| rules.show(latest, latest)),
            since: self.since,
            last_used: self.used.last,
            uses: self.used.times,
        };
        Lasting { who: &self.who, server, mark: &self.mark, consent }
    }

    const fn stands(&self) -> Stands {
        match (self.said, self.ends) {
            (Said::Yes(_), Ends::At(until)) => Stands::AllowedUntil { until },
            (Said::Yes(_), Ends::WithTheValet) => Stands::AllowedForNow,
            (Said::Yes(_), Ends::Never) => Stands::AllowedAlways,
            (Said::No, Ends::At(until)) => Stands::DeniedUntil { until },
            (Said::No, Ends::WithTheValet) => Stands::DeniedForNow,
            (Said::No, Ends::Never) => Stands::DeniedAlways,
        }
    }

    pub(crate) fn keep(&self, server: &str, thing: Option<&Thing>, chosen: Option<Choice>) -> KeptAnswer {
        KeptAnswer {
            who: self.who.clone(),
            server: server.to_owned(),
            said: self.said,
            extent: (*self.extent).clone(),
            rules: self.rules.as_ref().map(|rules| rules.keep()),
            since: self.since,
            until: if let Ends::At(until) = self.ends { Some(until) } else { None },
            chosen,
            thing: thing.cloned(),
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
