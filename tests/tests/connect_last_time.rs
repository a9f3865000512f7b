//! The tools of the last time: a client that begins before its server can answer has them, if its own yes
//! stands; nobody else has, and nothing of them outlives what they came from.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{Agent, BareClient, Home, Keychain, Reply, Rogue, SessionServer, Valet, text, until};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const WAITING: &str = "connect_to_toolbox";
const LIST_CHANGED: &str = "notifications/tools/list_changed";

fn configure(home: &Home, server: &SessionServer, agents: &str) {
    home.configure(&json!({
        "mcpServers": { "toolbox": { "url": server.mcp() } },
        "valet": { "agents": agents, "vault": "keychain" },
    }));
}

fn noted(home: &Home) -> Vec<PathBuf> {
    let folder = fs::read_dir(home.path().join("state/mcp-valet/last-time"));
    let files = folder.into_iter().flatten().map(|entry| entry.unwrap().path());
    // A draft is another file for a moment.
    files.filter(|file| file.extension().is_some_and(|extension| extension == "json")).collect()
}

/// A client lists the tools, and they are written down.
#[track_caller]
fn lists(home: &Home) {
    let (mut client, _) = BareClient::begin(home, "toolbox", &json!({}));
    if client.tools() == [WAITING] {
        client.hears(LIST_CHANGED);
    }
    assert_eq!(client.tools().len(), 6);
    until("they are written down", || {
        let said = noted(home).pop().and_then(|file| fs::read_to_string(file).ok())?;
        said.contains("announce").then_some(())
    });
    client.close();
}

/// What the valet tells this test itself of the last time.
fn told(home: &Home) -> Value {
    let mut asking = mcp_valet_tests::RawClient::connect(&home.socket());
    asking
        .send(b"GET /v1/servers/toolbox/last-time HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    asking.answer().expect_status(200).json()
}

#[test]
fn a_client_that_is_allowed_has_them_while_the_keychain_is_locked_and_its_call_waits_for_that() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let keychain = Keychain::start(&home);
    let server = SessionServer::start(&home, &rogue.origin());
    configure(&home, &server, "ask");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("toolbox");
    std::thread::scope(|scope| {
        let listing = scope.spawn(|| lists(&home));
        terminal.shows("Allow [o]nce");
        terminal.types("always");
        listing.join().unwrap();
    });
    let file = noted(&home).pop().unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    valet.stop();
    keychain.lock();

    // The client is there before the valet.
    let (mut client, begun) = BareClient::begin(&home, "toolbox", &json!({}));
    assert_eq!(begun["serverInfo"]["name"], "toolbox");
    assert_eq!(client.tools(), [WAITING]);
    let _valet = Valet::start(&home);
    client.hears(LIST_CHANGED);
    assert_eq!(client.tools().len(), 6, "those of the last time");
    let call = client.call("hello");
    client.hears("notifications/progress");
    keychain.unlock();
    assert_eq!(text(&client.answer(call)), "hello");

    let (_, begun) = BareClient::begin(&home, "toolbox", &json!({}));
    assert_eq!(begun["serverInfo"], json!({ "name": "toolbox", "version": "1.0.0" }));
}

#[test]
fn what_the_server_could_do_is_announced_and_nothing_else() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let server = SessionServer::start(&home, &rogue.origin());
    configure(&home, &server, "allow");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("toolbox");
    lists(&home);
    valet.cli(&["lock"]).expect_code(0);
    let (mut client, begun) = BareClient::begin(&home, "toolbox", &json!({}));
    let capabilities = json!({ "logging": {}, "tools": { "listChanged": true } });
    assert_eq!(begun["capabilities"], capabilities);
    assert_eq!(begun["serverInfo"]["version"], "1.0.0");
    assert_eq!(client.tools().len(), 6);
    let call = client.call("hello");
    client.hears("notifications/progress");
    terminal.shows("Press Enter to unlock");
    terminal.types("");
    assert_eq!(text(&client.answer(call)), "hello");
    assert_eq!(client.times(LIST_CHANGED), 0, "they are the same: some programs let a call fail for that");
    client.close();
}

#[test]
fn a_list_that_is_another_by_now_is_announced() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.is_a_server();
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let _keychain = Keychain::start(&home);
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    let (mut client, _) = BareClient::begin(&home, "rogue", &json!({}));
    assert_eq!(client.tools(), ["echo"]);
    until("it is written down", || (!noted(&home).is_empty()).then_some(()));
    client.close();
    valet.cli(&["lock"]).expect_code(0);
    rogue.plan(|request| {
        let message: Value = serde_json::from_str(&request.body).ok()?;
        let tools = json!({ "tools": [{ "name": "another", "inputSchema": { "type": "object" } }] });
        let is_list = message["method"] == "tools/list" && request.headers.contains_key("authorization");
        is_list.then(|| Reply::Json(200, json!({ "jsonrpc": "2.0", "id": message["id"], "result": tools })))
    });
    let (mut client, _) = BareClient::begin(&home, "rogue", &json!({}));
    assert_eq!(client.tools(), ["echo"]);
    terminal.shows("Press Enter to unlock");
    terminal.types("");
    client.hears(LIST_CHANGED);
    assert_eq!(client.tools(), ["another"]);
}

/// A list that was on its way then was told to whoever the key is of, and that may be another.
#[test]
fn nothing_is_noted_of_a_key_that_was_wiped_meanwhile() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.is_a_server();
    let headers = json!({ "Authorization": "Bearer key-of-the-person-4711" });
    home.configure(&json!({
        "mcpServers": {
            "keyed": { "url": rogue.mcp(), "headers": headers },
            "other": { "url": rogue.mcp(), "headers": headers },
        },
        "valet": { "agents": "allow", "vault": "keychain" },
    }));
    let _keychain = Keychain::start(&home);
    let valet = Valet::start(&home);
    valet.settles("keyed", "ready");
    valet.settles("other", "ready");
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    valet.proxy("other", &list, &[]).expect_status(200);
    let other = until("what the other one says is noted", || noted(&home).pop());
    let gate = rogue.hold("/mcp");
    std::thread::scope(|scope| {
        let listing = scope.spawn(|| valet.proxy("keyed", &list, &[]).expect_status(200));
        gate.reached();
        valet.cli(&["key", "remove", "keyed"]).expect_code(0);
        gate.open();
        listing.join().unwrap();
    });
    let before = fs::read(&other).unwrap();
    let begin = json!({ "jsonrpc": "2.0", "id": 2, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "bare", "version": "1" },
    } });
    valet.proxy("other", &begin, &[]).expect_status(200);
    until("what came after it is noted", || (fs::read(&other).unwrap() != before).then_some(()));
    assert_eq!(noted(&home), [other]);
}

/// Some clients look at the list of tools once, and are told to be restarted. Of this one no yes outlives the
/// valet, and nothing was in the vault when that began.
#[test]
fn whoever_did_not_look_again_has_them_the_next_time() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let server = SessionServer::start(&home, &rogue.origin());
    configure(&home, &server, "allow");
    let (valet, _terminal) = Valet::on_terminal(&home);
    let agent = Agent::in_memory(&home, "loose");
    let begins = || {
        let mut client = BareClient::of(&home, agent.command(r#""$VALET" connect toolbox"#));
        client.initialize(&json!({}));
        client.notify("notifications/initialized");
        client
    };
    let mut client = begins();
    assert_eq!(client.tools(), [WAITING]);
    let call = client.call(WAITING);
    valet.sign_in("toolbox");
    assert!(text(&client.answer(call)).contains("restart this program once"));
    client.close();
    rogue.end_grants();
    rogue.end_access();
    assert_eq!(begins().tools().len(), 6);
}

/// Some weeks later.
#[test]
fn a_call_waits_for_the_person_where_the_issuer_has_ended_the_sign_in() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.is_a_server();
    let ended = Arc::new(AtomicBool::new(false));
    rogue.plan({
        let ended = Arc::clone(&ended);
        move |request| {
            let refused = request.path == "/mcp" && ended.load(Ordering::Relaxed);
            let challenge = ("www-authenticate", "Bearer error=\"invalid_token\"".to_owned());
            refused.then(|| Reply::Bare(401, vec![challenge]))
        }
    });
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let _keychain = Keychain::start(&home);
    let (valet, _terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    let (mut client, _) = BareClient::begin(&home, "rogue", &json!({}));
    assert_eq!(client.tools(), ["echo"]);
    client.close();
    for round in 0..3 {
        rogue.end_grants();
        rogue.end_access();
        ended.store(true, Ordering::Relaxed);
        let (mut client, _) = BareClient::begin(&home, "rogue", &json!({}));
        assert_eq!(client.tools(), ["echo"], "{round}");
        let call = client.call("hello");
        until("somebody is missing", || (valet.server("rogue")["state"] == "lapsed").then_some(()));
        client.hears("notifications/progress");
        ended.store(false, Ordering::Relaxed);
        valet.sign_in("rogue");
        assert_eq!(client.answer(call)["result"], json!({}), "{round}");
        client.close();
    }
}

#[test]
fn nobody_is_told_whom_the_person_has_not_allowed_the_server() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let server = SessionServer::start(&home, &rogue.origin());
    configure(&home, &server, "ask");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("toolbox");
    assert_eq!(told(&home), json!({}), "there is nothing, which looks the same");
    std::thread::scope(|scope| {
        let listing = scope.spawn(|| lists(&home));
        terminal.shows("Allow [o]nce");
        terminal.types("f");
        listing.join().unwrap();
    });
    assert_eq!(told(&home)["tools"].as_array().unwrap().len(), 6);
    let another = Agent::new(&home, "another");
    let curl = "curl -s --unix-socket $SOCKET http://localhost/v1/servers/toolbox/last-time";
    assert_eq!(another.runs(curl).stdout, "{}");
    terminal.types("who");
    terminal.shows("forget");
    terminal.types("forget 1");
    terminal.shows("asks again before it uses toolbox");
    assert_eq!(told(&home), json!({}));
}

#[test]
fn they_are_gone_with_the_sign_in() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let server = SessionServer::start(&home, &rogue.origin());
    configure(&home, &server, "allow");
    let valet = Valet::start(&home);
    let learnt = || {
        valet.sign_in("toolbox");
        lists(&home);
        assert_eq!(told(&home)["tools"].as_array().unwrap().len(), 6);
    };
    learnt();
    // Whose it is, is not known: what a program puts in the place of what works may be another account's.
    valet.sign_in("toolbox");
    assert_eq!((told(&home), noted(&home).len()), (json!({}), 0));
    learnt();
    valet.cli(&["revoke", "toolbox"]).expect_code(0);
    assert_eq!((told(&home), noted(&home).len()), (json!({}), 0));
    learnt();
    valet.cli(&["revoke", "--all", "--yes"]).expect_code(0);
    assert_eq!(noted(&home).len(), 0);
    learnt();
    valet.cli(&["remove", "toolbox"]).expect_code(0);
    assert_eq!(noted(&home).len(), 0);
}

#[test]
fn they_stay_where_a_sign_in_that_has_ended_is_made_anew() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let server = SessionServer::start(&home, &rogue.origin());
    configure(&home, &server, "allow");
    let valet = Valet::start(&home);
    valet.sign_in("toolbox");
    lists(&home);
    rogue.end_grants();
    rogue.end_access();
    valet.proxy("toolbox", &json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }), &[]);
    valet.settles("toolbox", "lapsed");
    valet.sign_in("toolbox");
    assert_eq!(told(&home)["tools"].as_array().unwrap().len(), 6);
}

#[test]
fn they_are_gone_with_the_entry_in_the_file() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let server = SessionServer::start(&home, &rogue.origin());
    configure(&home, &server, "allow");
    let valet = Valet::start(&home);
    valet.sign_in("toolbox");
    lists(&home);
    home.configure(&json!({ "mcpServers": {}, "valet": { "agents": "allow", "vault": "keychain" } }));
    until("they are gone", || noted(&home).is_empty().then_some(()));
}
