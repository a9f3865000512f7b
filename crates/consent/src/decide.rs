//! What becomes of one message under the rules of a program.

use crate::rules::Rules;
use crate::tools::{Difference, Sight, Tools};
use jiff::Timestamp;
use message::deed::{Asks, Deed};
use wire::{Ruling, ToolClass};

/// What becomes of one message, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// What becomes of it.
    pub rule: Ruling,
    /// What it does, where that was looked at.
    pub class: Option<ToolClass>,
    /// Why.
    pub because: Because,
}

/// Which rule it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// It is of the protocol: there is nothing to rule.
    Protocol,
    /// The one for what it does.
    Class,
    /// The one for the tool.
    Tool,
    /// The tool came after the first list, and nobody has seen it.
    New,
    /// The tool is not what it was.
    Changed(Vec<Difference>),
    /// The server has not listed such a tool.
    Unlisted,
    /// Nobody knows what the method does.
    Unknown,
}

impl Because {
    /// Its name, as the audit and the command line have it.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Protocol => "protocol",
            Self::Class => "class",
            Self::Tool => "tool",
            Self::New => "new",
            Self::Changed(_) => "changed",
            Self::Unlisted => "unlisted",
            Self::Unknown => "unknown",
        }
    }
}

/// Decides about one message. `tools` are those that the grant is known to see; `latest` is the latest time
/// that was seen.
pub fn decide(
    rules: &Rules,
    deed: &Deed,
    tools: Option<&Tools>,
    now: Timestamp,
    latest: Timestamp,
) -> Decided {
    match &deed.asks {
        Asks::Nothing => Decided { rule: Ruling::Free, class: None, because: Because::Protocol },
        Asks::Read(_) => by_class(rules, ToolClass::Read),
        Asks::Unknown(_) => Decided { rule: Ruling::Ask, class: None, because: Because::Unknown },
        Asks::Tool(call) => of_tool(rules, &call.name, tools, now, latest),
    }
}

/// The same about a tool. A "never" holds whatever the tool has become; what lets through holds for what the
/// person knows.
pub fn of_tool(
    rules: &Rules,
    tool: &str,
    tools: Option<&Tools>,
    now: Timestamp,
    latest: Timestamp,
) -> Decided {
    let own = rules.of_tool(tool, now, latest);
    let known = tools.and_then(|tools| tools.get(tool));
    let class = known.map_or(ToolClass::Destroy, |known| known.class().0);
    if own == Some(Ruling::Never) {
        return Decided { rule: Ruling::Never, class: Some(class), because: Because::Tool };
    }
    let unseen = match known.map(|known| known.sight()) {
        Some(Sight::Seen) => None,
        Some(Sight::New) => Some(Because::New),
        Some(Sight::Changed(differences)) => Some(Because::Changed(differences)),
        // What has no list at all has a rule if the person gave it one.
        None if own.is_some() => None,
        None => Some(Because::Unlisted),
    };
    let by_class = by_class(rules, class);
    match (unseen, own) {
        (Some(_), None) if by_class.rule == Ruling::Never => by_class,
        (Some(because), _) => Decided { rule: Ruling::Ask, class: Some(class), because },
        (None, Some(rule)) => Decided { rule, class: Some(class), because: Because::Tool },
        (None, None) => by_class,
    }
}

/// What becomes of a call of a tool that the server has not listed, and that has no rule of its own.
pub fn of_unlisted(rules: &Rules) -> Ruling {
    by_class(rules, ToolClass::Destroy).rule.max(Ruling::Ask)
}

fn by_class(rules: &Rules, class: ToolClass) -> Decided {
    Decided { rule: rules.classes.of(class), class: Some(class), because: Because::Class }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
