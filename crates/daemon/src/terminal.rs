//! The terminal as a surface: one question after the other, answered with a letter.

use crate::command::{Command, HELP, Listed};
use crate::passphrase::{Ask, Hidden};
use broker::wire::{Form, ServerState};
use broker::{About, Answer, Person, Question, Secret, Shell, View};
use nix::sys::signal::{SigSet, Signal};
use std::collections::HashSet;
use std::io::{self, Write};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use url::Url;

/// How long a question must have been on the screen before it is answered, if it took the place of another.
const READING: Duration = Duration::from_secs(1);

/// Most bytes of a line, as terminals have it (`termios(3)`: 4096).
const LONGEST_LINE: usize = 4096;

/// What is on the screen now.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Shown {
    Question(u64),
    SignIn(String),
    Unlock,
    Vault(Ask),
}

/// Asks the person, until the terminal is closed.
pub(crate) async fn ask(person: Person) {
    let _surface = person.open_surface();
    let mut lines = read_lines();
    let mut view = person.view();
    let mut shown: Option<Shown> = None;
    let mut changed_under_hand: Option<Instant> = None;
    let mut told: HashSet<String> = HashSet::new();
    let mut chosen: Option<Secret> = None;
    let mut hidden: Option<Hidden> = None;
    let mut listed = Listed::default();
    loop {
        let current = view.borrow_and_update().clone();
        tell_news(&current, &mut told);
        for deed in &current.deeds {
            say(&format!("note: {}\n", deed.sentence()));
            person.put_away(deed.id);
        }
        let next = next(&current, chosen.is_some());
        if next != shown {
            match &next {
                Some(Shown::Vault(ask)) if ask.is_secret() => hidden = hidden.take().or_else(Hidden::begin),
                Some(_) | None => hidden = None,
            }
            // Whoever was about to answer the last question must not answer this one instead.
            changed_under_hand = shown.as_ref().map(|_| Instant::now());
            match &next {
                Some(next) => show(&current, next),
                None if shown == Some(Shown::Unlock) => say("(unlocked)\n"),
                None if shown.is_some() => say("(answered elsewhere)\n"),
                None => {}
            }
            shown = next;
        }
        tokio::select! {
            changed = view.changed() => if changed.is_err() { return },
            line = lines.recv() => match (line, shown.take()) {
                (None, _) => return,
                // A passphrase may read like a command.
                (Some(line), open)
                    if !matches!(open, Some(Shown::Vault(_))) && let Some(command) = Command::read(line.expose()) =>
                {
                    command.obey(&person, &current, &mut listed);
                }
                (Some(_), Some(_)) if changed_under_hand.is_some_and(|at| at.elapsed() < READING) => {
                    say("The question changed just now: this is another one.\n");
                }
                (Some(line), Some(Shown::Vault(ask))) => say(&ask.take(&person, &mut chosen, line).await),
                (Some(line), Some(open)) => take(&person, &open, line.expose().trim()).await,
                (Some(line), None) if !line.expose().trim().is_empty() => say(HELP),
                (Some(_), None) => {}
            },
        }
    }
}

/// Lines are read by a thread of their own: reading a terminal cannot be broken off. Sent to the background meanwhile, the read
/// fails, and nobody can be asked any more.
fn read_lines() -> mpsc::Receiver<Secret> {
    let (sender, lines) = mpsc::channel(1);
    std::thread::spawn(move || {
        if SigSet::from(Signal::SIGTTIN).thread_block().is_err() {
            return;
        }
        while let Some(line) = read_line() {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// A terminal gives a line at a time. It may be a passphrase, so nothing but the line itself ever holds it.
fn read_line() -> Option<Secret> {
    let mut line = vec![0; LONGEST_LINE];
    let length = rustix::io::retry_on_intr(|| rustix::io::read(io::stdin(), &mut line)).ok()?;
    line.truncate(length);
    // What is no text answers nothing.
    (length > 0).then(|| Secret::from(String::from_utf8(line).unwrap_or_default()))
}

/// The oldest thing that waits for the person. Without its passphrase the encrypted file leaves nothing to answer for, and what
/// is typed for it must not become the answer to a question that comes up meanwhile.
fn next(view: &View, chosen: bool) -> Option<Shown> {
    if let Some(ask) = Ask::of(view, chosen) {
        return Some(Shown::Vault(ask));
    }
    if let Some(question) = view.questions.first() {
        return Some(Shown::Question(question.id));
    }
    if view.locked_by.is_some() {
        return Some(Shown::Unlock);
    }
    view.wanted
        .iter()
        .find(|wanted| needs_sign_in(view, &wanted.server))
        .map(|wanted| Shown::SignIn(wanted.server.clone()))
}

fn needs_sign_in(view: &View, server: &str) -> bool {
    let state = view.servers.iter().find(|known| known.name == server).map(|known| known.state);
    matches!(state, Some(ServerState::AuthorizationRequired | ServerState::Lapsed | ServerState::Ready))
}

fn show(view: &View, shown: &Shown) {
    match shown {
        Shown::Question(id) => {
            if let Some(question) = view.questions.iter().find(|question| question.id == *id) {
                show_question(question);
            }
        }
        Shown::SignIn(server) => {
            let agent =
                view.wanted.iter().find(|wanted| wanted.server == *server).map_or("", |wanted| &wanted.agent);
            say(&format!(
                "\n{agent} waits for you to sign in to {server}.\n  [s]ign in now   [n]ot now   don't [a]sk again > "
            ));
        }
        Shown::Vault(ask) => say(ask.words()),
        Shown::Unlock => say("\nMCP Valet is locked. Press Enter to unlock it > "),
    }
}

fn show_question(question: &Question) {
    match &question.about {
        About::Use { agent, executable, by, server, host, .. } => {
            say(&format!("\n{agent} wants to use {server} ({host}).\n  program: {executable}\n"));
            if let Some(by) = by {
                say(&format!("  known by: {by}\n"));
            }
            extent(&question.about).iter().for_each(|line| say(&format!("  {line}\n")));
            say(answers(&question.about));
        }
        About::Replace { agent, server } => say(&format!(
            "\n{agent} signed in to {server} anew. Put it in place of the sign-in that works now?\n  [y]es   [N]o > "
        )),
        About::Configuration { raises } => {
            say("\nThe configuration was edited, and would allow more than before:\n");
            raises.iter().for_each(|raise| say(&format!("  - {raise}\n")));
            say("  Accept it?  [y]es   [N]o > ");
        }
    }
}

/// What an agent would get, a line each.
fn extent(about: &About) -> Vec<String> {
    let About::Use { form, scopes, lives, before, .. } = about else { return Vec::new() };
    let hours = lives.map(|seconds| (seconds + 1800) / 3600);
    let form_line = match (form, hours) {
        (Form::Proxied, _) => "it goes through MCP Valet and sees no token".to_owned(),
        (Form::Token, Some(2..)) => {
            format!("it gets a token, good for about {} hours", hours.unwrap_or_default())
        }
        (Form::Token, _) => "it gets a short-lived token".to_owned(),
        (Form::LastingToken, Some(hours)) => {
            format!("it gets a token that is good for {} days, and that nobody can recall", hours / 24)
        }
        (Form::LastingToken, None) => {
            "it gets a token that never ends, and that nobody can recall".to_owned()
        }
    };
    let scopes_line = match scopes.as_deref() {
        None => Some("it may then: whatever your sign-in allows".to_owned()),
        Some([]) => None,
        Some(scopes) => Some(format!("it may then: {}", scopes.join(", "))),
    };
    let new = before.as_ref().map(|before| before.new_scopes.join(", ")).filter(|new| !new.is_empty());
    let wider = new.map(|new| format!("it was allowed less before; also: {new}"));
    let token = before.as_ref().is_some_and(|before| before.form < *form);
    let token = token.then(|| "until now it was not allowed such a token".to_owned());
    [scopes_line, wider, Some(form_line), token].into_iter().flatten().collect()
}

fn answers(about: &About) -> &'static str {
    match about {
        About::Use { answers, .. } if !answers.contains(&Answer::AllowSession) => {
            "  Allow [o]nce   [D]on't allow   (it cannot be told from other programs) > "
        }
        About::Use { .. } | About::Replace { .. } | About::Configuration { .. } => {
            "  Allow [o]nce   Allow [f]or now   [D]on't allow > "
        }
    }
}

async fn take(person: &Person, shown: &Shown, line: &str) {
    let word = line.to_lowercase();
    match shown {
        Shown::Question(id) => answer(person, *id, &word),
        Shown::SignIn(server) => match word.as_str() {
            "s" | "sign in" | "sign in now" | "y" | "yes" => sign_in(person, server).await,
            "n" | "not now" | "no" => {
                person.decline(server);
                say(&format!("You are not asked about {server} again until MCP Valet is restarted.\n"));
            }
            "a" | "don't ask" | "don't ask again" => {
                person.decline_for_good(server);
                say(&format!(
                    "You are not asked about {server} again. Type `ask {server}` to take that back.\n"
                ));
            }
            _ => say("Please answer s, n or a.\n"),
        },
        Shown::Vault(_) => {}
        Shown::Unlock => {
            if let Err(problem) = person.unlock().await {
                say(&format!("{}. {}\n", problem.detail, problem.advice));
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
    let Some(answer) = read_answer(&about, word) else {
        return say("Please answer with one of the letters in brackets.\n");
    };
    if !person.answer(id, answer) {
        say("(answered elsewhere)\n");
    }
}

/// Whole words only, and whatever begins like a "no" is one.
fn read_answer(about: &About, word: &str) -> Option<Answer> {
    match (about, word) {
        (_, "" | "n" | "no" | "d" | "don't" | "don't allow" | "deny" | "never") => Some(Answer::Deny),
        (About::Use { .. }, "o" | "once" | "allow once") => Some(Answer::AllowOnce),
        (About::Use { answers, .. }, "f" | "for now" | "now" | "allow for now")
            if answers.contains(&Answer::AllowSession) =>
        {
            Some(Answer::AllowSession)
        }
        (About::Replace { .. } | About::Configuration { .. }, "y" | "yes") => Some(Answer::AllowOnce),
        (About::Use { .. } | About::Replace { .. } | About::Configuration { .. }, _) => None,
    }
}

async fn sign_in(person: &Person, server: &str) {
    match person.sign_in(server, None).await {
        Ok((_, true)) => say("Your browser is open.\n"),
        Ok((authorization, false)) => {
            say(&format!("Open this in your browser:\n  {}\n", authorization.authorization_url))
        }
        Err(problem) => say(&format!("{}. {}\n", problem.detail, problem.advice)),
    }
}

/// The terminal's side of the seam between broker and shell.
pub(crate) struct Terminal;

impl Shell for Terminal {
    fn open_url(&self, url: &Url) -> bool {
        browser::open(url)
    }
}

/// Says each standing notice once.
fn tell_news(view: &View, told: &mut HashSet<String>) {
    let problems = view
        .locked
        .iter()
        .chain(&view.trouble)
        .map(|problem| format!("{}. {}", problem.detail, problem.advice));
    for news in problems.chain(view.notices.iter().cloned()) {
        if told.insert(news.clone()) {
            say(&format!("note: {news}\n"));
        }
    }
}

pub(crate) fn say(text: &str) {
    let mut terminal = io::stderr();
    let _ = terminal.write_all(printable(text).as_bytes());
    let _ = terminal.flush();
}

/// Names come from outside; a terminal must not take orders from them.
fn printable(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}
