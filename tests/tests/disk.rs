//! Files that are written: whole or not at all, with nothing left behind, and nothing done that a full disk
//! then belies.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use mcp_valet_tests::{Home, Keychain, Rogue, Valet};
use serde_json::{Value, json};

/// What other files stay below, and the configuration does not.
const FULL: u64 = 300_000;

/// A configuration that is larger than a disk has room for, when it is full.
fn large(home: &Home, rogue: &Rogue, vault: &str) {
    home.configure(&json!({
        "mcpServers": {
            "rogue": { "url": rogue.mcp() },
            "long": { "url": "https://long.example/mcp", "description": "x".repeat(350_000) },
        },
        "valet": { "agents": "allow", "vault": vault },
    }));
}

fn folder(home: &Home) -> PathBuf {
    home.config().parent().unwrap().to_owned()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn removing_with_a_full_disk_is_an_error_that_leaves_everything_as_it_was() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    large(&home, &rogue, "keychain");
    let valet = Valet::start_to_be_bounded(&home);
    valet.sign_in("rogue");
    let token = valet.token("rogue").expect_status(200).text("access_token");
    let before = fs::read(home.config()).unwrap();
    valet.bound_files(Some(FULL));
    let said = valet.cli(&["remove", "rogue"]);
    assert_ne!(said.code, 0, "{said:?}");
    assert!(
        said.stderr.contains("could not be written") && said.stderr.contains("nothing was changed"),
        "{said:?}"
    );
    assert_eq!(rogue.count("/revoke"), 0);
    assert_eq!(fs::read(home.config()).unwrap(), before);
    assert_eq!(names(&folder(&home)), ["config.json"]);
    assert_eq!(valet.token("rogue").expect_status(200).text("access_token"), token);
    valet.bound_files(None);
    valet.cli(&["remove", "rogue"]).expect_code(0);
    assert!(rogue.count("/revoke") > 0);
    assert!(!rogue.accepts(&token));
}

#[test]
fn adding_with_a_full_disk_changes_neither_the_file_nor_the_vault() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    large(&home, &rogue, "keychain");
    let valet = Valet::start_to_be_bounded(&home);
    valet.sign_in("rogue");
    let (before, items) = (fs::read(home.config()).unwrap(), keychain.items());
    valet.bound_files(Some(FULL));
    let new = json!({ "url": "https://new.example/mcp", "name": "new" });
    let said = valet.post("/v1/servers", &new);
    assert!(said.status >= 400 && said.body.contains("could not be written"), "{said:?}");
    valet.get("/v1/servers/new").expect_status(404);
    assert_eq!((fs::read(home.config()).unwrap(), keychain.items()), (before, items));
    assert_eq!(names(&folder(&home)), ["config.json"]);
}

#[test]
fn drafts_that_a_kill_left_are_cleared_away_and_nothing_else_is() {
    let home = Home::new();
    home.lists(&[], "memory");
    let state = home.path().join("state/mcp-valet");
    fs::create_dir_all(&state).unwrap();
    let old = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let left = |path: PathBuf| fs::File::create(path).unwrap().set_modified(old).unwrap();
    for name in [".tmpAb12Cd", ".config.json.mcp-valet-draft-77-1", ".tmp-mine", "config.json.bak"] {
        left(folder(&home).join(name));
    }
    left(state.join(".tmpZz99Yy"));
    left(state.join(".servers.json.mcp-valet-draft-77-2"));
    let _valet = Valet::start(&home);
    assert_eq!(names(&folder(&home)), [".tmp-mine", "config.json", "config.json.bak"]);
    let hidden: Vec<String> = names(&state).into_iter().filter(|name| name.starts_with('.')).collect();
    assert!(hidden.is_empty(), "{hidden:?}");
}

#[test]
fn killed_while_it_writes_it_leaves_no_copy_behind_for_longer_than_until_the_next_start() {
    let home = Home::new();
    home.lists(&[], "memory");
    for round in 0..10 {
        let valet = Valet::start(&home);
        let mut adding: Vec<_> = (0..4)
            .map(|number| home.start_cli(&["add", &format!("https://s{number}.example/{round}/mcp")]))
            .collect();
        std::thread::sleep(Duration::from_millis(3 * round));
        valet.kill();
        for one in &mut adding {
            one.wait();
        }
    }
    let _valet = Valet::start(&home);
    assert_eq!(names(&folder(&home)), ["config.json"]);
    let text = fs::read_to_string(home.config()).unwrap();
    serde_json::from_str::<Value>(&text).unwrap();
}

#[test]
fn a_dangling_link_is_written_through_or_refused_and_stays_a_link() {
    let home = Home::new();
    fs::create_dir_all(folder(&home)).unwrap();
    symlink("../../dotfiles/valet.json", home.config()).unwrap();
    let valet = Valet::start(&home);
    let said = valet.cli(&["add", "https://one.example/mcp"]);
    assert_ne!(said.code, 0);
    assert!(said.stderr.contains("link to") && said.stderr.contains("no such folder"), "{said:?}");
    let is_link = || fs::symlink_metadata(home.config()).unwrap().is_symlink();
    assert!(is_link());
    let dotfiles = home.path().join("dotfiles");
    fs::create_dir(&dotfiles).unwrap();
    valet.cli(&["add", "https://one.example/mcp"]).expect_code(0);
    assert!(is_link());
    assert_eq!(names(&dotfiles), ["valet.json"]);
    assert!(fs::read_to_string(dotfiles.join("valet.json")).unwrap().contains("one.example"));
    assert_eq!(names(&folder(&home)), ["config.json"]);
}
