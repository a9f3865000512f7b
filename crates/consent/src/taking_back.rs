//! Answers that are taken back, or over.

use crate::answers::Consents;
use crate::lasts::Ends;
use crate::remembered::{KeptAnswer, Remembered, Said, is_set_back};
use jiff::Timestamp;
use peer::Application;
use std::collections::{HashMap, HashSet};

/// Every "yes" that does not hold any more, although it was not known yet.
#[derive(Debug, Default)]
pub(crate) struct Withdrawn {
    all: bool,
    servers: HashSet<String>,
}

impl Withdrawn {
    pub(crate) fn has(&self, kept: &KeptAnswer) -> bool {
        matches!(kept.said, Said::Yes(_)) && (self.all || self.servers.contains(&kept.server))
    }
}

/// What was taken back from one program.
pub struct TakenFrom {
    /// The program.
    pub who: Application,
    /// The IDs of the servers that it may not use any more.
    pub servers: Vec<String>,
    /// Whether an answer would have outlived the valet.
    pub kept: bool,
}

impl Consents {
    /// When the next answer ends that does so by time.
    pub fn next_end(&self) -> Option<Timestamp> {
        let all = self.of.values().flat_map(HashMap::values);
        all.filter_map(|found| if let Ends::At(until) = found.ends { Some(until) } else { None }).min()
    }

    /// Forgets the answers that are over. True if what outlives the valet is another now.
    pub fn end(&mut self, now: Timestamp) -> bool {
        let is_kept_unlike = self.look(now);
        let latest = self.latest;
        let gone = self.drop_those(|_, found| found.is_over(now, latest));
        is_kept_unlike || gone.iter().any(Remembered::outlives_the_valet)
    }

    /// Sees what time it is. Where the clock was set back, every "yes" that ends by time is over, and time
    /// counts from here on. True if what outlives the valet is another now.
    pub(crate) fn look(&mut self, now: Timestamp) -> bool {
        let latest = self.latest;
        if !is_set_back(now, latest) {
            self.latest = latest.max(now);
            return false;
        }
        let gone = self.drop_those(|_, found| found.is_over(now, latest));
        self.latest = now;
        let is_kept_unlike = gone.iter().any(Remembered::outlives_the_valet);
        if is_kept_unlike {
            self.unkeep();
        }
        is_kept_unlike
    }

    /// Takes the answer about one program, given by its mark, and one server back; tells which program it
    /// was, and whether the answer would have outlived the valet. A "no" to another entry of the same thing
    /// stays one to that.
    pub fn take_back(&mut self, mark: &str, id: &str) -> Option<(Application, bool)> {
        let gone = self.drop_those(|server, found| server == id && found.mark == mark).pop();
        let Some(gone) = gone else { return self.ask_again(mark, id) };
        self.late.remove(&(id.to_owned(), gone.who.identity().clone()));
        let kept = gone.outlives_the_valet();
        Some((gone.who, kept))
    }

    /// Takes every "yes" about one program, given by its mark, back. A "no" stays one.
    pub fn take_back_all(&mut self, mark: &str) -> Option<TakenFrom> {
        self.late.retain(|(_, identity), _| identity.mark() != mark);
        let goes = |found: &Remembered| found.mark == mark && !found.is_no();
        let servers = self.of.iter().filter(|(_, of)| of.values().any(goes));
        let servers = servers.map(|(id, _)| id.clone()).collect();
        let gone = self.drop_those(|_, found| goes(found));
        let kept = gone.iter().any(Remembered::outlives_the_valet);
        let who = gone.into_iter().next()?.who;
        Some(TakenFrom { who, servers, kept })
    }

    /// A server has another id from now on: what was answered about it stays. Until [`Consents::renamed`] it
    /// is kept under both, since a start may find either in the configuration.
    pub fn rename(&mut self, from: &str, to: &str) {
        self.renaming = Some((from.to_owned(), to.to_owned()));
        if let Some(of) = self.of.remove(from) {
            self.of.insert(to.to_owned(), of);
        }
        let late = self.late.extract_if(|(server, _), _| server == from);
        let late: Vec<_> = late.map(|((_, identity), late)| ((to.to_owned(), identity), late)).collect();
        self.late.extend(late);
        self.kin.rename(from, to);
    }

    /// The configuration says so too.
    pub fn renamed(&mut self) {
        self.renaming = None;
    }

    fn ask_again(&mut self, mark: &str, id: &str) -> Option<(Application, bool)> {
        let beside =
            self.kin.beside(id).iter().filter_map(|other| self.of.get(other)).flat_map(HashMap::values);
        let who = beside.into_iter().find(|found| found.mark == mark)?.who.clone();
        self.kin.ask_again(&who, id);
        Some((who, false))
    }

    /// Forgets every "yes" about a server, those that have not been read yet included. A "no" stays: whoever
    /// was told it must not be able to have it forgotten. True if one would have outlived the valet.
    pub fn forget(&mut self, id: &str) -> bool {
        self.late.retain(|(server, _), _| server != id);
        if !self.read {
            self.unread.servers.insert(id.to_owned());
            self.forget_noted(Some(id));
        }
        let gone = self.drop_those(|server, found| server == id && !found.is_no());
        gone.iter().any(Remembered::outlives_the_valet)
    }

    /// Whether there is a "yes" that [`Consents::forget`] would forget, about one server or any. `unread`
    /// says whether the vault may have some that were not read.
    pub fn would_forget(&self, id: Option<&str>, unread: bool) -> bool {
        let is_meant = |server: &String| id.is_none_or(|id| id == server);
        let yes =
            self.of.iter().any(|(server, found)| is_meant(server) && found.values().any(|one| !one.is_no()));
        let noted = self.unread.all || id.is_some_and(|id| self.unread.servers.contains(id));
        yes || self.late.keys().any(|(server, _)| is_meant(server)) || (unread && !self.read && !noted)
    }

    /// As [`Consents::forget`], about all servers.
    pub fn forget_all(&mut self) {
        self.late.clear();
        self.unread.all = !self.read;
        self.forget_noted(None);
        self.drop_those(|_, found| !found.is_no());
    }

    pub(crate) fn drop_those(&mut self, goes: impl Fn(&str, &Remembered) -> bool) -> Vec<Remembered> {
        let of = self.of.iter_mut();
        let gone = of.flat_map(|(id, of)| of.extract_if(|_, found| goes(id, found)).collect::<Vec<_>>());
        gone.map(|(_, found)| found).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Answer;
    use crate::extent::Extent;
    use crate::lasts::Lasts;
    use crate::question::{Asked, Awaited};
    use crate::subject::Use;
    use jiff::tz::TimeZone;
    use peer::Peer;
    use std::os::unix::net::UnixStream;

    #[test]
    fn an_end_amid_a_rename_finds_the_answers_under_either_name() {
        let (ours, _theirs) = UnixStream::pair().unwrap();
        let who = Peer::of(&ours).unwrap().application().clone();
        let subject = Use { who, server_id: "old".to_owned(), extent: Extent::EVERYTHING };
        let asked = Asked { subject, heard: Awaited::Still };
        let mut consents = Consents::default();
        consents.remember(&asked, Answer::No(Lasts::Always), &Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC));
        let kept = |consents: &mut Consents| {
            let kept = consents.begin_keeping();
            let mut ids: Vec<String> = kept.into_iter().map(|kept| kept.server).collect();
            ids.sort();
            ids
        };
        consents.rename("old", "new");
        assert_eq!(kept(&mut consents), ["new", "old"]);
        consents.renamed();
        assert_eq!(kept(&mut consents), ["new"]);
    }
}
