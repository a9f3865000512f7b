//! What is told without being asked: standing notices, each once; and what programs did, a few at a time.

use broker::{Person, View};
use std::collections::HashSet;
use std::time::{Duration, Instant};
use words::say;

/// So many deeds of programs are told in one burst; the rest is counted.
const MOST: usize = 5;

/// How long a burst lasts.
const BURST: Duration = Duration::from_secs(10);

/// What was told so far.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    told: HashSet<String>,
    began: Option<Instant>,
    deeds: usize,
}

impl Notes {
    /// What there is to tell now.
    pub(crate) fn take(&mut self, person: &Person, view: &View) -> Vec<String> {
        let mut notes: Vec<String> = self.counted().into_iter().collect();
        notes.extend(news(view).filter(|news| self.told.insert(news.clone())));
        for deed in &view.deeds {
            person.put_away(deed.id);
            if self.admits() {
                notes.push(deed.sentence());
            }
        }
        notes
    }

    /// Waits until the burst is over, if there is something to tell of it then.
    pub(crate) async fn rest(&self) {
        match self.began {
            Some(began) if self.deeds > MOST => tokio::time::sleep_until((began + BURST).into()).await,
            Some(_) | None => std::future::pending().await,
        }
    }

    fn admits(&mut self) -> bool {
        self.began.get_or_insert_with(Instant::now);
        self.deeds += 1;
        self.deeds <= MOST
    }

    /// How much of a burst that is over was not told.
    fn counted(&mut self) -> Option<String> {
        self.began.take_if(|began| began.elapsed() >= BURST)?;
        let more = std::mem::take(&mut self.deeds).checked_sub(MOST).filter(|more| *more > 0)?;
        Some(say!(terminal_more_deeds, more = more))
    }
}

fn news(view: &View) -> impl Iterator<Item = String> {
    let problems = view.locked.iter().chain(&view.trouble);
    problems.map(|problem| format!("{}. {}", problem.detail, problem.advice)).chain(view.notices())
}
