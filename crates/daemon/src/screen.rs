//! What is on the terminal: at most one prompt, which is the last thing on it, and what is typed to that.

use crate::account::{self, Chosen};
use crate::call;
use crate::command::{Command, Listed, help};
use crate::errand::Errand;
use crate::lines::Line;
use crate::notes::Notes;
use crate::passphrase::{Asking, Hidden, Taken};
use crate::prompt::Prompt;
use crate::question;
use crate::terminal::{say, say_line};
use crate::typed::Typed;
use crate::work::{Busy, Work};
use broker::wire::Problem;
use broker::{About, Confirmation, Person, Question, Secret, View};
use std::time::{Duration, Instant};
use words::say;

/// How long a prompt must have been on the screen before a line is one to it.
const READING: Duration = Duration::from_secs(1);

/// The screen, and what the person is about to type.
pub(crate) struct Screen<'person> {
    person: &'person Person,
    open: Option<Open>,
    /// The last line has no end yet.
    is_midline: bool,
    notes: Notes,
    work: Work,
    errand: Option<Errand>,
    chosen: Option<Secret>,
    hidden: Option<Hidden>,
    listed: Listed,
}

/// A prompt, and since when it has been there.
struct Open {
    prompt: Prompt,
    since: Instant,
}

impl<'person> Screen<'person> {
    pub(crate) fn new(person: &'person Person) -> Self {
        let (notes, work, listed) = (Notes::default(), Work::default(), Listed::default());
        Self {
            person,
            open: None,
            is_midline: false,
            notes,
            work,
            errand: None,
            chosen: None,
            hidden: None,
            listed,
        }
    }

    /// Shows what there is to tell, and below it what waits for the person.
    pub(crate) fn draw(&mut self, view: &View) {
        let mut notes = self.work.outcomes();
        notes.extend(self.notes.take(self.person, view));
        notes.iter().for_each(|note| self.tell_line(&say!(ask_note, note = note)));
        let next = Prompt::of(view, self.errand.as_ref(), self.chosen.is_some(), &self.work);
        self.hidden = match &next {
            Some(prompt) if prompt.is_secret() => self.hidden.take().or_else(Hidden::begin),
            // It may turn out to be the wrong one, and somebody may be typing the next.
            None if self.work.is_doing(&Busy::Vault) => self.hidden.take(),
            Some(_) | None => None,
        };
        let is_there = self.open.as_ref().map(|open| &open.prompt) == next.as_ref();
        if is_there && notes.is_empty() {
            return;
        }
        match (next, self.open.take()) {
            // What stays below a note was there to be read all the time.
            (Some(next), before) => self.show(view, next, before.filter(|_| is_there)),
            (None, Some(open)) => self.tell_line(&open.prompt.gone()),
            (None, None) => {}
        }
    }

    /// Waits until there is something to tell though nothing changed.
    pub(crate) async fn rest(&mut self) {
        tokio::select! {
            () = self.notes.rest() => {}
            () = self.work.end_of_one() => {}
        }
    }

    fn show(&mut self, view: &View, prompt: Prompt, before: Option<Open>) {
        self.tell(&prompt.words(view));
        self.is_midline = true;
        let since = before.map_or_else(Instant::now, |open| open.since);
        self.open = Some(Open { prompt, since });
    }

    /// Whole lines, which begin on one of their own.
    pub(crate) fn tell(&mut self, text: &str) {
        if std::mem::take(&mut self.is_midline) {
            say("\n");
        }
        say(text);
    }

    fn tell_line(&mut self, text: &str) {
        self.tell(&format!("{text}\n"));
    }

    /// Takes a line that was typed. Afterwards what still waits is shown anew.
    pub(crate) fn take(&mut self, view: &View, line: Line) {
        // The end of a line that is not shown is not shown either.
        self.is_midline = self.hidden.is_some();
        let open = self.open.take();
        // A passphrase may read like a command.
        if !matches!(&open, Some(Open { prompt: Prompt::Vault(_), .. }))
            && let Some(command) = Command::read(line.text.expose())
        {
            if let Some(errand) = command.obey(self.person, view, &mut self.listed) {
                self.errand = Some(errand);
            }
            return;
        }
        let Some(Open { prompt, since }) = open else {
            if !line.text.expose().trim().is_empty() {
                self.tell(&help());
            }
            return;
        };
        // Whoever was about to answer something else must not answer this instead.
        if prompt.is_read_first() && line.at.saturating_duration_since(since) < READING {
            return self.tell_line(&say!(ask_too_soon));
        }
        let word = || line.text.expose().trim().to_lowercase();
        match prompt {
            Prompt::Question(question) => say_line(&answer(self.person, &question, &word())),
            Prompt::SignIn(server) => self.sign_in_or_not(server, &word()),
            Prompt::Unlock if word().is_empty() => self.work.unlock(self.person),
            Prompt::Unlock => say_line(&say!(ask_enter_alone)),
            Prompt::Vault(ask) => self.take_passphrase(ask, &line.text),
        }
    }

    fn take_passphrase(&mut self, ask: Asking, text: &Secret) {
        // The end of the line is shown where the line is not.
        if std::mem::take(&mut self.is_midline) {
            say("\n");
        }
        match ask.take(&mut self.chosen, text) {
            Taken::Nothing => {}
            Taken::Said(said) => say_line(&said),
            Taken::Task(deed) => self.work.vault(self.person, deed),
            Taken::LetBe => self.errand = None,
            Taken::Passphrase(passphrase) => {
                let deed = self.errand.take().map(|errand| errand.with(passphrase));
                deed.into_iter().for_each(|deed| self.work.vault(self.person, deed));
            }
        }
    }

    fn sign_in_or_not(&mut self, server: String, word: &str) {
        match word {
            "s" | "sign in" | "sign in now" | "y" | "yes" => self.work.sign_in(self.person, server),
            "n" | "not now" | "no" => {
                self.person.decline(&server);
                say_line(&say!(ask_declined, server = server));
            }
            "a" | "don't ask" | "don't ask again" => {
                self.person.decline_for_good(&server);
                say_line(&say!(ask_declined_for_good, server = server));
            }
            _ => say_line(&say!(ask_s_n_or_a)),
        }
    }
}

/// Answers what was on the screen, and no more. Says what came of it.
fn answer(person: &Person, question: &Question, line: &str) -> String {
    let elsewhere = || say!(ask_answered_elsewhere);
    if let About::Use { servers, longest, .. } = &question.about {
        return match Typed::read(line, servers, *longest) {
            Ok(typed) if person.answer_use(question.id, &typed.answer()) => typed.decided(),
            Ok(_) => elsewhere(),
            Err(problem) => problem,
        };
    }
    if let About::Call { longest, .. } = &question.about {
        return match call::read(line, *longest) {
            Ok(answer) if person.answer_call(question.id, answer) => call::decided(answer),
            Ok(_) => elsewhere(),
            Err(problem) => problem,
        };
    }
    if let About::Account { named, lasting, accounts, .. } = &question.about {
        return match account::read(line, (*named, *lasting), accounts) {
            Ok(chosen) => match choose(person, question, chosen.as_ref()) {
                Ok(true) => account::decided(chosen.as_ref()),
                Ok(false) => elsewhere(),
                Err(problem) => format!("{}. {}", problem.detail, problem.advice),
            },
            Err(problem) => problem,
        };
    }
    match question::read(line) {
        Ok(answer) if person.confirm(question.id, answer) => question::decided(&question.about, answer),
        Ok(_) => elsewhere(),
        Err(problem) => problem,
    }
}

/// Names an account, or none. False if it was answered elsewhere before.
fn choose(person: &Person, question: &Question, chosen: Option<&Chosen>) -> Result<bool, Problem> {
    match chosen {
        Some(chosen) => person.choose_account(question.id, &chosen.server, chosen.from_now_on),
        None => Ok(person.confirm(question.id, Confirmation::No)),
    }
}
