//! What an operator of the engine does who writes: each is found, and nothing of it is used.

use std::time::Duration;

use mcp_valet_tests::fleet::Fleet;
use mcp_valet_tests::keyed::{self, KEY, OTHER};
use mcp_valet_tests::{Etcd, Rogue, Valet, until, until_within};
use serde_json::{Value, json};

/// Past the life of the rogue's access tokens.
const LATER: i64 = 601;

/// Two machines that are signed in to two servers, and how the engine has the two.
struct Stage {
    etcd: Etcd,
    rogue: Rogue,
}

impl Stage {
    fn new() -> Self {
        Self { etcd: Etcd::start(1), rogue: Rogue::start() }
    }

    fn fleet(&self) -> Fleet {
        let at = self.rogue.mcp();
        Fleet::of(2, &self.etcd, &[("one", &at), ("two", &at)], 60)
    }

    fn grants(&self) -> Vec<(String, String)> {
        self.etcd.keys("fleet/items/grant/")
    }
}

#[track_caller]
fn is_found(valet: &Valet<'_>, server: &str) {
    until_within(Duration::from_secs(5), "it is found", || {
        let now = valet.server(server);
        (now["grant"] == "lapsed" || now["grant"] == "none").then_some(())
    });
    assert_ne!(valet.token(server).status, 200);
    assert!(valet.cli(&["doctor"]).stdout.contains("no member"), "the person is told");
}

#[test]
fn an_item_that_is_put_in_another_ones_place_is_found() {
    let stage = Stage::new();
    let fleet = stage.fleet();
    let valets = fleet.start();
    valets[0].sign_in("one");
    let one = stage.grants();
    valets[0].sign_in("two");
    let two = stage.grants().into_iter().find(|grant| grant.0 != one[0].0).unwrap();
    until("the other has both", || {
        ["one", "two"].iter().all(|server| valets[1].token(server).status == 200).then_some(())
    });
    stage.etcd.put(&two.0, &one[0].1);
    is_found(&valets[0], "two");
    is_found(&valets[1], "two");
    assert_eq!(valets[0].token("one").status, 200);
}

#[test]
fn an_older_item_that_is_put_back_is_found() {
    let stage = Stage::new();
    let fleet = stage.fleet();
    let valets = fleet.start();
    valets[0].sign_in("one");
    let before = stage.grants().remove(0);
    until("the other has it", || (valets[1].token("one").status == 200).then_some(()));
    fleet.move_clocks(LATER);
    valets[1].token("one").expect_status(200);
    stage.etcd.put(&before.0, &before.1);
    is_found(&valets[0], "one");
    // Nor after it was started anew: what was seen is remembered.
    drop(valets);
    let valets = fleet.start();
    is_found(&valets[1], "one");
    assert_eq!(stage.rogue.refreshes(), 1);
}

#[test]
fn what_is_taken_away_is_not_taken_for_revoked() {
    let stage = Stage::new();
    let fleet = stage.fleet();
    let valets = fleet.start();
    valets[0].sign_in("one");
    until("the other has it", || (valets[1].token("one").status == 200).then_some(()));
    let grant = stage.grants().remove(0);
    stage.etcd.delete(&grant.0);
    is_found(&valets[1], "one");
}

#[test]
fn a_member_that_the_engine_adds_is_none() {
    let stage = Stage::new();
    let fleet = stage.fleet();
    let valets = fleet.start();
    valets[0].sign_in("one");
    let (_, newest) = stage.etcd.keys("fleet/members/").pop().unwrap();
    let mut forged: Value = serde_json::from_str(&newest).unwrap();
    forged["generation"] = 3.into();
    forged["members"][0]["name"] = "somebody".into();
    stage.etcd.put("fleet/members/0000000003", &forged.to_string());
    for valet in &valets {
        let answer = until_within(Duration::from_secs(5), "it is found", || {
            Some(valet.token("one")).filter(|answer| answer.status != 200)
        });
        assert_eq!(answer.text("reason"), "fleet_tampered");
    }
    assert_ne!(fleet.homes[0].fleet(&["members"]).code, 0);
}

#[test]
fn an_item_that_is_changed_in_any_place_is_found() {
    let stage = Stage::new();
    let fleet = stage.fleet();
    let valets = fleet.start();
    valets[0].sign_in("one");
    until("the other has it", || (valets[1].token("one").status == 200).then_some(()));
    let (key, value) = stage.grants().remove(0);
    let mut changed: Value = serde_json::from_str(&value).unwrap();
    changed["version"] = 900.into();
    stage.etcd.put(&key, &changed.to_string());
    is_found(&valets[1], "one");
}

#[test]
fn an_engine_that_is_set_back_as_a_whole_is_found_also_by_a_machine_that_is_started_anew() {
    let mut stage = Stage::new();
    let fleet = stage.fleet();
    let mut valets = fleet.start();
    valets[0].sign_in("one");
    until("the other has it", || (valets[1].token("one").status == 200).then_some(()));
    stage.etcd.keep();
    fleet.move_clocks(LATER);
    until("it is renewed on both", || {
        valets.iter().all(|valet| valet.token("one").status == 200).then_some(())
    });
    assert_eq!(stage.rogue.refreshes(), 1);
    stage.etcd.set_back();
    let answer = until_within(Duration::from_secs(6), "it is found", || {
        Some(valets[0].token("one")).filter(|answer| answer.status != 200)
    });
    assert_eq!(answer.text("reason"), "fleet_tampered");
    valets.remove(1).stop();
    is_found(&Valet::start(&fleet.homes[1]), "one");
    assert_eq!(stage.rogue.refreshes(), 1);
}

#[test]
fn a_new_sign_in_takes_the_place_of_what_was_tampered_with_on_all_machines() {
    let stage = Stage::new();
    let fleet = stage.fleet();
    let valets = fleet.start();
    valets[0].sign_in("one");
    valets[0].sign_in("two");
    until("the other has both", || {
        ["one", "two"].iter().all(|server| valets[1].token(server).status == 200).then_some(())
    });
    for (key, _) in stage.grants() {
        stage.etcd.put(&key, "{}");
    }
    for valet in &valets {
        is_found(valet, "one");
        is_found(valet, "two");
    }
    valets[1].sign_in("one");
    valets[1].cli(&["revoke", "two"]).expect_code(0);
    until_within(Duration::from_secs(5), "all is well on both", || {
        let is_well = |valet: &Valet<'_>| {
            valet.token("one").status == 200
                && valet.token("two").status != 200
                && !valet.cli(&["doctor"]).stdout.contains("no member")
        };
        valets.iter().all(is_well).then_some(())
    });
    // It is in the vault, and not in memory alone.
    drop(valets);
    let valets = fleet.start();
    assert!(valets.iter().all(|valet| valet.token("one").status == 200));
}

#[test]
fn a_new_key_takes_the_place_of_one_that_was_tampered_with_on_all_machines() {
    let stage = Stage::new();
    keyed::content(&stage.rogue);
    let fleet = stage.fleet();
    let vault = stage.etcd.as_vault(60);
    for home in &fleet.homes {
        let servers = keyed::with_key(&stage.rogue);
        home.configure(&json!({"mcpServers": servers, "valet": {"agents": "allow", "vault": vault}}));
    }
    let valets = fleet.start();
    fleet.homes.iter().for_each(keyed::moved);
    let takes = |valet: &Valet<'_>, key: &str| {
        valet.proxy("keyed", &keyed::list(), &[]).status == 200
            && keyed::shown(&stage.rogue, "authorization") == Some(format!("Bearer {key}"))
    };
    assert!(valets.iter().all(|valet| takes(valet, KEY)));
    for (key, _) in stage.etcd.keys("fleet/items/keys/") {
        stage.etcd.put(&key, "{}");
    }
    for valet in &valets {
        until_within(Duration::from_secs(5), "it is found", || {
            valet.cli(&["doctor"]).stdout.contains("no member").then_some(())
        });
        assert_eq!(valet.server("keyed")["state"], "key_required");
    }
    drop(valets);
    let home = &fleet.homes[0];
    home.configure_text(&keyed::config(home).replace("${key}", OTHER));
    let valets = fleet.start();
    until_within(Duration::from_secs(5), "both have the new one", || {
        valets.iter().all(|valet| takes(valet, OTHER)).then_some(())
    });
    assert!(!keyed::config(home).contains(OTHER));
}

#[test]
fn a_lock_by_hand_takes_the_place_of_what_was_put_there_for_it() {
    let stage = Stage::new();
    let fleet = stage.fleet();
    let valets = fleet.start();
    valets[0].sign_in("one");
    until("the other has it", || (valets[1].token("one").status == 200).then_some(()));
    stage.etcd.put("fleet/items/lock", "{}");
    valets[0].cli(&["lock"]).expect_code(0);
    until_within(Duration::from_secs(5), "the other is locked", || {
        let answer = valets[1].token("one");
        (answer.status != 200 && answer.text("reason") == "locked_by_person").then_some(())
    });
}
