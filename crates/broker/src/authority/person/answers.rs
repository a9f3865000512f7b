//! The person answers, and takes answers back.

use crate::authority::person::Person;
use crate::authority::proposal;
use crate::valet::{catalogs, kept_answers, reload};
use config::Config;
use consent::account::AccountAsked;
use consent::answer::{Answer, Confirmation};
use consent::question::Asked;
use consent::subject::{Matter, Use};
use consent::taking_back::TakenFrom;
use consent::use_answer::UseAnswer;
use jiff::{Timestamp, Zoned};
use peer::{Application, By, folder_at};
use std::path::Path;
use wire::{Act, Problem};

impl Person {
    /// Answers a question about the use of servers, as far as they were named. False if all of that was
    /// answered elsewhere before.
    pub fn answer_use(&self, question: u64, answer: &UseAnswer) -> bool {
        let _one_at_a_time = self.valet.answering.lock();
        let asked = self.valet.questions.uses(question);
        let named = asked.into_iter().filter_map(|(server, asked)| Some((asked, answer.about(&server)?)));
        let named: Vec<(Asked, Answer)> = named.collect();
        if named.is_empty() {
            return false;
        }
        let here = self.valet.clock.here();
        self.valet.activity.touch(here.timestamp());
        for (asked, answer) in &named {
            self.give(asked, answer.within(asked.subject.who.longest()), &here);
        }
        self.settle(&named, here.timestamp());
        self.valet.publish();
        true
    }

    /// Remembered before it is given: whoever hears a "no" and asks again at once must not be asked about
    /// again.
    fn give(&self, asked: &Asked, answer: Answer, here: &Zoned) {
        if self.valet.consents().remember(asked, answer, here) {
            kept_answers::keep(&self.valet);
        }
        catalogs::keep(&self.valet, &asked.subject.server_id);
        // A "no" for now is to be known by a run that a program has started.
        self.valet.save();
        let Use { who, server_id, extent } = &asked.subject;
        let mut entry = audit::entry(here.timestamp(), answer.act(), By::Agent(who.clone()).actor());
        entry.server = self.name_of(server_id);
        entry.scopes = extent.scopes().unwrap_or_default();
        entry.until = answer.until(here);
        entry.reach = answer.reach();
        self.valet.note(&entry);
        self.valet.questions.answer_use(&asked.subject, answer);
    }

    /// Takes back what else is asked about the same program that the answers settle as well: about the same
    /// server, or by a "no" the same thing under another name.
    fn settle(&self, answered: &[(Asked, Answer)], now: Timestamp) {
        let policy = self.valet.book().config.valet.agents;
        let consents = self.valet.consents();
        self.valet.questions.take_back_uses(|asked| {
            answered.iter().any(|(one, _)| one.subject.who == asked.who)
                && consents.settle(policy, asked, now)
        });
    }

    /// Agrees to what any other question is about, or does not. False if it was answered elsewhere before.
    pub fn confirm(&self, question: u64, answer: Confirmation) -> bool {
        let _one_at_a_time = self.valet.answering.lock();
        let Some(matter) = self.valet.questions.matter(question) else { return false };
        self.valet.activity.touch(self.valet.clock.now());
        // Remembered before it is given, whoever asks for the same meanwhile.
        match (&matter, answer) {
            (Matter::Proposal(proposal), Confirmation::Yes) => self.valet.proposals.agree(proposal),
            (Matter::Proposal(proposal), Confirmation::No) => {
                self.valet.proposals.refuse(proposal);
                proposal::note_refusal(&self.valet, proposal);
            }
            // A yes comes with the one that was chosen.
            (Matter::Account(_), Confirmation::Yes) => return false,
            (Matter::Account(asked), Confirmation::No) => self.note_chosen(asked, None),
            (Matter::Replace { .. } | Matter::SignIn { .. } | Matter::Configuration { .. }, _) => {}
        }
        self.valet.questions.answer(&matter, answer);
        if let (Matter::Proposal(proposal), Confirmation::Yes) = (matter, answer) {
            proposal::carry_out(&self.valet, proposal);
        }
        self.valet.publish();
        true
    }

    /// Names the account that a program is to use in its folder: in this run, or whoever works there from now
    /// on. False if that was answered elsewhere before, or is not what was offered.
    ///
    /// # Errors
    /// It could not be written into the configuration. Nothing was answered then.
    pub fn choose_account(&self, question: u64, server: &str, from_now_on: bool) -> Result<bool, Problem> {
        let _one_at_a_time = self.valet.answering.lock();
        let Some(matter) = self.valet.questions.matter(question) else { return Ok(false) };
        let Matter::Account(asked) = &matter else { return Ok(false) };
        let Some(id) = asked.offered(server) else { return Ok(false) };
        self.valet.activity.touch(self.valet.clock.now());
        if from_now_on {
            let Some(folder) = &asked.lasting else { return Ok(false) };
            self.give_folder(asked, server, folder)?;
        }
        // Remembered before it is given, whoever asks for the same meanwhile.
        self.note_chosen(asked, Some((id, server)));
        self.valet.questions.answer(&matter, Confirmation::Yes);
        self.valet.publish();
        Ok(true)
    }

    /// Writes into the configuration that a folder is an account's, if it is still the one that was shown.
    fn give_folder(&self, asked: &AccountAsked, server: &str, folder: &str) -> Result<(), Problem> {
        let valet = &self.valet;
        if folder_at(Path::new(folder)) != Some(asked.folder) {
            return Err(problems::folder_moved(folder));
        }
        let edit = config::add_folder(&valet.paths.config, server, folder);
        let (edit, after) = edit.map_err(|error| Problem::from(&error))?;
        let wanted = |config: &mut Config| {
            config.servers.insert(server.to_owned(), after);
        };
        reload::edit(valet, |_| edit.commit(), wanted)
    }

    fn note_chosen(&self, asked: &AccountAsked, chosen: Option<(&str, &str)>) {
        self.valet.accounts.lock().choose(asked, chosen.map(|(id, _)| id));
        let act = if chosen.is_some() { Act::ChooseAccount } else { Act::ChooseNoAccount };
        let mut entry = audit::entry(self.valet.clock.now(), act, By::Agent(asked.who.clone()).actor());
        entry.server = chosen.map(|(_, server)| server.to_owned());
        entry.account = chosen
            .and_then(|(_, server)| self.valet.book().servers.get(server)?.account().map(ToOwned::to_owned));
        entry.folder = Some(asked.path.clone());
        self.valet.note(&entry);
    }

    /// Takes back all that a program, known by its mark in the view, may do: it is asked about again. What
    /// was refused stays so. Answers the names of the servers.
    pub fn take_back_all(&self, mark: &str) -> Vec<String> {
        self.valet.accounts.lock().forget(mark);
        let taken = self.valet.consents().take_back_all(mark);
        let Some(TakenFrom { who, servers, kept }) = taken else { return Vec::new() };
        if kept {
            kept_answers::keep(&self.valet);
        }
        let mut names: Vec<String> = servers.iter().filter_map(|id| self.name_of(id)).collect();
        names.sort();
        self.valet.questions.take_back_calls(|call| call.who == who);
        for name in &names {
            self.note_forgotten(&who, name);
        }
        self.valet.publish();
        names
    }

    fn note_forgotten(&self, who: &Application, server: &str) {
        let mut entry =
            audit::entry(self.valet.clock.now(), Act::ForgetAnswer, By::Agent(who.clone()).actor());
        entry.server = Some(server.to_owned());
        self.valet.note(&entry);
    }

    /// Takes a standing answer back: the agent, known by its mark in the view, is asked about again.
    pub fn forget_answer(&self, server: &str, mark: &str) {
        let id = self.valet.book().servers.get(server).map(|server| server.id.clone());
        let Some(id) = id else { return };
        self.valet.accounts.lock().forget(mark);
        let taken = self.valet.consents().take_back(mark, &id);
        let Some((who, kept)) = taken else { return };
        if kept {
            kept_answers::keep(&self.valet);
        }
        self.valet.save();
        self.note_forgotten(&who, server);
        self.valet.questions.take_back_calls(|call| call.who == who && call.server_id == id);
        self.valet.publish();
    }
}
