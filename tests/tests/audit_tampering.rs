//! Whatever is done to the audit afterwards is found, and found where it was done.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use mcp_valet_tests::audit::{
    again, audit, files, hand_outs, is_intact, lines, newest, numbers, text, verify, with_keychain,
};
use mcp_valet_tests::{Home, Keychain, Rogue, Valet};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// One way to spoil an audit. It answers what must be found: what is wrong, from which entry, to which.
type Spoil = fn(&Home, &[PathBuf]) -> (&'static str, u64, u64);

/// The first old file holds entries 1 to 5 at least, and all but the first few are sealed.
const WAYS: [(&str, Spoil); 11] = [
    ("a byte is changed", |_, files| {
        lines(&files[0], |lines| lines[4] = lines[4].replace("rogue", "Rogue"));
        ("changed", 5, 5)
    }),
    ("a seal is taken off", |_, files| {
        lines(&files[0], |lines| lines[4] = lines[4].split(",\"mac\"").next().unwrap().to_owned() + "}");
        ("changed", 5, 5)
    }),
    ("a line is removed", |_, files| {
        lines(&files[0], |lines| drop(lines.remove(4)));
        ("missing", 5, 5)
    }),
    ("two lines are swapped", |_, files| {
        lines(&files[0], |lines| lines.swap(4, 5));
        ("moved", 5, 5)
    }),
    ("a line is repeated", |_, files| {
        lines(&files[0], |lines| lines.insert(6, lines[4].clone()));
        ("inserted", 5, 5)
    }),
    ("a line without a chain is put in", |_, files| {
        let line = r#"{"at":"2026-01-01T00:00:00Z","what":"hand_out","agent":"x"}"#;
        lines(&files[0], |lines| lines.insert(6, line.to_owned()));
        ("inserted", 7, 7)
    }),
    ("the newest line is cut off", |home, _| {
        let last = newest(home);
        lines(&audit(home), |lines| drop(lines.pop()));
        ("missing", last, last)
    }),
    ("the newest file is emptied", |home, _| {
        let (first, last) = numbers(&audit(home));
        fs::write(audit(home), "").unwrap();
        ("missing", first, last)
    }),
    ("all files are removed", |home, files| {
        let last = newest(home);
        files.iter().for_each(|file| fs::remove_file(file).unwrap());
        ("missing", 1, last)
    }),
    ("an older file is removed", |_, files| {
        let (first, last) = numbers(&files[1]);
        fs::remove_file(&files[1]).unwrap();
        ("missing", first, last)
    }),
    ("the chain is worked out anew without the key", |home, files| {
        let last = newest(home);
        forge(home, files, |lines| lines[4] = lines[4].replace("rogue", "Rogue"));
        ("changed", 1, last + 1)
    }),
];

/// The chain of the whole audit as anybody can work it out, and so without seals.
fn forge(home: &Home, files: &[PathBuf], act: impl FnOnce(&mut Vec<String>)) {
    let mut all: Vec<String> = text(home).lines().map(str::to_owned).collect();
    act(&mut all);
    let (mut chain, mut forged) = (vec![0; 32], String::new());
    for (at, line) in all.iter().enumerate() {
        let (entry, _) = line.split_once(",\"seq\":").unwrap();
        let body = format!("{entry},\"seq\":{}", at + 1);
        chain = Sha256::new().chain_update(&chain).chain_update([0]).chain_update(&body).finalize().to_vec();
        forged += &format!("{body},\"chain\":\"{}\"}}\n", BASE64_URL_SAFE_NO_PAD.encode(&chain));
    }
    files.iter().for_each(|file| fs::remove_file(file).unwrap());
    fs::write(audit(home), forged).unwrap();
}

/// Copies files, or folders of files, into a folder that is made for it.
fn copy(from: &[PathBuf], to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir(to).unwrap();
    for file in from {
        fs::copy(file, to.join(file.file_name().unwrap())).unwrap();
    }
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect()
}

#[test]
fn whatever_is_done_to_it_is_found_and_found_where_it_was_done() {
    let home = Home::new();
    let mut keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    with_keychain(&home, &rogue).stop();
    let valet = again(&home);
    (0..40).for_each(|_| drop(valet.token("rogue").expect_status(200)));
    let report = is_intact(&valet);
    assert_eq!(report["unvouched"], 0, "{report}");
    valet.stop();
    let (folder, keyrings) = (audit(&home).parent().unwrap().to_owned(), home.path().join("data/keyrings"));
    let (kept, kept_keyrings) = (home.path().join("kept"), home.path().join("kept-keyrings"));
    assert!(files(&home).len() > 3, "{:?}", files(&home));
    copy(&files_in(&folder), &kept);
    copy(&files_in(&keyrings), &kept_keyrings);
    for (how, spoil) in WAYS {
        let (what, first, last) = spoil(&home, &files(&home));
        let valet = again(&home);
        for found in [verify(&valet), verify(&valet)] {
            let fault = &found.1["fault"];
            let place = json!([fault["what"], fault["seq"], fault["through"]]);
            assert_eq!((found.0, place), (1, json!([what, first, last])), "{how}: {}", found.1);
            assert!(fault["file"].as_str().unwrap().starts_with("audit"), "{how}: {fault}");
        }
        // It is found for as long as the place is kept, whatever is written meanwhile.
        valet.token("rogue").expect_status(200);
        valet.stop();
        let valet = again(&home);
        assert_eq!(verify(&valet).1["fault"]["seq"], first, "{how}, after another run");
        valet.kill();
        keychain.stop();
        copy(&files_in(&kept), &folder);
        copy(&files_in(&kept_keyrings), &keyrings);
        keychain.restart();
    }
    is_intact(&again(&home));
}

#[test]
fn another_key_in_the_keychain_is_found() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    with_keychain(&home, &rogue).stop();
    let valet = again(&home);
    valet.token("rogue").expect_status(200);
    let sealed = text(&home).lines().position(|line| line.contains("\"mac\"")).unwrap() as u64 + 1;
    valet.stop();
    let another = json!({ "key": "A".repeat(43) }).to_string();
    for key in [another.as_str(), "damaged"] {
        keychain.replace("audit-key", key);
        let valet = again(&home);
        let (code, report) = verify(&valet);
        assert_eq!((code, &report["fault"]["what"]), (1, &json!("seal")), "{report}");
        assert_eq!(report["fault"]["through"], sealed, "{report}");
        valet.kill();
    }
}

#[test]
fn what_is_spoiled_while_the_valet_runs_is_found_without_a_keychain_as_well() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    (0..5).for_each(|_| drop(valet.token("rogue").expect_status(200)));
    is_intact(&valet);
    let kept = text(&home);
    lines(&audit(&home), |lines| lines[2] = lines[2].replace("curl", "wget"));
    assert_eq!(verify(&valet).1["fault"]["seq"], 3);
    fs::write(audit(&home), &kept).unwrap();
    is_intact(&valet);
    fs::remove_file(audit(&home)).unwrap();
    valet.token("rogue").expect_status(200);
    assert_eq!(hand_outs(&home), 1, "what is written to a file that is gone is not written");
    let report = verify(&valet).1;
    assert_eq!((&report["fault"]["what"], &report["fault"]["seq"]), (&json!("missing"), &json!(1)));
}

#[test]
fn a_run_without_a_keychain_is_told_from_tampering() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    valet.token("rogue").expect_status(200);
    let entries = is_intact(&valet)["entries"].clone();
    valet.kill();
    let valet = Valet::start(&home);
    let report = is_intact(&valet);
    assert_eq!((&report["entries"], &report["unvouched"]), (&entries, &entries), "{report}");
    let said = valet.cli(&["audit", "--verify"]).expect_code(0).stdout;
    let except = format!("Intact, except {entries} entries that cannot be proven: {entries} entries from ");
    assert!(said.starts_with(&except), "{said}");
}

/// Hangs an entry on the newest, as anybody can who writes the file.
fn append_forged(home: &Home) {
    let text = fs::read_to_string(audit(home)).unwrap();
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    let chain = BASE64_URL_SAFE_NO_PAD.decode(last["chain"].as_str().unwrap()).unwrap();
    let seq = last["seq"].as_u64().unwrap() + 1;
    let body = format!(r#"{{"at":"2026-01-31T12:00:00Z","what":"hand_out","agent":"forged","seq":{seq}"#);
    let chain = Sha256::new().chain_update(chain).chain_update([0]).chain_update(&body).finalize();
    let line = format!("{body},\"chain\":\"{}\"}}\n", BASE64_URL_SAFE_NO_PAD.encode(chain));
    fs::write(audit(home), text + &line).unwrap();
}

#[test]
fn what_is_hung_on_the_newest_entry_between_two_runs_is_never_called_intact() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    with_keychain(&home, &rogue).stop();
    let valet = again(&home);
    valet.token("rogue").expect_status(200);
    valet.stop();
    (0..2).for_each(|_| append_forged(&home));
    let forged = newest(&home);
    let mut valet = again(&home);
    for how in ["killed", "stopped", "stopped again", "alone"] {
        valet.token("rogue").expect_status(200);
        let report = is_intact(&valet);
        assert_eq!(report["unvouched"], 2, "{how}: {report}");
        let said = valet.cli(&["audit", "--verify"]).expect_code(0).stdout;
        assert!(said.starts_with("Intact, except 2 entries that cannot be proven: "), "{how}: {said}");
        if how == "killed" {
            valet.kill()
        } else {
            valet.stop()
        }
        valet = again(&home);
    }
    let named = text(&home)
        .lines()
        .filter(|line| line.contains("\"unproven\""))
        .map(str::to_owned)
        .collect::<Vec<_>>();
    let range = format!("\"entries {} to {forged}\"", forged - 1);
    assert!(named.len() == 1 && named[0].contains(&range) && named[0].contains("\"mac\""), "{named:?}");
}
