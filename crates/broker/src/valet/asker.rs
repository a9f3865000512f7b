//! Who asked for something that the person has to answer.

use crate::valet::Valet;
use consent::subject::Subject;
use ground::grace::LATE;
use std::sync::Arc;

/// Somebody who asked. Whether they gave up or went away, their question outlives them for a while, and then
/// goes if nobody waits for it any more. It goes with them where they cannot come back for the answer.
pub(crate) struct Asker {
    valet: Arc<Valet>,
    subject: Subject,
}

impl Asker {
    pub(crate) fn new(valet: &Arc<Valet>, subject: &Subject) -> Self {
        Self { valet: Arc::clone(valet), subject: subject.clone() }
    }
}

impl Drop for Asker {
    fn drop(&mut self) {
        if self.subject.is_passing() {
            self.valet.questions.withdraw_unheard(&self.subject);
            return self.valet.show_soon();
        }
        let mut since = self.valet.clock.now();
        if !self.valet.questions.leave(&self.subject, since) {
            return;
        }
        let (valet, subject) = (Arc::clone(&self.valet), self.subject.clone());
        self.valet.runtime.spawn(async move {
            let mut rest = Some(LATE);
            while let Some(time) = rest {
                // From when they left, and not from when this task has its first turn.
                valet.clock.wait_since(since, time).await;
                since = valet.clock.now();
                rest = valet.questions.rest(&subject, since);
            }
            valet.show_soon();
        });
    }
}
