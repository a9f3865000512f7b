//! A home as released versions left it, whole: nothing of it is asked for again.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::thread;

use mcp_valet_tests::stored::{fixture, state};
use mcp_valet_tests::{Home, Terminal, Valet, until};

/// A quarter of an hour after 0.1.0 ended there, while its tokens live and today is the same day.
const SOON_AFTER: i64 = 1_796_104_000; // 2026-12-01T05:46:40Z

/// What a person had answered about programs, as it is listed.
const ANSWERS: [&str; 6] = [
    "brush and demo: allowed always (through the proxy alone, as its rules say: demo:read demo:write), \
     since 2026-12-01T05:32:08Z; used 6x, last 2026-12-01T05:32:07Z",
    "pen and demo: allowed until midnight (through the proxy alone, and never a token: demo:read), \
     since 2026-12-01T05:31:55Z",
    "scribe and demo: allowed always (a token: demo:read), \
     since 2026-12-01T05:31:52Z; used 1x, last 2026-12-01T05:31:52Z",
    "quill and demo: never allowed, since 2026-12-01T05:31:53Z",
    "scribe and demo-work: allowed always (a token: demo:read), \
     since 2026-12-01T05:32:27Z; used 1x, last 2026-12-01T05:32:27Z",
    "quill and demo-work: never allowed, since 2026-12-01T05:31:53Z",
];

/// Its configuration and its state, at the time at which it was left.
fn left_by_0_1_0() -> Home {
    let home = Home::new();
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs().cast_signed();
    home.move_clock(SOON_AFTER - now);
    home.configure_text(&fixture("home-1/config.json"));
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/stored/home-1");
    for name in ["audit", "servers.json", "vault"] {
        fs::copy(kept.join(name), state(&home).join(name)).unwrap();
    }
    let last_time = state(&home).join("last-time");
    fs::create_dir(&last_time).unwrap();
    for file in fs::read_dir(kept.join("last-time")).unwrap().map(|entry| entry.unwrap().path()) {
        fs::copy(&file, last_time.join(file.file_name().unwrap())).unwrap();
    }
    let credentials = home.path().join("credentials");
    fs::create_dir(&credentials).unwrap();
    let passphrase = credentials.join("mcp-valet-passphrase");
    fs::write(&passphrase, "three small green boats").unwrap();
    fs::set_permissions(&passphrase, fs::Permissions::from_mode(0o400)).unwrap();
    home
}

/// Starts it there; systemd gives the passphrase.
fn opened(home: &Home) -> (Valet<'_>, Terminal) {
    let folder = home.path().join("credentials").to_str().unwrap().to_owned();
    let (valet, terminal) = Valet::on_terminal_with(home, &[("CREDENTIALS_DIRECTORY".to_owned(), folder)]);
    until("the encrypted file is open", || (valet.get("/v1/health").json()["locked"] == false).then_some(()));
    (valet, terminal)
}

#[test]
fn its_sign_ins_are_handed_out_and_its_keys_are_there() {
    let home = left_by_0_1_0();
    let (valet, mut terminal) = opened(&home);
    for server in ["demo", "demo-work", "keyed"] {
        valet.settles(server, "ready");
    }
    assert_eq!(valet.server("demo-work")["folders"], serde_json::json!(["~/work"]));
    assert_eq!(valet.server("keyed")["keys"][0]["set_by"], "scribe");
    // What was declined "for now" is over with the version that was told.
    valet.settles("later", "authorization_required");
    let token = thread::scope(|scope| {
        let asking = scope.spawn(|| valet.token("demo"));
        terminal.shows("wants to use demo");
        terminal.types("f");
        asking.join().unwrap()
    });
    assert_eq!(token.expect_status(200).text("access_token"), fixture("home-1/handed-out").trim());
    assert!(!terminal.screen().contains("Accept it?"), "{}", terminal.screen());
}

#[test]
fn its_answers_hold_with_their_rules_and_their_times() {
    let home = left_by_0_1_0();
    let (_valet, mut terminal) = opened(&home);
    terminal.types("who");
    let listed = terminal.shows("quill and demo-work");
    for answer in ANSWERS {
        assert!(listed.contains(answer), "{answer}: {listed}");
    }
}

#[test]
fn its_audit_goes_on_and_is_proven_from_its_first_entry() {
    let home = left_by_0_1_0();
    let before = fixture("home-1/audit");
    let (valet, _terminal) = opened(&home);
    valet.cli(&["decline", "later"]).expect_code(0);
    let said = valet.cli(&["audit", "--verify"]).expect_code(0).stdout;
    assert!(said.contains("Intact") && said.contains("from 2026-12-01T05:31:"), "{said}");
    let after = fs::read_to_string(audit(&home)).unwrap();
    assert!(after.starts_with(&before) && after.len() > before.len(), "{after}");
    valet.stop();
    fs::write(audit(&home), after.replace("\"tool\":\"change\"", "\"tool\":\"whoami\"")).unwrap();
    let (valet, _terminal) = opened(&home);
    let verified = until("it is looked at", || {
        let answer = valet.get("/v1/audit/verify");
        (answer.status == 200).then(|| answer.json())
    });
    assert_eq!(verified["intact"], false, "{verified}");
}

fn audit(home: &Home) -> PathBuf {
    state(home).join("audit")
}
