//! Commands that name several accounts by their one address mean that of the folder that they are given in,
//! or none; and how a folder becomes an account's.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::thread;

use mcp_valet_tests::desk::{BOTH, Desk};
use mcp_valet_tests::proposals::{ADD, audited, entries};
use mcp_valet_tests::{Keychain, Valet, until};
use serde_json::json;

#[test]
fn a_command_means_the_account_of_the_folder_that_it_is_given_in() {
    let desk = Desk::new(&BOTH, "allow");
    let (valet, url) = (desk.valet(&BOTH), desk.rogue.mcp());
    let examined = desk.says("work/globex", &["doctor", &url, "--json"]).json();
    assert_eq!(examined["url"], url);
    desk.says("work/acme/deep", &["decline", &url]).expect_code(0);
    let declined = |name: &str| valet.server(name)["declined"].clone();
    assert_eq!((declined("acme"), declined("globex")), (json!(true), json!(false)));
    desk.says("work/globex", &["revoke", &url]).expect_code(0);
    let grant = |name: &str| valet.server(name)["grant"].clone();
    assert_eq!((grant("acme"), grant("globex")), (json!("live"), json!("none")));
    desk.says("work/acme", &["remove", &url]).expect_code(0);
    valet.get("/v1/servers/acme").expect_status(404);
    assert_eq!(grant("globex"), "none");
}

#[test]
fn where_the_folder_says_nothing_no_command_means_any_and_all_are_named() {
    let desk = Desk::new(&BOTH, "allow");
    let (valet, url) = (desk.valet(&BOTH), desk.rogue.mcp());
    for command in ["revoke", "remove", "decline", "doctor", "show"] {
        let said = desk.says("elsewhere", &[command, &url]).expect_code(8).stderr;
        assert!(said.contains("acme (for ~/work/acme); globex (for ~/work/globex)"), "{command}: {said}");
    }
    for key in [&["key", "set", &url][..], &["key", "remove", &url]] {
        assert!(desk.says("elsewhere", key).stderr.contains("globex (for ~/work/globex)"), "{key:?}");
    }
    for name in ["acme", "globex"] {
        let server = valet.server(name);
        assert_eq!((&server["grant"], &server["declined"]), (&json!("live"), &json!(false)), "{server}");
    }
}

#[test]
fn an_account_that_the_person_names_from_now_on_is_written_into_the_file_as_it_was_shown() {
    let desk = Desk::new(&BOTH, "allow");
    let (_valet, mut terminal) = desk.asking(&BOTH);
    let (url, elsewhere) = (desk.rogue.mcp(), desk.at("elsewhere"));
    let written = || entries(&desk.home)["globex"]["folders"].clone();
    thread::scope(|scope| {
        let asking = scope.spawn(|| desk.asks("elsewhere", "$URL"));
        let asked = terminal.shows("\"always NUMBER\"");
        assert!(asked.contains(elsewhere.to_str().unwrap()), "{asked}");
        // Another folder in its place is not what was shown.
        fs::rename(&elsewhere, desk.at("moved")).unwrap();
        fs::create_dir(&elsewhere).unwrap();
        terminal.types("always 2");
        terminal.shows("is another folder by now");
        assert_eq!(written(), json!(["~/work/globex"]));
        fs::remove_dir(&elsewhere).unwrap();
        fs::rename(desk.at("moved"), &elsewhere).unwrap();
        terminal.types("always 2");
        terminal.shows("From now on globex is the account for that folder.");
        assert_eq!(asking.join().unwrap()["server"], "globex");
    });
    assert_eq!(written(), json!(["~/work/globex", elsewhere]));
    assert!(!terminal.screen().contains("Accept it?"), "{}", terminal.screen());
    // Whichever program works there.
    assert!(desk.says("elsewhere", &["show", &url]).expect_code(0).stdout.starts_with("globex "));
    let chosen = audited(&desk.home, "choose_account").pop().unwrap();
    assert_eq!((&chosen["server"], &chosen["folder"]), (&json!("globex"), &json!(elsewhere)));
}

#[test]
fn where_writing_it_down_would_decide_nothing_it_is_not_offered() {
    let both = [("acme", &["~/work"] as &[&str]), ("globex", &["~/work"])];
    let desk = Desk::new(&both, "allow");
    let (_valet, mut terminal) = desk.asking(&both);
    thread::scope(|scope| {
        let asking = scope.spawn(|| desk.asks("work", "$URL"));
        let asked = terminal.shows("Which account may it use there");
        assert!(!asked.contains("always"), "{asked}");
        terminal.types("always 1");
        terminal.shows("Nothing was answered");
        terminal.types("1");
        assert_eq!(asking.join().unwrap()["server"], "acme");
    });
    thread::scope(|scope| {
        let asking = scope.spawn(|| desk.asks("work/acme", "$URL"));
        terminal.shows("\"always NUMBER\"");
        terminal.types("always 1");
        assert_eq!(asking.join().unwrap()["server"], "acme");
    });
}

#[test]
fn a_folder_that_a_program_brings_waits_for_the_person_who_sees_it_whole() {
    let desk = Desk::new(&BOTH, "allow");
    let (valet, mut terminal) = desk.asking(&BOTH);
    let (url, elsewhere) = (desk.rogue.mcp(), desk.at("elsewhere"));
    let add = |wait| desk.says("elsewhere", &["add", "third", &url, "--folder", ".", "--wait", wait]);
    add("0").expect_code(3);
    terminal.shows(ADD);
    let shown = format!("folders: \"{}\"", elsewhere.display());
    assert!(terminal.screen().contains(&shown), "{}", terminal.screen());
    assert!(entries(&desk.home)["third"].is_null());
    terminal.types("y");
    until("it is there", || (valet.get("/v1/servers/third").status == 200).then_some(()));
    assert_eq!(valet.server("third")["folders"], json!([elsewhere]));
    add("0").expect_code(0);
    assert!(desk.says("elsewhere", &["show", &url]).expect_code(0).stdout.starts_with("third "));
    let missing = desk.says("elsewhere", &["add", "fourth", &url, "--folder", "missing"]).expect_code(2);
    assert!(missing.stderr.contains("there is no folder missing"), "{missing:?}");
    let wrong = desk.says("elsewhere", &["add", "fourth", &url, "--folder", "~/work/../acme"]);
    assert!(wrong.code != 0 && entries(&desk.home)["fourth"].is_null(), "{wrong:?}");
}

#[test]
fn an_account_that_was_not_read_from_the_vault_yet_is_named_as_that() {
    let desk = Desk::new(&BOTH, "allow");
    let mut config = desk.config(&BOTH, "allow");
    config["valet"]["vault"] = json!("keychain");
    desk.home.configure(&config);
    let keychain = Keychain::start(&desk.home);
    desk.valet(&BOTH).stop();
    keychain.lock();
    let (_valet, mut terminal) = Valet::on_terminal(&desk.home);
    thread::scope(|scope| {
        let asking = scope.spawn(|| desk.asks("elsewhere", "$URL"));
        terminal.shows("account not read yet; for ~/work/acme");
        terminal.types("n");
        assert_eq!(asking.join().unwrap()["reason"], "account_refused");
    });
}
