//! What a newer version has kept: refused by its name, and left as it is.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::Path;

use mcp_valet_tests::stored::{fixture, grant, left, newer, state};
use mcp_valet_tests::{Home, HttpResponse, Keychain, Valet};

#[track_caller]
fn refused(answer: HttpResponse) {
    let answer = answer.expect_status(423);
    assert_eq!(answer.text("reason"), "vault_newer", "{answer:?}");
    assert!(answer.body.contains("newer MCP Valet"), "{answer:?}");
}

#[test]
fn what_a_newer_version_keeps_in_the_vault_is_refused_by_name_and_left_as_it_is() {
    for (name, text) in [
        (grant(), fixture("grant-3.json")),
        ("consents".to_owned(), fixture("consents-4.json")),
        ("vault-mark".to_owned(), fixture("mark-1.json")),
    ] {
        let home = left("config-1.json", Some("servers-4.json"));
        let keychain = Keychain::start(&home);
        keychain.insert("vault-mark", &fixture("mark-1.json"));
        keychain.insert(&grant(), &fixture("grant-1.json"));
        let text = newer(&text);
        keychain.insert(&name, &text);
        let items = keychain.items();
        let valet = Valet::start(&home);
        assert!(valet.get("/v1/health").body.contains("newer MCP Valet"), "{name}");
        if name != "consents" {
            refused(valet.token("stored"));
        }
        valet.post("/v1/servers/stored/revoke", &serde_json::json!({}));
        valet.cli(&["revoke", "--all", "--yes"]);
        valet.stop();
        assert_eq!(keychain.secret(&name), text, "{name}");
        assert_eq!(keychain.items(), items - usize::from(name == "consents"), "{name}");
    }
}

/// The valet does not start, and says which file is newer than it.
#[track_caller]
fn does_not_start(home: &Home, file: &Path) {
    let before = fs::read(file).unwrap();
    let mut valet = Valet::launch(home);
    assert!(!valet.wait().success());
    let said = valet.stderr() + &valet.stdout();
    assert!(said.contains("newer MCP Valet") && said.contains(file.to_str().unwrap()), "{said}");
    assert_eq!(fs::read(file).unwrap(), before);
}

#[test]
fn notes_of_a_newer_version_are_refused_by_name_and_left_as_they_are() {
    let home = left("config-1.json", None);
    let file = state(&home).join("servers.json");
    fs::write(&file, newer(&fixture("servers-4.json"))).unwrap();
    does_not_start(&home, &file);
}

#[test]
fn an_audit_of_a_newer_version_is_refused_by_name_and_left_as_it_is() {
    let home = left("config-1.json", None);
    let file = state(&home).join("audit");
    fs::write(&file, format!("{}{{\"form\":2,\"what\":\"later\"}}\n", fixture("audit-1"))).unwrap();
    does_not_start(&home, &file);
}

#[test]
fn an_encrypted_file_of_a_newer_version_is_refused_by_name_and_left_as_it_is() {
    let home = left("config-3.json", Some("servers-5.json"));
    let file = state(&home).join("vault");
    let text = "mcp-valet vault 2 something new\nbytes";
    fs::write(&file, text).unwrap();
    let valet = Valet::start(&home);
    refused(valet.token("stored"));
    valet.stop();
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn a_key_that_a_newer_version_reads_in_the_configuration_is_named_and_the_file_left_as_it_is() {
    let home = left("config-1.json", None);
    let text = fixture("config-1.json").replace("\"vault\":", "\"somethingNew\": true, \"vault\":");
    home.configure_text(&text);
    let mut valet = Valet::launch(&home);
    assert!(!valet.wait().success());
    assert!((valet.stderr() + &valet.stdout()).contains("somethingNew"));
    assert_eq!(fs::read_to_string(home.config()).unwrap(), text);
}
