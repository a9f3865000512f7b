//! `mcp-valet connect` where the server cannot answer yet: no client waits for it at its start, and each has
//! the tools once somebody has done what was missing, without being restarted.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::io::Write;
use std::process::{ChildStdin, Stdio};
use std::time::{Duration, Instant};

use mcp_valet_tests::{
    BareClient, Home, Keychain, Process, Reply, Rogue, SessionServer, StdioClient, Valet, program, until,
};
use serde_json::{Value, json};

/// Far below what the least patient client waits: ten seconds.
const PATIENCE: Duration = Duration::from_secs(8);
const WAITING: &str = "connect_to_toolbox";

fn configure(home: &Home, server: &SessionServer, agents: &str, vault: &str) {
    home.configure(&json!({
        "mcpServers": { "toolbox": { "url": server.mcp() } },
        "valet": { "agents": agents, "vault": vault },
    }));
}

/// A client that has been told something else than to wait.
#[track_caller]
fn begins(home: &Home) -> StdioClient {
    let since = Instant::now();
    let client = StdioClient::start(home, "toolbox");
    assert!(since.elapsed() < PATIENCE, "it began after {:?}", since.elapsed());
    client
}

fn tools(client: &mut StdioClient) -> Vec<String> {
    let listed = client.request(&json!({ "method": "tools/list" }));
    let tools = listed["result"]["tools"].as_array().unwrap_or_else(|| panic!("{listed}"));
    tools.iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
}

#[track_caller]
fn hears_of_tools(client: &StdioClient) {
    until(&format!("the tools are announced: {}", client.log()), || {
        client.log().contains("notifications/tools/list_changed").then_some(())
    });
}

#[test]
fn nobody_has_signed_in_yet() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let server = SessionServer::start(&home, &rogue.origin());
    configure(&home, &server, "allow", "memory");
    let valet = Valet::start(&home);
    let mut client = begins(&home);
    assert_eq!(tools(&mut client), [WAITING]);
    client.ask(&json!({ "method": "tools/call", "params": { "name": WAITING } }));
    valet.sign_in("toolbox");
    hears_of_tools(&client);
    assert_eq!(tools(&mut client).len(), 6);
    assert_eq!(client.calls("hello"), "hello");
    assert_eq!(client.calls("ask"), "they decline");
    assert!(client.calls(WAITING).contains("is connected"));
    client.close();
    until("the session ends", || (server.sessions() == (1, 1)).then_some(()));
}

#[test]
fn nobody_has_allowed_it_yet() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let server = SessionServer::start(&home, &rogue.origin());
    configure(&home, &server, "ask", "memory");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("toolbox");
    let mut client = begins(&home);
    assert_eq!(tools(&mut client), [WAITING]);
    let shown = terminal.shows("Allow [o]nce");
    assert_eq!(shown.matches("Allow [o]nce").count(), 1, "{shown}");
    terminal.types("f");
    hears_of_tools(&client);
    assert_eq!(client.calls("hello"), "hello");
}

#[test]
fn a_no_is_a_result_that_a_model_can_pass_on() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let server = SessionServer::start(&home, &rogue.origin());
    configure(&home, &server, "ask", "memory");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("toolbox");
    let mut client = begins(&home);
    terminal.shows("Allow [o]nce");
    client.ask(&json!({ "method": "tools/call", "params": { "name": WAITING } }));
    terminal.types("d");
    let told = |client: &StdioClient| client.log().contains(r#""isError":true"#);
    until("it is told", || told(&client).then_some(()));
    assert!(client.log().contains("is not allowed to use"), "{}", client.log());
    let again = client.call("hello", &json!({}));
    assert_eq!(again["result"]["isError"], true, "{again}");
    assert_eq!(StdioClient::problem(&again)["code"], "denied", "{again}");
}

#[test]
fn the_keychain_is_locked() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let keychain = Keychain::start(&home);
    let server = SessionServer::start(&home, &rogue.origin());
    configure(&home, &server, "allow", "keychain");
    let valet = Valet::start(&home);
    valet.sign_in("toolbox");
    valet.stop();
    keychain.lock();
    let _valet = Valet::start(&home);
    let mut client = begins(&home);
    assert_eq!(tools(&mut client), [WAITING]);
    keychain.unlock();
    assert!(client.calls(WAITING).contains("is connected"));
    assert_eq!(client.calls("hello"), "hello");
}

#[test]
fn the_person_locked_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let server = SessionServer::start(&home, &rogue.origin());
    configure(&home, &server, "allow", "keychain");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("toolbox");
    valet.cli(&["lock"]).expect_code(0);
    let mut client = begins(&home);
    assert_eq!(tools(&mut client), [WAITING]);
    terminal.shows("Press Enter to unlock");
    terminal.types("");
    hears_of_tools(&client);
    assert_eq!(client.calls("hello"), "hello");
}

#[test]
fn no_valet_runs() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    let server = SessionServer::start(&home, &rogue.origin());
    configure(&home, &server, "allow", "keychain");
    // Else whoever waits may be told that somebody has to sign in first.
    let before = Valet::start(&home);
    before.sign_in("toolbox");
    before.stop();
    let mut impatient = BareClient::start_with(&home, &["toolbox", "--wait", "1"]);
    impatient.initialize(&json!({}));
    let call = impatient.call("hello");
    let refused = impatient.answer(call);
    assert_eq!(StdioClient::problem(&refused)["code"], "not_running", "{refused}");
    let mut client = begins(&home);
    assert_eq!(tools(&mut client), [WAITING]);
    client.ask(&json!({ "method": "tools/call", "params": { "name": WAITING } }));
    let _valet = Valet::start(&home);
    hears_of_tools(&client);
    until("the call waited for it", || client.log().contains("is connected").then_some(()));
    assert_eq!(client.calls("hello"), "hello");
}

#[test]
fn a_server_of_the_older_transport_comes_late_as_well() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let server = SessionServer::start_older(&home, &rogue.origin());
    configure(&home, &server, "ask", "memory");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("toolbox");
    let mut client = begins(&home);
    assert_eq!(tools(&mut client), [WAITING]);
    terminal.shows("Allow [o]nce");
    terminal.types("f");
    hears_of_tools(&client);
    assert_eq!(client.calls("hello"), "hello");
    assert_eq!(client.calls("ask"), "they decline");
}

#[test]
fn a_server_that_nobody_knows_is_said_at_once() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = Valet::signed_in(&home, &rogue);
    let (process, _input) = with_initialize(&home, "other");
    let said = until("it is said", || messages(&process).pop());
    assert_eq!(said["error"]["data"]["code"], "unknown_server", "{said}");
}

#[test]
fn whoever_calls_a_tool_meanwhile_waits_hears_so_and_can_cancel() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let server = SessionServer::start(&home, &rogue.origin());
    configure(&home, &server, "ask", "memory");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("toolbox");
    let (process, mut input) = with_initialize(&home, "toolbox");
    until("it begins", || (!messages(&process).is_empty()).then_some(()));
    let call = |id: u8| json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": "hello", "_meta": { "progressToken": id } } });
    for id in [2, 3] {
        writeln!(input, "{}", call(id)).unwrap();
    }
    let progress = |id: u8| {
        messages(&process).iter().any(|said| said["params"]["progressToken"] == id && said["id"].is_null())
    };
    until("both hear that they wait", || (progress(2) && progress(3)).then_some(()));
    writeln!(
        input,
        "{}",
        json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 2 } })
    )
    .unwrap();
    terminal.shows("Allow [o]nce");
    terminal.types("f");
    let answered =
        |id: u8| messages(&process).iter().any(|said| said["id"] == id && said.get("result").is_some());
    until("the other one is answered", || answered(3).then_some(()));
    assert!(!answered(2), "{:?}", messages(&process));
}

#[test]
fn what_a_server_has_not_is_empty_and_what_it_has_is_announced() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.asks_about(&[("rogue", &rogue.mcp())]);
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    let agreed = json!({ "protocolVersion": "2025-06-18", "capabilities": { "prompts": {} }, "serverInfo": { "name": "x", "version": "1" } });
    rogue.reply("/mcp", Reply::Json(200, json!({ "jsonrpc": "2.0", "id": 1, "result": agreed })));
    let (process, mut input) = with_initialize(&home, "rogue");
    let begun = until("it begins", || messages(&process).pop());
    assert_eq!(begun["result"]["protocolVersion"], "2025-11-25");
    assert!(begun["result"]["capabilities"]["tools"]["listChanged"] == true, "{begun}");
    terminal.shows("Allow [o]nce");
    terminal.types("f");
    let method = |name: &str| messages(&process).iter().any(|said| said["method"] == name);
    until("its prompts are announced", || method("notifications/prompts/list_changed").then_some(()));
    assert!(!method("notifications/resources/list_changed"));
    writeln!(input, "{}", json!({ "jsonrpc": "2.0", "id": 2, "method": "resources/list" })).unwrap();
    let answer = until("it is answered", || messages(&process).into_iter().find(|said| said["id"] == 2));
    assert_eq!(answer["result"], json!({ "resources": [] }));
}

fn with_initialize(home: &Home, server: &str) -> (Process, ChildStdin) {
    let mut command = home.command(program("mcp-valet"));
    let mut process = home.spawn(command.args(["connect", server]).stdin(Stdio::piped()), "connect");
    let mut input = process.take_stdin();
    let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "x", "version": "1" } });
    writeln!(input, "{}", json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params }))
        .unwrap();
    (process, input)
}

fn messages(process: &Process) -> Vec<Value> {
    let line = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
    process.stdout().lines().map(line).collect()
}
