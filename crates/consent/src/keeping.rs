//! The answers that outlive the valet, on their way into the vault and back.

use crate::answers::Consents;
use crate::lasts::Ends;
use crate::remembered::{KeptAnswer, Remembered, Said, Used};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;

/// Whether the vault has what outlives the valet as it is now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Keeping {
    #[default]
    Kept,
    NotYet,
    /// It did not take it when it was asked to.
    Refused,
}

impl Consents {
    /// The answers that outlive the valet.
    fn kept(&self) -> Vec<KeptAnswer> {
        let all = self.of.iter().flat_map(|(id, of)| of.values().map(move |found| (id, found)));
        let lasting = all.filter(|(_, found)| found.outlives_the_valet());
        let chosen = |found: &Remembered| self.chosen.get(found.who.identity()).copied();
        let kept = |(id, found): (&String, &Remembered)| {
            let before = self.renaming.as_ref().filter(|(_, now)| now == id).map(|(before, _)| before);
            let ids = [Some(id), before].into_iter().flatten();
            ids.map(|as_id| found.keep(as_id, self.kin.thing(id), chosen(found))).collect::<Vec<_>>()
        };
        lasting.flat_map(kept).collect()
    }

    /// What was refused for now: until the person starts the valet again, which may be another run.
    pub fn denied_for_now(&self) -> Vec<Value> {
        let all = self.of.iter().flat_map(|(id, of)| of.values().map(move |found| (id, found)));
        let denied = all.filter(|(_, found)| found.is_no() && matches!(found.ends, Ends::WithTheValet));
        // What cannot be said in JSON is not known again by another run either.
        denied
            .filter_map(|(id, found)| serde_json::to_value(found.keep(id, self.kin.thing(id), None)).ok())
            .collect()
    }

    /// Takes that over from the run before.
    pub fn deny_again(&mut self, denied: &[Value]) {
        for denied in denied.iter().filter_map(|denied| KeptAnswer::deserialize(denied).ok()) {
            let KeptAnswer { who, server, extent, since, thing, .. } = denied.known_today();
            if let Some(thing) = &thing {
                let is_alias = self.kin.is_alias(&server);
                self.kin.learn(&server, thing, is_alias);
            }
            let no = Remembered::new(who.clone(), Said::No, Ends::WithTheValet, extent, since);
            self.of.entry(server).or_default().insert(who.identity().clone(), no);
        }
        self.kin.relate(|_| true);
    }

    /// Uses of answers that outlive the valet, by the mark of the program, for one server.
    pub fn uses(&self, id: &str) -> Vec<(String, Used)> {
        let read = self.of.get(id).into_iter().flat_map(HashMap::values);
        let read = read.filter(|found| found.outlives_the_valet() && found.used.times > 0);
        let unread = self.uses.iter().filter(|((server, _), _)| server == id);
        let unread = unread.map(|((_, mark), used)| (mark.clone(), *used));
        read.map(|found| (found.mark.clone(), found.used)).chain(unread).collect()
    }

    /// Takes over the uses that were written down for one server.
    pub fn expect_uses(&mut self, id: &str, uses: impl IntoIterator<Item = (String, Used)>) {
        if !self.read {
            self.uses.extend(uses.into_iter().map(|(mark, used)| ((id.to_owned(), mark), used)));
        }
    }

    /// Whether [`Consents::restore`] was called.
    pub const fn are_read(&self) -> bool {
        self.read
    }

    /// Notes that the vault does not have what outlives the valet as it is now.
    pub const fn unkeep(&mut self) {
        if matches!(self.keeping, Keeping::Kept) {
            self.keeping = Keeping::NotYet;
        }
    }

    /// Whether there is something that the vault does not have yet.
    pub const fn are_unkept(&self) -> bool {
        !matches!(self.keeping, Keeping::Kept)
    }

    /// Whether the vault did not take it when it was asked to.
    pub const fn were_refused(&self) -> bool {
        matches!(self.keeping, Keeping::Refused)
    }

    /// Notes that the vault did not take what outlives the valet.
    pub const fn refused(&mut self) {
        self.keeping = Keeping::Refused;
    }

    /// What the vault is to have. Whatever changes from here on is to be kept after it.
    pub fn begin_keeping(&mut self) -> Vec<KeptAnswer> {
        self.keeping = Keeping::Kept;
        self.kept()
    }

    /// Takes over what was kept, once. What was answered since then is newer, and what was taken back stays
    /// so. What ends by time is shown as of `now`.
    pub fn restore(&mut self, kept: Vec<KeptAnswer>, now: Timestamp) {
        if self.read {
            return;
        }
        self.read = true;
        self.look(now);
        let mut uses = std::mem::take(&mut self.uses);
        self.noted.clear();
        let taken_back = std::mem::take(&mut self.unread);
        let kept = kept.into_iter().filter(|kept| !taken_back.has(kept));
        for mut kept in kept {
            if let Some(thing) = &kept.thing {
                let is_alias = self.kin.is_alias(&kept.server);
                self.kin.learn(&kept.server, thing, is_alias);
            }
            if let Some(chosen) = kept.chosen {
                self.chosen.entry(kept.who.identity().clone()).or_insert(chosen);
            }
            let rules = kept.rules();
            let (ends, of) = (kept.ends(), self.of.entry(kept.server.clone()).or_default());
            let KeptAnswer { who, server, said, extent, since, .. } = kept;
            of.entry(who.identity().clone()).or_insert_with(|| {
                let mut found = Remembered::new(who, said, ends, extent, since);
                found.rules = rules;
                found.used = uses.remove(&(server, found.mark.clone())).unwrap_or_default();
                found
            });
        }
        self.kin.relate(|_| true);
    }
}
