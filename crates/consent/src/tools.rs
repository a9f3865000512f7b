//! What a server's tools do, as it said when they were first listed: pinned for each grant, until the person
//! has seen what changed.

use ground::fingerprint::fingerprint;
use jiff::{SignedDuration, Timestamp};
use message::listing::Listing;
use message::tool::Tool;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wire::{SaidBy, ToolClass};

/// How long a first list may take that comes in pages.
const FIRST_LIST: SignedDuration = SignedDuration::from_mins(2);
/// Tools of one grant that are known.
const MOST: usize = 1024;
/// Bytes of a name that is known.
const LONGEST_NAME: usize = 256;
/// Grants of one server whose tools are known: of accounts that take turns.
const MOST_GRANTS: usize = 4;

/// The tools of one server.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    /// By grant, the one that was used last at the end.
    grants: Vec<Tools>,
}

/// The tools that one grant sees.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tools {
    grant: String,
    #[serde(skip)]
    first: First,
    all: BTreeMap<String, Known>,
}

/// Whether the first list has come to its end. What is listed after it is new.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum First {
    /// What was kept is past it.
    #[default]
    Over,
    NotYet,
    GoesOn {
        cursor: String,
        until: Timestamp,
    },
}

/// What is known of a tool.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// As the person saw it, or as it was first listed. Nothing: it came later, and nobody has seen it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seen: Option<Form>,
    /// As it was listed last.
    now: Form,
    /// What the person says that it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    class: Option<ToolClass>,
}

/// A tool, as it was listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    description: String,
    said: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    read_only: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    destructive: Option<bool>,
    schema: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    parameters: BTreeMap<String, String>,
}

/// Whether a tool is what the person knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// It is.
    Seen,
    /// It was listed later, and nobody has seen it.
    New,
    /// It is not what it was.
    Changed(Vec<Difference>),
}

/// How a tool is not what it was.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Difference {
    /// The server says that it does something else.
    Class {
        /// What it did.
        was: ToolClass,
        /// What it does.
        is: ToolClass,
    },
    /// It takes something more.
    Added {
        /// What that is called.
        name: String,
    },
    /// It does not take something any more.
    Removed {
        /// What that is called.
        name: String,
    },
    /// It takes something in another form.
    Other {
        /// What that is called.
        name: String,
    },
    /// What it takes or gives is another all in all.
    Schema,
}

impl Catalog {
    /// What is known of the tools that this grant sees.
    pub fn of(&self, grant: &str) -> Option<&Tools> {
        self.grants.iter().find(|tools| tools.grant == grant)
    }

    /// The same, to be changed.
    pub fn of_mut(&mut self, grant: &str) -> Option<&mut Tools> {
        self.grants.iter_mut().find(|tools| tools.grant == grant)
    }

    /// Takes a list over that came for `grant`, behind `cursor`. True if that says anything new.
    pub fn learn(&mut self, grant: &str, cursor: Option<&str>, listing: Listing, now: Timestamp) -> bool {
        let at = self.grants.iter().position(|tools| tools.grant == grant);
        let mut tools = at.map_or_else(|| Tools::not_yet(grant), |at| self.grants.remove(at));
        let learned = tools.learn(cursor, listing, now);
        self.put(tools);
        learned
    }

    /// What was learned before this had been read: it says what the tools are now, and not what the person
    /// knows of them.
    pub fn catch_up(&mut self, since: Self) {
        for tools in since.grants {
            let Some(at) = self.grants.iter().position(|known| known.grant == tools.grant) else {
                self.put(tools);
                continue;
            };
            let mut known = self.grants.remove(at);
            for (name, tool) in tools.all {
                known.take(name, tool.now, false);
            }
            self.grants.push(known);
        }
    }

    fn put(&mut self, tools: Tools) {
        if self.grants.len() >= MOST_GRANTS {
            self.grants.remove(0);
        }
        self.grants.push(tools);
    }

    /// Whether the person said of any tool what it does.
    pub fn has_own_classes(&self) -> bool {
        self.grants.iter().flat_map(|tools| tools.all.values()).any(|known| known.class.is_some())
    }
}

impl Tools {
    fn not_yet(grant: &str) -> Self {
        Self { grant: grant.to_owned(), first: First::NotYet, all: BTreeMap::new() }
    }

    fn learn(&mut self, cursor: Option<&str>, listing: Listing, now: Timestamp) -> bool {
        let is_first = match (&self.first, cursor) {
            (First::NotYet, None) => true,
            (First::GoesOn { cursor: next, until }, Some(cursor)) => next == cursor && now < *until,
            (First::GoesOn { .. } | First::NotYet | First::Over, _) => false,
        };
        if is_first {
            let began = if let First::GoesOn { until, .. } = self.first { Some(until) } else { None };
            let until = began.unwrap_or_else(|| now.saturating_add(FIRST_LIST).unwrap_or(now));
            self.first = listing.next.map_or(First::Over, |cursor| First::GoesOn { cursor, until });
        }
        let mut learned = is_first;
        for tool in listing.tools {
            let name = tool.name.clone();
            learned |= self.take(name, Form::from(tool), is_first);
        }
        learned
    }

    /// True if that is news.
    fn take(&mut self, name: String, now: Form, is_first: bool) -> bool {
        if name.len() > LONGEST_NAME || (self.all.len() >= MOST && !self.all.contains_key(&name)) {
            return false;
        }
        if let Some(known) = self.all.get_mut(&name) {
            let is_news = known.now != now;
            known.now = now;
            return is_news;
        }
        let seen = is_first.then(|| now.clone());
        self.all.insert(name, Known { seen, now, class: None });
        true
    }

    /// What is known of a tool.
    pub fn get(&self, tool: &str) -> Option<&Known> {
        self.all.get(tool)
    }

    /// All of them, by name.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Known)> {
        self.all.iter().map(|(name, known)| (name.as_str(), known))
    }

    /// The person has seen a tool as it was shown, whatever it has become meanwhile.
    pub fn see(&mut self, tool: &str, shown: &Form) {
        if let Some(known) = self.all.get_mut(tool) {
            known.seen = Some(shown.clone());
        }
    }

    /// The person says what a tool does, or leaves that to the server. They have seen it as it is.
    pub fn set_class(&mut self, tool: &str, class: Option<ToolClass>) {
        if let Some(known) = self.all.get_mut(tool) {
            known.class = class;
            known.seen = Some(known.now.clone());
        }
    }

    /// Whether it is still what was shown, by the mark of that.
    pub fn is_as_shown(&self, tool: &str, mark: &str) -> bool {
        self.all.get(tool).is_some_and(|known| known.now.mark() == mark)
    }
}

impl Known {
    /// What it does, and who says so.
    pub fn class(&self) -> (ToolClass, SaidBy) {
        match self.class {
            Some(class) => (class, SaidBy::Person),
            None => self.now.class(),
        }
    }

    /// What its server says that it does.
    pub fn class_of_server(&self) -> (ToolClass, SaidBy) {
        self.now.class()
    }

    /// What it is called for people.
    pub fn title(&self) -> Option<&str> {
        self.now.title.as_deref()
    }

    /// What it says of itself.
    pub fn description(&self) -> &str {
        &self.now.description
    }

    /// As it was listed last.
    pub const fn form(&self) -> &Form {
        &self.now
    }

    /// Whether it says something else of itself than it did. That alone asks nothing of anybody.
    pub fn says_else(&self) -> bool {
        self.seen.as_ref().is_some_and(|seen| seen.said != self.now.said)
    }

    /// Whether it is what the person knows.
    pub fn sight(&self) -> Sight {
        let Some(seen) = &self.seen else { return Sight::New };
        let differences = seen.differences(&self.now);
        if differences.is_empty() { Sight::Seen } else { Sight::Changed(differences) }
    }
}

impl Form {
    /// By what one form of a tool is told from another.
    pub fn mark(&self) -> String {
        let hint = |hint: Option<bool>| hint.map_or("-", |hint| if hint { "1" } else { "0" });
        fingerprint(&[&self.said, &self.schema, hint(self.read_only), hint(self.destructive)])
    }

    const fn class(&self) -> (ToolClass, SaidBy) {
        match (self.read_only, self.destructive) {
            (Some(true), _) => (ToolClass::Read, SaidBy::Server),
            (_, Some(false)) => (ToolClass::Change, SaidBy::Server),
            (_, Some(true)) => (ToolClass::Destroy, SaidBy::Server),
            (_, None) => (ToolClass::Destroy, SaidBy::Nobody),
        }
    }

    fn differences(&self, now: &Self) -> Vec<Difference> {
        let ((was, _), (is, _)) = (self.class(), now.class());
        let mut all: Vec<Difference> =
            (was != is).then_some(Difference::Class { was, is }).into_iter().collect();
        if self.schema == now.schema {
            return all;
        }
        let before = all.len();
        for (name, form) in &now.parameters {
            match self.parameters.get(name) {
                None => all.push(Difference::Added { name: name.clone() }),
                Some(old) if old != form => all.push(Difference::Other { name: name.clone() }),
                Some(_) => {}
            }
        }
        let gone = self.parameters.keys().filter(|name| !now.parameters.contains_key(*name));
        all.extend(gone.map(|name| Difference::Removed { name: name.clone() }));
        if all.len() == before {
            all.push(Difference::Schema);
        }
        all
    }
}

impl From<Tool> for Form {
    fn from(tool: Tool) -> Self {
        let Tool { title, description, said, read_only, destructive, schema, parameters, .. } = tool;
        Self { title, description, said, read_only, destructive, schema, parameters }
    }
}

#[cfg(test)]
#[path = "tools_tests.rs"]
mod tests;
