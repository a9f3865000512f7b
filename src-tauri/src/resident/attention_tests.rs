use super::*;
use crate::resident::note::note;
use crate::sample;
use broker::wire::{Code, Problem, VaultKind};
use broker::{About, Cause, WantedSignIn};

fn view(state: ServerState, wanted: bool) -> View {
    let ready = state == ServerState::Ready;
    let server = Server {
        grant: if ready { GrantState::Live } else { GrantState::None },
        scopes_granted: vec!["read".to_owned()],
        renews: true,
        ..sample::server("slack", state)
    };
    let mut view = sample::view(vec![server]);
    if wanted {
        view.wanted.push(WantedSignIn { server: "slack".to_owned(), agent: "agent".to_owned() });
    }
    view
}

/// What a session is told of, view by view.
fn told(views: &[View]) -> Vec<Attention> {
    let mut reminders = Reminders::default();
    let mut told = Vec::new();
    for view in views {
        reminders.follow(view);
        for need in reminders.needs(view) {
            if !reminders.is_told(&need) {
                reminders.tell(need.clone());
                told.push(need);
            }
        }
    }
    told
}

fn sign_in() -> Attention {
    Attention::SignIn("slack".to_owned())
}

#[test]
fn what_lapses_while_it_is_used_is_news_and_what_had_lapsed_before_waits_until_it_is_wanted() {
    assert_eq!(told(&[view(ServerState::Ready, false), view(ServerState::Lapsed, false)]), [sign_in()]);
    assert_eq!(told(&[view(ServerState::Lapsed, false)]), []);
    assert_eq!(told(&[view(ServerState::Lapsed, false), view(ServerState::Lapsed, true)]), [sign_in()]);
}

#[test]
fn one_need_is_told_once_however_often_it_is_asked_for() {
    let hours = [
        ServerState::Lapsed,
        ServerState::Waiting,
        ServerState::Failed,
        ServerState::Locked,
        ServerState::Lapsed,
    ];
    let views: Vec<View> =
        hours.iter().flat_map(|state| [view(*state, true), view(*state, false)]).cycle().take(1000).collect();
    assert_eq!(told(&views), [sign_in()]);
}

#[test]
fn what_was_met_and_comes_again_is_another_need() {
    let again = [ServerState::Ready, ServerState::Lapsed, ServerState::Ready, ServerState::Lapsed];
    assert_eq!(told(&again.map(|state| view(state, false))), [sign_in(), sign_in()]);
    let declined =
        [ServerState::Lapsed, ServerState::Declined, ServerState::Lapsed].map(|state| view(state, true));
    assert_eq!(told(&declined).len(), 2);
}

#[test]
fn a_server_that_works_is_spoken_of_once_for_what_it_has() {
    let mut wider = view(ServerState::Ready, true);
    wider.servers[0].scopes_granted.push("write".to_owned());
    let quiet = view(ServerState::Ready, false);
    let narrow = view(ServerState::Ready, true);
    assert_eq!(told(&[narrow.clone(), quiet.clone(), narrow.clone(), quiet, narrow.clone(), wider]).len(), 2);
    let mut renewed = narrow.clone();
    renewed.servers[0].expires_at = "2026-01-01T00:00:00Z".parse().ok();
    assert_eq!(told(&[narrow, renewed]).len(), 1, "a renewal is no answer to it");
}

#[test]
fn what_the_person_did_themselves_is_not_told_to_them() {
    let locked = |cause: Option<Cause>| {
        let mut view = view(ServerState::Locked, false);
        view.locked = Some(Problem::new(Code::Locked, "locked", "Unlock."));
        view.locked_by = cause;
        view
    };
    assert_eq!(told(&[locked(Some(Cause::Person))]), []);
    assert_eq!(told(&[locked(None), locked(None)]), [Attention::Unlock]);
}

#[test]
fn a_locked_valet_is_told_of_once_by_the_first_program_that_asks() {
    let mut locked = view(ServerState::Locked, false);
    locked.locked = Some(Problem::new(Code::Locked, "locked", "Unlock."));
    locked.locked_by = Some(Cause::Screen);
    let mut asked = locked.clone();
    asked.wanted_while_locked = Some("agent".to_owned());
    assert_eq!(told(&[locked, asked.clone(), asked]), [Attention::LockedOut]);
}

#[test]
fn a_mistake_in_the_configuration_is_told_once_until_it_is_mended() {
    let broken = |detail: &str| {
        let mut view = view(ServerState::Ready, false);
        view.trouble = Some(Problem::new(Code::InvalidRequest, detail, "Mend it."));
        view
    };
    let well = view(ServerState::Ready, false);
    assert_eq!(
        told(&[broken("a"), broken("b"), well, broken("c")]),
        [Attention::Configuration, Attention::Configuration]
    );
}

#[test]
fn a_keychain_that_takes_nothing_is_told_once_for_all_servers() {
    let mut unsaved = view(ServerState::Ready, false);
    unsaved.servers.push(sample::server("linear", ServerState::Ready));
    unsaved.servers.iter_mut().for_each(|server| server.grant = GrantState::Unsaved);
    assert_eq!(told(&[unsaved]), [Attention::Save]);
}

#[test]
fn however_many_scopes_it_asks_for_a_notification_names_the_program() {
    let mut question = sample::question(1, "scribe", "demo");
    let About::Use { servers, executable, .. } = &mut question.about else { panic!("{question:?}") };
    servers[0].scopes = Some((0..64).map(|one| format!("scope:{one}")).collect());
    *executable = format!("/home/ada/{}/scribe", "folder/".repeat(50));
    let mut view = sample::view(Vec::new());
    view.questions = vec![question];
    let body = note(&Attention::Question(1), &view).unwrap().body;
    assert!(body.ends_with("/scribe") && body.len() < 400, "{body}");
}

#[test]
fn a_shut_file_leads_to_where_its_passphrase_is_given_and_a_keychain_to_where_it_is_unlocked() {
    let mut locked = view(ServerState::Locked, false);
    locked.locked = Some(Problem::new(Code::Locked, "locked", "Unlock."));
    let page = |view: &View| note(&Attention::Unlock, view).unwrap().page;
    assert_eq!(page(&locked), "/");
    locked.vault = VaultKind::File;
    assert_eq!(page(&locked), "/passphrase");
}

#[test]
fn the_newest_question_comes_first_and_one_of_each_program_before_the_second_of_any() {
    let mut view = sample::view(Vec::new());
    let asked = [(1, "scribe"), (2, "quill"), (3, "scribe"), (4, "scribe"), (5, "pen")];
    view.questions = asked.map(|(id, agent)| sample::question(id, agent, "demo")).to_vec();
    view.trouble = Some(Problem::new(Code::InvalidRequest, "broken", "Mend it."));
    let needs = Reminders::default().needs(&view);
    assert_eq!(
        needs,
        [5, 4, 2, 3, 1]
            .map(Attention::Question)
            .into_iter()
            .chain([Attention::Configuration])
            .collect::<Vec<_>>()
    );
}

#[test]
fn a_program_that_waits_comes_before_what_waits_for_nobody() {
    let mut view = view(ServerState::Lapsed, true);
    view.trouble = Some(Problem::new(Code::InvalidRequest, "broken", "Mend it."));
    assert_eq!(Reminders::default().needs(&view), [sign_in(), Attention::Configuration]);
}
