//! What the tray shows, as plain data: a pure function of the [`View`].

use crate::tray::action::Action;
use broker::wire::{GrantState, Problem, Reason, Server, ServerState, VaultKind};
use broker::{About, Question, View};
use std::collections::BTreeSet;
use words::say;

/// Questions that the menu names; more are in the window.
const MOST_QUESTIONS: usize = 5;
/// Servers that the menu names.
const MOST_SERVERS: usize = 8;
/// Letters of a name from outside.
const LONGEST_NAME: usize = 40;

/// How many entries each group can have: the sum, three kinds of trouble and questions; servers, all and a
/// new one; ways in, and out; the end.
const ROOM: [usize; 4] = [1 + 3 + MOST_QUESTIONS + 1, MOST_SERVERS + 2, 4, 1];

/// Icon and menu of the tray.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Menu {
    pub(crate) state: State,
    /// With a line between one and the next. None is empty.
    pub(crate) groups: Vec<Vec<MenuLine>>,
}

impl Menu {
    /// What there is before the first view.
    pub(crate) fn starting() -> Self {
        let groups =
            vec![vec![MenuLine::Says(say!(tray_starting))], vec![does(say!(tray_quit), Action::Quit)]];
        Self { state: State::Well, groups }
    }

    /// All in one line.
    pub(crate) fn sum(&self) -> &str {
        self.news().next().unwrap_or_default()
    }

    /// What the person should know first, line by line.
    pub(crate) fn news(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().take(1).flatten().map(MenuLine::words)
    }

    /// The groups with all the room that each ever has, so that every menu has the same shape.
    pub(crate) fn slots(&self) -> impl Iterator<Item = impl Iterator<Item = Option<&MenuLine>>> {
        self.groups.iter().zip(ROOM).map(|(group, room)| (0..room).map(|slot| group.get(slot)))
    }
}

/// What the icon says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Well,
    /// Somebody waits for the person.
    Waiting,
    Trouble,
    /// Nothing is wrong, and nothing is handed out.
    Locked,
}

impl State {
    /// The word for it in the names of icons.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Waiting => "waiting",
            Self::Trouble => "trouble",
            Self::Locked => "locked",
        }
    }
}

/// One line of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MenuLine {
    /// Says something, and cannot be clicked.
    Says(String),
    Does(String, Action),
}

impl MenuLine {
    fn words(&self) -> &str {
        match self {
            Self::Says(words) | Self::Does(words, _) => words,
        }
    }
}

/// Draws the view.
pub(crate) fn menu(view: &View) -> Menu {
    let groups = vec![greeting(view), servers(view), ways(view), vec![does(say!(tray_quit), Action::Quit)]];
    Menu { state: state(view), groups }
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
        Some(_) if view.locked_by.is_some() => State::Locked,
        Some(_) => State::Trouble,
        None if waiting(view) > 0 => State::Waiting,
        None => State::Well,
    }
}

/// What somebody waits for: each server that a question is about, each question about none, and each server
/// that a program wants signed in to and no question is about.
fn waiting(view: &View) -> usize {
    let asked: BTreeSet<&str> = view.questions.iter().flat_map(subjects).collect();
    let wanted: BTreeSet<&str> = view.wanted.iter().map(|wanted| wanted.server.as_str()).collect();
    let questions: usize = view.questions.iter().map(|question| subjects(question).len().max(1)).sum();
    questions + view.more_questions + wanted.difference(&asked).count()
}

/// The servers that a question is about, of those that there are.
fn subjects(question: &Question) -> Vec<&str> {
    match &question.about {
        About::Use { servers, .. } => servers.iter().map(|one| one.server.as_str()).collect(),
        About::Call { call, .. } => vec![&call.server],
        About::Replace { server, .. } | About::SignIn { server, .. } | About::Key { server, .. } => {
            vec![server]
        }
        About::Account { accounts, named: true, .. } => {
            accounts.iter().map(|one| one.server.as_str()).collect()
        }
        About::Account { .. }
        | About::Add { .. }
        | About::Files { .. }
        | About::Forward { .. }
        | About::Configuration { .. } => Vec::new(),
    }
}

fn greeting(view: &View) -> Vec<MenuLine> {
    let mut entries = vec![MenuLine::Says(sum(view))];
    if view.trouble.is_some() {
        entries.push(does(say!(tray_configuration_wrong), Action::Open));
    }
    entries.extend(view.locked.as_ref().map(|locked| vault(locked, view)));
    if view.servers.iter().any(|server| server.grant == GrantState::Unsaved) {
        entries.push(does(say!(tray_not_saved), Action::Open));
    }
    entries.extend(view.questions.iter().take(MOST_QUESTIONS).map(question));
    let all = view.questions.len() + view.more_questions;
    if let Some(more) = all.checked_sub(MOST_QUESTIONS).filter(|more| *more > 0) {
        entries.push(MenuLine::Does(say!(tray_more_questions, more = more), Action::Open));
    }
    entries
}

/// Such as "3 ready, 1 waiting".
fn sum(view: &View) -> String {
    let ready = view.servers.iter().filter(|server| server.state == ServerState::Ready).count();
    match (ready, waiting(view)) {
        (0, _) if view.locked.is_some() => say!(tray_locked),
        (0, 0) if view.servers.is_empty() => say!(tray_no_servers),
        (0, 0) => say!(tray_nothing_waits),
        (ready, 0) => say!(tray_ready, ready = ready),
        (0, waiting) => say!(tray_waiting, waiting = waiting),
        (ready, waiting) => say!(tray_ready_waiting, ready = ready, waiting = waiting),
    }
}

/// What is wrong with the vault, and what a click does about it.
fn vault(locked: &Problem, view: &View) -> MenuLine {
    let page = || Action::Passphrase;
    match (locked.reason(), view.vault) {
        (Some(Reason::PassphraseUnset), _) => does(say!(tray_passphrase_choose), page()),
        (Some(Reason::VaultFileDamaged), _) => does(say!(tray_file_damaged), page()),
        (Some(Reason::VaultFileGone), _) => does(say!(tray_file_gone), page()),
        (Some(Reason::VaultFileOther), _) => does(say!(tray_file_other), page()),
        (Some(Reason::KeychainOther), _) => does(say!(tray_keychain_other), page()),
        (Some(Reason::VaultNewer), _) => does(say!(tray_vault_newer), Action::Open),
        (Some(Reason::VaultFileRefused), _) => does(say!(tray_file_refused), Action::Open),
        (_, VaultKind::File) => does(say!(tray_passphrase_enter), page()),
        (Some(Reason::KeychainAbsent), _) => does(say!(tray_keychain_absent), Action::Open),
        (Some(Reason::KeychainSlow), _) => does(say!(tray_keychain_slow), Action::Open),
        _ if view.locked_by.is_some() => does(say!(tray_unlock), Action::Unlock),
        // The keychain may have a question of its own first.
        _ => does(say!(tray_unlock_asks), Action::Unlock),
    }
}

fn question(question: &Question) -> MenuLine {
    let label = match &question.about {
        About::Use { agent, servers, .. } => match servers.as_slice() {
            [one] => say!(tray_wants, agent = named(agent), server = named(&one.server)),
            several => say!(tray_wants_servers, agent = named(agent), count = several.len()),
        },
        About::Call { agent, call, .. } => {
            say!(tray_wants_to_call, agent = named(agent), tool = named(&call.name))
        }
        About::Account { agent, host, .. } => {
            say!(tray_which_account, agent = named(agent), host = host)
        }
        About::Replace { agent, server } => {
            say!(tray_replace, agent = named(agent), server = named(server))
        }
        About::Add { agent, server, .. } => {
            say!(tray_wants_to_add, agent = named(agent), server = named(server))
        }
        About::Key { agent, server, .. } => {
            say!(tray_brings_key, agent = named(agent), server = named(server))
        }
        About::Files { agent, .. } => say!(tray_changes_files, agent = named(agent)),
        About::Forward { agent, host, .. } => say!(tray_wants_forward, agent = named(agent), host = host),
        About::SignIn { server, .. } => say!(tray_sign_in_needs_you, server = named(server)),
        About::Configuration { .. } => say!(tray_configuration_raises),
    };
    MenuLine::Does(label, Action::Question(question.id))
}

/// Attention first, each kind by name.
fn servers(view: &View) -> Vec<MenuLine> {
    let mut sorted: Vec<&Server> = view.servers.iter().collect();
    sorted.sort_by_cached_key(|server| (rank(server, view), server.name.to_lowercase()));
    let shown = sorted.into_iter().take(MOST_SERVERS);
    let mut entries: Vec<MenuLine> = shown.map(|one| server(one, is_wanted_anew(one, view))).collect();
    if !view.servers.is_empty() {
        entries.push(does(say!(tray_all_servers), Action::Open));
    }
    entries.push(does(say!(tray_add), Action::Add));
    entries
}

fn server(server: &Server, wanted_anew: bool) -> MenuLine {
    let page = |words| (words, Action::Server(server.name.clone()));
    let sign_in = |words| (words, Action::SignIn(server.name.clone()));
    let (words, action) = match server.state {
        ServerState::AuthorizationRequired => sign_in(say!(tray_state_authorize)),
        ServerState::Lapsed | ServerState::RegistrationLost => sign_in(say!(tray_state_again)),
        ServerState::Failed if server.unattended => page(say!(tray_state_cannot_alone)),
        ServerState::Failed => page(say!(tray_state_failed)),
        ServerState::ChoosingIssuer => page(say!(tray_state_choose)),
        ServerState::NeedsClientId => page(say!(tray_state_needs_client_id)),
        ServerState::KeyRequired => page(say!(tray_state_key_required)),
        ServerState::KeyRefused => page(say!(tray_state_key_refused)),
        ServerState::Waiting => page(say!(tray_state_browser)),
        ServerState::Locked => page(say!(tray_state_locked)),
        ServerState::Opening => page(say!(tray_state_opening)),
        ServerState::Ready if wanted_anew => sign_in(say!(tray_state_again)),
        ServerState::Ready if server.grant == GrantState::Unsaved => page(say!(tray_state_unsaved)),
        ServerState::Ready => page(say!(tray_state_ready)),
        ServerState::Declined if server.declined_for_good => page(say!(tray_state_not_asked)),
        ServerState::Declined => page(say!(tray_state_not_now)),
    };
    MenuLine::Does(format!("{}: {words}", plain(&server.name)), action)
}

fn rank(server: &Server, view: &View) -> u8 {
    match server.state {
        ServerState::Ready if is_wanted_anew(server, view) => 3,
        ServerState::Failed => 0,
        ServerState::Lapsed | ServerState::RegistrationLost | ServerState::KeyRefused => 1,
        ServerState::ChoosingIssuer | ServerState::NeedsClientId => 2,
        ServerState::AuthorizationRequired | ServerState::KeyRequired => 3,
        ServerState::Waiting => 4,
        ServerState::Locked | ServerState::Opening => 5,
        ServerState::Ready => 6,
        ServerState::Declined => 7,
    }
}

/// Whether a program waits for another sign-in to a server that works.
fn is_wanted_anew(server: &Server, view: &View) -> bool {
    server.state == ServerState::Ready && view.wanted.iter().any(|wanted| wanted.server == server.name)
}

fn ways(view: &View) -> Vec<MenuLine> {
    let mut entries = vec![does(say!(tray_activity), Action::Activity), does(say!(tray_open), Action::Open)];
    if view.servers.iter().any(|server| server.state == ServerState::Ready) {
        entries.push(does(say!(tray_lock), Action::Lock));
    }
    let granted = |server: &Server| server.grant != GrantState::None || server.state == ServerState::Locked;
    // Where nothing was ever granted or allowed, there is nothing to take back.
    if view.servers.iter().any(granted) || !view.answers.is_empty() {
        entries.push(does(say!(tray_revoke_all), Action::RevokeAll));
    }
    entries
}

fn does(label: String, action: Action) -> MenuLine {
    MenuLine::Does(label, action)
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
    if ::plain::named(name) == name { seen } else { say!(name_in_quotes, name = seen.replace('"', "'")) }
}

#[cfg(test)]
#[path = "menu_tests.rs"]
mod tests;
