//! Clients that begin without a handshake (MCP 2026-07-28), while their server is not there.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::{BareClient, Home, Keychain, Reply, Rogue, SessionServer, Valet, curl, text, until};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// As long as the least patient client waits until it has begun.
const PATIENCE: Duration = Duration::from_secs(5);
const LIST_CHANGED: &str = "notifications/tools/list_changed";
const SUBSCRIPTION: &str = "io.modelcontextprotocol/subscriptionId";

fn meta() -> Value {
    json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "modern", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    })
}

fn with_meta(mut params: Value) -> Value {
    params["_meta"] = meta();
    params
}

fn tools(client: &mut BareClient) -> Vec<String> {
    let listed = client.result("tools/list", &with_meta(json!({})));
    assert!(listed["resultType"].is_null() || listed["resultType"] == "complete", "{listed}");
    let tools = listed["tools"].as_array().unwrap();
    tools.iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
}

fn call(client: &mut BareClient, tool: &str) -> u64 {
    client.ask("tools/call", &with_meta(json!({ "name": tool, "arguments": {} })))
}

/// The client begins, and hears that the tools have changed once somebody has signed in.
fn comes_late(client: &mut BareClient, server: &str, sign_in: impl FnOnce()) {
    let discovered = client.result("server/discover", &with_meta(json!({})));
    assert_eq!(discovered["supportedVersions"], json!(["2026-07-28"]));
    assert_eq!(discovered["resultType"], "complete");
    assert_eq!(tools(client), [format!("connect_to_{server}")]);
    let filter = json!({ "notifications": { "toolsListChanged": true } });
    let listening = client.ask("subscriptions/listen", &with_meta(filter));
    let acknowledged = client.hears("notifications/subscriptions/acknowledged");
    assert_eq!(acknowledged["params"]["notifications"], json!({ "toolsListChanged": true }));
    assert_eq!(acknowledged["params"]["_meta"][SUBSCRIPTION], listening);
    sign_in();
    let changed = client.hears(LIST_CHANGED);
    assert_eq!(changed["params"]["_meta"][SUBSCRIPTION], listening);
}

#[test]
fn a_server_of_the_same_revision_comes_late() {
    let (home, rogue) = (Home::new(), Rogue::start());
    is_modern(&rogue);
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    let mut client = BareClient::start(&home, "rogue");
    comes_late(&mut client, "rogue", || valet.sign_in("rogue"));
    assert_eq!(tools(&mut client), ["echo"]);
    let call = call(&mut client, "echo");
    assert_eq!(text(&client.answer(call)), "echo");
}

/// From now on it answers whoever has a token as a server of this revision does.
fn is_modern(rogue: &Rogue) {
    rogue.plan(|request| {
        request.headers.get("authorization").filter(|_| request.path == "/mcp")?;
        let message: Value = serde_json::from_str(&request.body).ok()?;
        let mut result = match message["method"].as_str()? {
            "server/discover" => json!({
                "supportedVersions": ["2026-07-28"],
                "capabilities": { "tools": {} },
                "instructions": "Be kind.",
            }),
            "tools/list" => json!({ "tools": [{ "name": "echo", "inputSchema": { "type": "object" } }] }),
            "tools/call" => json!({ "content": [{ "type": "text", "text": "echo" }] }),
            _ => json!({}),
        };
        result["resultType"] = "complete".into();
        Some(Reply::Json(200, json!({ "jsonrpc": "2.0", "id": message["id"], "result": result })))
    });
}

#[test]
fn a_server_that_wants_a_handshake_gets_one() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let server = SessionServer::start(&home, &rogue.origin());
    home.lists(&[("toolbox", &server.mcp())], "memory");
    let valet = Valet::start(&home);
    let mut client = BareClient::start(&home, "toolbox");
    comes_late(&mut client, "toolbox", || valet.sign_in("toolbox"));
    assert_eq!(tools(&mut client).len(), 6);
    let hello = call(&mut client, "hello");
    assert_eq!(text(&client.answer(hello)), "hello");
    // It asks the client something, for which this revision has no way.
    let ask = call(&mut client, "ask");
    assert!(client.answer(ask)["result"].is_object());
    let announce = call(&mut client, "announce");
    assert_eq!(text(&client.answer(announce)), "announced");
    until("it is heard of by the subscription", || (client.times(LIST_CHANGED) == 2).then_some(()));
    client.close();
    until("the session ends", || (server.sessions() == (1, 1)).then_some(()));
}

#[test]
fn what_a_client_does_not_look_at_again_is_written_down_for_the_next_time() {
    let (home, rogue) = (Home::new(), Rogue::start());
    is_modern(&rogue);
    let server = SessionServer::start(&home, &rogue.origin());
    home.lists(&[("rogue", &rogue.mcp()), ("toolbox", &server.mcp())], "memory");
    let (valet, _terminal) = Valet::on_terminal(&home);
    for (server, tool) in [("rogue", "echo"), ("toolbox", "announce")] {
        let mut client = BareClient::start(&home, server);
        let since = Instant::now();
        client.result("server/discover", &with_meta(json!({})));
        assert!(since.elapsed() < PATIENCE, "{:?}", since.elapsed());
        let waits = call(&mut client, &format!("connect_to_{server}"));
        valet.sign_in(server);
        let said = text(&client.answer(waits));
        assert!(said.contains("restart this program once"), "{said}");
        is_written_down(&home, tool);
    }
}

/// Waits until a server's tool of this name is.
#[track_caller]
fn is_written_down(home: &Home, tool: &str) {
    let folder = home.path().join("state/mcp-valet/last-time");
    until("it is written down", || {
        let files = std::fs::read_dir(&folder)
            .ok()?
            .filter_map(|entry| std::fs::read_to_string(entry.ok()?.path()).ok());
        files.into_iter().any(|said| said.contains(&format!(r#""name":"{tool}""#))).then_some(())
    });
}

/// Calls a tool as a client does that can show pages, and that answers this of those it was to show.
fn call_showing(client: &mut BareClient, tool: &str, inputs: &Value) -> Value {
    let mut params = with_meta(json!({ "name": tool, "arguments": {} }));
    params["_meta"]["io.modelcontextprotocol/clientCapabilities"] = json!({ "elicitation": { "url": {} } });
    if inputs.is_object() {
        params["inputResponses"] = inputs.clone();
    }
    let id = client.ask("tools/call", &params);
    client.answer(id)
}

/// The name of the page that a call is answered with, and the page.
#[track_caller]
fn page(answer: &Value) -> (String, url::Url) {
    let result = &answer["result"];
    assert_eq!(result["resultType"], "input_required", "{answer}");
    let (name, request) = result["inputRequests"].as_object().unwrap().iter().next().unwrap();
    assert_eq!(
        (&request["method"], &request["params"]["mode"]),
        (&json!("elicitation/create"), &json!("url"))
    );
    (name.clone(), request["params"]["url"].as_str().unwrap().parse().unwrap())
}

#[test]
fn a_call_is_answered_with_the_page_of_the_sign_in_where_the_client_can_show_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    is_modern(&rogue);
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let _valet = Valet::start(&home);
    let mut client = BareClient::start(&home, "rogue");
    client.result("server/discover", &with_meta(json!({})));
    let (name, url) = page(&call_showing(&mut client, "echo", &Value::Null));
    assert_eq!(url.origin().ascii_serialization(), rogue.origin(), "it is the issuer's own");
    curl(&[rogue.agree(&url).as_str()]).expect_status(200);
    let answer = call_showing(&mut client, "echo", &json!({ name: { "action": "accept" } }));
    assert_eq!(text(&answer), "echo");
    let sent = rogue.requests("/mcp");
    let calls = sent.iter().filter(|request| request.body.contains("tools/call")).count();
    assert_eq!(calls, 1, "the server is called once");
    assert!(sent.iter().all(|request| !request.body.contains("inputResponses")), "what is ours stays here");
    assert_eq!(client.times("elicitation/create"), 0, "nothing is asked of such a client by a request");
}

#[test]
fn a_no_to_that_page_is_the_persons_only_if_they_can_have_seen_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    is_modern(&rogue);
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let (valet, _terminal) = Valet::on_terminal(&home);
    let mut client = BareClient::start(&home, "rogue");
    client.result("server/discover", &with_meta(json!({})));
    let (name, _) = page(&call_showing(&mut client, "echo", &Value::Null));
    let declined = json!({ name: { "action": "decline" } });
    // It said so at once, and so it is shown once more.
    page(&call_showing(&mut client, "echo", &declined));
    assert_eq!(valet.server("rogue")["declined"], false);
    // A person takes longer than a program.
    std::thread::sleep(Duration::from_millis(1200));
    let told = call_showing(&mut client, "echo", &declined);
    assert_eq!(told["result"]["_meta"]["mcp-valet/problem"]["code"], "declined", "{told}");
    assert_eq!(valet.server("rogue")["declined"], true);
}

#[test]
fn whoever_knows_the_handshake_as_well_begins_with_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let server = SessionServer::start(&home, &rogue.origin());
    home.lists(&[("toolbox", &server.mcp())], "memory");
    let valet = Valet::start(&home);
    let mut client = BareClient::start(&home, "toolbox");
    let probe = client.ask("server/discover", &with_meta(json!({})));
    std::thread::sleep(Duration::from_secs(3));
    client.initialize(&json!({}));
    client.notify("notifications/initialized");
    assert_eq!(client.answer(probe)["error"]["code"], -32601);
    assert_eq!(client.tools(), ["connect_to_toolbox"]);
    valet.sign_in("toolbox");
    client.hears(LIST_CHANGED);
    assert_eq!(client.calls("hello"), "hello");
}

#[test]
fn a_server_that_is_known_is_spoken_for_as_it_is() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _keychain = Keychain::start(&home);
    is_modern(&rogue);
    home.lists(&[("rogue", &rogue.mcp())], "keychain");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    let mut client = BareClient::start(&home, "rogue");
    let answered = client.result("server/discover", &with_meta(json!({})));
    assert_eq!(tools(&mut client), ["echo"]);
    client.close();
    is_written_down(&home, "echo");
    valet.cli(&["lock"]).expect_code(0);
    let begun = Instant::now();
    let mut client = BareClient::start(&home, "rogue");
    let again = client.result("server/discover", &with_meta(json!({})));
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    assert_eq!(again["supportedVersions"], answered["supportedVersions"]);
    assert_eq!(again["instructions"], answered["instructions"]);
    assert_eq!(tools(&mut client), ["echo"]);
    client.ask("subscriptions/listen", &with_meta(json!({ "notifications": { "toolsListChanged": true } })));
    client.hears("notifications/subscriptions/acknowledged");
    let waits = call(&mut client, "echo");
    terminal.shows("Press Enter to unlock");
    terminal.types("");
    assert_eq!(text(&client.answer(waits)), "echo");
    assert_eq!(client.times(LIST_CHANGED), 0, "nothing has changed: {:?}", client.heard());
}
