//! Programs that others wrote sign in at the door by their own OAuth, directly and behind nginx. How each is
//! started is in `node/door-client.sh`; without their folder in `MCP_VALET_CLIENTS` nothing is done.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::env;
use std::path::Path;

use mcp_valet_tests::front::{Front, TlsFront};
use mcp_valet_tests::web::{Door, WebClient};
use mcp_valet_tests::{Home, Rogue, Terminal, figure, free_port, until};
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

/// One of them, from its first request until it has listed the tools.
fn signs_in(home: &Home, url: &str, authority: Option<&str>, terminal: &mut Terminal, program: (&str, &str)) {
    let (name, lists) = program;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("node/door-client.sh");
    let mut command = home.command(script);
    command
        .args([name, url, &free_port().to_string()])
        .env("MCP_VALET_CLIENTS", env::var_os("MCP_VALET_CLIENTS").unwrap());
    for variable in ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "CODEX_CA_CERTIFICATE"] {
        authority.map(|authority| command.env(variable, authority));
    }
    let place = if authority.is_some() { "behind" } else { "directly" };
    let mut process = home.spawn(&mut command, &format!("{name}-{place}"));
    let opened = home.path().join("opened");
    let page = until("it names a page", || {
        let noted = std::fs::read_to_string(&opened).unwrap_or_default();
        let said = format!("{noted}{}{}", process.stdout(), process.stderr());
        assert!(process.ended().is_none(), "{name}: {said}");
        let page = said.split(['\n', ' ', '"', '\x1b']).find(|word| word.contains("/authorize?"))?;
        Some(page.trim_matches(['<', '>', '\r']).to_owned())
    });
    let _ = std::fs::remove_file(&opened);
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

#[test]
fn they_sign_in_directly() {
    if env::var_os("MCP_VALET_CLIENTS").is_none() {
        return;
    }
    let (home, rogue) = (Home::new(), Rogue::start());
    home.browser_notes_the_address();
    rogue.is_a_server();
    let door = Door::configure(&home, &[("rogue", &rogue.mcp())], &json!({}));
    let (valet, mut terminal) = door.valet(&home);
    valet.sign_in("rogue");
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
