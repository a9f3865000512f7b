//! "Not now", as far as the person said it to signing in to a server.

use wire::Problem;

/// Whether the person wants to be asked to sign in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Declined {
    /// They do.
    #[default]
    No,
    /// Not now: until the person starts the valet again.
    ForNow,
    /// Not until they say otherwise.
    ForGood,
}

/// "Not now" that was said to a thing, and under which name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclinedAs {
    /// That name.
    pub name: String,
    /// How long it holds.
    pub declined: Declined,
}

/// What the person said of one server.
#[derive(Debug, Default)]
pub struct NotNow {
    /// To this very entry.
    pub own: Declined,
    /// To the same thing under another name, as far as it holds for this one.
    pub(crate) as_other: Option<DeclinedAs>,
    /// Whether the person wants to be asked about this name of the thing, whatever they said of its others
    /// before.
    pub spared: bool,
}

impl NotNow {
    /// Says it. What was said for good is not made less.
    pub fn say(&mut self, declined: Declined) {
        if self.own != Declined::ForGood {
            self.own = declined;
        }
    }

    /// The person wants to be asked about this name again.
    pub fn take_back(&mut self) {
        (self.own, self.spared) = (Declined::No, true);
    }

    /// Whether it was said to this server, under any of its names.
    pub const fn is_said(&self) -> bool {
        !matches!(self.own, Declined::No) || self.as_other.is_some()
    }

    pub(crate) const fn is_for_good(&self) -> bool {
        let by_another_name = matches!(self.as_other, Some(DeclinedAs { declined: Declined::ForGood, .. }));
        matches!(self.own, Declined::ForGood) || by_another_name
    }

    /// What an agent is told that wants the server called `name`.
    pub fn problem(&self, name: &str) -> Option<Problem> {
        let (of, declined) = match &self.as_other {
            Some(other) if other.declined > self.own => (other.name.as_str(), other.declined),
            Some(_) | None => (name, self.own),
        };
        match declined {
            Declined::No => None,
            Declined::ForNow => Some(problems::declined(name, of)),
            Declined::ForGood => Some(problems::declined_for_good(name, of)),
        }
    }
}
