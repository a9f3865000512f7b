//! Keys that are replaced, wiped or revoked: gone from everywhere, or not said to be.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;

use mcp_valet_tests::keyed::{
    KEY, OTHER, config, configure, content, list, moved, sets_key, shown, with_key,
};
use mcp_valet_tests::{Home, Keychain, Rogue, Terminal, Valet, copies_in_memory, until};
use serde_json::{Value, json};

/// What files of the valet's stay below, and a large configuration does not.
const FULL: u64 = 300_000;

/// What the keychain has of the keys of the server.
fn kept(home: &Home, keychain: &Keychain<'_>) -> String {
    keychain.secret(&in_keychain(home))
}

/// What they are called there.
fn in_keychain(home: &Home) -> String {
    let text = fs::read_to_string(home.path().join("state/mcp-valet/servers.json")).unwrap();
    let notes: Value = serde_json::from_str(&text).unwrap();
    let (id, _) = notes["servers"].as_object().unwrap().iter().next().unwrap();
    format!("keys/{id}")
}

/// Sets the key by the command line, and says yes where the person is asked.
fn sets_with_consent(home: &Home, terminal: &mut Terminal, key: &str) {
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| sets_key(home, key));
        terminal.shows("Use it?");
        terminal.types("y");
        asking.join().unwrap().expect_code(0);
    });
}

#[test]
fn a_lock_wipes_keys_and_a_revocation_ends_them_here() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    let keychain = Keychain::start(&home);
    configure(&home, &with_key(&rogue), "keychain");
    let valet = Valet::start(&home);
    moved(&home);
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert!(copies_in_memory(valet.id(), KEY.as_bytes()) > 0, "this test sees nothing");
    valet.post("/v1/lock", &json!({})).expect_status(204);
    let left = || copies_in_memory(valet.id(), KEY.as_bytes());
    until("the key is nowhere", || (left() == 0).then_some(()));
    let before = rogue.count("/mcp");
    let answer = valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert!(answer.body.contains("locked") && rogue.count("/mcp") == before, "{answer:?}");
    let revoked = valet.post("/v1/servers/keyed/revoke", &json!({})).expect_status(200).json();
    assert_eq!((&revoked["keys"], &revoked["wiped"]), (&json!(1), &json!(true)), "{revoked}");
    assert!(!keychain.files().iter().any(|file| String::from_utf8_lossy(file).contains(KEY)));
    valet.stop();
    let valet = Valet::start(&home);
    valet.settles("keyed", "key_required");
}

#[test]
fn one_key_of_several_is_wiped_and_the_others_stay() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    let headers = json!({ "DD-API-KEY": KEY, "DD-APPLICATION-KEY": OTHER });
    configure(&home, &json!({ "keyed": { "url": rogue.mcp(), "headers": headers } }), "memory");
    let valet = Valet::start(&home);
    valet.settles("keyed", "ready");
    valet.cli(&["key", "remove", "keyed"]).expect_code(2);
    valet.cli(&["key", "remove", "keyed", "dd-api-key"]).expect_code(0);
    valet.settles("keyed", "key_required");
    let text = config(&home);
    assert!(!text.contains(KEY) && text.contains(OTHER) && text.contains("${key:dd-api-key}"), "{text}");
    let keys = valet.server("keyed")["keys"].clone();
    assert!(keys[0]["set_at"].is_null() && keys[1]["set_at"].is_string(), "{keys}");
    valet.delete("/v1/servers/keyed/keys/other").expect_status(400);
}

#[test]
fn a_key_that_is_set_does_not_leave_the_old_one_in_the_file_to_come_back() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    configure(&home, &with_key(&rogue), "memory");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.settles("keyed", "ready");
    sets_with_consent(&home, &mut terminal, OTHER);
    let text = config(&home);
    assert!(!text.contains(KEY) && !text.contains(OTHER) && text.contains("Bearer ${key}"), "{text}");
    // Whatever is read from the file again.
    home.configure_text(
        &text.replace("mcpServers\": {", "mcpServers\": {\n\"b\": {\"url\": \"https://b.example/mcp\"},"),
    );
    until("the edit is taken over", || (valet.get("/v1/servers/b").status == 200).then_some(()));
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert_eq!(shown(&rogue, "authorization"), Some(format!("Bearer {OTHER}")));
}

#[test]
fn what_cannot_be_taken_out_of_the_file_is_an_error_and_not_said_to_be_wiped() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    let mut servers = with_key(&rogue);
    servers["long"] = json!({ "url": "https://long.example/mcp", "description": "x".repeat(350_000) });
    configure(&home, &servers, "memory");
    let valet = Valet::start_to_be_bounded(&home);
    valet.settles("keyed", "ready");
    valet.bound_files(Some(FULL));
    let said = valet.cli(&["key", "remove", "keyed"]);
    assert!(said.code != 0 && said.stderr.contains("could not be written"), "{said:?}");
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert_eq!(shown(&rogue, "authorization"), Some(format!("Bearer {KEY}")), "nothing was changed");
    for revoke in [&["revoke", "--all", "--yes"] as &[&str], &["revoke", "keyed"]] {
        let said = valet.cli(revoke);
        assert!(said.code != 0 && !said.stdout.contains("wiped"), "{said:?}");
        assert!(said.stderr.contains("the configuration still has the key of \"keyed\""), "{said:?}");
        assert_eq!(valet.server("keyed")["state"], "key_required", "no program can use it");
    }
    let audit = fs::read_to_string(home.path().join("state/mcp-valet/audit")).unwrap();
    assert!(audit.contains("keys 1, copy here not wiped") && !audit.contains("copy here wiped"), "{audit}");
    valet.bound_files(None);
    let revoked = valet.cli(&["revoke", "keyed", "--json"]).expect_code(0).json();
    assert_eq!((&revoked["wiped"], &revoked["in_file"]), (&json!(true), &Value::Null), "{revoked}");
    assert!(!config(&home).contains(KEY));
}

#[test]
fn a_revocation_that_the_vault_does_not_answer_goes_to_its_end_and_wipes_later() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    let keychain = Keychain::start(&home);
    configure(&home, &with_key(&rogue), "keychain");
    let valet = Valet::start(&home);
    moved(&home);
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert!(kept(&home, &keychain).contains(KEY), "this test sees nothing");
    keychain.freeze();
    let revoked = valet.post("/v1/servers/keyed/revoke", &json!({})).expect_status(200).json();
    assert_eq!((&revoked["keys"], &revoked["wiped"]), (&json!(1), &json!(false)), "{revoked}");
    assert_eq!(valet.server("keyed")["state"], "key_required");
    keychain.thaw();
    until("the vault lets it go", || kept(&home, &keychain).is_empty().then_some(()));
}

#[test]
fn a_key_whose_server_goes_while_the_vault_is_silent_is_wiped_once_it_answers_if_only_in_another_run() {
    for restarts in [false, true] {
        let (home, rogue) = (Home::new(), Rogue::start());
        content(&rogue);
        let keychain = Keychain::start(&home);
        configure(&home, &with_key(&rogue), "keychain");
        let valet = Valet::start(&home);
        moved(&home);
        valet.proxy("keyed", &list(), &[]).expect_status(200);
        let item = in_keychain(&home);
        keychain.freeze();
        let removed = valet.delete("/v1/servers/keyed").expect_status(200).json();
        assert_eq!(removed["revocation"]["wiped"], false, "{removed}");
        if restarts {
            valet.kill();
            keychain.thaw();
            assert!(keychain.secret(&item).contains(KEY), "this test sees nothing");
            let valet = Valet::start(&home);
            // Nobody is asked for a password where nothing is needed.
            valet.post("/v1/servers", &json!({ "name": "rogue", "url": rogue.mcp() })).expect_status(200);
            until("it is wiped", || keychain.secret(&item).is_empty().then_some(()));
        } else {
            keychain.thaw();
            until("it is wiped", || keychain.secret(&item).is_empty().then_some(()));
            let noted = || fs::read_to_string(home.path().join("state/mcp-valet/servers.json")).unwrap();
            until("it is not remembered either", || (!noted().contains("keyed")).then_some(()));
        }
    }
}

#[test]
fn a_damaged_key_gives_way_to_a_new_one() {
    let (home, rogue) = (Home::new(), Rogue::start());
    content(&rogue);
    let keychain = Keychain::start(&home);
    configure(&home, &with_key(&rogue), "keychain");
    let valet = Valet::start(&home);
    moved(&home);
    until("it is written down", || {
        fs::read_to_string(home.path().join("state/mcp-valet/servers.json")).is_ok().then_some(())
    });
    valet.stop();
    keychain.damage(&in_keychain(&home));
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.settles("keyed", "key_required");
    sets_with_consent(&home, &mut terminal, OTHER);
    valet.proxy("keyed", &list(), &[]).expect_status(200);
    assert_eq!(shown(&rogue, "authorization"), Some(format!("Bearer {OTHER}")));
}
