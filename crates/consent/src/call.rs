//! One call that the person is asked about, and what they say to it.

use crate::answer::Confirmation;
use crate::lasts::Lasts;
use crate::permit::Permit;
use crate::tools::{Difference, Form};
use peer::Application;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wire::{Act, ToolClass};

/// One call, by which equal ones are joined: of one program, at one server, as one account, of a tool that
/// says the same of itself, word for word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallAsked {
    /// The program.
    pub who: Application,
    /// The server.
    pub server_id: String,
    /// The grant that it would be made with.
    pub grant: String,
    /// The tool, if it is one.
    pub tool: Option<String>,
    /// That tool as the question shows it; nothing if the server had not listed it. A yes is to this.
    pub form: Option<Form>,
    /// The message's method.
    pub method: String,
    /// Tool, arguments and what is said beside them.
    pub call: message::deed::Call,
}

/// What the person says to a call.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallAnswer {
    /// Whether they agree.
    pub answer: Confirmation,
    /// How long it holds for all calls of the tool; null if it is for this call alone.
    #[serde(deserialize_with = "said")]
    pub tool: Option<Lasts>,
}

/// It has to be said, even where it is null.
fn said<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Lasts>, D::Error> {
    Option::deserialize(from)
}

/// What a call would do, as a surface shows it.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallWish {
    /// The server's name.
    pub server: String,
    /// Its host.
    pub host: String,
    /// As whom, if that is known.
    pub account: Option<String>,
    /// The tool; the method where it is none.
    pub name: String,
    /// Whether it is a tool.
    pub is_tool: bool,
    /// What the tool is called for people.
    pub title: Option<String>,
    /// Another tool of the server that this one could be taken for.
    pub looks_like: Option<String>,
    /// What it does.
    pub class: Option<ToolClass>,
    /// Why it is asked about.
    pub why: WhyAsked,
    /// Whether the tool says something else of itself than it did.
    pub says_else: bool,
    /// All that it is told.
    pub arguments: Vec<Argument>,
}

/// One thing that a call is told.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Argument {
    /// What it is called.
    pub name: String,
    /// What it is, on as many lines as it takes.
    pub value: String,
}

/// Why a call is asked about.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum WhyAsked {
    /// A rule says so.
    Rule,
    /// The tool came after the first list.
    New,
    /// The tool is not what it was.
    Changed {
        /// In this.
        differences: Vec<Difference>,
    },
    /// The server has not listed the tool.
    Unlisted,
    /// Nobody knows what the method does.
    Unknown,
}

/// The leave for what was sent at once: each message of it was let through by a rule, or by the person. It
/// can be had from [`Cleared::of`] alone, with the leave to use the server.
#[derive(Debug)]
pub struct Cleared {
    /// By which rule each message came through, in their order; nothing where there was nothing to rule.
    pub by: Vec<Option<Ruled>>,
}

/// By which rule one message came through, or did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruled {
    /// The tool, or the method.
    pub name: String,
    /// What it does.
    pub class: Option<ToolClass>,
    /// The rule, such as `class read: free`, or `asked: this call`.
    pub rule: String,
    /// Whether the person said so.
    pub asked: bool,
    /// Its arguments, as they were written.
    pub arguments: Option<Arc<str>>,
}

impl Cleared {
    /// Of all messages that were sent at once.
    pub const fn of(_: &Permit, by: Vec<Option<Ruled>>) -> Self {
        Self { by }
    }

    /// By which rules, for the audit.
    pub fn ruled(&self) -> impl Iterator<Item = &Ruled> {
        self.by.iter().flatten()
    }
}

impl CallAnswer {
    /// The answer, as an act of the audit.
    pub const fn act(self) -> Act {
        match (self.answer, self.tool) {
            (Confirmation::Yes, None) => Act::AllowCall,
            (Confirmation::Yes, Some(_)) => Act::AllowTool,
            (Confirmation::No, None) => Act::DenyCall,
            (Confirmation::No, Some(_)) => Act::DenyTool,
        }
    }
}

/// One of those who wait for leave to make a call.
pub struct WaitingForCall {
    pub(crate) answer: tokio::sync::watch::Receiver<Option<CallAnswer>>,
}

impl WaitingForCall {
    /// Waits for the answer. `None` if the question was taken back, since it lost its subject or another
    /// answer settled it.
    pub async fn answer(&mut self) -> Option<CallAnswer> {
        self.answer.wait_for(Option::is_some).await.ok().and_then(|answer| *answer)
    }
}
