//! What a program may do at a server, by what a tool does.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use words::say;

/// What a call of a tool may do, as far as its server says, or the person.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToolClass {
    /// It reads, and changes nothing.
    Read,
    /// It changes or adds, and deletes nothing.
    Change,
    /// It may delete or overwrite. What nothing is known of is this.
    Destroy,
}

/// What becomes of a call, from the one that lets most happen.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// It goes through.
    Free,
    /// The person is asked.
    Ask,
    /// It is refused, and the tool is not listed.
    Never,
}

/// What becomes of calls, by what they may do.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassRules {
    /// Of those that read.
    pub read: Ruling,
    /// Of those that change.
    pub change: Ruling,
    /// Of those that may delete.
    pub destroy: Ruling,
}

/// What a program may do at a server, where that is less than everything.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// By what a tool does.
    pub classes: ClassRules,
    /// By tool; these come before the classes.
    pub tools: Vec<ToolRule>,
}

/// What becomes of calls of one tool.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema), ts(optional_fields))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolRule {
    /// The tool, as its server calls it.
    pub tool: String,
    /// What becomes of its calls.
    pub rule: Ruling,
    /// When that ends, if it does so by time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(type = "string"))]
    pub until: Option<Timestamp>,
}

/// The answer to `GET /v1/servers/{server}/rules`: what the calling program may do there.
#[cfg_attr(feature = "types", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RulesOf {
    /// The server's name.
    pub server: String,
    /// Who is signed in there, in the words of the issuer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Whether the program may use it at all, without being asked about.
    pub allowed: bool,
    /// Its rules; nothing where it may do everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Rules>,
    /// The tools that the server has listed since its sign-in, and what becomes of a call of each.
    pub tools: Vec<ToolUnderRules>,
    /// What becomes of a call of a tool that is not among them, and has no rule of its own.
    pub unlisted: Ruling,
}

/// A tool, and what becomes of a call of it.
#[cfg_attr(feature = "types", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ToolUnderRules {
    /// The tool, as its server calls it.
    pub tool: String,
    /// What it does.
    pub class: ToolClass,
    /// Who says so.
    pub said_by: SaidBy,
    /// What becomes of a call.
    pub rule: Ruling,
    /// Which rule that is: `everything`, `tool`, `class`, `new` or `changed`.
    pub because: String,
}

/// Who says what a tool does.
#[cfg_attr(feature = "types", derive(ts_rs::TS, schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaidBy {
    /// The person.
    Person,
    /// Its server.
    Server,
    /// Nobody: it counts as one that deletes.
    Nobody,
}

impl ClassRules {
    /// Nothing is asked about.
    pub const EVERYTHING: Self = Self { read: Ruling::Free, change: Ruling::Free, destroy: Ruling::Free };
    /// All but reads is asked about.
    pub const READS: Self = Self { read: Ruling::Free, change: Ruling::Ask, destroy: Ruling::Ask };

    /// What becomes of a call that may do this.
    #[must_use]
    pub const fn of(self, class: ToolClass) -> Ruling {
        match class {
            ToolClass::Read => self.read,
            ToolClass::Change => self.change,
            ToolClass::Destroy => self.destroy,
        }
    }

    /// Whether anything is asked about or refused.
    #[must_use]
    pub fn is_narrow(self) -> bool {
        self != Self::EVERYTHING
    }

    /// Whether it lets through what `other` does not.
    #[must_use]
    pub fn is_wider_than(self, other: Self) -> bool {
        self.read < other.read || self.change < other.change || self.destroy < other.destroy
    }
}

impl Default for ClassRules {
    fn default() -> Self {
        Self::EVERYTHING
    }
}

impl ToolClass {
    /// All of them, from the one that does least.
    pub const ALL: [Self; 3] = [Self::Read, Self::Change, Self::Destroy];

    /// What it does, in the words that a person reads.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Read => say!(state_class_read),
            Self::Change => say!(state_class_change),
            Self::Destroy => say!(state_class_destroy),
        }
    }

    /// Its name, as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Change => "change",
            Self::Destroy => "destroy",
        }
    }
}

impl Ruling {
    /// What becomes of a call, in the words that a person reads.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Free => say!(state_rule_free),
            Self::Ask => say!(state_rule_ask),
            Self::Never => say!(state_rule_never),
        }
    }

    /// Its name, as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Ask => "ask",
            Self::Never => "never",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lets_more_through_is_wider() {
        assert!(ClassRules::EVERYTHING.is_wider_than(ClassRules::READS));
        assert!(!ClassRules::READS.is_wider_than(ClassRules::EVERYTHING) && ClassRules::READS.is_narrow());
        let odd = ClassRules { read: Ruling::Never, change: Ruling::Free, destroy: Ruling::Never };
        assert!(odd.is_wider_than(ClassRules::READS) && ClassRules::READS.is_wider_than(odd));
    }
}
