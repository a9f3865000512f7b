//! What is on the terminal: at most one prompt, which is the last thing on it, and what is typed to that.

use crate::command::{Command, HELP, Listed};
use crate::lines::Line;
use crate::notes::Notes;
use crate::passphrase::Hidden;
use crate::prompt::Prompt;
use crate::question;
use crate::terminal::say;
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
        let (notes, listed) = (Notes::default(), Listed::default());
        Self { person, open: None, is_midline: false, notes, chosen: None, hidden: None, listed }
    }

    /// Shows what there is to tell, and below it what waits for the person.
    pub(crate) fn draw(&mut self, view: &View) {
        let notes = self.notes.take(self.person, view);
        notes.iter().for_each(|note| self.tell(&format!("note: {note}\n")));
        let next = Prompt::of(view, self.chosen.is_some());
        self.hidden = match &next {
            Some(prompt) if prompt.is_secret() => self.hidden.take().or_else(Hidden::begin),
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
    pub(crate) async fn rest(&self) {
        self.notes.rest().await;
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
    pub(crate) async fn take(&mut self, view: &View, line: Line) {
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
            Prompt::SignIn(server) => sign_in_or_not(self.person, &server, &word()).await,
            Prompt::Unlock => unlock(self.person, &word()).await,
            Prompt::Vault(ask) => {
                self.is_midline = false;
                say(&ask.take(self.person, &mut self.chosen, line.text).await);
            }
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

async fn sign_in_or_not(person: &Person, server: &str, word: &str) {
    match word {
        "s" | "sign in" | "sign in now" | "y" | "yes" => sign_in(person, server).await,
        "n" | "not now" | "no" => {
            person.decline(server);
            say(&format!("You are not asked about {server} again until MCP Valet is restarted.\n"));
        }
        "a" | "don't ask" | "don't ask again" => {
            person.decline_for_good(server);
            say(&format!("You are not asked about {server} again. Type `ask {server}` to take that back.\n"));
        }
        _ => say("Please answer s, n or a.\n"),
    }
}

async fn sign_in(person: &Person, server: &str) {
    match person.sign_in(server, None).await {
        Ok((_, true)) => say("Your browser is open.\n"),
        Ok((authorization, false)) => {
            say(&format!("Open this in your browser:\n  {}\n", authorization.authorization_url));
        }
        Err(problem) => say(&format!("{}. {}\n", problem.detail, problem.advice)),
    }
}

async fn unlock(person: &Person, word: &str) {
    if !word.is_empty() {
        return say("Nothing was answered: MCP Valet is locked. Enter alone unlocks it.\n");
    }
    if let Err(problem) = person.unlock().await {
        say(&format!("{}. {}\n", problem.detail, problem.advice));
    }
}
