//! An engine in trouble: each kind is said by its name, nothing is lost by it, and all goes on by itself.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::thread;
use std::time::{Duration, Instant};

use mcp_valet_tests::fleet::{Fleet, have_one_token, last_word};
use mcp_valet_tests::{
    Etcd, Home, Keychain, RawClient, Reply, Rogue, Valet, dose, figure, program, still, until, until_within,
};
use serde_json::json;

/// Past the life of the rogue's access tokens.
const LATER: i64 = 601;
/// Seconds for which tokens in memory serve.
const STALE: u32 = 10;

/// Waits until a machine refuses for this reason, and says what to do.
#[track_caller]
fn refuses(valet: &Valet<'_>, reason: &str) {
    let answer = until(reason, || {
        Some(valet.token("rogue")).filter(|answer| answer.status != 200 && answer.text("reason") == reason)
    });
    assert!(!answer.text("advice").is_empty(), "{answer:?}");
}

/// What is said to the person, in one line.
fn doctor(valet: &Valet<'_>) -> String {
    let said = valet.cli(&["doctor"]).stdout;
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_lost_quorum_is_said_and_nothing_is_lost_once_there_is_one_again() {
    let (mut etcd, rogue) = (Etcd::start(3), Rogue::start());
    let fleet = Fleet::of(2, &etcd, &[("rogue", &rogue.mcp())], STALE);
    let valets = fleet.start();
    valets[0].sign_in("rogue");
    let held = have_one_token(&valets, "rogue");
    etcd.kill(1);
    etcd.kill(2);
    until_within(Duration::from_secs(6), "it is said", || {
        doctor(&valets[0]).contains("quorum").then_some(())
    });
    assert_eq!(valets[0].token("rogue").text("access_token"), held);
    refuses(&valets[0], "engine_without_quorum");
    etcd.revive(1);
    etcd.agrees();
    let back = Instant::now();
    assert_eq!(have_one_token(&valets, "rogue"), held);
    figure(format!("a quorum came back: all machines went on within {:?}", back.elapsed()));
    assert_eq!(rogue.refreshes(), 0);
}

#[test]
fn a_quorum_that_hangs_is_a_lost_one() {
    let (etcd, rogue) = (Etcd::start(3), Rogue::start());
    let fleet = Fleet::of(1, &etcd, &[("rogue", &rogue.mcp())], STALE);
    let valets = fleet.start();
    valets[0].sign_in("rogue");
    for alive in 0..dose(1, 3) {
        let others = (0..3).filter(|member| *member != alive);
        others.clone().for_each(|member| etcd.freeze(member));
        until_within(Duration::from_secs(20), "it is said", || {
            doctor(&valets[0]).contains("quorum").then_some(())
        });
        refuses(&valets[0], "engine_without_quorum");
        others.for_each(|member| etcd.thaw(member));
        etcd.agrees();
        until("it goes on", || (valets[0].token("rogue").status == 200).then_some(()));
    }
}

#[test]
fn an_engine_without_room_keeps_a_refresh_from_being_sent_until_there_is_some() {
    let (etcd, rogue) = (Etcd::small(4 << 20), Rogue::start());
    let fleet = Fleet::of(2, &etcd, &[("rogue", &rogue.mcp())], STALE);
    let valets = fleet.start();
    valets[0].sign_in("rogue");
    let held = have_one_token(&valets, "rogue");
    etcd.fill();
    // What is there is read and served all the same.
    assert_eq!(have_one_token(&valets, "rogue"), held);
    fleet.move_clocks(LATER);
    refuses(&valets[0], "engine_full");
    refuses(&valets[1], "engine_full");
    assert_eq!(rogue.refreshes(), 0);
    etcd.make_room();
    assert_ne!(have_one_token(&valets, "rogue"), held);
    assert_eq!(rogue.refreshes(), 1);
}

#[test]
fn a_user_whose_rights_were_taken_is_told_so_and_goes_on_with_them() {
    let password = "p-of-the-fleet";
    let (etcd, rogue, home) = (Etcd::guarded(password), Rogue::start(), Home::new());
    let keychain = Keychain::start(&home);
    keychain.insert("mcp-valet-etcd-password", password);
    let with = |vault| json!({"mcpServers": {"rogue": {"url": rogue.mcp()}}, "valet": {"agents": "allow", "vault": vault}});
    let mut elsewhere = etcd.as_vault(STALE);
    elsewhere["etcd"]["prefix"] = "elsewhere".into();
    home.configure(&with(elsewhere));
    let refused = home.fleet(&["init"]);
    assert!(refused.code != 0 && refused.stderr.contains("below its prefix"), "{}", refused.stderr);
    home.configure(&with(etcd.as_vault(STALE)));
    home.fleet(&["init"]).expect_code(0);
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    assert!(etcd.control(&["role", "revoke-permission", "valet", "fleet/", "fleet0"]));
    until_within(Duration::from_secs(5), "it is said", || {
        doctor(&valet).contains("does not let this machine in").then_some(())
    });
    refuses(&valet, "engine_refused");
    assert!(etcd.control(&["role", "grant-permission", "valet", "readwrite", "fleet/", "fleet0"]));
    until_within(Duration::from_secs(5), "it goes on", || (valet.token("rogue").status == 200).then_some(()));
}

#[test]
fn the_password_in_the_keychain_is_not_asked_for_where_a_credential_has_it() {
    let password = "p-of-the-fleet";
    let (etcd, home) = (Etcd::guarded(password), Home::new());
    home.configure(&json!({"valet": {"vault": etcd.as_vault(STALE)}}));
    let without = home.fleet(&["init"]);
    assert!(
        without.code != 0 && without.stderr.contains("no credential and no keychain"),
        "{}",
        without.stderr
    );
    let keychain = Keychain::start(&home);
    keychain.insert("mcp-valet-etcd-password", "another");
    assert!(home.fleet(&["init"]).stderr.contains("does not let this machine in"));
    let file = home.path().join("mcp-valet-etcd-password");
    fs::write(&file, password).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let mut command = home.command(program("mcp-valetd"));
    home.run(command.args(["fleet", "init"]).env("CREDENTIALS_DIRECTORY", home.path())).expect_code(0);
}

#[test]
fn a_clock_that_differs_from_that_of_the_engine_is_said_until_it_is_set() {
    let (etcd, rogue) = (Etcd::start(1), Rogue::start());
    let fleet = Fleet::of(1, &etcd, &[("rogue", &rogue.mcp())], STALE);
    let valets = fleet.start();
    until("it is reached", || (!doctor(&valets[0]).contains("away")).then_some(()));
    for (moved, is_said) in [(-120, true), (0, false), (120, true), (30, false)] {
        fleet.move_clocks(moved);
        until_within(Duration::from_secs(5), "the clock is judged", || {
            (doctor(&valets[0]).contains("Set the clock") == is_said).then_some(())
        });
    }
}

#[test]
fn whichever_member_of_the_engine_hangs_a_refresh_is_done_by_another() {
    let (etcd, rogue) = (Etcd::start(3), Rogue::start());
    let fleet = Fleet::of(2, &etcd, &[("rogue", &rogue.mcp())], 60);
    let valets = fleet.start();
    valets[0].sign_in("rogue");
    have_one_token(&valets, "rogue");
    for (round, member) in (1..).zip(0..dose(1, 3)) {
        etcd.freeze(member);
        fleet.move_clocks(LATER * round);
        let asked = Instant::now();
        have_one_token(&valets, "rogue");
        figure(format!("member {member} of 3 hung: a refresh was on all machines in {:?}", asked.elapsed()));
        assert!(asked.elapsed() < Duration::from_secs(15), "{:?}", asked.elapsed());
        assert_eq!(rogue.refreshes(), usize::try_from(round).unwrap());
        etcd.thaw(member);
        etcd.agrees();
    }
}

#[test]
fn what_happened_while_a_machine_slept_is_known_to_it_though_the_engine_has_forgotten_it() {
    let (mut etcd, rogue) = (Etcd::start(1), Rogue::start());
    let fleet = Fleet::of(2, &etcd, &[("rogue", &rogue.mcp())], 60);
    let valets = fleet.start();
    valets[0].sign_in("rogue");
    have_one_token(&valets, "rogue");
    still::freeze(valets[1].id());
    valets[0].cli(&["revoke", "rogue"]).expect_code(0);
    // Its watch is broken, and what it would go on from is compacted away.
    etcd.compact();
    etcd.kill(0);
    etcd.revive(0);
    etcd.agrees();
    still::thaw(valets[1].id());
    until_within(Duration::from_secs(5), "it knows", || {
        (valets[1].server("rogue")["grant"] == "none").then_some(())
    });
    // And it hears what comes.
    until("the other reaches it again", || (!doctor(&valets[0]).contains("is away")).then_some(()));
    valets[0].sign_in("rogue");
    until_within(Duration::from_secs(5), "it hears", || {
        (valets[1].token("rogue").status == 200).then_some(())
    });
}

#[test]
fn what_an_issuer_answered_while_the_engine_was_away_is_there_for_all_once_it_is_back() {
    let (mut etcd, rogue) = (Etcd::start(1), Rogue::start());
    let fleet = Fleet::of(2, &etcd, &[("rogue", &rogue.mcp())], 60);
    let valets = fleet.start();
    valets[0].sign_in("rogue");
    let held = have_one_token(&valets, "rogue");
    fleet.move_clocks(LATER);
    let gate = rogue.hold("/token");
    let mut asking = RawClient::connect(&fleet.homes[0].socket());
    asking.ask_token(r#"{"server":"rogue"}"#);
    gate.reached();
    etcd.kill(0);
    gate.open();
    let new = until("it serves from memory", || {
        Some(valets[0].token("rogue").text("access_token"))
            .filter(|token| !token.is_empty() && *token != held)
    });
    etcd.revive(0);
    assert_eq!(have_one_token(&valets, "rogue"), new);
    assert_eq!(rogue.refreshes(), 1);
}

#[test]
fn what_an_issuer_refused_while_the_engine_was_away_is_not_taken_for_interrupted() {
    let (mut etcd, rogue) = (Etcd::start(1), Rogue::start());
    let fleet = Fleet::of(2, &etcd, &[("rogue", &rogue.mcp())], 60);
    let valets = fleet.start();
    valets[0].sign_in("rogue");
    let held = have_one_token(&valets, "rogue");
    rogue.reply("/token", Reply::error(400, "invalid_request"));
    fleet.move_clocks(LATER);
    let gate = rogue.hold("/token");
    let mut asking = RawClient::connect(&fleet.homes[0].socket());
    asking.ask_token(r#"{"server":"rogue"}"#);
    gate.reached();
    etcd.kill(0);
    gate.open();
    asking.reads("invalid_request");
    rogue.behave("/token");
    etcd.revive(0);
    // Nothing was used up, and the mark that says otherwise is taken back.
    assert_ne!(have_one_token(&valets, "rogue"), held);
    let sent: Vec<_> =
        rogue.requests("/token").iter().filter_map(|request| request.field("refresh_token")).collect();
    assert!(sent.len() > 1 && sent.iter().all(|token| *token == sent[0]), "{sent:?}");
}

#[test]
fn what_answers_for_the_engine_and_is_none_says_nothing_and_another_endpoint_is_asked() {
    let (etcd, rogue, impostor, home) = (Etcd::start(1), Rogue::start(), Rogue::start(), Home::new());
    impostor.plan(|request| {
        request.path.starts_with("/v3/").then(|| Reply::Json(200, json!({"succeeded": true, "kvs": []})))
    });
    let mut vault = etcd.as_vault(60);
    vault["etcd"]["endpoints"] = json!([impostor.origin(), etcd.endpoints()[0]]);
    home.configure(
        &json!({"mcpServers": {"rogue": {"url": rogue.mcp()}}, "valet": {"agents": "allow", "vault": vault}}),
    );
    home.fleet(&["init"]).expect_code(0);
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    assert!(impostor.count("/v3/kv/range") > 0);
    valet.stop();
    Valet::start(&home).token("rogue").expect_status(200);
    assert_eq!(rogue.refreshes(), 0);
}

#[test]
fn a_turn_that_its_machine_left_behind_is_swept_away_by_it() {
    let (etcd, rogue) = (Etcd::start(1), Rogue::start());
    let fleet = Fleet::of(2, &etcd, &[("rogue", &rogue.mcp())], 60);
    let valets = fleet.start();
    valets[0].sign_in("rogue");
    have_one_token(&valets, "rogue");
    let (key, _) = etcd.keys("fleet/items/grant/").remove(0);
    etcd.put(&key.replace("/items/", "/locks/"), "machine-0 00112233445566778899aabbccddeeff");
    fleet.move_clocks(LATER);
    let begun = Instant::now();
    thread::scope(|scope| {
        let asked: Vec<_> = valets.iter().map(|valet| scope.spawn(|| valet.token("rogue").status)).collect();
        assert!(asked.into_iter().all(|asked| asked.join().unwrap() == 200));
    });
    assert!(begun.elapsed() < Duration::from_secs(25));
    assert_eq!(rogue.refreshes(), 1);
}

#[test]
fn a_command_that_takes_a_machine_out_goes_on_wherever_it_was_ended() {
    let rogue = Rogue::start();
    for step in 0..4 {
        let etcd = Etcd::start(1);
        let fleet = Fleet::of(2, &etcd, &[("rogue", &rogue.mcp())], 60);
        let mut valets = fleet.start();
        // The machine that goes wrote it.
        valets[1].sign_in("rogue");
        have_one_token(&valets, "rogue");
        valets.remove(1).stop();
        let mut command = fleet.homes[0].command(program("mcp-valetd"));
        let mut ended = fleet.homes[0].spawn(command.args(["fleet", "remove", "machine-1"]), "remove");
        thread::sleep(Duration::from_millis(8 * step));
        ended.kill();
        fleet.homes[0].fleet(&["remove", "machine-1"]).expect_code(0);
        assert_eq!(valets[0].token("rogue").status, 200, "at step {step}");
        let members = fleet.homes[0].fleet(&["members"]).expect_code(0);
        assert!(!members.stdout.contains("machine-1") && !last_word(&members).is_empty());
    }
}
