//! The terminal as a surface: one question after the other, answered with a letter.

use broker::wire::ServerState;
use broker::{About, Answer, Person, Question, Shell, View};
use nix::sys::signal::{SigSet, Signal};
use std::collections::HashSet;
use std::io::{self, Write};
use std::time::Duration;
use tokio::sync::mpsc;
use url::Url;

/// What is on the screen now.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Shown {
    Question(u64),
    SignIn(String),
    Unlock,
}

/// Asks the person, until the terminal is closed.
pub(crate) async fn ask(person: Person) {
    let _surface = person.open_surface();
    let mut lines = read_lines();
    let mut view = person.view();
    let mut shown: Option<Shown> = None;
    let mut told: HashSet<String> = HashSet::new();
    loop {
        let current = view.borrow_and_update().clone();
        tell_news(&current, &mut told);
        let next = next(&current);
        if next != shown {
            match &next {
                Some(next) => show(&current, next),
                None if shown.is_some() => say("(answered elsewhere)\n"),
                None => {}
            }
            shown = next;
        }
        tokio::select! {
            changed = view.changed() => if changed.is_err() { return },
            line = lines.recv() => match (line, shown.take()) {
                (None, _) => return,
                (Some(line), Some(open)) => take(&person, &open, line.trim()).await,
                (Some(_), None) => {}
            },
        }
    }
}

/// Lines are read by a thread of their own: reading a terminal cannot be broken off. Sent to the background meanwhile, the read
/// fails, and nobody can be asked any more.
fn read_lines() -> mpsc::Receiver<String> {
    let (sender, lines) = mpsc::channel(1);
    std::thread::spawn(move || {
        if SigSet::from(Signal::SIGTTIN).thread_block().is_err() {
            return;
        }
        for line in io::stdin().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// The oldest thing that waits for the person.
fn next(view: &View) -> Option<Shown> {
    if let Some(question) = view.questions.first() {
        return Some(Shown::Question(question.id));
    }
    if view.locked.as_ref().and_then(|locked| locked.reason.as_deref()) == Some("locked_by_person") {
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
            say(&format!("\n{agent} waits for you to sign in to {server}.\n  [s]ign in now   [n]ot now > "));
        }
        Shown::Unlock => say("\nMCP Valet is locked. Press Enter to unlock it > "),
    }
}

fn show_question(question: &Question) {
    match &question.about {
        About::Use { agent, executable, server, host, scopes } => {
            say(&format!("\n{agent} wants to use {server} ({host}).\n  program: {executable}\n"));
            if !scopes.is_empty() {
                say(&format!("  it may then: {}\n", scopes.join(", ")));
            }
            say("  Allow [o]nce   Allow for [n]ow   [D]on't allow > ");
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

async fn take(person: &Person, shown: &Shown, line: &str) {
    let letter = line.chars().next().map(|letter| letter.to_ascii_lowercase());
    match (shown, letter) {
        (Shown::Question(id), letter) => {
            let about = person
                .view()
                .borrow()
                .questions
                .iter()
                .find(|question| question.id == *id)
                .map(|q| q.about.clone());
            let Some(answer) = about.and_then(|about| read_answer(&about, letter)) else {
                return say("Please answer with one of the letters in brackets.\n");
            };
            if !person.answer(*id, answer) {
                say("(answered elsewhere)\n");
            }
        }
        (Shown::SignIn(server), Some('s' | 'y')) => sign_in(person, server).await,
        (Shown::SignIn(server), Some('n')) => {
            person.decline(server);
            say(&format!("You are not asked about {server} again until MCP Valet is restarted.\n"));
        }
        (Shown::SignIn(_), _) => say("Please answer s or n.\n"),
        (Shown::Unlock, _) => {
            if let Err(problem) = person.unlock().await {
                say(&format!("{}. {}\n", problem.detail, problem.advice));
            }
        }
    }
}

fn read_answer(about: &About, letter: Option<char>) -> Option<Answer> {
    match (about, letter) {
        (About::Use { .. }, Some('o')) => Some(Answer::AllowOnce),
        (About::Use { .. }, Some('n' | 'a')) => Some(Answer::AllowSession),
        (About::Use { .. }, Some('d') | None) => Some(Answer::Deny),
        (About::Use { .. }, Some(_)) => None,
        (About::Replace { .. } | About::Configuration { .. }, Some('y')) => Some(Answer::AllowOnce),
        (About::Replace { .. } | About::Configuration { .. }, Some('n') | None) => Some(Answer::Deny),
        (About::Replace { .. } | About::Configuration { .. }, Some(_)) => None,
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
        // A short wait, because some launchers stay for as long as their browser does.
        let (url, (done, opened)) = (url.clone(), std::sync::mpsc::channel());
        std::thread::spawn(move || done.send(webbrowser::open(url.as_str()).is_ok()));
        opened.recv_timeout(Duration::from_secs(3)).unwrap_or(true)
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

fn say(text: &str) {
    let mut terminal = io::stderr();
    let _ = terminal.write_all(printable(text).as_bytes());
    let _ = terminal.flush();
}

/// Names come from outside; a terminal must not take orders from them.
fn printable(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}
