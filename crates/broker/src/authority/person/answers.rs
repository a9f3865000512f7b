//! The person answers, and takes answers back.

use crate::authority::person::Person;
use crate::authority::proposal;
use crate::valet::kept_answers;
use consent::answer::Answer;
use consent::subject::Subject;
use peer::By;
use std::sync::Arc;
use wire::Act;

impl Person {
    /// Answers a question. False if it was answered elsewhere before.
    pub fn answer(&self, question: u64, answer: Answer) -> bool {
        let _one_at_a_time = self.valet.answering.lock();
        let Some(asked) = self.valet.questions.about(question) else { return false };
        let now = self.valet.clock.now();
        self.valet.activity.touch(now);
        let answer = match &asked.subject {
            Subject::Use { who, .. } => answer.within(who.longest()),
            Subject::Add(_)
            | Subject::Replace { .. }
            | Subject::SignIn { .. }
            | Subject::Configuration { .. } => answer,
        };
        // Remembered before it is given: whoever hears a "no" and asks again at once must not be asked about
        // again.
        if let Subject::Use { who, server_id, extent, .. } = &asked.subject {
            let kept = self.valet.consents().remember(who, server_id, answer, extent, asked.heard, now);
            if kept {
                kept_answers::keep(&self.valet);
            }
            let mut entry = audit::entry(now, answer.act(), By::Agent(who.clone()).actor());
            entry.server = self.name_of(server_id);
            entry.scopes = extent.scopes().unwrap_or_default();
            self.valet.note(&entry);
        }
        // So is what was answered about a proposal, whoever asks for the same meanwhile.
        if let Subject::Add(proposal) = &asked.subject {
            if answer.is_yes() {
                self.valet.proposals.agree(proposal);
            } else {
                self.valet.proposals.refuse(proposal);
                proposal::note_refusal(&self.valet, proposal);
            }
        }
        self.valet.questions.answer(question, answer);
        if let Subject::Add(proposal) = &asked.subject
            && answer.is_yes()
        {
            proposal::carry_out(&self.valet, Arc::clone(proposal));
        }
        self.settle(&asked.subject);
        self.valet.publish();
        true
    }

    /// Takes the other questions about the same program back that the answer to `answered` settles as well:
    /// about the same server, or by a "no" the same thing under another name.
    fn settle(&self, answered: &Subject) {
        let Subject::Use { who, .. } = answered else { return };
        let policy = self.valet.book().config.valet.agents;
        let consents = self.valet.consents();
        self.valet.questions.take_back(|subject| match subject {
            Subject::Use { who: other, server_id: id, extent, .. } => {
                other == who && consents.settle(policy, who, id, extent)
            }
            Subject::Add(_)
            | Subject::Replace { .. }
            | Subject::SignIn { .. }
            | Subject::Configuration { .. } => false,
        });
    }

    /// Takes a standing answer back: the agent, known by its mark in the view, is asked about again.
    pub fn forget_answer(&self, server: &str, mark: &str) {
        let id = self.valet.book().servers.get(server).map(|server| server.id.clone());
        let Some(id) = id else { return };
        let taken = self.valet.consents().take_back(mark, &id);
        let Some((who, kept)) = taken else { return };
        if kept {
            kept_answers::keep(&self.valet);
        }
        let mut entry = audit::entry(self.valet.clock.now(), Act::ForgetAnswer, By::Agent(who).actor());
        entry.server = Some(server.to_owned());
        self.valet.note(&entry);
        self.valet.publish();
    }
}
