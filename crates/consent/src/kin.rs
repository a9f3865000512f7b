//! Which entries are one thing, for the answers about programs: a "no" to one of them is a "no" to all.
//!
//! It gives way to what the person answered for an entry by its own name. That holds whichever came first, so
//! that of two accounts at one address one may be allowed and the other not; except for entries that a
//! program added, which take an earlier "yes" from nobody.

use config::thing::Thing;
use peer::{Application, Identity};
use std::collections::{BTreeSet, HashMap, HashSet};

/// The entries that there are, and those that are gone and were answered about.
#[derive(Debug, Default)]
pub(crate) struct Kin {
    entries: HashMap<String, Entry>,
    /// The other entries of the same thing. Most have none, and are not in here.
    beside: HashMap<String, Vec<String>>,
    /// Which programs the person wants to be asked about for an entry, although they refused another of the
    /// same thing.
    asked_again: HashSet<(String, Identity)>,
}

#[derive(Debug, Default)]
struct Entry {
    thing: Thing,
    /// Whether a program added it.
    is_alias: bool,
}

impl Kin {
    /// Learns what an entry is. [`Kin::relate`] makes it count.
    pub(crate) fn learn(&mut self, id: &str, thing: &Thing, is_alias: bool) {
        let entry = self.entries.entry(id.to_owned()).or_default();
        entry.thing.join(thing);
        entry.is_alias = is_alias;
    }

    /// An entry has another id from now on. [`Kin::relate`] makes it count.
    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        if let Some(entry) = self.entries.remove(from) {
            self.entries.insert(to.to_owned(), entry);
        }
        let again = self.asked_again.extract_if(|(id, _)| id == from);
        let again: Vec<_> = again.map(|(_, identity)| (to.to_owned(), identity)).collect();
        self.asked_again.extend(again);
    }

    /// Forgets those that nobody needs, and finds out which are one thing.
    pub(crate) fn relate(&mut self, needed: impl Fn(&str) -> bool) {
        self.entries.retain(|id, _| needed(id));
        self.asked_again.retain(|(id, _)| needed(id));
        let mut by_key: HashMap<&str, Vec<&str>> = HashMap::new();
        for (id, entry) in &self.entries {
            entry.thing.keys().for_each(|key| by_key.entry(key).or_default().push(id));
        }
        self.beside = self
            .entries
            .iter()
            .filter_map(|(id, entry)| {
                let all = entry.thing.keys().filter_map(|key| by_key.get(key)).flatten();
                let others: BTreeSet<&str> = all.copied().filter(|other| other != id).collect();
                let others = others.into_iter().map(ToOwned::to_owned).collect::<Vec<_>>();
                (!others.is_empty()).then(|| (id.clone(), others))
            })
            .collect();
    }

    /// The other entries of the same thing.
    pub(crate) fn beside(&self, id: &str) -> &[String] {
        self.beside.get(id).map_or(&[], Vec::as_slice)
    }

    /// Those of them that programs added.
    pub(crate) fn aliases(&self, id: &str) -> impl Iterator<Item = &String> {
        self.beside(id).iter().filter(|other| self.is_alias(other))
    }

    pub(crate) fn is_alias(&self, id: &str) -> bool {
        self.entries.get(id).is_some_and(|entry| entry.is_alias)
    }

    /// What an entry is.
    pub(crate) fn thing(&self, id: &str) -> Option<&Thing> {
        self.entries.get(id).map(|entry| &entry.thing)
    }

    /// Whether a "no" to another entry of the thing says nothing here, since the person wants to be asked.
    pub(crate) fn is_asked_again(&self, who: &Application, id: &str) -> bool {
        !self.asked_again.is_empty() && self.asked_again.contains(&(id.to_owned(), who.identity().clone()))
    }

    /// The person wants to be asked.
    pub(crate) fn ask_again(&mut self, who: &Application, id: &str) {
        self.asked_again.insert((id.to_owned(), who.identity().clone()));
    }

    /// The person has refused an entry: that holds for the others from here on.
    pub(crate) fn refuse(&mut self, who: &Application, id: &str) {
        let beside = self.beside.get(id).map_or(&[][..], Vec::as_slice);
        self.asked_again.retain(|(other, identity)| {
            identity != who.identity() || (other != id && !beside.contains(other))
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Answer;
    use crate::answers::Consents;
    use crate::extent::Extent;
    use crate::lasts::Lasts;
    use crate::question::{Asked, Awaited};
    use crate::subject::Use;
    use config::AgentsPolicy;
    use jiff::Timestamp;
    use jiff::tz::TimeZone;
    use peer::Peer;
    use std::os::unix::net::UnixStream;
    use wire::ConsentState;

    #[test]
    fn a_never_that_was_kept_holds_in_the_next_run_for_another_name_of_what_is_gone() {
        let (ours, _theirs) = UnixStream::pair().unwrap();
        let peer = Peer::of(&ours).unwrap();
        let (who, now) = (peer.application(), Timestamp::UNIX_EPOCH);
        let thing = Thing::at("https://good.example/mcp");
        let mut before = Consents::default();
        before.meet([("good", &thing, false)].into_iter());
        let subject = Use { who: who.clone(), server_id: "good".to_owned(), extent: Extent::EVERYTHING };
        let asked = Asked { subject, heard: Awaited::Still };
        assert!(before.remember(&asked, Answer::No(Lasts::Always), &now.to_zoned(TimeZone::UTC)));
        let kept = serde_json::to_string(&before.begin_keeping()).unwrap();

        let mut after = Consents::default();
        after.restore(serde_json::from_str(&kept).unwrap(), now);
        let same = Thing::at("https://good.example/mcp/");
        after.meet([("alias", &same, true), ("other", &Thing::at("https://good.example"), true)].into_iter());
        let standing = |id| after.standing(AgentsPolicy::Allow, who, id, None, now);
        assert_eq!((standing("alias"), standing("other")), (ConsentState::Denied, ConsentState::Allowed));
    }
}
