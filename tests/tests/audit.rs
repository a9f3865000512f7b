//! The audit: every token that went out is in it, and whatever is done to it afterwards is found.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use mcp_valet_tests::{Agent, Home, Keychain, Rogue, Valet, dose, figure, this_program, until};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Files of about a dozen entries, as many as come.
const SMALL: (&str, &str) = ("MCP_VALET_TEST_AUDIT_ROOM", "3000,100");

fn audit(home: &Home) -> PathBuf {
    home.path().join("state/mcp-valet/audit")
}

/// The files of the audit, oldest first, the one that is written to last.
fn files(home: &Home) -> Vec<PathBuf> {
    let number = |path: &Path| path.extension().and_then(|end| end.to_str()?.parse::<u64>().ok());
    let folder = fs::read_dir(audit(home).parent().unwrap()).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<_> = folder.filter(|path| path.with_extension("") == audit(home)).collect();
    files.sort_by_key(|path| number(path).unwrap_or(u64::MAX));
    files
}

fn text(home: &Home) -> String {
    files(home).iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

fn hand_outs(home: &Home) -> usize {
    text(home).matches("\"what\":\"hand_out\"").count()
}

/// What `audit --verify` says, and how it ends.
fn verify(valet: &Valet<'_>) -> (i32, Value) {
    let said = valet.cli(&["audit", "--verify", "--json"]);
    (said.code, serde_json::from_str(&said.stdout).unwrap_or_else(|_| panic!("{said:?}")))
}

#[track_caller]
fn is_intact(valet: &Valet<'_>) -> Value {
    let (code, report) = verify(valet);
    assert_eq!((code, &report["intact"]), (0, &json!(true)), "{report}");
    report
}

/// A connection that is kept, and asks for one token after the other.
struct Client {
    stream: BufReader<UnixStream>,
}

impl Client {
    fn connect(socket: &Path) -> Option<Self> {
        let stream = UnixStream::connect(socket).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        Some(Self { stream: BufReader::new(stream) })
    }

    /// One token; nothing if the valet was killed meanwhile.
    fn token(&mut self) -> Option<String> {
        let body = r#"{"server":"rogue"}"#;
        let head =
            "POST /v1/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length:";
        write!(self.stream.get_mut(), "{head} {}\r\n\r\n{body}", body.len()).ok()?;
        let (mut length, mut line) = (0, String::new());
        while line != "\r\n" {
            line.clear();
            if self.stream.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer).ok()?;
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        Some(answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned())
    }
}

fn with_keychain<'home>(home: &'home Home, rogue: &Rogue) -> Valet<'home> {
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start_with(home, &[("MCP_VALET_LOG", "info"), SMALL]);
    valet.sign_in("rogue");
    valet
}

fn again(home: &Home) -> Valet<'_> {
    Valet::start_with(home, &[("MCP_VALET_LOG", "info"), SMALL])
}

#[test]
fn each_of_ten_thousand_tokens_is_in_it_although_the_valet_is_killed_half_way() {
    const CLIENTS: usize = 64;
    let tokens = dose(10_000, 100_000);
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    rogue.token_lifetime(Some(86_000));
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let quiet = [("MCP_VALET_LOG", "warn")];
    let valet = Valet::start_with(&home, &quiet);
    valet.sign_in("rogue");
    let (asked, received) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let ask = || {
        let mut client = None;
        while asked.fetch_add(1, Ordering::Relaxed) < tokens {
            let token = until("a token goes out", || {
                let mut asking = client.take().or_else(|| Client::connect(&home.socket()))?;
                let token = asking.token();
                client = token.is_some().then_some(asking);
                token
            });
            assert!(rogue.accepts(&token));
            received.fetch_add(1, Ordering::Relaxed);
        }
    };
    let begun = Instant::now();
    let valet = thread::scope(|scope| {
        (0..CLIENTS).for_each(|_| drop(scope.spawn(ask)));
        until("half of them have gone out", || {
            (received.load(Ordering::Relaxed) >= tokens / 2).then_some(())
        });
        valet.kill();
        Valet::start_with(&home, &quiet)
    });
    assert_eq!(received.into_inner(), tokens);
    let elapsed = begun.elapsed();
    let audited = hand_outs(&home);
    // Those that were asking when it was killed may have been written down and not have got theirs.
    assert!((tokens..=tokens + CLIENTS).contains(&audited), "{audited} are in the audit");
    let report = is_intact(&valet);
    assert!(report["entries"].as_u64().unwrap() > audited as u64, "{report}");
    figure(format_args!(
        "{tokens} tokens to {CLIENTS} clients, the valet killed and started half way: {elapsed:.1?}, {audited} in the audit"
    ));
}

fn lines(path: &Path, act: impl FnOnce(&mut Vec<String>)) {
    let mut lines: Vec<String> = fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect();
    act(&mut lines);
    let text: String = lines.into_iter().map(|line| line + "\n").collect();
    fs::write(path, text).unwrap();
}

/// The numbers of the first and the last entry of a file.
fn numbers(path: &Path) -> (u64, u64) {
    let text = fs::read_to_string(path).unwrap();
    let number = |line: &str| serde_json::from_str::<Value>(line).unwrap()["seq"].as_u64().unwrap();
    (number(text.lines().next().unwrap()), number(text.lines().last().unwrap()))
}

fn newest(home: &Home) -> u64 {
    numbers(&audit(home)).1
}

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

/// A file that only bears the name of an older one.
fn beside(home: &Home, number: u64) -> PathBuf {
    audit(home).with_file_name(format!("audit.{number}"))
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

#[test]
fn entries_from_before_the_chain_stay_and_are_not_called_tampering() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let own = std::env::current_exe().unwrap();
    let old = json!({ "at": "2026-01-31T12:00:00Z", "what": "hand_out", "agent": this_program(), "executable": own, "server": "old" });
    fs::create_dir(audit(&home).parent().unwrap()).unwrap();
    fs::write(audit(&home), format!("{old}\n{old}\n{old}\n")).unwrap();
    let valet = Valet::start(&home);
    assert_eq!(is_intact(&valet)["unchained"], 3);
    valet.sign_in("rogue");
    let report = is_intact(&valet);
    assert_eq!((&report["unchained"], &report["entries"]), (&json!(3), &json!(1)), "{report}");
    let listed = valet.cli(&["audit", "--json"]).json();
    assert_eq!(listed.as_array().unwrap().iter().filter(|entry| entry["server"] == "old").count(), 3);
    valet.stop();
    let valet = Valet::start(&home);
    is_intact(&valet);
    lines(&audit(&home), |lines| drop(lines.remove(1)));
    assert_eq!(verify(&valet).1["fault"]["seq"], 1, "the chain began with three");
}

#[test]
fn an_entry_of_another_version_is_listed_as_it_was_written() {
    let home = Home::new();
    let own = std::env::current_exe().unwrap();
    let old = json!({ "at": "2026-01-31T12:00:00Z", "what": "lend_out", "agent": this_program(), "executable": own, "server": "old" });
    fs::create_dir(audit(&home).parent().unwrap()).unwrap();
    fs::write(audit(&home), format!("{old}\n")).unwrap();
    let valet = Valet::start(&home);
    let listed = valet.cli(&["audit", "--json"]).expect_code(0).json();
    assert_eq!((&listed[0]["what"], &listed[0]["server"]), (&json!("lend_out"), &json!("old")), "{listed}");
    let said = valet.cli(&["audit"]).expect_code(0).stdout;
    assert!(said.contains("  lend out      old"), "{said}");
}

#[test]
fn an_agent_sees_its_own_entries_and_of_others_only_that_they_are_there() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let scribe = Agent::new(&home, "scribe");
    scribe.runs("$VALET token rogue").expect_code(0);
    let entries: Value = serde_json::from_str(&scribe.runs("$VALET audit --json").stdout).unwrap();
    let agents: Vec<_> = entries.as_array().unwrap().iter().map(|entry| &entry["agent"]).collect();
    assert_eq!(agents, ["scribe"]);
    lines(&audit(&home), |lines| lines[0] = lines[0].replace("sign_in", "sign-in"));
    let report = valet.get("/v1/audit/verify").expect_status(200);
    assert_eq!(report.json()["fault"]["seq"], 1);
    assert!(!report.body.contains("rogue") && !report.body.contains("mcp-valet"), "{report:?}");
    valet.get("/v1/activity").expect_status(404);
}

#[test]
fn an_agent_does_not_see_the_entries_of_another_that_reads_the_same() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let far = format!("{0}/{0}", "a".repeat(220));
    let [one, two] = ["one", "two"].map(|folder| Agent::new(&home, &format!("{far}/{folder}/scribe")));
    one.runs("$VALET token rogue").expect_code(0);
    let listed = |agent: &Agent<'_>| agent.runs("$VALET audit --json").expect_code(0).json();
    let own = listed(&one);
    assert_eq!((&own[0]["what"], &own[0]["mark"]), (&json!("hand_out"), &Value::Null), "{own}");
    assert_eq!(listed(&two), json!([]), "no more than the end of its path is another");
    let said = two.runs("$VALET audit").expect_code(0).stdout;
    assert_eq!(said, "Nothing was done for this application yet.\n");
    let said = two.runs("$VALET audit --since 2h").expect_code(0).stdout;
    assert_eq!(said, "Nothing was done for this application in that time.\n");
}

#[test]
fn with_a_locked_keychain_refusals_are_written_and_sealed_later() {
    let home = Home::new();
    let keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    with_keychain(&home, &rogue).stop();
    keychain.lock();
    let valet = again(&home);
    (0..3).for_each(|_| drop(valet.token("rogue").expect_status(423)));
    assert_eq!(text(&home).matches("\"outcome\":\"locked\"").count(), 1, "one burst is one entry");
    let said = valet.cli(&["audit", "--verify"]).expect_code(3);
    assert!(said.stderr.contains("keychain is locked"), "{said:?}");
    keychain.unlock();
    valet.token("rogue").expect_status(200);
    is_intact(&valet);
    valet.kill();
    let report = is_intact(&again(&home));
    assert_eq!(report["unvouched"], 0, "the last entry seals what stands before it: {report}");
}

#[test]
fn a_full_disk_hands_nothing_out_and_spoils_nothing() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start_to_be_bounded(&home);
    valet.sign_in("rogue");
    (0..8).for_each(|_| drop(valet.token("rogue").expect_status(200)));
    valet.bound_files(Some(audit(&home).metadata().unwrap().len() + 100));
    for _ in 0..3 {
        let refused = valet.token("rogue").expect_status(500);
        assert!(!refused.body.contains("access_token"), "{refused:?}");
        assert!(refused.body.contains("audit"), "{refused:?}");
    }
    valet.bound_files(None);
    valet.token("rogue").expect_status(200);
    assert_eq!(hand_outs(&home), 9);
    assert_eq!(is_intact(&valet)["torn"], 0);
}

#[test]
fn what_was_done_with_a_full_disk_and_is_not_in_the_audit_is_said_until_it_takes_entries_again() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp()), ("other", &rogue.mcp())], "memory");
    let valet = Valet::start_to_be_bounded(&home);
    valet.sign_in("rogue");
    let said =
        || valet.get("/v1/health").json()["notices"].to_string().contains("The audit could not be written");
    assert!(!said());
    valet.bound_files(Some(audit(&home).metadata().unwrap().len() + 10));
    valet.post("/v1/servers/rogue/revoke", &json!({})).expect_status(200);
    until("it is said", || said().then_some(()));
    valet.bound_files(None);
    valet.post("/v1/servers/other/decline", &json!({})).expect_status(200);
    until("it is said no more", || (!said()).then_some(()));
}

#[test]
fn an_agent_that_is_refused_over_and_over_writes_one_entry() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.configure(&json!({
        "mcpServers": { "rogue": { "url": rogue.mcp() } },
        "valet": { "agents": "deny", "vault": "memory" },
    }));
    let valet = Valet::start(&home);
    (0..20).for_each(|_| drop(valet.token("rogue").expect_status(403)));
    (0..20).for_each(|_| {
        drop(valet.proxy("rogue", &json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }), &[]))
    });
    assert_eq!(text(&home).matches("refused").count(), 1);
    home.move_clock(601);
    valet.token("rogue").expect_status(403);
    (0..20).for_each(|_| drop(valet.post("/v1/lock", &json!({})).expect_status(204)));
    let entries = valet.get("/v1/audit").json();
    let told: Vec<_> =
        entries.as_array().unwrap().iter().map(|entry| (&entry["what"], &entry["outcome"])).collect();
    let refused = (&json!("refused"), &json!("denied"));
    assert_eq!(told, [refused, refused, (&json!("lock"), &Value::Null)], "the next burst is another entry");
}
