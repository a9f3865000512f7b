//! What the tray shows, as plain data: a pure function of the [`View`].

use crate::tray::action::Action;
use broker::wire::{GrantState, Server, ServerState};
use broker::{About, Question, View};

/// Questions that the menu names; more are in the window.
const MOST_QUESTIONS: usize = 5;
/// Servers that the menu names.
const MOST_SERVERS: usize = 8;
/// Letters of a name from outside.
const LONGEST_NAME: usize = 40;

/// Icon and menu of the tray.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Menu {
    pub(crate) state: State,
    pub(crate) entries: Vec<Entry>,
}

impl Menu {
    /// What there is before the first view.
    pub(crate) fn starting() -> Self {
        let entries = vec![Entry::Says("Starting…".to_owned()), Entry::Line, does("Quit", Action::Quit)];
        Self { state: State::Well, entries }
    }
}

/// What the icon says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Well,
    /// Something waits for the person.
    Waiting,
    Trouble,
}

/// One line of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entry {
    /// Says something, and cannot be clicked.
    Says(String),
    Does(String, Action),
    Line,
}

/// Draws the view.
pub(crate) fn menu(view: &View) -> Menu {
    let groups = [greeting(view), servers(&view.servers), ways_in(), vec![does("Quit", Action::Quit)]];
    let groups: Vec<Vec<Entry>> = groups.into_iter().filter(|group| !group.is_empty()).collect();
    Menu { state: state(view), entries: groups.join(&Entry::Line) }
}

/// A question comes first, since an agent waits for it now; trouble may stay for days.
fn state(view: &View) -> State {
    if !view.questions.is_empty() {
        return State::Waiting;
    }
    let troubled =
        |server: &Server| server.state == ServerState::Failed || server.grant == GrantState::Unsaved;
    if view.trouble.is_some() || view.locked.is_some() || view.servers.iter().any(troubled) {
        return State::Trouble;
    }
    if view.servers.iter().any(waits) { State::Waiting } else { State::Well }
}

fn greeting(view: &View) -> Vec<Entry> {
    let mut entries = vec![Entry::Says(sum(view))];
    if view.trouble.is_some() {
        entries.push(does("The configuration has a mistake…", Action::Open));
    }
    if view.locked.is_some() {
        entries.push(does("Unlock…", Action::Unlock));
    }
    entries.extend(view.questions.iter().take(MOST_QUESTIONS).map(question));
    if let Some(more) = view.questions.len().checked_sub(MOST_QUESTIONS).filter(|more| *more > 0) {
        entries.push(Entry::Does(format!("{more} more questions…"), Action::Open));
    }
    entries
}

/// Such as "3 ready, 1 waiting".
fn sum(view: &View) -> String {
    let ready = view.servers.iter().filter(|server| server.state == ServerState::Ready).count();
    let waiting = view.questions.len() + view.servers.iter().filter(|server| waits(server)).count();
    match (ready, waiting) {
        _ if view.locked.is_some() => "Locked".to_owned(),
        (0, 0) if view.servers.is_empty() => "No servers yet".to_owned(),
        (0, 0) => "Nothing waits for you".to_owned(),
        (ready, 0) => format!("{ready} ready"),
        (0, waiting) => format!("{waiting} waiting"),
        (ready, waiting) => format!("{ready} ready, {waiting} waiting"),
    }
}

fn question(question: &Question) -> Entry {
    let label = match &question.about {
        About::Use { agent, server, .. } => format!("{} wants {}…", plain(agent), plain(server)),
        About::Replace { agent, server } => {
            format!("{} signed in to {} anew…", plain(agent), plain(server))
        }
        About::Configuration { .. } => "The configuration would allow more…".to_owned(),
    };
    Entry::Does(label, Action::Question(question.id))
}

/// Attention first, each kind by name.
fn servers(all: &[Server]) -> Vec<Entry> {
    let mut sorted: Vec<&Server> = all.iter().collect();
    sorted.sort_by_key(|server| rank(server.state));
    let mut entries: Vec<Entry> = sorted.into_iter().take(MOST_SERVERS).map(server).collect();
    if !all.is_empty() {
        entries.push(does("All servers…", Action::Open));
    }
    entries
}

fn server(server: &Server) -> Entry {
    let page = |words| (words, Action::Server(server.name.clone()));
    let sign_in = |words| (words, Action::SignIn(server.name.clone()));
    let (words, action) = match server.state {
        ServerState::AuthorizationRequired => sign_in("authorize…"),
        ServerState::Lapsed => sign_in("authorize again…"),
        ServerState::Failed => page("sign-in failed…"),
        ServerState::ChoosingIssuer => page("choose where to sign in…"),
        ServerState::NeedsClientId => page("needs a client ID…"),
        ServerState::Waiting => page("waiting for the browser"),
        ServerState::Locked => page("locked"),
        ServerState::Ready => page("ready"),
        ServerState::Declined => page("not now"),
    };
    Entry::Does(format!("{}: {words}", plain(&server.name)), action)
}

const fn rank(state: ServerState) -> u8 {
    match state {
        ServerState::Failed => 0,
        ServerState::Lapsed => 1,
        ServerState::ChoosingIssuer | ServerState::NeedsClientId => 2,
        ServerState::AuthorizationRequired => 3,
        ServerState::Waiting => 4,
        ServerState::Locked => 5,
        ServerState::Ready => 6,
        ServerState::Declined => 7,
    }
}

/// Whether only the person can go on with it.
fn waits(server: &Server) -> bool {
    matches!(
        server.state,
        ServerState::AuthorizationRequired
            | ServerState::Lapsed
            | ServerState::ChoosingIssuer
            | ServerState::NeedsClientId
    )
}

fn ways_in() -> Vec<Entry> {
    vec![
        does("Add server…", Action::Add),
        does("Activity…", Action::Activity),
        does("Open MCP Valet", Action::Open),
    ]
}

fn does(label: &str, action: Action) -> Entry {
    Entry::Does(label.to_owned(), action)
}

/// A name from outside: no letters that are not seen or that turn the line around, and short enough for a menu.
pub(crate) fn plain(name: &str) -> String {
    let unseen = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let seen: Vec<char> = name.chars().filter(|c| !unseen(*c)).take(LONGEST_NAME + 1).collect();
    if seen.len() <= LONGEST_NAME {
        return seen.into_iter().collect();
    }
    seen.into_iter().take(LONGEST_NAME - 1).chain(['…']).collect()
}

#[cfg(test)]
#[path = "menu_tests.rs"]
mod tests;
