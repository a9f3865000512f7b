//! What the tray shows, as plain data: a pure function of the [`View`].

use crate::tray::action::Action;
use broker::wire::{GrantState, Problem, Reason, Server, ServerState, VaultKind};
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
    /// Nothing is wrong, and nothing is handed out.
    Locked,
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
    let groups =
        [greeting(view), servers(view), ways_in(view), ways_out(view), vec![does("Quit", Action::Quit)]];
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
    if view.trouble.is_some() || view.servers.iter().any(troubled) {
        return State::Trouble;
    }
    match view.locked {
        Some(_) if view.locked_by.is_some() => return State::Locked,
        Some(_) => return State::Trouble,
        None => {}
    }
    if view.servers.iter().any(|server| waits(server, view)) { State::Waiting } else { State::Well }
}

fn greeting(view: &View) -> Vec<Entry> {
    let mut entries = vec![Entry::Says(sum(view))];
    if view.trouble.is_some() {
        entries.push(does("The configuration has a mistake…", Action::Open));
    }
    entries.extend(view.locked.as_ref().map(|locked| vault(locked, view)));
    if view.servers.iter().any(|server| server.grant == GrantState::Unsaved) {
        entries.push(does("Not saved yet…", Action::Open));
    }
    entries.extend(view.questions.iter().take(MOST_QUESTIONS).map(question));
    let all = view.questions.len() + view.more_questions;
    if let Some(more) = all.checked_sub(MOST_QUESTIONS).filter(|more| *more > 0) {
        entries.push(Entry::Does(format!("{more} more questions…"), Action::Open));
    }
    entries
}

/// Such as "3 ready, 1 waiting".
fn sum(view: &View) -> String {
    let ready = view.servers.iter().filter(|server| server.state == ServerState::Ready).count();
    let questions = view.questions.len() + view.more_questions;
    let waiting = questions + view.servers.iter().filter(|server| waits(server, view)).count();
    match (ready, waiting) {
        (0, _) if view.locked.is_some() => "Locked".to_owned(),
        (0, 0) if view.servers.is_empty() => "No servers yet".to_owned(),
        (0, 0) => "Nothing waits for you".to_owned(),
        (ready, 0) => format!("{ready} ready"),
        (0, waiting) => format!("{waiting} waiting"),
        (ready, waiting) => format!("{ready} ready, {waiting} waiting"),
    }
}

/// What is wrong with the vault, and what a click does about it.
fn vault(locked: &Problem, view: &View) -> Entry {
    let page = || Action::Passphrase;
    match (locked.reason(), view.vault) {
        (Some(Reason::PassphraseUnset), _) => does("Choose a passphrase…", page()),
        (Some(Reason::VaultFileDamaged), _) => does("The encrypted file is damaged…", page()),
        (Some(Reason::VaultFileGone), _) => does("The encrypted file is gone…", page()),
        (Some(Reason::VaultFileOther), _) => does("This is another encrypted file…", page()),
        (Some(Reason::KeychainOther), _) => does("This is another keychain…", page()),
        (Some(Reason::VaultNewer), _) => does("Kept by a newer MCP Valet…", Action::Open),
        (Some(Reason::VaultFileRefused), _) => does("The encrypted file cannot be used…", Action::Open),
        (_, VaultKind::File) => does("Enter the passphrase…", page()),
        (Some(Reason::KeychainAbsent), _) => does("No keychain is running…", Action::Open),
        (Some(Reason::KeychainSlow), _) => does("The keychain does not answer…", Action::Open),
        _ if view.locked_by.is_some() => does("Unlock", Action::Unlock),
        // The keychain may have a question of its own first.
        _ => does("Unlock…", Action::Unlock),
    }
}

fn question(question: &Question) -> Entry {
    let label = match &question.about {
        About::Use { agent, server, .. } => format!("{} wants {}…", named(agent), named(server)),
        About::Replace { agent, server } => {
            format!("{} signed in to {} again…", named(agent), named(server))
        }
        About::Add { agent, server, .. } => format!("{} wants to add {}…", named(agent), named(server)),
        About::SignIn { server, .. } => format!("The sign-in to {} needs you…", named(server)),
        About::Configuration { .. } => "The configuration would allow more…".to_owned(),
    };
    Entry::Does(label, Action::Question(question.id))
}

/// Attention first, each kind by name.
fn servers(view: &View) -> Vec<Entry> {
    let mut sorted: Vec<&Server> = view.servers.iter().collect();
    sorted.sort_by_key(|server| rank(server, view));
    let shown = sorted.into_iter().take(MOST_SERVERS);
    let mut entries: Vec<Entry> = shown.map(|one| server(one, is_wanted_anew(one, view))).collect();
    if !view.servers.is_empty() {
        entries.push(does("All servers…", Action::Open));
    }
    entries
}

fn server(server: &Server, wanted_anew: bool) -> Entry {
    let page = |words| (words, Action::Server(server.name.clone()));
    let sign_in = |words| (words, Action::SignIn(server.name.clone()));
    let (words, action) = match server.state {
        ServerState::AuthorizationRequired => sign_in("authorize…"),
        ServerState::Lapsed | ServerState::RegistrationLost => sign_in("authorize again…"),
        ServerState::Failed if server.unattended => page("cannot sign in by itself…"),
        ServerState::Failed => page("sign-in failed…"),
        ServerState::ChoosingIssuer => page("choose where to sign in…"),
        ServerState::NeedsClientId => page("needs a client ID…"),
        ServerState::Waiting => page("waiting for the browser"),
        ServerState::Locked => page("locked"),
        ServerState::Ready if wanted_anew => sign_in("authorize again…"),
        ServerState::Ready if server.grant == GrantState::Unsaved => page("ready, not saved"),
        ServerState::Ready => page("ready"),
        ServerState::Declined if server.declined_for_good => page("not asked about"),
        ServerState::Declined => page("not now"),
    };
    Entry::Does(format!("{}: {words}", plain(&server.name)), action)
}

fn rank(server: &Server, view: &View) -> u8 {
    match server.state {
        ServerState::Ready if is_wanted_anew(server, view) => 3,
        ServerState::Failed => 0,
        ServerState::Lapsed | ServerState::RegistrationLost => 1,
        ServerState::ChoosingIssuer | ServerState::NeedsClientId => 2,
        ServerState::AuthorizationRequired => 3,
        ServerState::Waiting => 4,
        ServerState::Locked => 5,
        ServerState::Ready => 6,
        ServerState::Declined => 7,
    }
}

/// Whether only the person can go on with it.
fn waits(server: &Server, view: &View) -> bool {
    let by_itself = matches!(
        server.state,
        ServerState::AuthorizationRequired
            | ServerState::Lapsed
            | ServerState::RegistrationLost
            | ServerState::ChoosingIssuer
            | ServerState::NeedsClientId
    );
    by_itself || is_wanted_anew(server, view)
}

/// Whether a program waits for another sign-in to a server that works.
fn is_wanted_anew(server: &Server, view: &View) -> bool {
    server.state == ServerState::Ready && view.wanted.iter().any(|wanted| wanted.server == server.name)
}

fn ways_in(view: &View) -> Vec<Entry> {
    let mut entries = vec![
        does("Add server…", Action::Add),
        does("Activity…", Action::Activity),
        does("Open MCP Valet", Action::Open),
    ];
    if view.servers.iter().any(|server| server.state == ServerState::Ready) {
        entries.push(does("Lock", Action::Lock));
    }
    entries
}

/// Where nothing was ever granted or allowed, there is nothing to take back.
fn ways_out(view: &View) -> Vec<Entry> {
    let granted = |server: &Server| server.grant != GrantState::None || server.state == ServerState::Locked;
    if !view.servers.iter().any(granted) && view.answers.is_empty() {
        return Vec::new();
    }
    vec![does("Revoke everything…", Action::RevokeAll)]
}

fn does(label: &str, action: Action) -> Entry {
    Entry::Does(label.to_owned(), action)
}

/// A name from outside: no letters that are not seen or that turn the line around, and short enough for a
/// menu.
pub(crate) fn plain(name: &str) -> String {
    let seen: Vec<char> = name.chars().filter(|c| !plain::misleads(*c)).take(LONGEST_NAME + 1).collect();
    if seen.len() <= LONGEST_NAME {
        return seen.into_iter().collect();
    }
    seen.into_iter().take(LONGEST_NAME - 1).chain(['…']).collect()
}

/// The same in a sentence: in quotes, unless it is one simple word.
pub(crate) fn named(name: &str) -> String {
    let seen = plain(name);
    if ::plain::named(name) == name { seen } else { format!("\"{}\"", seen.replace('"', "'")) }
}

#[cfg(test)]
#[path = "menu_tests.rs"]
mod tests;
