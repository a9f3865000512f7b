//! What the person has set up holds at the door as it does at the socket: keys, programs that are servers,
//! rules.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::keyed::{KEY, moved, shown, with_key};
use mcp_valet_tests::proposals::posts_and_answers;
use mcp_valet_tests::stdio::{digest, entry, lives};
use mcp_valet_tests::tools::{deletes, reads};
use mcp_valet_tests::web::{Door, WebClient};
use mcp_valet_tests::{Home, Keychain, Reply, Rogue, Terminal, until};
use serde_json::{Value, json};

/// What a tool answered, as JSON.
fn said(answer: &Value) -> Value {
    serde_json::from_str(answer["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}"))).unwrap()
}

#[test]
fn a_key_goes_to_its_server_and_never_to_a_client_of_the_door() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.is_a_server();
    let (_keychain, door) = (Keychain::start(&home), Door::at_free_port());
    door.configure_before(&home, &with_key(&rogue), "keychain", &json!({}));
    let (valet, mut terminal) = door.valet(&home);
    moved(&home);
    valet.settles("keyed", "ready");
    let mut client = WebClient::start(&home, &door.mcp("keyed"));
    let went = client.connects(&mut terminal, "f");
    assert_eq!(went["connected"], true, "{went}");
    assert_eq!(client.does("list")["tools"], json!(["echo"]));
    assert_eq!(shown(&rogue, "authorization"), Some(format!("Bearer {KEY}")));
    let token = client.does("tokens").to_string();
    assert!(!token.contains(KEY) && !went.to_string().contains(KEY));
    // What the server says of it is covered on its way.
    rogue.plan(|request| {
        let shown = request.headers.get("authorization").filter(|_| request.body.contains("tools/call"))?;
        let result = json!({ "content": [{ "type": "text", "text": shown }] });
        let message: Value = serde_json::from_str(&request.body).ok()?;
        Some(Reply::Json(200, json!({ "jsonrpc": "2.0", "id": message["id"], "result": result })))
    });
    let told = client.does("call echo").to_string();
    assert!(told.contains("Bearer ***") && !told.contains(KEY), "{told}");
}

#[test]
fn a_server_that_runs_here_is_used_by_the_door_and_ends_with_what_its_client_was_given() {
    let home = Home::new();
    let (_keychain, door) = (Keychain::start(&home), Door::at_free_port());
    door.configure_before(&home, &json!({}), "keychain", &json!({}));
    let (valet, mut terminal) = door.valet(&home);
    let program = json!({ "name": "stdio", "program": entry(&json!({ "API_KEY": KEY })), "wait": 60 });
    posts_and_answers(&valet, &mut terminal, &program, "y").expect_status(200);
    valet.settles("stdio", "ready");
    let mut client = WebClient::start(&home, &door.mcp("stdio"));
    let went = client.connects(&mut terminal, "f");
    assert_eq!(went["connected"], true, "{went}");
    let look = said(&client.does("call look"));
    assert_eq!(look["digest"], digest(KEY));
    assert!(lives(&look["pid"]));
    let number = valet.cli(&["door", "list", "--json"]).expect_code(0).json()[0]["number"].to_string();
    valet.cli(&["door", "take-back", &number]).expect_code(0);
    until("its program has ended", || (!lives(&look["pid"])).then_some(()));
    assert_eq!(client.does("ask")["status"], 401);
}

/// Has a client call a tool, about which the person is asked.
fn calls_asked(client: &mut WebClient, terminal: &mut Terminal, tool: &str, answer: &str) -> Value {
    let asked = || terminal.screen().matches("wants to call").count();
    let before = asked();
    client.begin(&format!("call {tool}"));
    until("the person is asked", || (asked() > before).then_some(()));
    terminal.types(answer);
    client.answer()
}

#[test]
fn rules_hold_for_a_client_of_the_door_which_is_told_no_more_than_what_came_of_its_call() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.is_a_server();
    rogue.has_tools(vec![reads("look"), deletes("wipe"), deletes("burn")]);
    initializes(&rogue);
    let door = Door::configure(&home, &[("rogue", &rogue.mcp())], &json!({}));
    let (valet, mut terminal) = door.valet(&home);
    valet.sign_in("rogue");
    let mut client = WebClient::start(&home, &door.mcp("rogue"));
    client.connects(&mut terminal, "f reads");
    assert_eq!(client.does("list")["tools"], json!(["look", "wipe", "burn"]));
    let text = |answer: &Value| answer["content"][0]["text"].as_str().unwrap_or_default().to_owned();
    assert_eq!(text(&client.does("call look")), "done");
    assert_eq!(text(&calls_asked(&mut client, &mut terminal, "wipe", "o")), "done");
    assert!(terminal.screen().contains("Web Tester, it says"), "{}", terminal.screen());
    let refused = calls_asked(&mut client, &mut terminal, "wipe", "d");
    assert!(refused["isError"] == true && text(&refused).contains("did not allow this call"), "{refused}");
    let never = calls_asked(&mut client, &mut terminal, "burn", "never");
    assert_eq!(never["isError"], true, "{never}");
    // From now on it is not asked about, nor listed.
    assert!(text(&client.does("call burn")).contains("does not allow calls"));
    assert_eq!(client.does("list")["tools"], json!(["look", "wipe"]));
    assert_eq!(rogue.called(), ["look {}", "wipe {}"]);
    // Another client has nothing of these answers.
    let mut other = WebClient::start(&home, &door.mcp("rogue"));
    other.connects(&mut terminal, "f");
    assert_eq!(text(&other.does("call burn")), "done");
}

/// It begins as a server does.
fn initializes(rogue: &Rogue) {
    rogue.plan(|request| {
        let message: Value = serde_json::from_str(&request.body).ok()?;
        request.headers.get("authorization").filter(|_| message["method"] == "initialize")?;
        let info = json!({ "name": "rogue", "version": "1" });
        let result =
            json!({ "protocolVersion": "2025-11-25", "capabilities": { "tools": {} }, "serverInfo": info });
        Some(Reply::Json(200, json!({ "jsonrpc": "2.0", "id": message["id"], "result": result })))
    });
}
