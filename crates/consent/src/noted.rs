//! Answers as they are written down beside the vault, so that it can be said whom something may be told while
//! the vault cannot be read. They are no leave to use anything.

use crate::answers::Consents;
use crate::lasts::Ends;
use crate::remembered::Remembered;
use crate::who::Who;
use config::AgentsPolicy;
use jiff::Timestamp;
use peer::Longest;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use wire::ConsentState;

/// An answer about one program, as it was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotedAnswer {
    allowed: bool,
    since: Timestamp,
    /// When it ends, if it does so by time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
}

impl NotedAnswer {
    fn of(found: &Remembered) -> Self {
        let until = if let Ends::At(until) = found.ends { Some(until) } else { None };
        // What a yes by rules lets be seen is not known before they are read.
        let allowed = !found.is_no() && found.rules.is_none();
        Self { allowed, since: found.since, until }
    }

    fn is_yes(&self, now: Timestamp) -> bool {
        self.allowed && self.until.is_none_or(|until| self.since <= now && now < until)
    }
}

impl Consents {
    /// The answers that outlive the valet, by the mark of the program, for one server.
    pub fn noted(&self, id: &str) -> Vec<(String, NotedAnswer)> {
        let read = self.of.get(id).into_iter().flat_map(HashMap::values);
        let read = read.filter(|found| found.outlives_the_valet());
        let read = read.map(|found| (found.mark.clone(), NotedAnswer::of(found)));
        let unread = self.noted.iter().filter(|((server, _), _)| server == id);
        read.chain(unread.map(|((_, mark), noted)| (mark.clone(), *noted))).collect()
    }

    /// Takes over what was written down for one server.
    pub fn expect_noted(&mut self, id: &str, noted: impl IntoIterator<Item = (String, NotedAnswer)>) {
        if !self.read {
            self.noted.extend(noted.into_iter().map(|(mark, noted)| ((id.to_owned(), mark), noted)));
        }
    }

    /// Whether `who` may be told what it could learn by using the server with `id`: its own yes stands, or
    /// nobody is asked and it was refused nothing.
    pub fn may_be_told(&self, policy: AgentsPolicy, who: Who<'_>, id: &str, now: Timestamp) -> bool {
        let Who::Same(application) = who else { return false };
        let standing = self.standing(policy, application, id, None, now);
        if self.read || self.of(application, id, now).is_some() {
            return standing == ConsentState::Allowed;
        }
        if application.longest() != Longest::Always {
            return false;
        }
        let mark = application.identity().mark();
        match (self.noted.get(&(id.to_owned(), mark.clone())), policy) {
            (Some(noted), _) => noted.is_yes(now),
            // What it was refused may be the same thing by another name.
            (None, AgentsPolicy::Allow) => {
                !self.noted.iter().any(|((_, other), noted)| *other == mark && !noted.allowed)
            }
            (None, AgentsPolicy::Ask | AgentsPolicy::Deny) => false,
        }
    }

    /// Forgets every yes that was written down about a server, or about all.
    pub(crate) fn forget_noted(&mut self, id: Option<&str>) {
        self.noted.retain(|(server, _), noted| !noted.allowed || id.is_some_and(|id| id != server));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use peer::Peer;
    use std::os::unix::net::UnixStream;

    #[test]
    fn what_was_written_down_says_whom_something_may_be_told_until_it_is_over_or_taken_back() {
        let (ours, _theirs) = UnixStream::pair().unwrap();
        let peer = Peer::of(&ours).unwrap();
        let who = Who::of(&peer);
        let mark = who.application().identity().mark();
        let always = who.application().longest() == Longest::Always;
        let (now, late) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
        let noted = |allowed, until| NotedAnswer { allowed, since: now, until };
        let told = |noted: NotedAnswer, at| {
            let mut consents = Consents::default();
            consents.expect_noted("a", [(mark.clone(), noted)]);
            let before = consents.may_be_told(AgentsPolicy::Ask, who, "a", at);
            let other = consents.may_be_told(AgentsPolicy::Ask, who, "b", at);
            consents.forget("a");
            (before, other, consents.may_be_told(AgentsPolicy::Ask, who, "a", at))
        };
        assert_eq!(told(noted(true, None), late), (always, false, false));
        assert_eq!(told(noted(true, Some(late)), now), (always, false, false));
        assert_eq!(told(noted(true, Some(now)), late), (false, false, false));
        assert_eq!(told(noted(false, None), now), (false, false, false));
    }
}
