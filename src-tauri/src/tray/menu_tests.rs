use super::*;
use broker::wire::{AttemptState, Code, ConsentState, Problem, VaultKind};
use broker::{AgentsPolicy, Places};

fn server(name: &str, state: ServerState) -> Server {
    Server {
        name: name.to_owned(),
        url: format!("https://{name}.example/mcp"),
        state,
        grant: GrantState::None,
        attempt: AttemptState::None,
        declined: false,
        consent: ConsentState::None,
        account: None,
        issuer: None,
        client_id: None,
        issuers: Vec::new(),
        resource: None,
        redirect_uri: None,
        own_redirect_uri: String::new(),
        device: None,
        scopes_wanted: Vec::new(),
        scopes_granted: Vec::new(),
        expires_at: None,
        renews: false,
        last_used: None,
        added_by: None,
        problem: None,
    }
}

fn view(servers: Vec<Server>) -> View {
    View {
        servers,
        wanted: Vec::new(),
        answers: Vec::new(),
        questions: Vec::new(),
        vault: VaultKind::Keychain,
        agents: AgentsPolicy::Ask,
        start_at_login: None,
        places: Places::default(),
        activity: 0,
        locked: None,
        trouble: None,
        notices: Vec::new(),
    }
}

fn asks(id: u64, agent: &str, server: &str) -> Question {
    let about = About::Use {
        agent: agent.to_owned(),
        executable: "/usr/bin/agent".to_owned(),
        server: server.to_owned(),
        host: "mcp.example".to_owned(),
        scopes: Vec::new(),
        may_stay: true,
    };
    Question { id, about }
}

fn says(words: &str) -> Entry {
    Entry::Says(words.to_owned())
}

/// What every menu ends with.
fn ending() -> Vec<Entry> {
    vec![
        Entry::Line,
        does("Add server…", Action::Add),
        does("Activity…", Action::Activity),
        does("Open MCP Valet", Action::Open),
        Entry::Line,
        does("Quit", Action::Quit),
    ]
}

#[test]
fn without_servers_it_offers_to_add_one() {
    let entries = [vec![says("No servers yet")], ending()].concat();
    assert_eq!(menu(&view(vec![])), Menu { state: State::Well, entries });
}

#[test]
fn questions_come_first_and_then_servers_that_need_the_person() {
    let mut view = view(vec![
        server("github", ServerState::Ready),
        server("linear", ServerState::Ready),
        server("slack", ServerState::AuthorizationRequired),
    ]);
    view.questions.push(asks(7, "Claude Code", "linear"));
    let entries = vec![
        says("2 ready, 2 waiting"),
        does("Claude Code wants linear…", Action::Question(7)),
        Entry::Line,
        does("slack: authorize…", Action::SignIn("slack".to_owned())),
        does("github: ready", Action::Server("github".to_owned())),
        does("linear: ready", Action::Server("linear".to_owned())),
        does("All servers…", Action::Open),
    ];
    assert_eq!(menu(&view), Menu { state: State::Waiting, entries: [entries, ending()].concat() });
}

#[test]
fn two_hundred_servers_and_fifty_questions_are_a_menu_that_fits_the_screen() {
    let mut view = view((0..200).map(|n| server(&format!("s{n:03}"), ServerState::Ready)).collect());
    view.questions.extend((1..=50).map(|id| asks(id, "agent", "s000")));
    let menu = menu(&view);
    assert_eq!(menu.entries.len(), 1 + 5 + 1 + 1 + 8 + 1 + 6);
    assert!(menu.entries.contains(&does("45 more questions…", Action::Open)));
    assert_eq!(menu.entries[0], says("200 ready, 50 waiting"));
}

#[test]
fn a_locked_keychain_is_trouble_that_can_be_mended_from_the_menu() {
    let mut view = view(vec![server("linear", ServerState::Locked)]);
    view.locked = Some(Problem::new(Code::Locked, "the keychain is locked", "Unlock it."));
    let entries = vec![
        says("Locked"),
        does("Unlock…", Action::Unlock),
        Entry::Line,
        does("linear: locked", Action::Server("linear".to_owned())),
        does("All servers…", Action::Open),
    ];
    assert_eq!(menu(&view), Menu { state: State::Trouble, entries: [entries, ending()].concat() });
}

#[test]
fn a_failed_sign_in_is_trouble_but_a_question_is_more_urgent() {
    let mut view = view(vec![server("linear", ServerState::Failed)]);
    assert_eq!(menu(&view).state, State::Trouble);
    view.questions.push(asks(1, "agent", "linear"));
    assert_eq!(menu(&view).state, State::Waiting);
}

#[test]
fn not_now_is_not_asked_about_again() {
    let menu = menu(&view(vec![server("slack", ServerState::Declined)]));
    assert_eq!(menu.state, State::Well);
    assert_eq!(menu.entries[2], does("slack: not now", Action::Server("slack".to_owned())));
}

#[test]
fn a_name_can_neither_turn_the_line_around_nor_fill_the_screen() {
    assert_eq!(plain("Lin\u{202e}ear\n\u{200b}"), "Linear");
    let long = plain(&"x".repeat(100));
    assert_eq!(long.chars().count(), LONGEST_NAME);
    assert!(long.ends_with('…'));
}
