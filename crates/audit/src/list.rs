//! Reading what was written, newest first.

use super::Audit;
use super::file::{self, Segment};
use super::line::{Line, Link};
use jiff::Timestamp;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io;
use std::ops::ControlFlow;
use wire::{ActKind, AnyAct, AuditEntry};

/// Entries that a page of the list has at most.
const PAGE: usize = 50;
/// Names that a filter offers at most.
const MOST_NAMES: usize = 200;
/// The chart counts by quarters of an hour: every time zone's days and hours are made of those.
const QUARTER: i64 = 15 * 60;
/// The quarters of an hour of eight days: with them, the last seven days of any time zone are whole.
const QUARTERS: i64 = 8 * 24 * 4;

/// What the person wants to see of it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// Older than the entry at this place.
    before: Option<i64>,
    /// Newer than the entry at this place.
    after: Option<i64>,
    agent: Option<String>,
    server: Option<String>,
    kind: Option<ActKind>,
    /// Words that all have to be somewhere in it.
    text: Option<String>,
}

/// An entry, and its place among all.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Serialize)]
pub struct Row {
    /// Its number. Entries from before the chain count down from 0.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    place: i64,
    kind: ActKind,
    entry: AuditEntry,
}

/// A page of the audit, newest first.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Serialize)]
pub struct Activity {
    rows: Vec<Row>,
    /// Whether there are more than are listed here.
    more: bool,
    /// The chart, where the list begins with the newest.
    chart: Option<Chart>,
}

/// How much there was to list, over time.
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[derive(Debug, Serialize)]
pub struct Chart {
    /// When the first quarter of an hour begins.
    #[cfg_attr(feature = "types", ts(type = "string"))]
    from: Timestamp,
    /// How many in each quarter of an hour since then. Where no kind is asked for, uses alone.
    counts: Vec<u32>,
    /// The agents of that time, whatever the filter.
    agents: BTreeSet<String>,
    /// The servers of that time, whatever the filter.
    servers: BTreeSet<String>,
}

impl Audit {
    /// The newest entries, at most `most`, that `wanted` accepts; oldest first.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn list(&self, most: usize, wanted: impl Fn(&AuditEntry) -> bool) -> io::Result<Vec<AuditEntry>> {
        let mut newest = Vec::new();
        self.look_back(|_, line| {
            newest.extend(serde_json::from_slice(line).ok().filter(|entry| wanted(entry)));
            if newest.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        newest.reverse();
        Ok(newest)
    }

    /// What the person asked to see.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn activity(&self, ask: &Search, now: Timestamp) -> io::Result<Activity> {
        let filter = Filter::of(ask);
        let mut rows = Vec::new();
        let mut more = false;
        let mut chart = (ask.before.is_none() && ask.after.is_none()).then(|| Chart::until(now));
        self.look_back(|place, line| {
            if ask.after.is_some_and(|after| place <= after) {
                return ControlFlow::Break(());
            }
            let Ok(glance) = serde_json::from_slice::<Glance<'_>>(line) else {
                return ControlFlow::Continue(());
            };
            let charted = chart.as_mut().is_some_and(|chart| chart.covers(glance.at));
            if !charted && more {
                return ControlFlow::Break(());
            }
            let kind = glance.what.kind();
            let wanted = filter.takes(&glance, kind, line);
            if let Some(chart) = chart.as_mut().filter(|_| charted) {
                chart.count(&glance, wanted && (ask.kind.is_some() || kind == ActKind::Use));
            }
            if !more && wanted && ask.before.is_none_or(|before| place < before) {
                more = rows.len() == PAGE;
                let row = |entry| Row { place, kind, entry };
                rows.extend(serde_json::from_slice(line).ok().filter(|_| !more).map(row));
            }
            ControlFlow::Continue(())
        })?;
        Ok(Activity { rows, more, chart })
    }

    /// Goes through the lines, newest first, until `visit` has enough. Each comes with its place.
    fn look_back(&self, mut visit: impl FnMut(i64, &[u8]) -> ControlFlow<()>) -> io::Result<()> {
        let (pages, oldest, from_the_first) = {
            let pen = self.pen();
            (self.pages(&pen)?, pen.oldest(), pen.base == Some(Link::BEGIN))
        };
        let mut unchained = 0;
        for page in pages.iter().rev() {
            let text = page.read()?;
            let old = if from_the_first { before_the_chain(page, &text) } else { 0 };
            for (at, line) in file::lines(&text).enumerate().collect::<Vec<_>>().into_iter().rev() {
                let place = match Line::parse(line) {
                    // From before what is kept: nobody knows whose it is.
                    Some(line) if line.link.seq < oldest => continue,
                    Some(line) => i64::try_from(line.link.seq).unwrap_or(i64::MAX),
                    None if at < old => {
                        unchained -= 1;
                        unchained + 1
                    }
                    // Torn, or put in by somebody.
                    None => continue,
                };
                if visit(place, line).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// How many lines of a file are from before the chain.
fn before_the_chain(page: &Segment, text: &[u8]) -> usize {
    if page.first != 0 {
        return 0;
    }
    file::lines(text).position(|line| Line::parse(line).is_some()).unwrap_or(usize::MAX)
}

/// As much of an entry as decides whether it is listed and counted: of most no more is needed.
#[derive(Deserialize)]
struct Glance<'a> {
    at: Timestamp,
    what: AnyAct,
    #[serde(borrow)]
    agent: Cow<'a, str>,
    #[serde(default)]
    server: Option<Cow<'a, str>>,
    #[serde(default)]
    executable: Option<IgnoredAny>,
}

struct Filter<'a> {
    ask: &'a Search,
    words: Vec<String>,
}

impl<'a> Filter<'a> {
    fn of(ask: &'a Search) -> Self {
        let text = ask.text.as_deref().unwrap_or_default().to_lowercase();
        Self { ask, words: text.split_whitespace().map(ToOwned::to_owned).collect() }
    }

    fn takes(&self, glance: &Glance<'_>, kind: ActKind, line: &[u8]) -> bool {
        let Search { agent, server, kind: wanted, .. } = self.ask;
        wanted.is_none_or(|wanted| wanted == kind)
            && agent.as_ref().is_none_or(|agent| glance.executable.is_some() && *agent == glance.agent)
            && server.as_ref().is_none_or(|server| glance.server.as_ref().is_some_and(|own| server == own))
            && (self.words.is_empty() || self.reads_in(line))
    }

    fn reads_in(&self, line: &[u8]) -> bool {
        let Ok(entry) = serde_json::from_slice::<AuditEntry>(line) else { return false };
        let optional = [&entry.server, &entry.method, &entry.tool, &entry.outcome]
            .into_iter()
            .flatten()
            .map(String::as_str);
        let texts = [entry.what.name(), entry.actor.name()].into_iter().chain(entry.actor.executable());
        let scopes = entry.scopes.iter().map(String::as_str);
        let text = texts.chain(optional).chain(scopes).map(str::to_lowercase).collect::<Vec<_>>().join("\n");
        self.words.iter().all(|word| text.contains(word))
    }
}

impl Chart {
    fn until(now: Timestamp) -> Self {
        let end = now.as_second().div_euclid(QUARTER) + 1;
        let from = Timestamp::from_second((end - QUARTERS) * QUARTER).unwrap_or(Timestamp::MIN);
        let counts = vec![0; usize::try_from(QUARTERS).unwrap_or(0)];
        Self { from, counts, agents: BTreeSet::new(), servers: BTreeSet::new() }
    }

    /// Whether this falls into its time. A clock that was set back makes entries look as if they were yet to
    /// come.
    fn covers(&self, at: Timestamp) -> bool {
        at >= self.from
    }

    fn count(&mut self, entry: &Glance<'_>, counts: bool) {
        let quarter = entry.at.duration_since(self.from).as_secs() / QUARTER;
        let slot = usize::try_from(quarter).ok().and_then(|quarter| self.counts.get_mut(quarter));
        if let Some(count) = slot.filter(|_| counts) {
            *count += 1;
        }
        if entry.executable.is_some() {
            add(&mut self.agents, &entry.agent);
        }
        entry.server.iter().for_each(|server| add(&mut self.servers, server));
    }
}

fn add(names: &mut BTreeSet<String>, name: &str) {
    if names.len() < MOST_NAMES && !names.contains(name) {
        names.insert(name.to_owned());
    }
}
