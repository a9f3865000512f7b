use super::*;
use crate::sample::{question as asks, server, view};
use broker::wire::{Code, Consent, Form, Problem, Reason, Stands, VaultKind};
use broker::{Cause, WantedSignIn};

fn says(words: &str) -> Entry {
    Entry::Says(words.to_owned())
}

/// What every menu ends with.
fn ending() -> Vec<Entry> {
    [ways(), vec![Entry::Line, does("Quit", Action::Quit)]].concat()
}

/// What every menu ends with where there is something to take back.
fn ending_with_a_way_out() -> Vec<Entry> {
    let out = vec![Entry::Line, does("Revoke everything…", Action::RevokeAll)];
    [ways(), out, vec![Entry::Line, does("Quit", Action::Quit)]].concat()
}

fn ways() -> Vec<Entry> {
    vec![
        Entry::Line,
        does("Add server…", Action::Add),
        does("Activity…", Action::Activity),
        does("Open MCP Valet", Action::Open),
    ]
}

/// What a menu ends with where there is something to lock.
fn ending_with_lock() -> Vec<Entry> {
    let mut ending = ending();
    ending.insert(4, does("Lock", Action::Lock));
    ending
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
        does("\"Claude Code\" wants linear…", Action::Question(7)),
        Entry::Line,
        does("slack: authorize…", Action::SignIn("slack".to_owned())),
        does("github: ready", Action::Server("github".to_owned())),
        does("linear: ready", Action::Server("linear".to_owned())),
        does("All servers…", Action::Open),
    ];
    assert_eq!(menu(&view), Menu { state: State::Waiting, entries: [entries, ending_with_lock()].concat() });
}

#[test]
fn two_hundred_servers_and_fifty_questions_are_a_menu_that_fits_the_screen() {
    let mut view = view((0..200).map(|n| server(&format!("s{n:03}"), ServerState::Ready)).collect());
    view.questions.extend((1..=50).map(|id| asks(id, "agent", "s000")));
    let menu = menu(&view);
    assert_eq!(menu.entries.len(), 1 + 5 + 1 + 1 + 8 + 1 + 7);
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
    let entries = [entries, ending_with_a_way_out()].concat();
    assert_eq!(menu(&view), Menu { state: State::Trouble, entries });
}

#[test]
fn what_was_granted_or_allowed_can_be_taken_back_from_the_menu() {
    let mut granted = view(vec![server("linear", ServerState::Ready)]);
    granted.servers[0].grant = GrantState::Live;
    let entries = vec![
        says("1 ready"),
        Entry::Line,
        does("linear: ready", Action::Server("linear".to_owned())),
        does("All servers…", Action::Open),
    ];
    let mut ending = ending_with_a_way_out();
    ending.insert(4, does("Lock", Action::Lock));
    let entries = [entries, ending].concat();
    assert_eq!(menu(&granted), Menu { state: State::Well, entries });
    let mut allowed = view(vec![server("linear", ServerState::Lapsed)]);
    let way_out = does("Revoke everything…", Action::RevokeAll);
    assert!(!menu(&allowed).entries.contains(&way_out));
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
            since: "2026-01-01T00:00:00Z".parse().unwrap(),
            last_used: None,
            uses: 0,
        },
    });
    assert!(menu(&allowed).entries.contains(&way_out));
}

#[test]
fn each_trouble_with_the_vault_has_a_line_that_leads_to_its_remedy() {
    let line = |vault: VaultKind, reason: Reason| {
        let mut view = view(Vec::new());
        view.vault = vault;
        view.locked = Some(Problem::new(Code::Locked, "", "").because(reason));
        menu(&view).entries[1].clone()
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
    let entries = vec![
        says("Locked"),
        does("Unlock", Action::Unlock),
        Entry::Line,
        does("linear: locked", Action::Server("linear".to_owned())),
        does("All servers…", Action::Open),
    ];
    let entries = [entries, ending_with_a_way_out()].concat();
    assert_eq!(menu(&view), Menu { state: State::Locked, entries });
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
fn a_program_that_waits_for_another_sign_in_to_what_works_is_shown_quietly() {
    let mut view = view(vec![server("linear", ServerState::Ready)]);
    view.wanted.push(WantedSignIn { server: "linear".to_owned(), agent: "agent".to_owned() });
    let menu = menu(&view);
    assert_eq!(menu.state, State::Waiting);
    assert_eq!(menu.entries[0], says("1 ready, 1 waiting"));
    assert_eq!(menu.entries[2], does("linear: authorize again…", Action::SignIn("linear".to_owned())));
}

#[test]
fn nobody_is_asked_to_try_again_where_nobody_signs_in() {
    let robot = Server { unattended: true, ..server("robots", ServerState::Failed) };
    let menu = menu(&view(vec![robot]));
    assert_eq!(menu.state, State::Trouble);
    assert_eq!(
        menu.entries[2],
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
