//! The rules of the answers that stand, looked up and set.

use crate::answers::{Consents, policy_for};
use crate::extent::Wanted;
use crate::lasts::{Ends, Lasts};
use crate::remembered::{Remembered, Said};
use crate::rules::Rules;
use config::AgentsPolicy;
use jiff::{Timestamp, Zoned};
use peer::Application;
use std::sync::Arc;
use wire::{AccessLevel, ClassRules, ConsentState, Form, Ruling};

/// Rules that were set for one program at one server.
pub struct RulesSet {
    /// The program.
    pub who: Application,
    /// Whether the answer outlives the valet.
    pub kept: bool,
}

impl Consents {
    /// What programs may do that were never answered about, from now on.
    pub const fn set_defaults(&mut self, defaults: ClassRules) {
        self.defaults = defaults;
    }

    /// The latest time that was seen.
    pub const fn latest(&self) -> Timestamp {
        self.latest
    }

    pub(crate) fn default_rules(&self) -> Option<Arc<Rules>> {
        self.defaults.is_narrow().then(|| Arc::new(Rules::of(self.defaults)))
    }

    pub(crate) fn defaults_keep_from(&self, wanted: Wanted<'_>) -> bool {
        self.defaults.is_narrow() && wanted.form > Form::Proxied
    }

    /// The rules by which `who` uses the server with `id`; nothing where that is everything, or where no
    /// leave stands.
    pub fn rules(
        &self,
        policy: AgentsPolicy,
        who: &Application,
        id: &str,
        now: Timestamp,
    ) -> Option<Arc<Rules>> {
        match self.find(who, id, now) {
            Some(found) => found.rules.clone(),
            None => self.default_rules().filter(|_| policy_for(policy, who) == AgentsPolicy::Allow),
        }
    }

    /// What was answered about `who` and the server with `id`, for `wanted`, and the rules of that, if any:
    /// both of one moment.
    pub fn standing_by_rules(
        &self,
        policy: AgentsPolicy,
        who: &Application,
        id: &str,
        wanted: Wanted<'_>,
        now: Timestamp,
    ) -> (ConsentState, Option<Arc<Rules>>) {
        let policy = policy_for(policy, who);
        let stands = self.stands(who, id, now);
        let rules = match stands {
            Some(found) => found.rules.clone(),
            None => self.default_rules().filter(|_| policy == AgentsPolicy::Allow),
        };
        (self.state(policy, stands, Some(wanted)), rules)
    }

    /// Whether any answer about the server with `id` goes by rules.
    pub fn rule_at(&self, id: &str) -> bool {
        let by_rules = |found: &Remembered| found.rules.is_some();
        self.defaults.is_narrow() || self.of.get(id).is_some_and(|of| of.values().any(by_rules))
    }

    /// Sets what a program, given by its mark, may do at a server that it may use. `None` if no yes stands.
    pub fn set_rules(
        &mut self,
        mark: &str,
        id: &str,
        (classes, tools): (ClassRules, &[(String, Ruling)]),
        now: Timestamp,
    ) -> Option<RulesSet> {
        let of = self.of.get_mut(id)?;
        let found = of.values_mut().find(|found| found.mark == mark && !found.is_no())?;
        let mut rules = found.rules.as_deref().cloned().unwrap_or_else(Rules::reads_only);
        rules.set(classes, tools, now);
        // Whoever may do everything again is asked about a token, as anybody is.
        let reach = if rules.is_narrow() { AccessLevel::ByRules } else { AccessLevel::Everything };
        found.said = Said::Yes(reach);
        found.rules = rules.is_narrow().then(|| Arc::new(rules));
        found.extent = Arc::new(found.extent.through_the_proxy());
        Some(RulesSet { who: found.who.clone(), kept: found.outlives_the_valet() })
    }

    /// Remembers an answer about a tool, for as long as the yes holds that goes by rules. `None` where there
    /// is no such yes, or it has no room; else whether that outlives the valet.
    pub fn rule_tool(
        &mut self,
        who: &Application,
        id: &str,
        tool: &str,
        (rule, lasts): (Ruling, Lasts),
        here: &Zoned,
    ) -> Option<bool> {
        let now = here.timestamp();
        self.find(who, id, now)?;
        let ends = lasts.ends(here)?;
        let found = self.of.get_mut(id)?.get_mut(who.identity())?;
        let rules = Arc::make_mut(found.rules.as_mut()?);
        if !rules.set_tool(tool, rule, ends, now) {
            return None;
        }
        Some(found.outlives_the_valet() && !matches!(ends, Ends::WithTheValet))
    }

    /// The longest that an answer about a tool can hold: no longer than the yes. Once, where there is none
    /// that is remembered.
    pub fn longest_for_tools(&self, who: &Application, id: &str, now: Timestamp) -> Lasts {
        match self.find(who, id, now) {
            Some(found) if found.rules.is_some() => match found.ends {
                Ends::Never => Lasts::Always,
                Ends::WithTheValet | Ends::At(_) => Lasts::ForNow,
            },
            Some(_) | None => Lasts::Once,
        }
    }
}
