//! Machines that share a vault: one sign-in, one refresh, and what is revoked on one is so on all.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use mcp_valet_tests::fleet::{Fleet, admit, configure};
use mcp_valet_tests::{
    Etcd, Home, RawClient, Rogue, Valet, dose, figure, program, still, until, until_within,
};
use serde_json::json;

/// Past the life of the rogue's access tokens.
const LATER: i64 = 601;
const ASK: &str = r#"{"server":"rogue"}"#;

/// Waits until a machine hands out a token, and answers it.
#[track_caller]
fn token(valet: &Valet<'_>, server: &str) -> String {
    valet.token(server).expect_status(200).text("access_token")
}

/// Whether any file below has one of these texts.
fn is_below(folder: &Path, texts: &[&str]) -> bool {
    let texts = texts.iter().flat_map(|text| ["-e", text]);
    let grep = Command::new("grep").arg("-rqaF").args(texts).arg(folder).status().unwrap();
    assert!(grep.code() < Some(2), "it was looked through");
    grep.success()
}

#[test]
fn a_sign_in_on_one_machine_serves_all_until_it_is_revoked_on_another() {
    let (etcd, rogue) = (Etcd::start(3), Rogue::start());
    let fleet = Fleet::of(2, &etcd, &[("rogue", &rogue.mcp())], 60);
    let valets = fleet.start();
    valets[0].sign_in("rogue");
    until_within(Duration::from_secs(1), "the other has it too", || {
        (valets[1].token("rogue").status == 200).then_some(())
    });
    assert_eq!(token(&valets[0], "rogue"), token(&valets[1], "rogue"));
    // Nothing of it can be read where it is kept.
    let secrets: Vec<String> = rogue.secrets().into_iter().filter(|secret| secret.len() > 8).collect();
    assert!(!secrets.is_empty());
    for folder in etcd.folders() {
        assert!(is_below(&folder, &["fleet/items/grant/"]), "the look finds what is there");
        let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
        assert!(!is_below(&folder, &secrets), "in {folder:?}");
    }
    valets[1].cli(&["revoke", "rogue"]).expect_code(0);
    until_within(Duration::from_secs(1), "it is revoked on the first too", || {
        (valets[0].server("rogue")["grant"] == "none").then_some(())
    });
    assert_ne!(valets[0].token("rogue").status, 200);
}

#[test]
fn many_expiries_asked_about_on_all_machines_at_once_are_one_refresh_each() {
    let count = dose(6, 1000);
    let machines = dose(3, 4);
    let (etcd, rogue) = (Etcd::start(3), Rogue::start());
    let fleet = Fleet::of(machines, &etcd, &[("rogue", &rogue.mcp())], 60);
    let valets = fleet.start();
    valets[0].sign_in("rogue");
    until("all have it", || valets.iter().all(|valet| valet.token("rogue").status == 200).then_some(()));
    let begun = Instant::now();
    for round in 1..=count {
        fleet.move_clocks(LATER * i64::from(round));
        let tokens: HashSet<String> = thread::scope(|scope| {
            let asked: Vec<_> = valets.iter().map(|valet| scope.spawn(|| token(valet, "rogue"))).collect();
            asked.into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        assert_eq!(tokens.len(), 1, "in round {round}");
        assert!(rogue.accepts(tokens.iter().next().unwrap()));
    }
    assert_eq!(rogue.refreshes(), usize::try_from(count).unwrap());
    figure(format!("fleet: {count} expiries on {machines} machines: {:?}", begun.elapsed()));
}

#[test]
fn a_machine_that_dies_in_the_middle_leaves_a_refresh_interrupted_and_nobody_sends_it_again() {
    let (etcd, rogue) = (Etcd::start(1), Rogue::start());
    let fleet = Fleet::of(2, &etcd, &[("rogue", &rogue.mcp())], 60);
    let mut valets = fleet.start();
    valets[0].sign_in("rogue");
    until("the other has it too", || (valets[1].token("rogue").status == 200).then_some(()));
    fleet.move_clocks(LATER);
    let gate = rogue.hold("/token");
    let dies = valets.remove(0);
    let home = &fleet.homes[0];
    let mut asking = RawClient::connect(&home.socket());
    asking.ask_token(ASK);
    gate.reached();
    dies.kill();
    gate.open();
    drop(asking);
    let answer = valets[0].token("rogue");
    assert_ne!(answer.status, 200);
    assert_eq!(rogue.refreshes(), 1);
    assert_eq!(valets[0].server("rogue")["grant"], "lapsed");
    // Nor does the machine itself, once it is there again.
    let again = Valet::start(home);
    assert_ne!(again.token("rogue").status, 200);
    assert_eq!(rogue.refreshes(), 1);
    again.sign_in("rogue");
    until("all is well on both", || (valets[0].token("rogue").status == 200).then_some(()));
}

#[test]
fn a_machine_that_was_stopped_beyond_its_lease_brings_what_it_got_and_nothing_is_sent_twice() {
    let (etcd, rogue) = (Etcd::start(1), Rogue::start());
    let fleet = Fleet::of(2, &etcd, &[("rogue", &rogue.mcp())], 60);
    let valets = fleet.start();
    valets[0].sign_in("rogue");
    until("the other has it too", || (valets[1].token("rogue").status == 200).then_some(()));
    fleet.move_clocks(LATER);
    let gate = rogue.hold("/token");
    let mut asking = RawClient::connect(&fleet.homes[0].socket());
    asking.ask_token(ASK);
    gate.reached();
    still::freeze(valets[0].id());
    gate.open();
    // It waits for the other until its lease is over, and then says what happened.
    assert_ne!(valets[1].token("rogue").status, 200);
    assert_eq!(valets[1].server("rogue")["grant"], "lapsed");
    still::thaw(valets[0].id());
    until_within(Duration::from_secs(10), "what it got is there for both", || {
        (valets[1].token("rogue").status == 200).then_some(())
    });
    assert_eq!(token(&valets[0], "rogue"), token(&valets[1], "rogue"));
    assert_eq!(rogue.refreshes(), 1);
}

#[test]
fn without_the_engine_what_is_in_memory_serves_for_a_while_and_then_it_is_said_what_is_missing() {
    let (mut etcd, rogue) = (Etcd::start(1), Rogue::start());
    let fleet = Fleet::of(1, &etcd, &[("rogue", &rogue.mcp())], 10);
    let valets = fleet.start();
    valets[0].sign_in("rogue");
    let held = token(&valets[0], "rogue");
    etcd.kill(0);
    let gone = Instant::now();
    until_within(Duration::from_secs(5), "it is said within five seconds", || {
        let said = valets[0].cli(&["doctor"]).stdout;
        said.contains("shared vault is away").then_some(())
    });
    assert_eq!(token(&valets[0], "rogue"), held);
    let answer = until_within(Duration::from_secs(12), "nothing is served any more", || {
        Some(valets[0].token("rogue")).filter(|answer| answer.status != 200)
    });
    assert!(gone.elapsed() < Duration::from_secs(12));
    assert_eq!(answer.text("reason"), "engine_unreachable");
    assert!(!answer.text("advice").is_empty());
    assert_eq!(rogue.refreshes(), 0);
    etcd.revive(0);
    until_within(Duration::from_secs(5), "all is as before", || {
        (valets[0].token("rogue").status == 200).then_some(())
    });
    assert_eq!(token(&valets[0], "rogue"), held);
}

#[test]
fn what_is_locked_by_hand_on_one_machine_is_locked_on_all() {
    let (etcd, rogue) = (Etcd::start(1), Rogue::start());
    let fleet = Fleet::of(2, &etcd, &[("rogue", &rogue.mcp())], 60);
    let valets = fleet.start();
    valets[0].sign_in("rogue");
    until("the other has it too", || (valets[1].token("rogue").status == 200).then_some(()));
    valets[0].cli(&["lock"]).expect_code(0);
    until_within(Duration::from_secs(1), "the other is locked", || {
        (valets[1].token("rogue").status != 200).then_some(())
    });
    assert_eq!(valets[1].token("rogue").text("reason"), "locked_by_person");
}

#[test]
fn what_is_locked_by_hand_while_the_engine_is_away_is_locked_on_all_once_it_is_back() {
    let (mut etcd, rogue) = (Etcd::start(1), Rogue::start());
    let fleet = Fleet::of(2, &etcd, &[("rogue", &rogue.mcp())], 30);
    let mut valets = fleet.start();
    valets[0].sign_in("rogue");
    until("the other has it too", || (valets[1].token("rogue").status == 200).then_some(()));
    etcd.kill(0);
    valets[1].cli(&["lock"]).expect_code(0);
    valets.remove(1).kill();
    etcd.revive(0);
    etcd.agrees();
    // It is what the person said last, also in another run.
    let again = Valet::for_a_program(&fleet.homes[1]);
    until_within(Duration::from_secs(8), "the other is locked too", || {
        (valets[0].token("rogue").status != 200).then_some(())
    });
    assert_eq!(valets[0].token("rogue").text("reason"), "locked_by_person");
    assert_eq!(again.token("rogue").text("reason"), "locked_by_person");
}

#[test]
fn a_frozen_member_of_the_engine_and_a_compaction_hold_nothing_up() {
    let (etcd, rogue) = (Etcd::start(3), Rogue::start());
    let fleet = Fleet::of(2, &etcd, &[("rogue", &rogue.mcp())], 60);
    let valets = fleet.start();
    valets[0].sign_in("rogue");
    until("the other has it too", || (valets[1].token("rogue").status == 200).then_some(()));
    etcd.freeze(0);
    fleet.move_clocks(LATER);
    let new = token(&valets[0], "rogue");
    until_within(Duration::from_secs(5), "the other has the new one", || {
        Some(valets[1].token("rogue")).filter(|answer| answer.text("access_token") == new)
    });
    assert_eq!(rogue.refreshes(), 1);
    etcd.compact();
    etcd.thaw(0);
    valets[1].cli(&["revoke", "rogue"]).expect_code(0);
    until_within(Duration::from_secs(5), "it is revoked on both", || {
        (valets[0].server("rogue")["grant"] == "none").then_some(())
    });
}

#[test]
fn a_machine_that_was_taken_out_gets_nothing_more_and_what_it_had_known_is_renewed() {
    let (etcd, rogue) = (Etcd::start(1), Rogue::start());
    let servers = [("rogue", &*rogue.mcp())];
    let fleet = Fleet::of(2, &etcd, &servers, 60);
    let valets = fleet.start();
    valets[0].sign_in("rogue");
    until("the other has it too", || (valets[1].token("rogue").status == 200).then_some(()));
    let known = token(&valets[1], "rogue");
    let removed = fleet.homes[0].fleet(&["remove", "machine-1"]).expect_code(0);
    assert!(removed.stdout.contains("one sign-in"), "{}", removed.stdout);
    until_within(Duration::from_secs(5), "the sign-in is renewed", || {
        (valets[0].token("rogue").text("access_token") != known).then_some(())
    });
    assert_eq!(rogue.refreshes(), 1);
    let answer = until_within(Duration::from_secs(5), "the other gets nothing", || {
        Some(valets[1].token("rogue")).filter(|answer| answer.status != 200)
    });
    assert_eq!(answer.text("reason"), "fleet_unjoined");
    assert!(!fleet.homes[0].fleet(&["members"]).stdout.contains("machine-1"));
    // Done again, it finds nothing to do; and nobody takes itself out.
    fleet.homes[0].fleet(&["remove", "machine-1"]).expect_code(0);
    assert_ne!(fleet.homes[0].fleet(&["remove", "machine-0"]).code, 0);
    // Nor is it let in again by what it has.
    assert_ne!(fleet.homes[1].fleet(&["members"]).code, 0);
}

#[test]
fn a_newcomer_has_what_was_there_before_it() {
    let (etcd, rogue) = (Etcd::start(1), Rogue::start());
    let servers = [("rogue", &*rogue.mcp())];
    let fleet = Fleet::of(1, &etcd, &servers, 60);
    let valets = fleet.start();
    valets[0].sign_in("rogue");
    let newcomer = Home::new();
    configure(&newcomer, &etcd, &servers, 60);
    // Before it belongs to the fleet it does not start, and says what is missing.
    let mut alone = Valet::launch(&newcomer);
    assert!(!alone.wait().success());
    assert!(alone.stderr().contains("fleet join"), "{}", alone.stderr());
    admit(&fleet.homes[0], &newcomer, "newcomer");
    let newcomer = Valet::start(&newcomer);
    assert_eq!(token(&newcomer, "rogue"), token(&valets[0], "rogue"));
}

#[test]
fn a_revocation_names_the_machines_that_it_did_not_reach() {
    let (etcd, rogue) = (Etcd::start(1), Rogue::start());
    let fleet = Fleet::of(2, &etcd, &[("rogue", &rogue.mcp())], 60);
    let valet = Valet::start(&fleet.homes[0]);
    valet.sign_in("rogue");
    let said = valet.cli(&["revoke", "rogue"]).expect_code(0).stdout;
    assert!(said.contains("machine-1") && !said.contains("machine-0"), "{said}");
}

#[test]
fn an_engine_that_wants_a_certificate_and_a_password_gets_both_also_after_it_forgot_the_sign_in() {
    let password = "a password of the fleet";
    let password = &password.replace(' ', "-");
    let (mut etcd, rogue, home) = (Etcd::guarded(password), Rogue::start(), Home::new());
    let tls = json!({
        "ca": etcd.file("ca.pem"), "cert": etcd.file("machine.pem"), "key": etcd.file("machine.key"),
    });
    let engine = json!({"endpoints": etcd.endpoints(), "prefix": "fleet", "user": "valet", "tls": tls});
    home.configure(&json!({
        "mcpServers": {"rogue": {"url": rogue.mcp()}},
        "valet": {"agents": "allow", "vault": {"etcd": engine}},
    }));
    let credentials = home.path().join("credentials");
    fs::create_dir(&credentials).unwrap();
    let file = credentials.join("mcp-valet-etcd-password");
    fs::write(&file, "another").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let environment = [("CREDENTIALS_DIRECTORY", credentials.to_str().unwrap())];
    let init = || {
        let mut command = home.command(program("mcp-valetd"));
        home.run(command.args(["fleet", "init"]).envs(environment))
    };
    assert!(init().stderr.contains("does not let this machine in"));
    fs::write(&file, password).unwrap();
    init().expect_code(0);
    let valet = Valet::start_with(&home, &environment);
    valet.sign_in("rogue");
    etcd.kill(0);
    etcd.revive(0);
    home.move_clock(LATER);
    until("it goes on", || (valet.token("rogue").status == 200 && rogue.refreshes() == 1).then_some(()));
    assert!(!fs::read_to_string(home.config()).unwrap().contains(password));
}
