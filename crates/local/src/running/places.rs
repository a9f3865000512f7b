//! How many programs run, and who makes way.

use super::{All, Talks};
use crate::fault::Fault;
use crate::program::Owner;
use crate::talk::Talk;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What is known of a program before it runs.
pub(super) struct Taken {
    pub(super) owner: Owner,
    /// It is to end as soon as it runs.
    pub(super) stopped: bool,
    /// The process that keeps it, from before it is started.
    pub(super) keeper: Option<u32>,
}

/// One of the places for programs, until it is dropped.
pub(super) struct Place {
    all: Arc<All>,
    number: u64,
}

impl Place {
    /// For one more program. Where there is none left, one that nobody has used for a while
    /// makes way.
    pub(super) async fn take(all: &Arc<All>, owner: &Owner) -> Result<Self, Fault> {
        let (most, gives_way) = match all.try_place(owner) {
            Ok(place) => return Ok(place),
            Err(full) => full,
        };
        let Some(talk) = gives_way else { return Err(Fault::TooMany { most }) };
        talk.close(Fault::NoSession);
        talk.until_gone().await;
        all.try_place(owner).map_err(|_| Fault::TooMany { most })
    }

    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    /// Notes the process that keeps the program: whatever is below that is the program.
    pub(super) fn is_kept_by(&self, keeper: u32) {
        if let Some(taken) = self.all.talks().places.get_mut(&self.number) {
            taken.keeper = Some(keeper);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut talks = self.all.talks();
        talks.places.remove(&self.number);
        talks.all.remove(&self.number);
        let Talks { places, rooms, .. } = &mut *talks;
        rooms.retain(|application, _| places.values().any(|taken| taken.owner.application == *application));
        drop(talks);
        self.all.shared.forget_ended();
        self.all.changed();
    }
}

impl All {
    /// A place; else how many there are, and who could make way.
    fn try_place(self: &Arc<Self>, owner: &Owner) -> Result<Place, (usize, Option<Arc<Talk>>)> {
        let is_its = |one: &Owner| one.application == owner.application;
        let mut talks = self.talks();
        let of_it = talks.places.values().filter(|taken| is_its(&taken.owner)).count();
        let (is_full_for_it, is_full) =
            (of_it >= self.bounds.of_application, talks.places.len() >= self.bounds.of_all);
        if is_full_for_it || is_full {
            let most = if is_full_for_it { self.bounds.of_application } else { self.bounds.of_all };
            let candidates = talks.all.values().filter(|talk| !is_full_for_it || is_its(&talk.owner));
            return Err((most, gives_way(candidates, self.bounds.idle)));
        }
        talks.next += 1;
        let number = talks.next;
        talks.places.insert(number, Taken { owner: owner.clone(), stopped: false, keeper: None });
        drop(talks);
        self.changed();
        Ok(Place { all: Arc::clone(self), number })
    }
}

/// The one that nobody has used for longest. A session is given up only once it could be forgotten.
fn gives_way<'a>(talks: impl Iterator<Item = &'a Arc<Talk>>, idle: Duration) -> Option<Arc<Talk>> {
    let now = Instant::now();
    let unused = talks.filter_map(|talk| Some((talk.idle_since()?, talk)));
    let may_go = unused.filter(|(since, talk)| !talk.run().session || now.duration_since(*since) >= idle);
    may_go.min_by_key(|(since, _)| *since).map(|(_, talk)| Arc::clone(talk))
}
