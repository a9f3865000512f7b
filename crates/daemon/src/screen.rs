//! What is on the terminal: at most one prompt, which is the last thing on it, and what is typed to that.

use crate::command::{Command, HELP, Listed};
use crate::lines::Line;
use crate::notes::Notes;
use crate::passphrase::{Ask, Hidden, Taken};
use crate::prompt::Prompt;
use crate::question;
use crate::terminal::say;
use crate::work::{Doing, Work};
use broker::{Person, Secret, View};
use std::time::{Duration, Instant};

/// How long a prompt must have been on the screen before a line is one to it.
const READING: Duration = Duration::from_secs(1);

const TOO_SOON: &str = "That was typed before this could be read, and counts for nothing:\n";

/// The screen, and what the person is about to type.
pub(crate) struct Screen<'person> {
    person: &'person Person,
    open: Option<Open>,
    /// The last line has no end yet.
    is_midline: bool,
    notes: Notes,
    work: Work,
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
        Self { person, open: None, is_midline: false, notes, work, chosen: None, hidden: None, listed }
    }

    /// Shows what there is to tell, and below it what waits for the person.
    pub(crate) fn draw(&mut self, view: &View) {
        let mut notes = self.work.outcomes();
        notes.extend(self.notes.take(self.person, view));
        notes.iter().for_each(|note| self.tell(&format!("note: {note}\n")));
        let next = Prompt::of(view, self.chosen.is_some(), &self.work);
        self.hidden = match &next {
            Some(prompt) if prompt.is_secret() => self.hidden.take().or_else(Hidden::begin),
            // It may turn out to be the wrong one, and somebody may be typing the next.
            None if self.work.is_doing(&Doing::Vault) => self.hidden.take(),
            Some(_) | None => None,
        };
        let is_there = self.open.as_ref().map(|open| &open.prompt) == next.as_ref();
        if is_there && notes.is_empty() {
            return;
        }
        match (next, self.open.take()) {
            (Some(next), _) => self.show(view, next),
            (None, Some(open)) => self.tell(open.prompt.gone()),
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

    fn show(&mut self, view: &View, prompt: Prompt) {
        self.tell(&prompt.words(view));
        self.is_midline = true;
        self.open = Some(Open { prompt, since: Instant::now() });
    }

    /// Whole lines, which begin on one of their own.
    pub(crate) fn tell(&mut self, text: &str) {
        if std::mem::take(&mut self.is_midline) {
            say("\n");
        }
        say(text);
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
            return command.obey(self.person, view, &mut self.listed);
        }
        let Some(Open { prompt, since }) = open else {
            if !line.text.expose().trim().is_empty() {
                self.tell(HELP);
            }
            return;
        };
        // Whoever was about to answer something else must not answer this instead.
        if prompt.is_read_first() && line.at.saturating_duration_since(since) < READING {
            return self.tell(TOO_SOON);
        }
        let word = || line.text.expose().trim().to_lowercase();
        match prompt {
            Prompt::Question(id) => answer(self.person, id, &word()),
            Prompt::SignIn(server) => self.sign_in_or_not(server, &word()),
            Prompt::Unlock if word().is_empty() => self.work.unlock(self.person),
            Prompt::Unlock => say("Nothing was answered: MCP Valet is locked. Enter alone unlocks it.\n"),
            Prompt::Vault(ask) => self.take_passphrase(ask, &line.text),
        }
    }

    fn take_passphrase(&mut self, ask: Ask, text: &Secret) {
        // The end of the line is shown where the line is not.
        if std::mem::take(&mut self.is_midline) {
            say("\n");
        }
        match ask.take(&mut self.chosen, text) {
            Taken::Said(said) => say(said),
            Taken::Deed(deed) => self.work.vault(self.person, deed),
        }
    }

    fn sign_in_or_not(&mut self, server: String, word: &str) {
        let named = plain::named(&server);
        match word {
            "s" | "sign in" | "sign in now" | "y" | "yes" => self.work.sign_in(self.person, server),
            "n" | "not now" | "no" => {
                self.person.decline(&server);
                say(&format!("You are not asked about {named} again until MCP Valet is restarted.\n"));
            }
            "a" | "don't ask" | "don't ask again" => {
                self.person.decline_for_good(&server);
                say(&format!(
                    "You are not asked about {named} again. Type `ask {server}` to take that back.\n"
                ));
            }
            _ => say("Please answer s, n or a.\n"),
        }
    }
}

fn answer(person: &Person, id: u64, word: &str) {
    let view = person.view();
    let about = view
        .borrow()
        .questions
        .iter()
        .find(|question| question.id == id)
        .map(|question| question.about.clone());
    let Some(about) = about else { return say("(answered elsewhere)\n") };
    match question::read(&about, word) {
        Ok(answer) if person.answer(id, answer) => say(question::decided(&about, answer)),
        Ok(_) => say("(answered elsewhere)\n"),
        Err(problem) => say(problem),
    }
}
