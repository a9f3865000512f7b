//! The rules of one answer: what a program may do at a server, by class and by tool.

use crate::lasts::Ends;
use crate::remembered::is_set_back;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wire::{ClassRules, Ruling, ToolRule};

/// Tools that have a rule of their own, in one answer.
const MOST: usize = 1024;

/// What a program may do at a server, where that is less than everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// By what a tool does.
    pub classes: ClassRules,
    tools: BTreeMap<String, OfTool>,
}

/// The rule for one tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct OfTool {
    rule: Ruling,
    ends: Ends,
    since: Timestamp,
}

/// Rules in the form in which they outlive the valet.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeptRules {
    classes: ClassRules,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    tools: BTreeMap<String, KeptOfTool>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptOfTool {
    rule: Ruling,
    since: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
}

impl OfTool {
    /// As with a whole answer: a clock that was set back ends what lets through, and not what refuses.
    fn is_over(self, now: Timestamp, latest: Timestamp) -> bool {
        let Ends::At(until) = self.ends else { return false };
        let back = now < self.since || is_set_back(now, latest);
        now >= until || (back && self.rule != Ruling::Never)
    }
}

impl Rules {
    /// Rules by class alone.
    pub const fn of(classes: ClassRules) -> Self {
        Self { classes, tools: BTreeMap::new() }
    }

    /// Reads go through, and the rest is asked about.
    pub const fn reads_only() -> Self {
        Self::of(ClassRules::READS)
    }

    /// Whether anything is asked about or refused.
    pub fn is_narrow(&self) -> bool {
        self.classes.is_narrow() || self.tools.values().any(|tool| tool.rule != Ruling::Free)
    }

    /// The rule for a tool, if it has one of its own now. `latest` is the latest time that was seen.
    pub fn of_tool(&self, tool: &str, now: Timestamp, latest: Timestamp) -> Option<Ruling> {
        let found = self.tools.get(tool)?;
        (!found.is_over(now, latest)).then_some(found.rule)
    }

    /// Gives a tool a rule of its own. False if there are too many.
    pub(crate) fn set_tool(&mut self, tool: &str, rule: Ruling, ends: Ends, now: Timestamp) -> bool {
        if self.tools.len() >= MOST && !self.tools.contains_key(tool) {
            return false;
        }
        self.tools.insert(tool.to_owned(), OfTool { rule, ends, since: now });
        true
    }

    /// Takes over what the person set. A rule that stays as it was keeps its end.
    pub(crate) fn set(&mut self, classes: ClassRules, tools: &[(String, Ruling)], now: Timestamp) {
        self.classes = classes;
        let before = std::mem::take(&mut self.tools);
        for (tool, rule) in tools.iter().take(MOST) {
            let same = before.get(tool).filter(|before| before.rule == *rule).copied();
            let new = OfTool { rule: *rule, ends: Ends::Never, since: now };
            self.tools.insert(tool.clone(), same.unwrap_or(new));
        }
    }

    pub(crate) fn keep(&self) -> KeptRules {
        let kept = |(tool, of): (&String, &OfTool)| {
            let until = match of.ends {
                Ends::At(until) => Some(until),
                Ends::Never => None,
                Ends::WithTheValet => return None,
            };
            Some((tool.clone(), KeptOfTool { rule: of.rule, since: of.since, until }))
        };
        KeptRules { classes: self.classes, tools: self.tools.iter().filter_map(kept).collect() }
    }

    /// As a surface shows them.
    pub fn show(&self, now: Timestamp, latest: Timestamp) -> wire::Rules {
        let tools = self.tools.iter().filter(|(_, of)| !of.is_over(now, latest));
        let tools = tools.map(|(tool, of)| {
            let until = if let Ends::At(until) = of.ends { Some(until) } else { None };
            ToolRule { tool: tool.clone(), rule: of.rule, until }
        });
        wire::Rules { classes: self.classes, tools: tools.collect() }
    }
}

impl From<KeptRules> for Rules {
    fn from(KeptRules { classes, tools }: KeptRules) -> Self {
        let of = |kept: KeptOfTool| OfTool {
            rule: kept.rule,
            ends: kept.until.map_or(Ends::Never, Ends::At),
            since: kept.since,
        };
        Self { classes, tools: tools.into_iter().map(|(tool, kept)| (tool, of(kept))).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    #[test]
    fn a_rule_for_a_tool_ends_when_it_says_and_what_ends_with_the_valet_is_not_kept() {
        let now = Timestamp::UNIX_EPOCH;
        let hour = now + SignedDuration::from_hours(1);
        let mut rules = Rules::reads_only();
        assert!(rules.set_tool("add", Ruling::Free, Ends::At(hour), now));
        assert!(rules.set_tool("wipe", Ruling::Never, Ends::Never, now));
        assert!(rules.set_tool("move", Ruling::Free, Ends::WithTheValet, now));
        assert_eq!(rules.of_tool("add", now, now), Some(Ruling::Free));
        assert_eq!(rules.of_tool("add", hour, hour), None);
        // A clock that was set back.
        assert_eq!(rules.of_tool("add", now, hour), None);
        let kept = serde_json::to_string(&rules.keep()).unwrap();
        let again = Rules::from(serde_json::from_str::<KeptRules>(&kept).unwrap());
        assert_eq!(again.of_tool("wipe", hour, hour), Some(Ruling::Never));
        assert_eq!(
            (again.of_tool("add", now, now), again.of_tool("move", now, now)),
            (Some(Ruling::Free), None)
        );
    }

    #[test]
    fn what_the_person_leaves_as_it_is_keeps_its_end() {
        let now = Timestamp::UNIX_EPOCH;
        let hour = now + SignedDuration::from_hours(1);
        let mut rules = Rules::reads_only();
        rules.set_tool("add", Ruling::Free, Ends::At(hour), now);
        rules.set(
            ClassRules::READS,
            &[("add".to_owned(), Ruling::Free), ("wipe".to_owned(), Ruling::Never)],
            now,
        );
        assert_eq!(
            (rules.of_tool("add", hour, hour), rules.of_tool("wipe", hour, hour)),
            (None, Some(Ruling::Never))
        );
        rules.set(ClassRules::EVERYTHING, &[], now);
        assert!(!rules.is_narrow());
    }
}
