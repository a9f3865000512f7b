use super::*;
use crate::sample::{question as asks, server, view};
use broker::wire::{AccessLevel, Code, Consent, Form, Problem, Reason, Stands, VaultKind};
use broker::{Cause, WantedSignIn};

fn says(words: &str) -> MenuLine {
    MenuLine::Says(words.to_owned())
}

fn does(words: &str, action: Action) -> MenuLine {
    MenuLine::Does(words.to_owned(), action)
}

/// What a menu ends with, after what is in it for this view.
fn with_ending(news: Vec<MenuLine>, servers: Vec<MenuLine>, more_ways: Vec<MenuLine>) -> Vec<Vec<MenuLine>> {
    let ways = vec![does("Activity…", Action::Activity), does("Open MCP Valet", Action::Open)];
    let servers = [servers, vec![does("Add server…", Action::Add)]].concat();
    vec![news, servers, [ways, more_ways].concat(), vec![does("Quit", Action::Quit)]]
}

fn lock() -> MenuLine {
    does("Lock", Action::Lock)
}

fn way_out() -> MenuLine {
    does("Revoke everything…", Action::RevokeAll)
}

fn to_server(words: &str, name: &str) -> MenuLine {
    does(words, Action::Server(name.to_owned()))
}

fn all() -> MenuLine {
    does("All servers…", Action::Open)
}

#[test]
fn without_servers_it_offers_to_add_one() {
    let groups = with_ending(vec![says("No servers yet")], vec![], vec![]);
    assert_eq!(menu(&view(vec![])), Menu { state: State::Well, groups });
}

#[test]
fn questions_come_first_and_then_servers_that_need_the_person() {
    let mut view = view(vec![
        server("github", ServerState::Ready),
        server("linear", ServerState::Ready),
        server("slack", ServerState::AuthorizationRequired),
    ]);
    view.questions.push(asks(7, "Claude Code", "linear"));
    let news = vec![says("2 ready, 1 waiting"), does("\"Claude Code\" wants linear…", Action::Question(7))];
    let servers = vec![
        does("slack: authorize…", Action::SignIn("slack".to_owned())),
        to_server("github: ready", "github"),
        to_server("linear: ready", "linear"),
        all(),
    ];
    assert_eq!(menu(&view), Menu { state: State::Waiting, groups: with_ending(news, servers, vec![lock()]) });
}

#[test]
fn two_hundred_servers_and_fifty_questions_are_a_menu_that_fits_the_screen() {
    let mut view = view((0..200).map(|n| server(&format!("s{n:03}"), ServerState::Ready)).collect());
    view.questions.extend((1..=50).map(|id| asks(id, "agent", "s000")));
    let menu = menu(&view);
    assert_eq!(menu.groups.iter().map(Vec::len).collect::<Vec<_>>(), [1 + 5 + 1, 8 + 2, 3, 1]);
    assert!(menu.groups[0].contains(&does("45 more questions…", Action::Open)));
    assert_eq!(menu.sum(), "200 ready, 50 waiting");
}

#[test]
fn every_menu_has_room_for_all_that_can_be_in_it_and_the_same_shape() {
    let mut full = view((0..9).map(|n| server(&format!("s{n}"), ServerState::Ready)).collect());
    full.servers[0].grant = GrantState::Unsaved;
    full.trouble = Some(Problem::new(Code::InvalidRequest, "broken", "Mend it."));
    full.locked = Some(Problem::new(Code::Locked, "the keychain is locked", "Unlock it."));
    full.questions.extend((1..=6).map(|id| asks(id, "agent", "s0")));
    let (full, empty) = (menu(&full), menu(&view(vec![])));
    let room = |menu: &Menu| menu.slots().map(Iterator::count).collect::<Vec<_>>();
    assert_eq!(room(&full), room(&empty));
    assert_eq!(full.groups.iter().map(Vec::len).collect::<Vec<_>>(), room(&full), "every place is taken");
}

#[test]
fn a_locked_keychain_is_trouble_that_can_be_mended_from_the_menu() {
    let mut view = view(vec![server("linear", ServerState::Locked)]);
    view.locked = Some(Problem::new(Code::Locked, "the keychain is locked", "Unlock it."));
    let news = vec![says("Locked"), does("Unlock…", Action::Unlock)];
    let servers = vec![to_server("linear: locked", "linear"), all()];
    let groups = with_ending(news, servers, vec![way_out()]);
    assert_eq!(menu(&view), Menu { state: State::Trouble, groups });
}

#[test]
fn what_was_granted_or_allowed_can_be_taken_back_from_the_menu() {
    let mut granted = view(vec![server("linear", ServerState::Ready)]);
    granted.servers[0].grant = GrantState::Live;
    let servers = vec![to_server("linear: ready", "linear"), all()];
    let groups = with_ending(vec![says("1 ready")], servers, vec![lock(), way_out()]);
    assert_eq!(menu(&granted), Menu { state: State::Well, groups });
    let mut allowed = view(vec![server("linear", ServerState::Lapsed)]);
    assert!(!menu(&allowed).groups[2].contains(&way_out()));
    allowed.answers.push(broker::StandingAnswer {
        server: "linear".to_owned(),
        mark: "mark".to_owned(),
        icon: None,
        executable: "/usr/bin/curl".to_owned(),
        consent: Consent {
            name: "curl".to_owned(),
            answer: Stands::AllowedForNow,
            scopes: None,
            form: Form::Token,
            reach: AccessLevel::Everything,
            rules: None,
            since: "2026-01-01T00:00:00Z".parse().unwrap(),
            last_used: None,
            uses: 0,
        },
    });
    assert!(menu(&allowed).groups[2].contains(&way_out()));
}

#[test]
fn each_trouble_with_the_vault_has_a_line_that_leads_to_its_remedy() {
    let line = |vault: VaultKind, reason: Reason| {
        let mut view = view(Vec::new());
        view.vault = vault;
        view.locked = Some(Problem::new(Code::Locked, "", "").because(reason));
        menu(&view).groups[0][1].clone()
    };
    let (keychain, file) = (VaultKind::Keychain, VaultKind::File);
    assert_eq!(line(keychain, Reason::KeychainLocked), does("Unlock…", Action::Unlock));
    assert_eq!(line(keychain, Reason::KeychainAbsent), does("No keychain is running…", Action::Open));
    assert_eq!(line(keychain, Reason::KeychainSlow), does("The keychain does not answer…", Action::Open));
    assert_eq!(line(file, Reason::PassphraseUnset), does("Choose a passphrase…", Action::Passphrase));
    assert_eq!(line(file, Reason::PassphraseNeeded), does("Enter the passphrase…", Action::Passphrase));
    assert_eq!(line(file, Reason::LockedByPerson), does("Enter the passphrase…", Action::Passphrase));
    assert_eq!(
        line(file, Reason::VaultFileDamaged),
        does("The encrypted file is damaged…", Action::Passphrase)
    );
}

#[test]
fn a_locked_valet_says_so_and_can_be_unlocked_from_the_menu() {
    let mut view = view(vec![server("linear", ServerState::Locked)]);
    let locked = Problem::new(Code::Locked, "MCP Valet is locked", "Unlock it.");
    (view.locked, view.locked_by) = (Some(locked), Some(Cause::Screen));
    let news = vec![says("Locked"), does("Unlock", Action::Unlock)];
    let servers = vec![to_server("linear: locked", "linear"), all()];
    let groups = with_ending(news, servers, vec![way_out()]);
    assert_eq!(menu(&view), Menu { state: State::Locked, groups });
}

#[test]
fn the_dot_is_for_what_somebody_waits_for_and_a_server_counts_once() {
    let never = ServerState::AuthorizationRequired;
    let mut view = view((0..12).map(|n| server(&format!("s{n}"), never)).collect());
    assert_eq!((menu(&view).state, menu(&view).sum()), (State::Well, "Nothing waits for you"));
    let wanted = |n: u64| WantedSignIn { server: format!("s{n}"), agent: "agent".to_owned() };
    view.wanted.extend([wanted(0), wanted(0), wanted(11)]);
    assert_eq!((menu(&view).state, menu(&view).sum()), (State::Waiting, "2 waiting"));
    view.questions.extend((0..12).map(|n| asks(n, "agent", &format!("s{n}"))));
    assert_eq!(menu(&view).sum(), "12 waiting");
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
    assert_eq!(menu.groups[1][0], does("slack: not now", Action::Server("slack".to_owned())));
}

#[test]
fn a_program_that_waits_for_another_sign_in_to_what_works_is_shown_quietly() {
    let mut view = view(vec![server("linear", ServerState::Ready)]);
    view.wanted.push(WantedSignIn { server: "linear".to_owned(), agent: "agent".to_owned() });
    let menu = menu(&view);
    assert_eq!(menu.state, State::Waiting);
    assert_eq!(menu.groups[0][0], says("1 ready, 1 waiting"));
    assert_eq!(menu.groups[1][0], does("linear: authorize again…", Action::SignIn("linear".to_owned())));
}

#[test]
fn nobody_is_asked_to_try_again_where_nobody_signs_in() {
    let robot = Server { unattended: true, ..server("robots", ServerState::Failed) };
    let menu = menu(&view(vec![robot]));
    assert_eq!(menu.state, State::Trouble);
    assert_eq!(
        menu.groups[1][0],
        does("robots: cannot sign in by itself…", Action::Server("robots".to_owned()))
    );
}

#[test]
fn a_name_can_neither_turn_the_line_around_nor_fill_the_screen() {
    assert_eq!(plain("Lin\u{202e}ear\n\u{200b}"), "Linear");
    let long = plain(&"x".repeat(100));
    assert_eq!(long.chars().count(), LONGEST_NAME);
    assert!(long.ends_with('…'));
}
