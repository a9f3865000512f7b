//! The answer to `tools/list` on its way: what it lists is learned, and what is never allowed is left out.

use super::call::Call;
use super::judged::grant_of;
use super::message::Content;
use crate::hand_out::Shown;
use crate::valet::{Valet, catalogs};
use bytes::{Bytes, BytesMut};
use consent::decide::of_tool;
use consent::permit::Permit;
use consent::rules::Rules;
use http::StatusCode;
use message::listing::{self, LONGEST};
use relay::whole::{self, WholeEvents};
use serde::Deserialize;
use serde_json::Value;
use state::meant::Meant;
use std::sync::Arc;
use wire::Ruling;

/// An answer that lists tools.
pub(super) struct Lists {
    valet: Arc<Valet>,
    meant: Meant,
    grant: String,
    /// The request that is answered.
    id: Value,
    /// Where in the list it goes on.
    cursor: Option<String>,
    /// The rules of a program that has any: what it gets waits until all of a message is there.
    rules: Option<Arc<Rules>>,
    events: bool,
    seen: WholeEvents,
    /// Nothing more is looked at.
    is_over: bool,
}

impl Call {
    /// Looks at the answer that comes, if it lists tools.
    pub(super) fn lists(
        &self,
        permit: &Permit,
        shown: Option<&Shown>,
        content: &Content,
        status: StatusCode,
    ) -> Option<Lists> {
        if !self.message.lists_tools() || !status.is_success() {
            return None;
        }
        Some(Lists {
            valet: Arc::clone(&self.agent.valet),
            meant: self.place.meant.clone(),
            grant: grant_of(shown),
            id: self.message.ids.first()?.clone(),
            cursor: content.held().and_then(|bytes| cursor(bytes)),
            rules: permit.rules().cloned(),
            events: false,
            seen: WholeEvents::default(),
            is_over: false,
        })
    }
}

fn cursor(bytes: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Request {
        params: Option<Params>,
    }
    #[derive(Deserialize)]
    struct Params {
        cursor: Option<String>,
    }
    serde_json::from_slice::<Request>(bytes).ok()?.params?.cursor
}

impl Lists {
    /// Whether what passes may be shorter than what came.
    pub(super) const fn changes(&self) -> bool {
        self.rules.is_some()
    }

    /// It comes as a stream of events.
    pub(super) const fn by_events(&mut self, events: bool) {
        self.events = events;
    }

    /// What passes of a piece.
    pub(super) fn pass(&mut self, piece: Bytes) -> Bytes {
        if self.is_over {
            return piece;
        }
        self.seen.hold(&piece);
        let passes = if self.events { self.whole_events() } else { Bytes::new() };
        if self.seen.len() > LONGEST {
            self.is_over = true;
            let held = self.seen.rest();
            return if self.changes() { Bytes::from([passes, held].concat()) } else { piece };
        }
        if self.changes() { passes } else { piece }
    }

    /// What is left once all has come. An event that has no end is one to some readers.
    pub(super) fn end(&mut self) -> Bytes {
        if std::mem::replace(&mut self.is_over, true) {
            return Bytes::new();
        }
        let left = self.seen.rest();
        let left = if self.events { self.event(left) } else { self.message(left) };
        if self.changes() { left } else { Bytes::new() }
    }

    /// The events that are whole by now, as they pass.
    fn whole_events(&mut self) -> Bytes {
        let mut pass = BytesMut::new();
        while let Some(event) = self.seen.take() {
            pass.extend_from_slice(&self.event(event));
        }
        pass.freeze()
    }

    fn event(&self, event: Bytes) -> Bytes {
        let Ok(text) = std::str::from_utf8(&event) else { return event };
        let instead = whole::data(text).and_then(|said| self.look(&said));
        instead.map_or_else(|| event.clone(), |instead| Bytes::from(whole::with_data(text, &instead)))
    }

    fn message(&self, message: Bytes) -> Bytes {
        let text = std::str::from_utf8(&message).ok();
        let instead = text.and_then(|text| self.look(text.strip_prefix('\u{feff}').unwrap_or(text)));
        instead.map_or(message, Bytes::from)
    }

    /// Learns what a message lists. What is to pass in its place, if that is another.
    fn look(&self, text: &str) -> Option<String> {
        let listing = listing::read(text, &self.id)?;
        catalogs::learn(&self.valet, &self.meant, &self.grant, self.cursor.as_deref(), listing);
        let rules = self.rules.as_ref()?;
        let (now, latest) = (self.valet.clock.now(), self.valet.consents().latest());
        let catalogs = self.valet.catalogs.lock();
        let tools = catalogs.tools(&self.meant.id, &self.grant);
        listing::without(text, &self.id, |name| {
            of_tool(rules, name, tools, now, latest).rule == Ruling::Never
        })
    }
}

/// Whoever has got as many bytes as were announced takes nothing more, and does not see the end.
impl Drop for Lists {
    fn drop(&mut self) {
        drop(self.end());
    }
}
