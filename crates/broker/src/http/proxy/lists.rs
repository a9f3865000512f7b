//! Answers to `tools/list` on their way: what they list is learned, and what is never allowed is left out. An
//! answer may come by another stream than its request went: see [`consent::awaited`].

use super::call::Call;
use super::judged::grant_of;
use super::message::Content;
use super::source::Source;
use crate::authority::agent::Agent;
use crate::hand_out::Shown;
use crate::valet::catalogs;
use bytes::{Bytes, BytesMut};
use consent::awaited::ListAsked;
use consent::decide::of_tool;
use consent::permit::Permit;
use consent::rules::Rules;
use http::Method;
use message::listing::{self, LONGEST};
use relay::whole::{self, WholeEvents};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use state::meant::Meant;
use std::sync::Arc;
use wire::{Problem, Ruling};

/// An answer in which tools may be listed.
pub(super) struct Lists {
    agent: Agent,
    meant: Meant,
    /// The grant that was shown for this answer.
    grant: String,
    /// What this answers itself.
    asked: Vec<Arc<ListAsked>>,
    /// By which sessions it is known: it may bring what was asked in them.
    sessions: Vec<Option<String>>,
    ruled: ByRules,
    by_events: bool,
    seen: WholeEvents,
    /// How much of that has passed.
    passed: usize,
    /// The event that comes was too long, and its beginning is gone.
    is_cut: bool,
    /// Nothing more is looked at.
    is_over: bool,
}

/// By which rules tools are left out. A program that has rules gets nothing before all of a message is there.
enum ByRules {
    /// By these, if there are any, as long as the answer lasts.
    By(Option<Arc<Rules>>),
    /// By those that the program has by then: the stream may stand open for days.
    AsTheyAre,
}

#[derive(Deserialize)]
struct Request {
    id: Option<Value>,
    method: Option<String>,
    params: Option<Params>,
}

#[derive(Deserialize)]
struct Params {
    cursor: Option<String>,
}

/// What a body asks for, of one message or of several.
fn asked(content: &Content, grant: &str) -> Vec<Arc<ListAsked>> {
    let text = content.held().and_then(|bytes| str::from_utf8(bytes).ok()).unwrap_or_default();
    let messages = listing::batch(text).unwrap_or_default();
    let messages: Vec<&str> = match messages.is_empty() {
        true => vec![text],
        false => messages.into_iter().map(RawValue::get).collect(),
    };
    let requests = messages.into_iter().filter_map(|text| serde_json::from_str::<Request>(text).ok());
    let lists = requests.filter(|request| request.method.as_deref() == Some("tools/list"));
    let asked = lists.filter_map(|request| {
        let cursor = request.params.and_then(|params| params.cursor);
        Some(Arc::new(ListAsked { id: request.id?, cursor, grant: grant.to_owned() }))
    });
    asked.collect()
}

impl Call {
    /// The lists that this asks for, which are awaited from now on.
    pub(super) fn asks_for_lists(&self, shown: Option<&Shown>, content: &Content) -> Vec<Arc<ListAsked>> {
        if !self.message.lists_tools {
            return Vec::new();
        }
        let asked = asked(content, grant_of(shown));
        let mut awaited = self.agent.valet.awaited.lock();
        let (peer, id, session) = (&self.agent.peer, &self.place.meant.id, self.session.as_deref());
        asked.iter().for_each(|asked| awaited.note(peer, id, session, asked));
        drop(awaited);
        asked
    }

    /// Looks at the answer that comes, if it may list tools.
    pub(super) fn lists(
        &self,
        permit: &Permit,
        shown: Option<&Shown>,
        asked: Vec<Arc<ListAsked>>,
        source: &Source,
    ) -> Option<Lists> {
        let listens = self.method == Method::GET && source.is_events();
        if !source.status().is_success() || (asked.is_empty() && !listens) {
            return None;
        }
        let ruled = match listens && !permit.is_once() {
            true => ByRules::AsTheyAre,
            false => ByRules::By(permit.rules().cloned()),
        };
        Some(Lists {
            agent: self.agent.clone(),
            meant: self.place.meant.clone(),
            grant: grant_of(shown).to_owned(),
            asked,
            sessions: vec![self.session.clone()],
            ruled,
            by_events: source.is_events(),
            seen: WholeEvents::default(),
            passed: 0,
            is_cut: false,
            is_over: false,
        })
    }
}

impl Lists {
    /// Answers of this session come by it as well.
    pub(super) fn answers_session(&mut self, session: &str) {
        self.sessions.push(Some(session.to_owned()));
    }

    /// Whether what passes may be shorter than what came.
    pub(super) const fn changes(&self) -> bool {
        matches!(self.ruled, ByRules::AsTheyAre | ByRules::By(Some(_)))
    }

    /// What passes of a piece.
    ///
    /// # Errors
    /// It may list what is never allowed, and is too long to be looked through.
    pub(super) fn pass(&mut self, piece: Bytes) -> Result<Bytes, Problem> {
        if self.is_over {
            return Ok(piece);
        }
        let rules = self.rules();
        let (mut passes, is_behind) = (BytesMut::new(), self.passed < self.seen.len());
        self.seen.hold(&piece);
        while self.by_events
            && let Some(event) = self.seen.take()
        {
            passes.extend_from_slice(&self.event(event, rules.as_deref()));
        }
        let is_long = self.seen.len() > LONGEST;
        if is_long && rules.is_some() && self.awaits() {
            self.is_over = true;
            return Err(problems::list_too_long(&self.meant.name));
        }
        if rules.is_none() || is_long || self.is_cut {
            passes.extend_from_slice(self.seen.held().get(self.passed..).unwrap_or_default());
            self.passed = self.seen.len();
        }
        if is_long {
            self.seen.let_go();
            (self.passed, self.is_cut, self.is_over) = (0, true, !self.by_events);
        }
        Ok(if rules.is_none() && !is_behind { piece } else { passes.freeze() })
    }

    /// Whether a list is still to come.
    fn awaits(&self) -> bool {
        let awaited = self.agent.valet.awaited.lock();
        let (peer, server) = (&self.agent.peer, &self.meant.id);
        let in_session = |session: &Option<String>| awaited.awaits(peer, server, session.as_deref());
        !self.asked.is_empty() || self.sessions.iter().any(in_session)
    }

    /// What is left once all has come. An event that has no end is one to some readers.
    pub(super) fn end(&mut self) -> Bytes {
        if std::mem::replace(&mut self.is_over, true) {
            return Bytes::new();
        }
        let (rules, left) = (self.rules(), self.seen.rest());
        match self.by_events {
            true => self.event(left, rules.as_deref()),
            false => self.message(left, rules.as_deref()),
        }
    }

    fn rules(&self) -> Option<Arc<Rules>> {
        if let ByRules::By(rules) = &self.ruled {
            return rules.clone();
        }
        let valet = &self.agent.valet;
        let (policy, now) = (valet.book().config.valet.agents, valet.clock.now());
        valet.consents().rules(policy, self.agent.peer.application(), &self.meant.id, now)
    }

    /// What passes of an event, or is left to pass.
    fn event(&mut self, event: Bytes, rules: Option<&Rules>) -> Bytes {
        let (passed, is_cut) = (std::mem::take(&mut self.passed), std::mem::take(&mut self.is_cut));
        let text = str::from_utf8(&event).ok().filter(|_| !is_cut);
        let instead = text.and_then(|text| {
            let instead = self.look(&whole::data(text)?, rules)?;
            (passed == 0).then(|| Bytes::from(whole::with_data(text, &instead)))
        });
        instead.unwrap_or_else(|| event.slice(passed..))
    }

    fn message(&mut self, message: Bytes, rules: Option<&Rules>) -> Bytes {
        let text = str::from_utf8(&message).ok();
        let instead = text.and_then(|text| self.look(text.strip_prefix('\u{feff}').unwrap_or(text), rules));
        match instead {
            Some(instead) if self.passed == 0 => Bytes::from(instead),
            Some(_) | None => message.slice(self.passed..),
        }
    }

    /// Learns what messages list. What is to pass in their place, if that is another.
    fn look(&mut self, text: &str, rules: Option<&Rules>) -> Option<String> {
        let Some(batch) = listing::batch(text) else { return self.look_at_one(text, rules) };
        let instead: Vec<Option<String>> =
            batch.iter().map(|message| self.look_at_one(message.get(), rules)).collect();
        if instead.iter().all(Option::is_none) {
            return None;
        }
        let all = batch.iter().zip(&instead);
        let all = all.map(|(message, instead)| instead.as_deref().unwrap_or(message.get()));
        Some(format!("[{}]", all.collect::<Vec<_>>().join(",")))
    }

    fn look_at_one(&mut self, text: &str, rules: Option<&Rules>) -> Option<String> {
        let (id, listing) = listing::read(text)?;
        let asked = self.is_answer_to(&id);
        if let Some(asked) = &asked {
            catalogs::learn(&self.agent.valet, &self.meant, &asked.grant, asked.cursor.as_deref(), listing);
        }
        // What nobody asked for is left out of as well: who reads it may take it for what they asked for.
        let (rules, grant) = (rules?, asked.as_ref().map_or(&self.grant, |asked| &asked.grant));
        let (now, latest) = (self.agent.valet.clock.now(), self.agent.valet.consents().latest());
        let catalogs = self.agent.valet.catalogs.lock();
        let tools = catalogs.tools(&self.meant.id, grant);
        listing::without(text, |name| of_tool(rules, name, tools, now, latest).rule == Ruling::Never)
    }

    /// What an answer with this ID is to. Nobody has to believe of a list that nobody asked for that it is
    /// one.
    fn is_answer_to(&mut self, id: &Value) -> Option<Arc<ListAsked>> {
        let (peer, server) = (&self.agent.peer, &self.meant.id);
        let mut awaited = self.agent.valet.awaited.lock();
        if let Some(at) = self.asked.iter().position(|asked| asked.has_id(id)) {
            let asked = self.asked.swap_remove(at);
            self.sessions.iter().for_each(|session| awaited.came(peer, server, session.as_deref(), &asked));
            return Some(asked);
        }
        self.sessions.iter().find_map(|session| awaited.take(peer, server, session.as_deref(), id))
    }
}

/// Whoever has got as many bytes as were announced takes nothing more, and does not see the end.
impl Drop for Lists {
    fn drop(&mut self) {
        drop(self.end());
    }
}
