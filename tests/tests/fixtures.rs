//! The fixtures hold by themselves, without the valet.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test; one speaks to the test that kills it")]

use std::fs;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use mcp_valet_tests::{
    Browser, Home, Keychain, McpServer, OidcProvider, Rogue, Terminal, TokenFormat, curl, until,
};
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;

const VERIFIER: &str = "a-verifier-that-is-long-enough-for-the-specification";
/// Nobody listens there: the browser's address is read instead.
const REDIRECT: &str = "http://127.0.0.1:9/callback";

fn register(issuer: &str) -> String {
    let client = json!({
        "redirect_uris": [REDIRECT], "application_type": "native", "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
    });
    let answer =
        curl(&["-H", "Content-Type: application/json", "-d", &client.to_string(), &format!("{issuer}/reg")]);
    answer.expect_status(201).text("client_id")
}

fn authorization_url(issuer: &str, client: &str, resource: &str) -> String {
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let mut url =
        Url::parse(&format!("{issuer}/auth?response_type=code&state=s&code_challenge_method=S256")).unwrap();
    url.query_pairs_mut()
        .append_pair("client_id", client)
        .append_pair("redirect_uri", REDIRECT)
        .append_pair("code_challenge", &challenge)
        .append_pair("resource", resource)
        .append_pair("scope", "mcp:tools");
    url.into()
}

fn sign_in_by_hand(format: TokenFormat) {
    let home = Home::new();
    let provider = OidcProvider::start(&home, format);
    let server = McpServer::start(&home, &provider);
    let browser = Browser::start(&home);
    server.whoami("nonsense").expect_status(401);

    let client = register(provider.issuer());
    browser.agree_at_oidc_provider(&authorization_url(provider.issuer(), &client, &server.mcp()));
    browser.arrives(REDIRECT);
    let address = Url::parse(&browser.url()).unwrap();
    let code = address.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();

    let form = format!(
        "grant_type=authorization_code&code={code}&client_id={client}&code_verifier={VERIFIER}&redirect_uri={REDIRECT}"
    );
    let token = curl(&["-d", &form, &format!("{}/token", provider.issuer())]).expect_status(200);
    assert!(token.json()["refresh_token"].is_string(), "{token:?}");
    let called = server.whoami(&token.text("access_token")).expect_status(200);
    assert!(called.body.contains(&client), "{called:?}");
    assert_eq!(provider.count("POST /token"), 1);
}

#[test]
fn the_servers_of_others_complete_a_sign_in_with_opaque_tokens() {
    sign_in_by_hand(TokenFormat::Opaque);
}

#[test]
fn the_servers_of_others_complete_a_sign_in_with_signed_tokens() {
    sign_in_by_hand(TokenFormat::Jwt);
}

#[test]
fn the_keychain_locks_unlocks_stops_and_hangs_on_command() {
    let home = Home::new();
    let mut keychain = Keychain::start(&home);
    keychain.lock();
    keychain.unlock();
    keychain.restart();
    keychain.freeze();
    keychain.thaw();
    keychain.lock();
}

#[test]
fn a_terminal_shows_what_is_said_and_passes_on_what_is_typed() {
    let home = Home::new();
    let mut command = home.command("sh");
    command.args([
        "-c",
        "test -t 0 && tty > /dev/null && printf 'Name? ' && read -r name && echo \"Hello, $name\"",
    ]);
    let (mut terminal, mut shell) = Terminal::run(&command, "shell", &home);
    terminal.shows("Name? ");
    terminal.types("Ada");
    terminal.shows("Hello, Ada");
    assert!(shell.wait().success());
}

#[test]
fn the_rogue_behaves_until_told_otherwise_and_comes_back_after_it_was_down() {
    let rogue = Rogue::start();
    curl(&[&rogue.mcp()]).expect_status(401);
    rogue.edit_metadata("issuer", json!("https://elsewhere.example"));
    let metadata = format!("{}/.well-known/oauth-authorization-server", rogue.origin());
    assert_eq!(curl(&[&metadata]).text("issuer"), "https://elsewhere.example");
    rogue.go_down();
    assert_eq!(curl(&[&metadata]).status, 0);
    rogue.come_back();
    curl(&[&metadata]).expect_status(200);
}

/// Not a test of its own: the child that the next test kills.
#[test]
#[ignore = "a part of the test that kills it"]
fn a_test_that_never_ends() {
    let home = Home::new();
    let _keychain = Keychain::start(&home);
    let browser = Browser::start(&home);
    browser.open("data:text/html,<p>ready");
    println!("home {}", home.path().display());
    until("this test is killed", || None)
}

#[test]
fn nothing_is_left_behind_when_a_test_is_killed() {
    let home = Home::new();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "--nocapture", "a_test_that_never_ends"]).stdin(Stdio::null());
    let mut test = home.spawn(&mut command, "victim");
    let folder = until("the other test stands", || {
        test.stdout().lines().find_map(|line| Some(line.split_once("home ")?.1.to_owned()))
    });
    assert!(processes_that_mention(&folder) > 2);
    test.kill();
    until("its processes are gone", || (processes_that_mention(&folder) == 0).then_some(()));
    until("its folder is gone", || (!fs::exists(&folder).unwrap()).then_some(()));
}

fn processes_that_mention(folder: &str) -> usize {
    let mentions = |name: &str| {
        let command = fs::read(format!("/proc/{name}/cmdline")).unwrap_or_default();
        let environment = fs::read(format!("/proc/{name}/environ")).unwrap_or_default();
        String::from_utf8_lossy(&[command, environment].concat()).contains(folder)
    };
    let entries = fs::read_dir("/proc").unwrap();
    entries.filter(|entry| mentions(&entry.as_ref().unwrap().file_name().to_string_lossy())).count()
}
