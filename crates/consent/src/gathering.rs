//! A program's first uses of several servers, one right after the other, are one question.

use crate::subject::Use;
use jiff::{SignedDuration, Timestamp};
use peer::Application;

/// How long after the first the others may join it.
const TOGETHER: SignedDuration = SignedDuration::from_secs(5);

/// A question that others of the same program may join.
pub(crate) struct Gathering {
    pub(crate) number: u64,
    who: Application,
    began: Timestamp,
    /// What was ever in it. What it shows by a name must not become something else under that name.
    members: Vec<Member>,
}

struct Member {
    server_id: String,
    name: String,
}

impl Gathering {
    pub(crate) fn begin(number: u64, subject: &Use, name: &str, now: Timestamp) -> Self {
        Self { number, who: subject.who.clone(), began: now, members: vec![Member::of(subject, name)] }
    }

    /// Whether others may still join it. They do not where the clock was set back.
    pub(crate) fn is_open(&self, now: Timestamp) -> bool {
        self.began <= now && now.duration_since(self.began) < TOGETHER
    }

    /// Takes another in, if it may join.
    pub(crate) fn take(&mut self, subject: &Use, name: &str) -> bool {
        let is_other = |member: &Member| member.server_id != subject.server_id && member.name != name;
        let may = self.who == subject.who && self.members.iter().all(is_other);
        if may {
            self.members.push(Member::of(subject, name));
        }
        may
    }
}

impl Member {
    fn of(subject: &Use, name: &str) -> Self {
        Self { server_id: subject.server_id.clone(), name: name.to_owned() }
    }
}
