//! Where a secret must never be seen: logs, process lists, files, error texts, memory dumps.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::Path;

use mcp_valet_tests::{Crowd, Home, Keychain, Reply, Rogue, Valet};
use serde_json::json;

/// Everything that was written below a folder.
fn written_below(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            written_below(&path, into);
        } else if path.is_file() {
            into.push_str(&String::from_utf8_lossy(&fs::read(path).unwrap_or_default()));
        }
    }
}

#[track_caller]
fn holds_none(text: &str, secrets: &[String], what: &str) {
    for secret in secrets {
        let Some(at) = text.find(secret.as_str()) else { continue };
        let start = text[..at].rfind('\n').map_or(0, |line| line + 1);
        panic!("{secret} is in {what}: {}", text[start..].lines().next().unwrap());
    }
}

/// Code, verifier, state and tokens of a rogue, and what it took in.
fn secrets(rogue: &Rogue) -> Vec<String> {
    let states = rogue.requests("/authorize").into_iter().filter_map(|one| one.field("state"));
    let all: Vec<_> = rogue.secrets().into_iter().chain(states).filter(|one| !one.is_empty()).collect();
    assert!(all.len() > 4, "the test knows too few secrets: {all:?}");
    all
}

#[test]
fn a_whole_life_at_trace_level_leaves_no_secret_behind() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let valet = Valet::start(&home);
    let mut said = String::new();
    home.browser_says_yes();
    said += &format!("{:?}", valet.cli(&["authorize", "rogue"]).expect_code(0));
    Crowd::ask(&home.socket(), 20, r#"{"server":"rogue"}"#).answers();
    home.move_clock(601);
    valet.token("rogue").expect_status(200);
    home.move_clock(1300);
    rogue.reply("/token", Reply::error(400, "temporarily_unavailable"));
    said += &valet.token("rogue").expect_status(502).body;
    rogue.behave("/token");
    for command in [["list", "--json"], ["show", "rogue"]] {
        said += &format!("{:?}", valet.cli(&command).expect_code(0));
    }
    said += &format!("{:?}", valet.cli(&["revoke", "rogue"]).expect_code(0));
    said += &fs::read_to_string(format!("/proc/{}/cmdline", valet.id())).unwrap();
    said += &fs::read_to_string(format!("/proc/{}/environ", valet.id())).unwrap();
    let log = valet.log();
    valet.stop();

    let secrets = secrets(&rogue);
    assert!(log.contains("listening at"), "there is no log: {log}");
    holds_none(&log, &secrets, "the log");
    holds_none(&said, &secrets, "what was said");
    let mut files = String::new();
    for folder in ["state", "config", "run", "data", "cache"] {
        written_below(&home.path().join(folder), &mut files);
    }
    holds_none(&files, &secrets, "a file");
}

#[test]
fn an_issuer_that_repeats_our_secrets_in_its_errors_does_not_get_them_shown() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    let refresh = rogue.secrets().into_iter().find(|one| one.starts_with("refresh-")).unwrap();
    home.move_clock(601);
    let echo =
        json!({ "error": "invalid_request", "error_description": format!("bad refresh_token {refresh}") });
    rogue.reply("/token", Reply::Json(400, echo));
    let answer = valet.token("rogue").expect_status(502);
    holds_none(&answer.body, std::slice::from_ref(&refresh), "the error");
    holds_none(&valet.log(), &[refresh], "the log");
}

#[test]
fn the_valet_dumps_no_core_and_lets_nobody_look_into_it() {
    let home = Home::new();
    home.lists(&[], "memory");
    let valet = Valet::start(&home);
    let limits = fs::read_to_string(format!("/proc/{}/limits", valet.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    let dumpable = undumpable(valet.id());
    assert!(dumpable || core.split_whitespace().nth(4) == Some("0"), "{core}");
}

/// The kernel gives the files of a process that is not dumpable to root; as root itself that is not to be
/// seen.
fn undumpable(id: u32) -> bool {
    use std::os::unix::fs::MetadataExt;
    let own = fs::metadata("/proc/self").unwrap().uid();
    own != 0 && fs::metadata(format!("/proc/{id}/environ")).is_ok_and(|file| file.uid() == 0)
}

#[test]
fn the_secret_of_a_client_is_moved_out_of_the_configuration() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let rogue = Rogue::start();
    rogue.edit_metadata("token_endpoint_auth_methods_supported", json!(["client_secret_post"]));
    home.configure(&json!({
        "mcpServers": { "rogue": {
            "url": rogue.mcp(),
            "oauth": { "clientId": "us", "clientSecret": "client-SECRET-of-the-person" },
        } },
        "valet": { "agents": "allow", "vault": "keychain" },
    }));
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    assert_eq!(rogue.requests("/token")[0].field("client_secret").unwrap(), "client-SECRET-of-the-person");
    let secret = ["client-SECRET-of-the-person".to_owned()];
    mcp_valet_tests::until("the secret has left the configuration", || {
        (!fs::read_to_string(home.config()).unwrap().contains(&secret[0])).then_some(())
    });
    holds_none(&valet.log(), &secret, "the log");
    valet.stop();
    let valet = Valet::start(&home);
    home.move_clock(601);
    valet.token("rogue").expect_status(200);
    assert_eq!(rogue.requests("/token")[1].field("client_secret").unwrap(), "client-SECRET-of-the-person");
}
