//! Machines that come and go: who is let in is compared, and what one knew that was taken out is replaced or
//! said, and never lost.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::time::Duration;

use mcp_valet_tests::fleet::{Fleet, admit, configure, have_one_token, last_word};
use mcp_valet_tests::{Etcd, Home, Reply, Rogue, Terminal, Valet, program, until, until_within};
use serde_json::{Value, json};

/// Past the life of the rogue's access tokens.
const LATER: i64 = 601;
const REMOVE: [&str; 2] = ["remove", "machine-1"];

/// What is said to the person, in one line.
fn doctor(valet: &Valet<'_>) -> String {
    let said = valet.cli(&["doctor"]).stdout;
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The line of what was said that has these words.
fn line(said: &str, words: &str) -> String {
    said.lines().find(|line| line.contains(words)).unwrap_or_default().to_owned()
}

#[test]
fn what_only_a_person_can_replace_serves_on_and_is_said_until_it_is_replaced() {
    let (etcd, rogue, plain) = (Etcd::start(1), Rogue::start(), Rogue::start());
    plain.edit("/token", "refresh_token", Value::Null);
    let fleet = Fleet::of(2, &etcd, &[], 60);
    for home in &fleet.homes {
        let client = json!({"clientId": "ours", "clientSecret": "s3cret-s3cret"});
        home.configure(&json!({
            "mcpServers": {
                "renewed": {"url": rogue.mcp()},
                "plain": {"url": plain.mcp()},
                "keyed": {"url": "https://keyed.example/mcp", "headers": {"X-Api-Key": "key-of-them-0815"}},
                "company": {"url": "https://company.example/mcp", "oauth": client},
            },
            "valet": {"agents": "allow", "vault": etcd.as_vault(60)},
        }));
    }
    let valets = fleet.start();
    valets[0].sign_in("renewed");
    valets[0].sign_in("plain");
    let held = have_one_token(&valets, "plain");
    until("keys and secrets are in the vault", || {
        let kept = |folder: &str| !etcd.keys(&format!("fleet/items/{folder}/")).is_empty();
        (kept("keys") && kept("client-secret")).then_some(())
    });
    let said = fleet.homes[0].fleet(&REMOVE).expect_code(0).stdout;
    assert!(line(&said, "renewed by the other machines").contains("one sign-in"), "{said}");
    assert!(line(&said, "cannot be renewed").contains("plain"), "{said}");
    assert!(line(&said, "these keys").contains("keyed"), "{said}");
    assert!(line(&said, "client secrets").contains("company"), "{said}");
    until_within(Duration::from_secs(5), "all is said", || {
        let said = doctor(&valets[0]);
        let notices = ["the sign-in to plain", "the keys of keyed", "a client secret of company"];
        notices.iter().all(|notice| said.contains(notice)).then_some(())
    });
    assert!(!doctor(&valets[0]).contains("the sign-in to renewed"));
    // Nobody loses what works because a machine is gone.
    assert_eq!(valets[0].token("plain").expect_status(200).text("access_token"), held);
    assert_eq!((rogue.refreshes(), plain.refreshes()), (1, 0));
    valets[0].sign_in("plain");
    assert!(!doctor(&valets[0]).contains("the sign-in to plain"));
    assert!(doctor(&valets[0]).contains("the keys of keyed"));
    let said = fleet.homes[0].fleet(&REMOVE).expect_code(0).stdout;
    assert!(said.contains("no sign-in") && !said.contains("plain") && said.contains("keyed"), "{said}");
}

#[test]
fn what_was_not_renewed_yet_is_not_taken_for_renewed() {
    let (etcd, rogue) = (Etcd::start(1), Rogue::start());
    let fleet = Fleet::of(2, &etcd, &[("rogue", &rogue.mcp())], 60);
    let valets = fleet.start();
    valets[0].sign_in("rogue");
    have_one_token(&valets, "rogue");
    rogue.reply("/token", Reply::error(503, "temporarily_unavailable"));
    assert!(fleet.homes[0].fleet(&REMOVE).expect_code(0).stdout.contains("one sign-in"));
    until("it was tried", || (rogue.refreshes() > 0).then_some(()));
    until("it was given up for now", || (valets[0].server("rogue")["state"] == "ready").then_some(()));
    assert!(fleet.homes[0].fleet(&REMOVE).expect_code(0).stdout.contains("one sign-in"));
    rogue.behave("/token");
    fleet.move_clocks(LATER);
    until("it is renewed", || (valets[0].token("rogue").status == 200).then_some(()));
    assert!(fleet.homes[0].fleet(&REMOVE).expect_code(0).stdout.contains("no sign-in"));
}

#[test]
fn a_refresh_token_that_the_issuer_leaves_as_it_is_is_said_to_be_known() {
    let (etcd, rogue) = (Etcd::start(1), Rogue::start());
    let fleet = Fleet::of(2, &etcd, &[("rogue", &rogue.mcp())], 60);
    let valets = fleet.start();
    valets[0].sign_in("rogue");
    let known = have_one_token(&valets, "rogue");
    rogue.edit("/token", "refresh_token", Value::Null);
    fleet.homes[0].fleet(&REMOVE).expect_code(0);
    until("it is said", || doctor(&valets[0]).contains("the sign-in to rogue").then_some(()));
    assert_ne!(valets[0].token("rogue").expect_status(200).text("access_token"), known);
    assert_eq!(rogue.refreshes(), 1);
}

#[test]
fn both_screens_show_one_fingerprint_of_a_newcomer_and_whoever_says_no_lets_nobody_in() {
    let etcd = Etcd::start(1);
    let fleet = Fleet::of(1, &etcd, &[], 60);
    let newcomer = Home::new();
    configure(&newcomer, &etcd, &[], 60);
    let asked = newcomer.fleet(&["join", "--name", "newcomer"]).expect_code(0);
    let shown = line(&asked.stdout, "Fingerprint of newcomer: ");
    assert!(shown.len() > "Fingerprint of newcomer: ".len() + 20, "{shown}");
    let member = &fleet.homes[0];
    for (said, is_let_in) in [("n", false), ("y", true)] {
        let mut admit = member.command(program("mcp-valetd"));
        let (mut terminal, mut process) =
            Terminal::run(admit.args(["fleet", "admit", &last_word(&asked)]), "admit", member);
        terminal.shows("Does that machine show the same fingerprint?");
        assert!(terminal.screen().contains(&shown), "{}", terminal.screen());
        terminal.types(said);
        assert_eq!(process.wait().success(), is_let_in);
        let members = member.fleet(&["members"]).expect_code(0).stdout;
        assert_eq!(members.contains("newcomer"), is_let_in, "{members}");
    }
}

#[test]
fn a_machine_that_was_taken_out_can_be_let_in_again_and_has_all() {
    let (etcd, rogue) = (Etcd::start(1), Rogue::start());
    let fleet = Fleet::of(2, &etcd, &[("rogue", &rogue.mcp())], 60);
    let mut valets = fleet.start();
    valets[0].sign_in("rogue");
    let known = have_one_token(&valets, "rogue");
    valets.remove(1).stop();
    fleet.homes[0].fleet(&REMOVE).expect_code(0);
    until("it is renewed", || (valets[0].token("rogue").text("access_token") != known).then_some(()));
    admit(&fleet.homes[0], &fleet.homes[1], "machine-1");
    valets.push(Valet::start(&fleet.homes[1]));
    assert_ne!(have_one_token(&valets, "rogue"), known);
    assert_eq!(rogue.refreshes(), 1);
}
