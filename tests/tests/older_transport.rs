//! Servers of the older transport, HTTP+SSE (MCP 2024-11-05): they work through the proxy and `connect` like
//! any other.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::io::Write;
use std::process::Stdio;

use mcp_valet_tests::{
    Agent, Home, Process, RawClient, Reply, Rogue, SessionServer, StdioClient, Valet, older_client_on_socket,
    program, until,
};
use serde_json::{Value, json};

/// A valet that is signed in at a server of the official SDK.
fn ready<'home>(home: &'home Home, rogue: &Rogue) -> (Valet<'home>, SessionServer) {
    let server = SessionServer::start_older(home, &rogue.origin());
    home.lists(&[("toolbox", &server.mcp())], "memory");
    let valet = Valet::start(home);
    valet.sign_in("toolbox");
    (valet, server)
}

#[test]
fn the_official_client_uses_everything_of_such_a_server_through_connect() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, server) = ready(&home, &rogue);
    let mut client = StdioClient::start(&home, "toolbox");
    let tools = client.request(&json!({ "method": "tools/list" }));
    assert_eq!(tools["result"]["tools"].as_array().unwrap().len(), 6, "{tools}");
    assert_eq!(client.calls("hello"), "hello");
    assert_eq!(client.calls("steps"), "done");
    assert!(["step 1", "step 2", "step 3"].iter().all(|step| client.log().contains(step)));
    assert_eq!(client.calls("big").len(), 5 << 20);
    assert_eq!(client.calls("ask"), "they decline");
    client.call("announce", &json!({}));
    until("what the server says by itself arrives", || {
        client.log().contains("tools/list_changed").then_some(())
    });
    for secret in rogue.secrets() {
        assert!(!client.log().contains(&secret), "{secret} was seen");
    }
    assert!(!client.log().contains("trouble"), "{}", client.log());
    client.close();
    until("the session ends", || (server.sessions() == (1, 1)).then_some(()));
}

#[test]
fn the_official_client_of_that_transport_works_over_the_socket() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, server) = ready(&home, &rogue);
    let said = older_client_on_socket(&home, "toolbox");
    assert!(said.contains("\"tools\":6") && said.contains("\"hello\"") && !said.contains("oauth"), "{said}");
    until("the session ends", || (server.sessions() == (1, 1)).then_some(()));
}

#[test]
fn a_server_or_a_valet_that_was_away_gets_a_new_session_without_the_client_noticing() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (valet, mut server) = ready(&home, &rogue);
    let mut client = StdioClient::start(&home, "toolbox");
    assert_eq!(client.calls("hello"), "hello");
    server.restart(&home);
    assert_eq!(client.calls("hello"), "hello");
    valet.kill();
    let valet = Valet::start(&home);
    valet.sign_in("toolbox");
    assert_eq!(client.calls("hello"), "hello");
}

#[test]
fn an_access_token_that_ends_amid_such_a_session_is_renewed() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let server = SessionServer::start_older(&home, &rogue.origin());
    home.lists(&[("toolbox", &server.mcp())], "memory");
    let valet = Valet::start(&home);
    valet.sign_in("toolbox");
    let mut client = StdioClient::start(&home, "toolbox");
    rogue.end_access();
    assert_eq!(client.calls("hello"), "hello");
    assert_eq!(rogue.refreshes(), 1);
}

/// From now on the rogue speaks the older transport: its stream names this endpoint, and says this.
fn speaks_older(rogue: &Rogue, endpoint: &str, said: &[Value]) {
    let events: Vec<String> = [format!("{endpoint}\nevent: endpoint")]
        .into_iter()
        .chain(said.iter().map(Value::to_string))
        .collect();
    rogue.plan(move |request| match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/mcp") => Some(Reply::Events(events.clone())),
        ("POST", "/mcp") => Some(Reply::Html(405, "Method Not Allowed".to_owned())),
        _ => None,
    });
}

fn call() -> Value {
    json!({ "jsonrpc": "2.0", "id": 9, "method": "tools/call", "params": { "name": "a" } })
}

#[track_caller]
fn connected(home: &Home) -> (Process, std::process::ChildStdin) {
    let mut command = home.command(program("mcp-valet"));
    let mut process = home.spawn(command.args(["connect", "rogue"]).stdin(Stdio::piped()), "connect");
    let input = process.take_stdin();
    (process, input)
}

/// A client that has opened the stream, and the address to which it is told to post.
#[track_caller]
fn opened(home: &Home) -> (RawClient, String) {
    let mut client = RawClient::connect(&home.socket());
    client.send(b"GET /mcp/rogue HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
    let said = client.reads("\n\n");
    let told = said.split("event: endpoint\ndata: ").nth(1).unwrap_or_else(|| panic!("{said}"));
    (client, told.lines().next().unwrap().trim().to_owned())
}

fn post(valet: &Valet, address: &str) -> mcp_valet_tests::HttpResponse {
    let url = format!("http://localhost{address}");
    valet.curl(&[&url, "-H", "Content-Type: application/json", "--data-raw", &call().to_string()])
}

#[test]
fn messages_are_posted_at_the_servers_own_origin_alone() {
    for elsewhere in
        ["http://127.0.0.1:1/messages", "//127.0.0.1:1/messages", "https://127.0.0.1/m", "http://u@"]
    {
        let (home, rogue) = (Home::new(), Rogue::start());
        let _valet = Valet::signed_in(&home, &rogue);
        speaks_older(&rogue, elsewhere, &[]);
        let (mut process, mut input) = connected(&home);
        writeln!(input, "{}", call()).unwrap();
        drop(input);
        assert!(process.wait().success());
        let answer: Value = serde_json::from_str(process.stdout().trim()).unwrap();
        assert_eq!(
            (&answer["id"], &StdioClient::problem(&answer)["reason"]),
            (&json!(9), &json!("endpoint_elsewhere"))
        );
    }
}

#[test]
fn an_endpoint_leads_to_the_server_and_never_to_the_valets_own_calls() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    speaks_older(&rogue, "/v1/lock", &[]);
    rogue.reply("/v1/lock", Reply::Html(202, "Accepted".to_owned()));
    let (_client, address) = opened(&home);
    assert!(address.starts_with("/mcp/rogue?session="), "{address}");
    post(&valet, &address).expect_status(202);
    let arrived = rogue.requests("/v1/lock").pop().unwrap();
    assert_eq!(serde_json::from_str::<Value>(&arrived.body).unwrap(), call());
    assert!(rogue.accepts(arrived.headers["authorization"].strip_prefix("Bearer ").unwrap()));
    valet.token("rogue").expect_status(200);
}

#[test]
fn such_a_session_is_its_programs_own_and_ends_with_its_stream() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    speaks_older(&rogue, "/messages?id=1", &[]);
    rogue.reply("/messages", Reply::Html(202, "Accepted".to_owned()));
    let (client, address) = opened(&home);
    let ask =
        format!("curl -s --unix-socket $SOCKET -H 'Content-Type: application/json' --data-raw '{}'", call());
    let refused = Agent::new(&home, "other").runs(&format!("{ask} 'http://localhost{address}'")).json();
    assert_eq!(refused["error"]["data"]["reason"], "unknown_session");
    post(&valet, "/mcp/rogue?session=invented").expect_status(404);
    post(&valet, "/mcp/rogue?endpoint=/messages").expect_status(400);
    assert_eq!(rogue.count("/messages"), 0);
    post(&valet, &address).expect_status(202);
    assert_eq!(rogue.requests("/messages").pop().unwrap().query, "id=1");
    drop(client);
    until("the session is over", || (post(&valet, &address).status == 404).then_some(()));
}

#[test]
fn what_the_valet_refuses_is_said_on_the_stream() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    speaks_older(&rogue, "/messages", &[]);
    rogue.reply("/messages", Reply::Bare(403, Vec::new()));
    let (mut client, address) = opened(&home);
    post(&valet, &address).expect_status(202);
    let said = client.reads("\"forbidden\"");
    assert!(said.contains("event: message") && said.contains("\"id\":9"), "{said}");
}

#[test]
fn an_answer_in_the_body_or_twice_on_the_stream_is_one_answer() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = Valet::signed_in(&home, &rogue);
    speaks_older(&rogue, "/messages", &[json!({ "type": "heartbeat" })]);
    let result = json!({ "jsonrpc": "2.0", "id": "9", "result": { "text": "a ok" } });
    rogue.reply("/messages", Reply::Json(200, json!([result, result])));
    let (mut process, mut input) = connected(&home);
    writeln!(input, "{}", call()).unwrap();
    drop(input);
    assert!(process.wait().success());
    let mended = json!({ "jsonrpc": "2.0", "id": 9, "result": { "text": "a ok" } });
    assert_eq!(serde_json::from_str::<Value>(process.stdout().trim()).unwrap(), mended);
}

#[test]
fn a_server_that_refuses_both_ways_is_quoted() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = Valet::signed_in(&home, &rogue);
    rogue.reply("/mcp", Reply::Html(405, "no".to_owned()));
    let (mut process, mut input) = connected(&home);
    writeln!(input, "{}", call()).unwrap();
    drop(input);
    assert!(process.wait().success());
    let answer: Value = serde_json::from_str(process.stdout().trim()).unwrap();
    assert!(answer["result"]["content"][0]["text"].as_str().unwrap().contains("405"), "{answer}");
}

/// The codes of what `doctor` finds.
fn examined(valet: &Valet) -> String {
    valet.cli(&["doctor", "rogue", "--json"]).stdout
}

#[test]
fn doctor_says_how_a_server_speaks_as_soon_as_that_can_be_seen() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    assert!(examined(&valet).contains("\"transport_unseen\""), "{}", examined(&valet));
    let initialize = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {} });
    valet.proxy("rogue", &initialize, &[]).expect_status(200);
    assert!(examined(&valet).contains("\"streamable_http\""));
    // The stream wants a sign-in, and messages are refused before one.
    rogue.plan(|request| {
        (request.path == "/mcp" && request.method == "POST").then(|| Reply::Html(405, String::new()))
    });
    let said = examined(&valet);
    assert!(said.contains("\"http_sse\"") && said.contains("\"unauthorized\""), "{said}");
    rogue.forget_plans();
    speaks_older(&rogue, "/messages", &[]);
    assert!(examined(&valet).contains("\"http_sse\""));
    rogue.forget_plans();
    rogue.plan(|request| {
        let wants = request.path == "/mcp" && !request.headers.contains_key("authorization");
        let answer = "/messages\nevent: endpoint".to_owned();
        match (wants, request.method.as_str(), request.path.as_str()) {
            (true, ..) => Some(Reply::Bare(401, vec![("www-authenticate", "Bearer".to_owned())])),
            (false, "GET", "/mcp") => Some(Reply::Events(vec![answer])),
            _ => None,
        }
    });
    let _open = opened(&home);
    assert!(examined(&valet).contains("\"http_sse\""), "it was used");
}

#[test]
fn a_sign_in_finds_what_the_stream_says_where_messages_are_refused() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let elsewhere = json!({ "resource": rogue.mcp(), "authorization_servers": [rogue.origin()] });
    rogue.reply("/.well-known/oauth-protected-resource/mcp", Reply::error(404, "not_found"));
    rogue.reply("/elsewhere", Reply::Json(200, elsewhere));
    let challenge = format!("Bearer resource_metadata=\"{}/elsewhere\"", rogue.origin());
    rogue.plan(move |request| match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/mcp") => Some(Reply::Html(405, String::new())),
        ("GET", "/mcp") => Some(Reply::Bare(401, vec![("www-authenticate", challenge.clone())])),
        _ => None,
    });
    let valet = Valet::start(&home);
    valet.sign_in("rogue");
    assert!(rogue.count("/elsewhere") > 0);
}
