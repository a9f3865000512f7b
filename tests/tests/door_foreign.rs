//! Programs that others wrote sign in at the door by their own OAuth, directly and behind nginx. How each is
//! started is in `node/door-client.sh`; without their folder in `MCP_VALET_CLIENTS` nothing is done.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

use mcp_valet_tests::front::{Front, TlsFront};
use mcp_valet_tests::web::{Door, WebClient};
use mcp_valet_tests::{Home, Process, Rogue, Terminal, Valet, figure, free_port, until};
use serde_json::json;

/// The programs that `node/door-client.sh` can start, and what each says once it is let in.
const PROGRAMS: [(&str, &str); 4] = [
    ("inspector", "\"echo\""),
    ("python", "['echo']"),
    ("mcp-remote", "Connected successfully!"),
    ("codex", "Successfully logged in"),
];
/// Where they have their answers sent.
const REDIRECTS: [&str; 4] = [
    "http://127.0.0.1/callback",
    "http://127.0.0.1/oauth/callback",
    "http://localhost/oauth/callback",
    "http://localhost/callback",
];

/// How one of them is started.
fn command(home: &Home, name: &str, url: &str) -> Command {
    let mut command = home.command(Path::new(env!("CARGO_MANIFEST_DIR")).join("node/door-client.sh"));
    command
        .args([name, url, &free_port().to_string()])
        .env("MCP_VALET_CLIENTS", env::var_os("MCP_VALET_CLIENTS").unwrap());
    command
}

/// The page that it wants opened, and has not named before.
fn names_page(home: &Home, process: &mut Process, before: &str) -> String {
    let opened = home.path().join("opened");
    let page = until("it names a page", || {
        let noted = fs::read_to_string(&opened).unwrap_or_default();
        let said = format!("{}{}{noted}", process.stdout(), process.stderr());
        assert!(process.ended().is_none(), "{said}");
        let is_page = |word: &&str| word.contains("/authorize?") && !word.contains(before);
        let page = said.split(['\n', ' ', '"', '\x1b']).find(is_page)?;
        Some(page.trim_matches(['<', '>', '\r']).to_owned())
    });
    let _ = fs::remove_file(&opened);
    page
}

/// One of them, from its first request until it has listed the tools.
fn signs_in(home: &Home, url: &str, authority: Option<&str>, terminal: &mut Terminal, program: (&str, &str)) {
    let (name, lists) = program;
    let mut command = command(home, name, url);
    for variable in ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "CODEX_CA_CERTIFICATE"] {
        authority.map(|authority| command.env(variable, authority));
    }
    let place = if authority.is_some() { "behind" } else { "directly" };
    let mut process = home.spawn(&mut command, &format!("{name}-{place}"));
    let page = names_page(home, &mut process, "never");
    let variables: Vec<_> =
        authority.map(|authority| ("NODE_EXTRA_CA_CERTS", authority)).into_iter().collect();
    let mut browser = WebClient::with(home, url, &variables);
    let went = browser.does_asked(&format!("visit {page}"), terminal, "f");
    until(&format!("{name} lists the tools: {went}"), || {
        let said = process.stdout() + &process.stderr();
        if let Some(ended) = process.ended() {
            assert!(said.contains(lists), "{name} ({ended}): {said}");
        }
        said.contains(lists).then_some(())
    });
    figure(format!("| {name} | {place} | signs in by its own OAuth |"));
    process.kill();
}

/// A door without anything in front of it, and a valet that is signed in.
fn open<'home>(home: &'home Home, rogue: &Rogue) -> (Door, Valet<'home>, Terminal) {
    home.browser_notes_the_address();
    rogue.is_a_server();
    let door = Door::configure(home, &[("rogue", &rogue.mcp())], &json!({}));
    let (valet, terminal) = door.valet(home);
    valet.sign_in("rogue");
    (door, valet, terminal)
}

#[test]
fn they_sign_in_directly() {
    if env::var_os("MCP_VALET_CLIENTS").is_none() {
        return;
    }
    let (home, rogue) = (Home::new(), Rogue::start());
    let (door, _valet, mut terminal) = open(&home, &rogue);
    for program in PROGRAMS {
        signs_in(&home, &door.mcp("rogue"), None, &mut terminal, program);
    }
}

#[test]
fn they_sign_in_behind_nginx() {
    if env::var_os("MCP_VALET_CLIENTS").is_none() || !Front::Nginx.is_installed() {
        return;
    }
    let (home, rogue) = (Home::new(), Rogue::start());
    home.browser_notes_the_address();
    rogue.is_a_server();
    let front = TlsFront::prepare(&home);
    let more = json!({ "externalUrl": front.origin(), "redirects": REDIRECTS });
    let door = Door::configure(&home, &[("rogue", &rogue.mcp())], &more);
    let _process = front.start(&home, Front::Nginx, &door);
    let (valet, mut terminal) = door.valet(&home);
    valet.sign_in("rogue");
    for program in PROGRAMS {
        let url = format!("{}/mcp/rogue", front.origin());
        signs_in(&home, &url, Some(&front.authority()), &mut terminal, program);
    }
}

#[test]
fn after_a_restart_a_call_is_answered_once_its_program_is_let_in_again_which_is_asked_once() {
    if env::var_os("MCP_VALET_CLIENTS").is_none() {
        return;
    }
    let (home, rogue) = (Home::new(), Rogue::start());
    let (door, valet, mut terminal) = open(&home, &rogue);
    let url = door.mcp("rogue");
    let mut process =
        home.spawn(command(&home, "mcp-remote-serves", &url).stdin(Stdio::piped()), "mcp-remote-serves");
    let mut input = process.take_stdin();
    let mut browser = WebClient::start(&home, &url);
    let first = names_page(&home, &mut process, "never");
    browser.does_asked(&format!("visit {first}"), &mut terminal, "f");
    until("it is connected", || process.stdout().contains("connected").then_some(()));
    valet.stop();
    let (valet, mut terminal) = door.valet(&home);
    valet.sign_in("rogue");
    writeln!(input, "{}", json!({ "method": "tools/list" })).unwrap();
    let challenge = first.split('&').find(|part| part.starts_with("code_challenge=")).unwrap().to_owned();
    let second = names_page(&home, &mut process, &challenge);
    browser.does_asked(&format!("visit {second}"), &mut terminal, "f");
    let answer = until("its call is answered", || {
        process.stdout().lines().find(|line| line.starts_with("answer 1: ")).map(str::to_owned)
    });
    assert!(answer.contains("\"echo\"") && !answer.contains("error"), "{answer}");
    assert_eq!(terminal.screen().matches("wants to use").count(), 1);
    figure("| mcp-remote | directly | signs in again after a restart of the valet |");
}
