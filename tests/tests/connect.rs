//! `mcp-valet connect`: a remote server as a program on standard input and output.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::{ChildStdin, Stdio};

use mcp_valet_tests::{Home, Process, Reply, Rogue, SessionServer, StdioClient, Valet, program, until};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::Signal;
use serde_json::{Value, json};

/// A valet that is signed in at a server of the official SDK.
fn ready<'home>(home: &'home Home, rogue: &Rogue) -> (Valet<'home>, SessionServer) {
    let server = SessionServer::start(home, &rogue.origin());
    home.lists(&[("toolbox", &server.mcp())], "memory");
    let valet = Valet::start(home);
    valet.sign_in("toolbox");
    (valet, server)
}

#[test]
fn the_official_client_uses_everything_of_a_server_and_never_sees_its_token() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, server) = ready(&home, &rogue);
    let mut client = StdioClient::start(&home, "toolbox");
    let tools = client.request(&json!({ "method": "tools/list" }));
    assert_eq!(tools["result"]["tools"].as_array().unwrap().len(), 6, "{tools}");
    assert_eq!(client.calls("hello"), "hello");
    assert_eq!(client.calls("steps"), "done");
    assert!(
        ["step 1", "step 2", "step 3"].iter().all(|step| client.log().contains(step)),
        "{}",
        client.log()
    );
    assert_eq!(client.calls("big").len(), 5 << 20);
    assert_eq!(client.calls("ask"), "they decline");
    until("what the server says by itself arrives", || {
        client.call("announce", &json!({}));
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
fn a_tool_that_needs_another_scope_waits_for_the_sign_in_and_then_works() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let server = SessionServer::start(&home, &rogue.origin());
    home.lists(&[("toolbox", &server.mcp())], "memory");
    let (valet, mut terminal) = Valet::on_terminal(&home);
    valet.sign_in("toolbox");
    let mut client = StdioClient::start(&home, "toolbox");
    client.ask(&json!({ "method": "tools/call", "params": { "name": "admin" } }));
    terminal.shows("[s]ign in now");
    terminal.types("s");
    until("the tool answers", || client.log().contains("at your service").then_some(()));
    assert_eq!(client.calls("hello"), "hello");
}

#[test]
fn a_server_that_forgot_the_session_gets_a_new_one_without_the_client_noticing() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, mut server) = ready(&home, &rogue);
    let mut client = StdioClient::start(&home, "toolbox");
    assert_eq!(client.calls("hello"), "hello");
    server.restart(&home);
    assert_eq!(client.calls("hello"), "hello");
    assert_eq!(server.sessions(), (1, 0));
}

#[test]
fn while_no_valet_runs_each_request_is_told_so_and_works_again_when_it_is_back() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (valet, _server) = ready(&home, &rogue);
    let mut client = StdioClient::start(&home, "toolbox");
    valet.kill();
    let refused = client.call("hello", &json!({}));
    assert_eq!(StdioClient::problem(&refused)["code"], "not_running", "{refused}");
    let valet = Valet::start(&home);
    let refused = client.call("hello", &json!({}));
    assert_eq!(StdioClient::problem(&refused)["code"], "authorization_required", "{refused}");
    valet.sign_in("toolbox");
    assert_eq!(client.calls("hello"), "hello");
}

/// `mcp-valet connect` with the test itself as its client.
fn connect(home: &Home, server: &str) -> (Process, ChildStdin) {
    let mut command = home.command(program("mcp-valet"));
    let mut process = home.spawn(command.args(["connect", server]).stdin(Stdio::piped()), "connect");
    let input = process.take_stdin();
    (process, input)
}

fn messages(process: &Process) -> Vec<Value> {
    process
        .stdout()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")))
        .collect()
}

#[test]
fn a_message_that_stands_for_itself_is_repeated_in_headers() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = Valet::signed_in(&home, &rogue);
    let (mut process, mut input) = connect(&home, "rogue");
    let meta = json!({ "io.modelcontextprotocol/protocolVersion": "2026-07-28" });
    let call = json!({ "jsonrpc": "2.0", "id": "a", "method": "tools/call", "params": { "name": "x", "_meta": meta } });
    writeln!(input, "{call}").unwrap();
    drop(input);
    assert!(process.wait().success());
    assert_eq!(messages(&process), [json!({ "jsonrpc": "2.0", "id": "a", "result": {} })]);
    let arrived = rogue.requests("/mcp").pop().unwrap();
    for (header, value) in
        [("mcp-protocol-version", "2026-07-28"), ("mcp-method", "tools/call"), ("mcp-name", "x")]
    {
        assert_eq!(arrived.headers[header], value);
    }
}

#[test]
fn what_is_no_message_is_answered_as_such_and_nothing_but_messages_is_printed() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = Valet::signed_in(&home, &rogue);
    let pretty = "{\n  \"jsonrpc\": \"2.0\",\n  \"id\": 1,\n  \"result\": {\"text\": \"a\\nb\"}\n}\n";
    let headers = vec![("content-type", "application/json".to_owned())];
    rogue.reply("/mcp", Reply::Whole(200, headers, pretty.to_owned()));
    let (mut process, mut input) = connect(&home, "rogue");
    writeln!(input, "hello").unwrap();
    until("that is answered", || (messages(&process).len() == 1).then_some(()));
    writeln!(input, "\r\n{}", json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" })).unwrap();
    drop(input);
    assert!(process.wait().success());
    let messages = messages(&process);
    assert_eq!(messages[0]["error"]["code"], -32700);
    assert_eq!(messages[1]["result"]["text"], "a\nb");
    assert_eq!((messages.len(), process.stderr()), (2, String::new()));
}

#[test]
fn an_http_error_of_the_server_answers_the_request_that_it_belongs_to() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = Valet::signed_in(&home, &rogue);
    rogue.reply("/mcp", Reply::Html(500, "<h1>Sorry</h1>".to_owned()));
    let (mut process, mut input) = connect(&home, "rogue");
    writeln!(input, "{}", json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/list" })).unwrap();
    drop(input);
    assert!(process.wait().success());
    let answer = messages(&process).pop().unwrap();
    assert_eq!(answer["id"], 7);
    assert!(answer["error"]["message"].as_str().unwrap().contains("500"), "{answer}");
}

#[test]
fn requests_are_under_way_at_the_same_time_and_one_that_stands_for_itself_is_cancelled_by_hanging_up() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = Valet::signed_in(&home, &rogue);
    let (mut process, mut input) = connect(&home, "rogue");
    let before = rogue.count("/mcp");
    rogue.reply("/mcp", Reply::Silent);
    let meta = json!({ "io.modelcontextprotocol/protocolVersion": "2026-07-28" });
    let request =
        |id: i32| json!({ "jsonrpc": "2.0", "id": id, "method": "tools/list", "params": { "_meta": meta } });
    writeln!(input, "{}", request(1)).unwrap();
    until("the first is under way", || (rogue.count("/mcp") == before + 1).then_some(()));
    rogue.behave("/mcp");
    writeln!(input, "{}", request(2)).unwrap();
    until("the second overtakes it", || (messages(&process).len() == 1).then_some(()));
    let cancel =
        json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 1 } });
    writeln!(input, "{cancel}").unwrap();
    drop(input);
    assert!(process.wait().success(), "it still waits for what was cancelled");
    assert_eq!(messages(&process)[0]["id"], 2);
    assert_eq!(rogue.count("/mcp"), before + 2);
}

#[test]
fn a_signal_ends_the_session_and_the_program() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (_valet, server) = ready(&home, &rogue);
    let (mut process, mut input) = connect(&home, "toolbox");
    let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } });
    writeln!(input, "{}", json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params }))
        .unwrap();
    until("it is initialized", || (messages(&process).len() == 1).then_some(()));
    process.signal(Signal::TERM);
    assert!(process.wait().success());
    until("the session ends", || (server.sessions() == (1, 1)).then_some(()));
}

#[test]
fn a_valet_that_is_killed_amid_a_stream_ends_the_request_with_an_error() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    rogue.reply(
        "/mcp",
        Reply::Events(vec![json!({ "jsonrpc": "2.0", "method": "notifications/first" }).to_string()]),
    );
    let (process, mut input) = connect(&home, "rogue");
    writeln!(input, "{}", json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" })).unwrap();
    until("the stream begins", || (messages(&process).len() == 1).then_some(()));
    valet.kill();
    until("the request is answered", || (messages(&process).len() == 2).then_some(()));
    assert_eq!((&messages(&process)[1]["id"], messages(&process)[1]["error"].is_object()), (&json!(1), true));
}

#[test]
fn an_answer_that_the_server_interrupts_is_asked_for_from_the_last_event_on() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = Valet::signed_in(&home, &rogue);
    let events = |text: &str| {
        Reply::Whole(200, vec![("content-type", "text/event-stream".to_owned())], text.to_owned())
    };
    let before = rogue.count("/mcp");
    rogue.reply("/mcp", events("retry: 50\r\nid: seventh\r\ndata:\r\n\r\n"));
    let (mut process, mut input) = connect(&home, "rogue");
    writeln!(input, "{}", json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" })).unwrap();
    until("the answer is interrupted", || (rogue.count("/mcp") > before).then_some(()));
    rogue.reply("/mcp", events("data: {\"jsonrpc\": \"2.0\",\ndata: \"id\": 1, \"result\": {}}\n\n"));
    drop(input);
    assert!(process.wait().success());
    assert_eq!(messages(&process), [json!({ "jsonrpc": "2.0", "id": 1, "result": {} })]);
    let last = rogue.requests("/mcp").pop().unwrap();
    assert_eq!((last.method.as_str(), last.headers["last-event-id"].as_str()), ("GET", "seventh"));
}

#[test]
fn what_the_server_says_by_itself_arrives_again_after_the_valet_was_away() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (valet, _server) = ready(&home, &rogue);
    let mut client = StdioClient::start(&home, "toolbox");
    let announced = |client: &mut StdioClient, times: usize| {
        until("what the server says by itself arrives", || {
            client.call("announce", &json!({}));
            (client.log().matches("tools/list_changed").count() >= times).then_some(())
        });
    };
    announced(&mut client, 1);
    valet.cli(&["decline", "toolbox"]).expect_code(0);
    assert_eq!(StdioClient::problem(&client.call("hello", &json!({})))["code"], "declined");
    valet.sign_in("toolbox");
    let before = client.log().matches("tools/list_changed").count();
    announced(&mut client, before + 1);
}

/// What stands where the valet listens, and does as the test says.
fn stand_in(home: &Home) -> UnixListener {
    let socket = home.socket();
    let folder = socket.parent().unwrap();
    fs::create_dir(folder).unwrap();
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
    let listener = UnixListener::bind(&socket).unwrap();
    fs::set_permissions(&socket, fs::Permissions::from_mode(0o600)).unwrap();
    listener
}

/// Reads one request whole, and answers with the ID that it has.
fn answers(stream: &mut BufReader<UnixStream>) {
    let message = reads(stream);
    let body = json!({ "jsonrpc": "2.0", "id": message["id"], "result": {} }).to_string();
    let length = body.len();
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
    stream.get_mut().write_all(format!("{head}{body}").as_bytes()).unwrap();
}

fn reads(stream: &mut BufReader<UnixStream>) -> Value {
    let (mut line, mut length) = (String::new(), 0);
    while line != "\r\n" {
        line.clear();
        assert_ne!(stream.read_line(&mut line).unwrap(), 0, "it hung up");
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    serde_json::from_slice(&body).unwrap()
}

#[test]
fn messages_go_by_one_connection_and_what_was_not_read_there_goes_by_another() {
    let home = Home::new();
    let valet = stand_in(&home);
    let (mut process, mut input) = connect(&home, "toolbox");
    let mut says =
        |id: u32| writeln!(input, "{}", json!({ "jsonrpc": "2.0", "id": id, "method": "ping" })).unwrap();
    let accept = || BufReader::new(valet.accept().unwrap().0);
    says(1);
    let mut first = accept();
    answers(&mut first);
    until("the first answer is out", || (messages(&process).len() == 1).then_some(()));
    says(2);
    answers(&mut first);
    until("the second answer is out", || (messages(&process).len() == 2).then_some(()));
    says(3);
    let mut byte = [PollFd::new(first.get_ref(), PollFlags::IN)];
    poll(&mut byte, None).unwrap();
    // Closed on what it was sent, which it has not read.
    drop(first);
    let mut second = accept();
    answers(&mut second);
    until("the third answer is out", || (messages(&process).len() == 3).then_some(()));
    says(4);
    reads(&mut second);
    drop((second, valet));
    let error = until("it is told that there is no answer", || messages(&process).get(3).cloned());
    assert_eq!(StdioClient::problem(&error)["code"], "ended", "{error}");
    drop(input);
    assert!(process.wait().success());
}
