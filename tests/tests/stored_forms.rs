//! Every form in which a version ever kept something: all are read. Newer ones: see `stored_newer.rs`.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};

use mcp_valet_tests::attacker::Attacker;
use mcp_valet_tests::stored::{ID, ISSUER, fixture, grant, left, newer, state};
use mcp_valet_tests::web::Door;
use mcp_valet_tests::{Home, Keychain, Valet, until};
use serde_json::Value;

/// The program of the fixtures, by its name and all that it is started by.
const PROGRAM: &str = "af9123326ef9dc4f22ddae05e2e084e3";

#[test]
fn a_grant_of_every_form_is_handed_out() {
    for (form, access) in [
        ("grant-1.json", "access-of-form-1"),
        ("grant-2.json", "access-of-form-2"),
        ("grant-3.json", "access-of-form-3"),
        ("grant-6.json", "access-of-form-6"),
        ("grant-7.json", "access-of-form-7"),
    ] {
        let home = left("config-1.json", Some("servers-1.json"));
        let keychain = Keychain::start(&home);
        keychain.insert(&grant(), &fixture(form));
        let valet = Valet::start(&home);
        assert_eq!(valet.token("stored").expect_status(200).text("access_token"), access, "{form}");
        let server = valet.server("stored");
        assert_eq!(server["scopes_granted"], serde_json::json!(["read"]), "{form}");
        assert_eq!(server["issuer"], "https://stored.example", "{form}");
    }
}

#[test]
fn uses_that_were_written_down_since_the_records_are_read_with_them() {
    let home = left("config-1.json", Some("servers-9.json"));
    fs::write(state(&home).join("servers.uses"), fixture("servers-uses-1")).unwrap();
    let keychain = Keychain::start(&home);
    keychain.insert(&grant(), &fixture("grant-1.json"));
    let valet = Valet::start(&home);
    assert_eq!(valet.server("stored")["last_used"], "2026-11-21T02:31:00Z");
    until("the records have them", || (!state(&home).join("servers.uses").exists()).then_some(()));
}

#[test]
fn clients_that_had_registered_at_the_door_are_known_there_and_a_newer_form_is_left_as_it_is() {
    let kept = fixture("web-clients-1.json");
    for (text, known) in [(kept.clone(), 303), (newer(&kept), 400)] {
        let home = left("config-1.json", None);
        let door = Door::configure(&home, &[], &serde_json::json!({}));
        // What it is an address of is the test's own.
        let text = text.replace("http://127.0.0.1:8790", &door.origin);
        let file = state(&home).join("web-clients.json");
        fs::write(&file, &text).unwrap();
        let (_valet, _terminal) = door.valet(&home);
        let attacker = Attacker::new(&door);
        // The server is none, which a client is told that is known.
        let request = attacker.request("3q2-7wAAAAAAAAAAAAAAAA", ("state", "s"));
        assert_eq!(attacker.get(&request, &[]).status, known);
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }
}

#[test]
fn what_a_server_said_the_last_time_is_told_and_a_newer_form_is_left_as_it_is() {
    let (first, said) = (fixture("last-time-1.json"), fixture("last-time-2.json"));
    let newer = newer(&said);
    for (text, tools) in [(&first, Some(1)), (&said, Some(1)), (&newer, None)] {
        let home = left("config-1.json", Some("servers-1.json"));
        let keychain = Keychain::start(&home);
        keychain.insert(&grant(), &fixture("grant-1.json"));
        let folder = state(&home).join("last-time");
        fs::create_dir(&folder).unwrap();
        let file = folder.join(ID).with_extension("json");
        fs::write(&file, text).unwrap();
        let valet = Valet::start(&home);
        let told = valet.get("/v1/servers/stored/last-time").json();
        assert_eq!(told["tools"].as_array().map(Vec::len), tools, "{told}");
        assert_eq!(fs::read_to_string(&file).unwrap(), *text);
    }
}

#[test]
fn whom_it_is_told_while_the_keychain_is_locked_is_read_from_the_records() {
    let home = left("config-1.json", Some("servers-11.json"));
    home.configure_text(&fixture("config-1.json").replace("allow", "ask"));
    let keychain = Keychain::start(&home);
    keychain.insert(&grant(), &fixture("grant-1.json"));
    keychain.lock();
    let folder = state(&home).join("last-time");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join(ID).with_extension("json"), fixture("last-time-1.json")).unwrap();
    let valet = Valet::start(&home);
    // The one that it was is not this program, and nobody else is told by that.
    assert_eq!(valet.get("/v1/servers/stored/last-time").body, "{}");
}

#[test]
fn a_grant_that_is_bound_to_a_key_is_held_with_it() {
    let home = left("config-1.json", Some("servers-1.json"));
    let keychain = Keychain::start(&home);
    keychain.insert(&grant(), &fixture("grant-5.json"));
    let valet = Valet::start(&home);
    assert_eq!(valet.token("stored").expect_status(403).text("reason"), "bound_to_a_key");
    assert_eq!(valet.server("stored")["state"], "ready");
}

#[test]
fn a_grant_whose_registration_was_lost_is_known_as_that() {
    let home = left("config-1.json", Some("servers-1.json"));
    let keychain = Keychain::start(&home);
    keychain.insert(&grant(), &fixture("grant-4.json"));
    let valet = Valet::start(&home);
    assert_eq!(valet.server("stored")["state"], "registration_lost");
}

#[test]
fn keys_of_every_form_are_there_with_who_brought_them() {
    let home = left("config-4.json", Some("servers-1.json"));
    let keychain = Keychain::start(&home);
    keychain.insert(&format!("keys/{ID}"), &fixture("keys-1.json"));
    keychain.insert("vault-mark", &fixture("mark-1.json"));
    let valet = Valet::start(&home);
    let server = valet.settles("stored", "ready");
    let keys: Vec<_> =
        server["keys"].as_array().unwrap().iter().map(|key| (&key["name"], &key["set_by"])).collect();
    assert_eq!(keys, [(&"app".into(), &Value::Null), (&"key".into(), &"curl".into())], "{server}");
    assert!(!server.to_string().contains("of-form-1"));
}

#[test]
fn headers_that_had_no_effect_with_the_version_before_wait_for_the_person() {
    let home = left("config-2.json", Some("servers-9.json"));
    let keychain = Keychain::start(&home);
    keychain.insert(&grant(), &fixture("grant-3.json"));
    keychain.insert("vault-mark", &fixture("mark-1.json"));
    let (valet, mut terminal) = Valet::on_terminal(&home);
    terminal.shows("carry these headers: X-A: b");
    assert!(valet.server("stored")["headers"].is_null());
    terminal.types("y");
    until("they have an effect", || valet.server("stored")["headers"].is_array().then_some(()));
}

#[test]
fn an_account_for_folders_is_known_as_that_and_to_a_version_before_it_is_an_edit_that_waits() {
    for (records, waits) in [("servers-12.json", false), ("servers-9.json", true)] {
        let home = left("config-5.json", Some(records));
        let keychain = Keychain::start(&home);
        keychain.insert(&grant(), &fixture("grant-3.json"));
        keychain.insert("vault-mark", &fixture("mark-1.json"));
        let (valet, mut terminal) = Valet::on_terminal(&home);
        if waits {
            terminal.shows("\"stored\" is the account for programs that work in ~/work/acme, /srv/acme");
            assert!(valet.server("stored")["folders"].is_null());
            terminal.types("y");
        }
        until("it is in force", || valet.server("stored")["folders"].is_array().then_some(()));
        assert!(waits || !terminal.screen().contains("Accept it?"), "{}", terminal.screen());
        valet.stop();
        let after = fs::read_to_string(state(&home).join("servers.json")).unwrap();
        let after: Value = serde_json::from_str(&after).unwrap();
        let before: Value = serde_json::from_str(&fixture("servers-12.json")).unwrap();
        let known = |all: &Value| all["servers"][ID]["known"].clone();
        assert!(is_kept(&known(&before), &known(&after)), "{after}");
    }
}

#[test]
fn a_program_that_a_version_before_left_alone_stays_so_and_one_in_use_is_there_with_its_keys() {
    let home = left("config-6.json", Some("servers-13.json"));
    let keychain = Keychain::start(&home);
    keychain.insert("vault-mark", &fixture("mark-1.json"));
    let valet = Valet::start(&home);
    assert_eq!(valet.get("/v1/servers").json(), serde_json::json!([]));
    assert!(valet.get("/v1/health").json()["notices"].to_string().contains("would start a program"));
    valet.stop();
    let home = left("config-6.json", Some("servers-14.json"));
    let keychain = Keychain::start(&home);
    keychain.insert("vault-mark", &fixture("mark-1.json"));
    keychain.insert(&format!("keys/{PROGRAM}"), &fixture("keys-2.json"));
    let valet = Valet::start(&home);
    let server = valet.settles("stored", "ready");
    assert_eq!(server["keys"][0]["headers"], serde_json::json!(["API_KEY"]), "{server}");
    assert_eq!(server["keys"][1]["headers"], serde_json::json!(["args"]), "{server}");
    assert!(!valet.get("/v1/health").json()["notices"].to_string().contains("stored"));
}

/// Whether all that was there is there still; what is newer may stand beside it.
fn is_kept(before: &Value, now: &Value) -> bool {
    let Some(before) = before.as_object() else { return before == now };
    before.iter().all(|(key, value)| is_kept(value, &now[key]))
}

#[test]
fn notes_of_every_form_are_read_and_nothing_in_them_is_lost() {
    for number in [1, 2, 3, 4, 6, 7, 8, 9, 11, 15] {
        let form = format!("servers-{number}.json");
        let home = left("config-2.json", Some(&form));
        let keychain = Keychain::start(&home);
        keychain.insert(&grant(), &fixture("grant-3.json"));
        keychain.insert("vault-mark", &fixture("mark-1.json"));
        let valet = Valet::start(&home);
        valet.token("stored").expect_status(200);
        let server = valet.server("stored");
        valet.stop();
        let mut before: Value = serde_json::from_str(&fixture(&form)).unwrap();
        // Its headers had no effect then, and have one now.
        before.as_object_mut().unwrap().remove("inert");
        let after = fs::read_to_string(state(&home).join("servers.json")).unwrap();
        let after: Value = serde_json::from_str(&after).unwrap();
        for part in ["refused", "configuration", "inert", "ledger", "fleet_lock"] {
            assert!(
                before[part].is_null() || is_kept(&before[part], &after[part]),
                "{form}: {part}: {after}"
            );
        }
        let (before, now) = (&before["servers"][ID], &after["servers"][ID]);
        let notes = before.as_object().unwrap().iter();
        for (key, value) in notes.filter(|(key, _)| !["last_used", "uses", "answers"].contains(&key.as_str()))
        {
            // Later marks say more.
            let same = if key == "known" { is_kept(value, &now[key]) } else { now[key] == *value };
            assert!(same, "{form}: {key}: {now}");
        }
        assert_eq!(server["added_by"], before["added_by"], "{form}");
    }
}

#[test]
fn what_was_said_for_now_is_known_to_a_run_that_a_program_started() {
    let home = left("config-2.json", Some("servers-10.json"));
    let keychain = Keychain::start(&home);
    keychain.insert(&grant(), &fixture("grant-3.json"));
    keychain.insert("vault-mark", &fixture("mark-1.json"));
    let valet = Valet::for_a_program(&home);
    assert_eq!(valet.server("stored")["state"], "locked");
    valet.stop();
    let read = |text: String| serde_json::from_str::<Value>(&text).unwrap();
    let before = read(fixture("servers-10.json"));
    let after = read(fs::read_to_string(state(&home).join("servers.json")).unwrap());
    assert!(is_kept(&before["refused"], &after["refused"]), "{after}");
    assert_eq!(
        (&after["locked_by_hand"], &after["servers"][ID]["declined_for_now"]),
        (&true.into(), &true.into())
    );
    assert_eq!(before["denied_for_now"][0]["who"], after["denied_for_now"][0]["who"]);
    let valet = Valet::start(&home);
    valet.token("stored").expect_status(200);
    valet.stop();
    let after = read(fs::read_to_string(state(&home).join("servers.json")).unwrap());
    assert!(after["locked_by_hand"].is_null() && after["denied_for_now"].is_null(), "{after}");
    assert_eq!(after["refused"].as_object().unwrap().len(), 1, "{after}");
}

#[test]
fn registrations_and_answers_of_every_form_stand_in_nobodys_way() {
    for (registration, answers) in [
        ("registration-1.json", "consents-1.json"),
        ("registration-2.json", "consents-2.json"),
        ("registration-2.json", "consents-3.json"),
        ("registration-2.json", "consents-4.json"),
        ("registration-2.json", "consents-5.json"),
    ] {
        let home = left("config-1.json", Some("servers-1.json"));
        let keychain = Keychain::start(&home);
        keychain.insert(&grant(), &fixture("grant-1.json"));
        keychain.insert(&format!("registration/{ISSUER}"), &fixture(registration));
        keychain.insert("consents", &fixture(answers));
        let valet = Valet::start(&home);
        valet.token("stored").expect_status(200);
        assert_eq!(valet.get("/v1/health").json()["locked"], false, "{answers}");
    }
}

#[test]
fn an_audit_from_before_the_chain_goes_on_and_its_entries_are_counted() {
    let home = left("config-1.json", Some("servers-1.json"));
    let keychain = Keychain::start(&home);
    keychain.insert(&grant(), &fixture("grant-1.json"));
    fs::write(state(&home).join("audit"), fixture("audit-1")).unwrap();
    let valet = Valet::start(&home);
    valet.token("stored").expect_status(200);
    let verified = valet.get("/v1/audit/verify").json();
    assert_eq!((&verified["intact"], &verified["unchained"]), (&true.into(), &2.into()), "{verified}");
    let text = fs::read_to_string(state(&home).join("audit")).unwrap();
    assert!(text.starts_with(&fixture("audit-1")) && text.contains("\"chain\":"), "{text}");
}

/// What a valet says of an audit that has seals, with its key and its anchor in the keychain; and the audit
/// after it handed out a token.
fn sealed(audit: &str, anchor: &str) -> (Value, String) {
    let home = left("config-1.json", Some("servers-1.json"));
    let keychain = Keychain::start(&home);
    keychain.insert(&grant(), &fixture("grant-1.json"));
    keychain.insert("audit-key", &fixture("audit-key-1.json"));
    keychain.insert("audit-anchor", &fixture(anchor));
    fs::write(state(&home).join("audit"), audit).unwrap();
    let valet = Valet::start(&home);
    valet.token("stored").expect_status(200);
    let verified = valet.get("/v1/audit/verify").json();
    (verified, fs::read_to_string(state(&home).join("audit")).unwrap())
}

#[test]
fn a_sealed_audit_of_every_form_goes_on_behind_its_anchor() {
    for (form, anchor) in [
        ("audit-2", "audit-anchor-1.json"),
        ("audit-3", "audit-anchor-2.json"),
        ("audit-4", "audit-anchor-3.json"),
    ] {
        let before = fixture(form);
        let (verified, after) = sealed(&before, anchor);
        // It names two entries that it could not prove.
        assert_eq!(
            (&verified["intact"], &verified["unvouched"]),
            (&true.into(), &2.into()),
            "{form}: {verified}"
        );
        assert!(
            after.starts_with(&before) && after[before.len()..].contains("\"seq\":8,"),
            "{form}: {after}"
        );
        let (verified, _) = sealed(&before.replace("tools/call search", "tools/call delete"), anchor);
        assert_eq!(verified["intact"], false, "{form}: {verified}");
    }
}

#[test]
fn the_encrypted_file_opens() {
    use std::os::unix::fs::PermissionsExt;
    let home = left("config-3.json", Some("servers-5.json"));
    fs::write(state(&home).join("vault"), fs::read(vault_fixture()).unwrap()).unwrap();
    let folder = home.path().join("credentials");
    fs::create_dir(&folder).unwrap();
    let credential = folder.join("mcp-valet-passphrase");
    fs::write(&credential, "three small green boats").unwrap();
    fs::set_permissions(&credential, fs::Permissions::from_mode(0o400)).unwrap();
    let valet = Valet::start_with(&home, &[("CREDENTIALS_DIRECTORY", folder.to_str().unwrap())]);
    assert_eq!(valet.token("stored").expect_status(200).text("access_token"), "access-of-form-2");
}

fn vault_fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/stored/vault-1")
}

#[test]
fn what_was_written_into_files_of_other_programs_is_taken_back_and_a_newer_form_is_left() {
    const CODEX: &str = "model = \"x\"\n";
    const ENTRY: &str =
        "\n[mcp_servers.linear]\ncommand = \"/usr/bin/mcp-valet\"\nargs = [\"connect\", \"linear\"]\n";
    const CURSOR: &str = r#"{"mcpServers": {"Mine": {"url": "https://l.example/mcp"}}}"#;
    let home = Home::new();
    home.lists(&[("linear", "https://l.example/mcp")], "memory");
    let has = |file: &str, text: &str| {
        let path = home.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    };
    let codex = has(".codex/config.toml", &format!("{CODEX}{ENTRY}"));
    // Written to since by its program.
    let ours = r#"{"command": "mcp-valet", "args": ["connect", "linear"]}"#;
    let cursor = has(
        ".cursor/mcp.json",
        &CURSOR.replace(r#"{"url": "https://l.example/mcp"}"#, ours).replace(": {\"M", ":  {\"M"),
    );
    let records = state(&home).join("clients.json");
    fs::write(&records, fixture("clients-1.json").replace("HOME", home.path().to_str().unwrap())).unwrap();
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.cli(&["setup", "--undo", "--all", "--wait", "0"]).expect_code(3);
    terminal.shows("Change these files?");
    terminal.types("y");
    until("it is taken back", || (fs::read_to_string(&codex).unwrap() == CODEX).then_some(()));
    until("the other too", || {
        (fs::read_to_string(&cursor).unwrap() == CURSOR.replace(": {\"M", ":  {\"M")).then_some(())
    });

    until("it is not written down any more", || {
        fs::read_to_string(&records).unwrap().contains("\"files\":[]").then_some(())
    });
    let newer = r#"{"form":4,"files":[]}"#;
    fs::write(&records, newer).unwrap();
    let told = valet.cli(&["setup", "codex"]).expect_code(1);
    assert!(told.stderr.contains("newer MCP Valet"), "{told:?}");
    assert_eq!(fs::read_to_string(&records).unwrap(), newer);
}

#[test]
fn what_was_moved_out_of_a_file_is_put_back_by_each_form_since_the_second() {
    for form in ["clients-2.json", "clients-3.json"] {
        let home = Home::new();
        home.configure(&serde_json::json!({ "valet": { "agents": "ask", "vault": "memory" } }));
        let cursor = home.path().join(".cursor/mcp.json");
        fs::create_dir_all(cursor.parent().unwrap()).unwrap();
        let with = |entry: &str| format!("{{\"mcpServers\": {{\"hub\": {entry}}}}}\n");
        fs::write(&cursor, with(r#"{"command": "mcp-valet", "args": ["connect", "hub"]}"#)).unwrap();
        let records = fixture(form).replace("HOME", home.path().to_str().unwrap());
        fs::create_dir_all(state(&home)).unwrap();
        fs::write(state(&home).join("clients.json"), records).unwrap();
        let (valet, mut terminal) = Valet::on_terminal(&home);
        valet.cli(&["setup", "--undo", "--all", "--wait", "0"]).expect_code(3);
        terminal.shows("the key key of \"hub\" was wiped and cannot come back");
        terminal.types("y");
        let back = with(r#"{"url": "https://hub.example/mcp", "headers": {"X-Api-Key": "FILL IN"}}"#);
        until("it is put back", || (fs::read_to_string(&cursor).unwrap() == back).then_some(()));
    }
}
