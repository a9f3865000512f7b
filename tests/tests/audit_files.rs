//! The files of the audit: bounded in size and number, torn by crashes, and among others that only bear such
//! names.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use mcp_valet_tests::audit::{
    again, audit, beside, files, is_intact, newest, numbers, text, verify, with_keychain,
};
use mcp_valet_tests::{Home, Keychain, Rogue, Valet, until};
use serde_json::{Value, json};

#[test]
fn files_are_bounded_in_size_and_number_and_the_chain_goes_through_them() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let room = [("MCP_VALET_LOG", "info"), ("MCP_VALET_TEST_AUDIT_ROOM", "2000,3")];
    let valet = Valet::start_with(&home, &room);
    valet.sign_in("rogue");
    for _ in 0..2 {
        (0..50).for_each(|_| drop(valet.token("rogue").expect_status(200)));
        until("old files are dropped", || (files(&home).len() <= 4).then_some(()));
        let sizes: Vec<u64> = files(&home).iter().map(|file| file.metadata().unwrap().len()).collect();
        assert!(sizes.iter().all(|size| *size <= 2000), "{sizes:?}");
        let report = is_intact(&valet);
        assert!(report["entries"].as_u64().unwrap() < 50, "{report}");
        assert!(report["summed"].as_u64().unwrap() > 0, "{report}");
    }
    valet.stop();
    let valet = Valet::start_with(&home, &room);
    is_intact(&valet);
    valet.kill();
    let valet = Valet::start_with(&home, &room);
    is_intact(&valet);
    fs::remove_file(&files(&home)[0]).unwrap();
    assert_eq!(verify(&valet).1["fault"]["what"], "missing");
}

/// What a program does all day is told in short once its file goes, and what the person did is still there.
#[test]
fn no_number_of_hand_outs_pushes_out_what_was_done_before_them() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let room = [("MCP_VALET_LOG", "info"), ("MCP_VALET_TEST_AUDIT_ROOM", "8000,2")];
    let valet = Valet::start_with(&home, &room);
    valet.sign_in("rogue");
    let signed_in = |home: &Home| text(home).matches("\"what\":\"sign_in\"").count();
    assert_eq!(signed_in(&home), 1);
    let handed_out = |home: &Home| {
        let lines = text(home);
        let entries = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let of =
            |entry: Value| (entry["what"] == "hand_out").then(|| entry["sum"]["count"].as_u64().unwrap_or(1));
        entries.filter_map(of).sum::<u64>()
    };
    for _ in 0..300 {
        valet.token("rogue").expect_status(200);
    }
    until("old files are dropped", || (files(&home).len() <= 3).then_some(()));
    assert_eq!((signed_in(&home), handed_out(&home)), (1, 300), "{}", text(&home));
    let report = is_intact(&valet);
    assert!(report["summed"].as_u64().unwrap() > 100, "{report}");
    let listed = valet.cli(&["audit"]).expect_code(0).stdout;
    assert!(listed.contains("times since"), "{listed}");
    valet.kill();
    let valet = Valet::start_with(&home, &room);
    is_intact(&valet);
    assert_eq!((signed_in(&home), handed_out(&home)), (1, 300));
}

#[test]
fn files_that_are_only_called_like_old_ones_push_out_none_and_are_found() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let room = [("MCP_VALET_LOG", "info"), ("MCP_VALET_TEST_AUDIT_ROOM", "3000,3")];
    let valet = Valet::start_with(&home, &room);
    valet.sign_in("rogue");
    (0..5).for_each(|_| drop(valet.token("rogue").expect_status(200)));
    fs::rename(audit(&home), beside(&home, 1)).unwrap();
    (0..9).for_each(|number| fs::write(beside(&home, 5_000_000 + number), "").unwrap());
    (0..20).for_each(|_| drop(valet.token("rogue").expect_status(200)));
    until("another file was begun", || {
        files(&home).iter().any(|file| *file == beside(&home, 7)).then_some(())
    });
    thread::sleep(Duration::from_millis(500));
    let mut running = Some(valet);
    for _ in 0..2 {
        let valet = running.take().unwrap_or_else(|| Valet::start_with(&home, &room));
        assert!(beside(&home, 1).exists(), "{:?}", files(&home));
        let fault = verify(&valet).1["fault"].clone();
        assert_eq!(
            (&fault["what"], &fault["file"]),
            (&json!("inserted"), &json!("audit.5000000")),
            "{fault}"
        );
        valet.stop();
    }
    (0..9).for_each(|number| fs::remove_file(beside(&home, 5_000_000 + number)).unwrap());
    is_intact(&Valet::start_with(&home, &room));
}

#[test]
fn the_newest_entry_is_found_although_files_without_one_come_after_it() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    with_keychain(&home, &rogue).stop();
    let last = newest(&home);
    fs::rename(audit(&home), beside(&home, 1)).unwrap();
    (0..20).for_each(|number| fs::write(beside(&home, 5_000_000 + number), "").unwrap());
    let valet = again(&home);
    valet.token("rogue").expect_status(200);
    assert_eq!(numbers(&audit(&home)).0, last + 1);
    assert_eq!(verify(&valet).1["fault"]["what"], "inserted");
    valet.stop();
    assert!(beside(&home, 1).exists());
}

#[test]
fn a_file_from_before_what_is_kept_is_not_listed_and_is_found() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let room = [("MCP_VALET_LOG", "info"), ("MCP_VALET_TEST_AUDIT_ROOM", "2000,3")];
    let valet = Valet::start_with(&home, &room);
    valet.sign_in("rogue");
    (0..50).for_each(|_| drop(valet.token("rogue").expect_status(200)));
    until("old files are dropped", || (!beside(&home, 1).exists()).then_some(()));
    valet.stop();
    let genuine = fs::read_to_string(audit(&home)).unwrap();
    let line = genuine.lines().find(|line| line.contains("hand_out")).unwrap();
    let (body, end) = line.split_once(",\"seq\":").unwrap();
    let (_, end) = end.split_once(',').unwrap();
    let forged = format!("{},\"seq\":1,{end}\n", body.replace("\"rogue\"", "\"forged\""));
    for number in [0, 1] {
        fs::write(beside(&home, number), &forged).unwrap();
        let valet = Valet::start_with(&home, &room);
        let fault = verify(&valet).1["fault"].clone();
        assert_eq!((&fault["what"], &fault["seq"]), (&json!("inserted"), &json!(1)), "{fault}");
        let listed = valet.cli(&["audit", "--json"]).expect_code(0).stdout;
        assert!(listed.contains("rogue") && !listed.contains("forged"), "{listed}");
        valet.stop();
        fs::remove_file(beside(&home, number)).unwrap();
    }
    is_intact(&Valet::start_with(&home, &room));
}

#[test]
fn what_is_no_file_keeps_nobody_waiting_and_is_found() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = with_keychain(&home, &rogue);
    let put: [fn(&Path); 3] = [
        |path| assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success()),
        |path| std::os::unix::fs::symlink("/dev/zero", path).unwrap(),
        |path| drop(std::os::unix::net::UnixListener::bind(path).unwrap()),
    ];
    for put in put {
        put(&beside(&home, 0));
        let fault = verify(&valet).1["fault"].clone();
        assert_eq!((&fault["what"], &fault["file"]), (&json!("inserted"), &json!("audit.0")), "{fault}");
        valet.token("rogue").expect_status(200);
        valet.cli(&["audit"]).expect_code(0);
        fs::remove_file(beside(&home, 0)).unwrap();
    }
    is_intact(&valet);
}

#[test]
fn a_new_file_whose_first_line_a_crash_tore_goes_on() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = with_keychain(&home, &rogue);
    valet.token("rogue").expect_status(200);
    valet.kill();
    fs::rename(audit(&home), beside(&home, 1)).unwrap();
    fs::write(audit(&home), "{\"at\":\"2026-").unwrap();
    let valet = again(&home);
    assert_eq!(is_intact(&valet)["torn"], 1);
    (0..20).for_each(|_| drop(valet.token("rogue").expect_status(200)));
    assert!(!beside(&home, 0).exists(), "it is called by its first entry: {:?}", files(&home));
    valet.stop();
    assert_eq!(is_intact(&again(&home))["torn"], 1);
}

#[test]
fn a_line_that_a_crash_tore_is_accounted_for() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    let valet = with_keychain(&home, &rogue);
    valet.token("rogue").expect_status(200);
    valet.kill();
    let whole = fs::read_to_string(audit(&home)).unwrap();
    let torn = whole.lines().last().unwrap().split_at(40).0;
    fs::write(audit(&home), format!("{whole}{torn}")).unwrap();
    let valet = again(&home);
    assert_eq!(is_intact(&valet)["torn"], 1);
    valet.token("rogue").expect_status(200);
    valet.stop();
    assert_eq!(is_intact(&again(&home))["torn"], 1);
}
