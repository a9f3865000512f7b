//! What is sent through the proxy under rules: each message of it is let through by a rule, or by the person.

use crate::hand_out::askable::somebody_can_be_asked;
use crate::hand_out::permit::Ask;
use crate::hand_out::refusal::note_held;
use crate::valet::asker::Asker;
use consent::answer::Confirmation;
use consent::call::{Argument, CallAsked, CallWish, Cleared, Ruled, WhyAsked};
use consent::decide::{Because, Decided, decide};
use consent::lasts::Lasts;
use consent::permit::Permit;
use consent::rules::Rules;
use consent::subject::Subject;
use consent::tools::{Known, Sight, Tools};
use jiff::Timestamp;
use message::arguments;
use message::deed::{Asks, Deed, Deeds};
use oauth::Mask;
use plain::{Face, plain};
use std::sync::Arc;
use tokio::time::timeout_at;
use wire::{Problem, Ruling};

/// Bytes of arguments that a question shows; what is longer nobody could look through.
const LONGEST: usize = 32 << 10;
/// Characters of a name that a question shows.
const LONGEST_NAME: usize = 200;

/// What an agent is about to do.
pub(crate) struct Doing<'a> {
    pub(crate) deeds: &'a Deeds,
    /// The grant that it would be done with, as the catalog of tools names it.
    pub(crate) grant: &'a str,
    /// Whose account that is, as far as it is known.
    pub(crate) account: Option<&'a str>,
    /// What must not be shown, should anything be.
    pub(crate) mask: &'a (dyn Fn() -> Mask + Sync),
}

/// Why something was not sent, and which of several messages it was.
pub(crate) struct NotCleared {
    pub(crate) at: usize,
    pub(crate) problem: Problem,
}

/// What is known of the tool that is asked about.
#[derive(Default)]
struct ToolAsked {
    /// Nothing if the server has not listed it.
    known: Option<Known>,
    /// Another one, for which its name could be taken.
    looks_like: Option<String>,
}

impl ToolAsked {
    /// What the person has seen is what it is, whatever others are called.
    fn of(name: &str, tools: &Tools) -> Self {
        let known = tools.get(name).cloned();
        if known.as_ref().is_some_and(|known| known.sight() != Sight::New) {
            return Self { known, looks_like: None };
        }
        let face = Face::of(name);
        let looks_like = |(other, _): &(&str, &Known)| *other != name && Face::of(other).looks_like(&face);
        let looks_like = tools.all().find(looks_like).map(|(other, _)| other.to_owned());
        Self { known, looks_like }
    }
}

/// Why one message was not sent, and by which rule.
type NotOne = (Problem, Option<Ruled>);

impl Ask<'_> {
    /// The leave for all of it, one after the other. Nothing of it is sent if one message may not be.
    pub(crate) async fn clear(&self, permit: &Permit, doing: &Doing<'_>) -> Result<Cleared, NotCleared> {
        let mut by = Vec::with_capacity(doing.deeds.all.len());
        for (at, deed) in doing.deeds.all.iter().enumerate() {
            let (problem, ruled) = match self.clear_one(permit, doing, deed).await {
                Ok(ruled) => {
                    by.push(ruled);
                    continue;
                }
                Err(held) => held,
            };
            if let Some(ruled) = ruled {
                note_held(self.agent, &self.meant.name, deed.method.as_deref(), &ruled, problem.code);
            }
            return Err(NotCleared { at, problem });
        }
        Ok(Cleared::of(permit, by))
    }

    async fn clear_one(
        &self,
        permit: &Permit,
        doing: &Doing<'_>,
        deed: &Deed,
    ) -> Result<Option<Ruled>, NotOne> {
        loop {
            let now = self.agent.valet.clock.now();
            let rules = self.rules(permit, now).map_err(|problem| (problem, None))?;
            let Some(rules) = rules else { return Ok(None) };
            let (decided, tool) = self.decided_by(&rules, doing, deed, now);
            let call = match decided.rule {
                Ruling::Free => return Ok(ruled(deed, &decided, None)),
                Ruling::Never => None,
                Ruling::Ask => self.call(doing, deed, &tool),
            };
            let Some(call) = call else {
                let problem =
                    problems::against_the_rules(&self.meant.name, &self.agent.name(), &name_of(deed));
                return Err((problem, ruled(deed, &decided, None)));
            };
            match self.ask_about(permit, doing, deed, (&call, &decided, tool)).await? {
                Some(Confirmation::Yes) => return Ok(ruled(deed, &decided, Some("yes"))),
                Some(Confirmation::No) => {
                    let problem =
                        problems::call_refused(&self.meant.name, &self.agent.name(), &name_of(deed));
                    return Err((problem, ruled(deed, &decided, Some("no"))));
                }
                // Settled by another answer, or about what is not so any more.
                None => {}
            }
        }
    }

    /// What the person says to one call.
    async fn ask_about(
        &self,
        permit: &Permit,
        doing: &Doing<'_>,
        deed: &Deed,
        (call, decided, tool): (&Arc<CallAsked>, &Decided, ToolAsked),
    ) -> Result<Option<Confirmation>, NotOne> {
        let (valet, server, agent) = (&self.agent.valet, &self.meant.name, self.agent.name());
        let held = |problem: Problem, what: &str| (problem, ruled(deed, decided, Some(what)));
        if let Some(late) = valet.questions.take_late_call(call, valet.clock.now()) {
            return Ok(Some(late));
        }
        if !somebody_can_be_asked(valet, self.deadline).await {
            return Err(held(problems::nobody_for_call(server, &agent, &name_of(deed)), "nobody"));
        }
        let wish = self.call_wish(doing, deed, call, (decided.clone(), tool));
        let wish = wish.map_err(|problem| held(problem, "too long"))?;
        let subject = Subject::Call(Arc::clone(call));
        let _asker = Asker::new(valet, &subject);
        let longest = if call.tool.is_some() { self.longest(permit) } else { Lasts::Once };
        let Some(mut waiting) = valet.questions.ask_for_call(call, wish, longest) else {
            return Err((problems::too_many_questions(), None));
        };
        valet.show_soon();
        let answer = timeout_at(self.deadline, waiting.answer()).await;
        let answer = answer
            .map_err(|_| held(problems::call_asked(server, &agent, &name_of(deed)), "no answer yet"))?;
        match answer {
            Some(_) if self.is_somebody_else_now() => Ok(Some(Confirmation::No)),
            answer => Ok(answer.map(|answer| answer.answer)),
        }
    }

    /// The rules as they are now. Those of a leave for one session stay as they were given.
    fn rules(&self, permit: &Permit, now: Timestamp) -> Result<Option<Arc<Rules>>, Problem> {
        if permit.is_once() {
            return Ok(permit.rules().cloned());
        }
        let valet = &self.agent.valet;
        let policy = {
            let book = valet.book();
            book.meant(self.meant)?;
            book.config.valet.agents
        };
        Ok(valet.consents().rules(policy, self.agent.peer.application(), &self.meant.id, now))
    }

    /// What becomes of it, and what of the tool a question would show: both of one moment.
    fn decided_by(
        &self,
        rules: &Rules,
        doing: &Doing<'_>,
        deed: &Deed,
        now: Timestamp,
    ) -> (Decided, ToolAsked) {
        let valet = &self.agent.valet;
        let latest = valet.consents().latest();
        let catalogs = valet.catalogs.lock();
        let tools = catalogs.tools(&self.meant.id, doing.grant);
        let decided = decide(rules, deed, tools, now, latest);
        let tool = match (&deed.asks, tools) {
            (Asks::Tool(call), Some(tools)) if decided.rule == Ruling::Ask => {
                ToolAsked::of(&call.name, tools)
            }
            _ => ToolAsked::default(),
        };
        (decided, tool)
    }

    fn longest(&self, permit: &Permit) -> Lasts {
        if permit.is_once() {
            return Lasts::Once;
        }
        let (valet, who) = (&self.agent.valet, self.agent.peer.application());
        let longest = valet.consents().longest_for_tools(who, &self.meant.id, valet.clock.now());
        longest.within(who.longest())
    }

    /// What is asked about. Nothing of the protocol itself ever is.
    fn call(&self, doing: &Doing<'_>, deed: &Deed, tool: &ToolAsked) -> Option<Arc<CallAsked>> {
        let call = deed.call()?.clone();
        Some(Arc::new(CallAsked {
            who: self.agent.peer.application().clone(),
            server_id: self.meant.id.clone(),
            grant: doing.grant.to_owned(),
            tool: matches!(deed.asks, Asks::Tool(_)).then(|| call.name.clone()),
            form: tool.known.as_ref().map(|known| known.form().clone()),
            method: deed.method.clone()?,
            call,
        }))
    }

    fn call_wish(
        &self,
        doing: &Doing<'_>,
        deed: &Deed,
        asked: &CallAsked,
        (decided, tool): (Decided, ToolAsked),
    ) -> Result<CallWish, Problem> {
        let mask = (doing.mask)();
        let shown = arguments::shown(&asked.call).into_iter().map(|argument| Argument {
            value: mask.text(&argument.value).to_owned(),
            name: mask.text(&argument.name).to_owned(),
        });
        let shown: Vec<Argument> = shown.collect();
        let length: usize = shown.iter().map(|argument| argument.name.len() + argument.value.len()).sum();
        if length > LONGEST {
            return Err(problems::too_long_to_show(&self.meant.name, &name_of(deed)));
        }
        let host = {
            let book = self.agent.valet.book();
            book.meant(self.meant)?.config.place.host()
        };
        Ok(CallWish {
            server: self.meant.name.clone(),
            host,
            account: doing.account.map(ToOwned::to_owned),
            name: plain(&asked.call.name, LONGEST_NAME),
            is_tool: asked.tool.is_some(),
            title: tool.known.as_ref().and_then(Known::title).map(ToOwned::to_owned),
            looks_like: tool.looks_like.map(|name| plain(&name, LONGEST_NAME)),
            class: decided.class,
            why: why(decided.because),
            says_else: tool.known.as_ref().is_some_and(Known::says_else),
            arguments: shown,
        })
    }
}

fn why(because: Because) -> WhyAsked {
    match because {
        Because::Protocol | Because::Class | Because::Tool => WhyAsked::Rule,
        Because::New => WhyAsked::New,
        Because::Changed(differences) => WhyAsked::Changed { differences },
        Because::Unlisted => WhyAsked::Unlisted,
        Because::Unknown => WhyAsked::Unknown,
    }
}

/// What is said of it in a sentence.
fn name_of(deed: &Deed) -> String {
    let name = deed.subject.as_ref().or(deed.method.as_ref());
    plain(name.map_or("", String::as_str), LONGEST_NAME)
}

/// By which rule, for the audit; nothing where there was nothing to rule.
fn ruled(deed: &Deed, decided: &Decided, answered: Option<&str>) -> Option<Ruled> {
    if decided.because == Because::Protocol {
        return None;
    }
    let because = decided.because.as_str();
    let rule = match (answered, decided.class) {
        (Some(said), _) => [because, ": asked, ", said].concat(),
        (None, Some(class)) if decided.because == Because::Class => {
            [because, " ", class.as_str(), ": ", decided.rule.as_str()].concat()
        }
        (None, _) => [because, ": ", decided.rule.as_str()].concat(),
    };
    let call = deed.call();
    Some(Ruled {
        name: name_of(deed),
        class: decided.class,
        rule,
        asked: answered.is_some(),
        arguments: call.and_then(|call| call.arguments.clone()),
    })
}
