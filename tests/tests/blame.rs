//! Who is at fault where a request through `mcp-valet connect` has no result: the server, the network, the
//! valet, or two versions of it. Each is named, and none is blamed for another.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::process::{ChildStdin, Stdio};

use mcp_valet_tests::{Home, Process, Reply, Rogue, StdioClient, Valet, program, until};
use serde_json::{Value, json};

const MEBIBYTE: usize = 1 << 20;

fn connect(home: &Home) -> (Process, ChildStdin) {
    let mut command = home.command(program("mcp-valet"));
    let mut process = home.spawn(command.args(["connect", "rogue"]).stdin(Stdio::piped()), "connect");
    let input = process.take_stdin();
    (process, input)
}

/// How many messages were printed to their end.
fn printed(process: &Process) -> usize {
    process.stdout().matches('\n').count()
}

#[track_caller]
fn messages(process: &Process) -> Vec<Value> {
    let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| panic!("printed: {line:.300}"));
    process.stdout().lines().map(read).collect()
}

fn call(id: usize) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": "a" } })
}

fn answers(kind: &str, body: &str) -> Reply {
    Reply::Whole(200, vec![("content-type", kind.to_owned())], body.to_owned())
}

/// Calls, and waits for the answer, which is the message of that number.
fn told(process: &Process, input: &mut ChildStdin, id: usize) -> Value {
    writeln!(input, "{}", call(id)).unwrap();
    nth(process, id)
}

fn nth(process: &Process, id: usize) -> Value {
    until("it is answered", || (printed(process) >= id).then_some(()));
    let answer = messages(process).swap_remove(id - 1);
    assert_eq!(answer["id"], id);
    answer
}

/// The words of an error, which blame no version.
#[track_caller]
fn words(answer: &Value) -> &str {
    let text =
        answer["result"]["content"][0]["text"].as_str().filter(|_| answer["result"]["isError"] == true);
    let words = text.or(answer["error"]["message"].as_str()).unwrap_or_else(|| panic!("no error: {answer}"));
    assert!(!words.contains("version") && !words.contains("delete"), "{words}");
    words
}

#[test]
fn a_mistake_of_the_server_is_told_with_its_name_and_host() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = Valet::signed_in(&home, &rogue);
    let (process, mut input) = connect(&home);
    let page = "<!DOCTYPE html><title>Welcome to Hotel Wi-Fi</title>";
    let mistakes = [
        (Reply::Html(200, page.to_owned()), "network_sign_in", "web page"),
        (answers("application/json", page), "network_sign_in", "web page"),
        (Reply::Html(511, page.to_owned()), "network_sign_in", "network wants you to sign in"),
        (answers("text/plain", "it works"), "answer_invalid", "no MCP message"),
        (answers("application/json", r#"{"ok":true}"#), "answer_invalid", "no MCP message"),
        (Reply::Bare(200, Vec::new()), "answer_invalid", "nothing at all"),
        (answers("text/event-stream", "data: {\"jsonrpc\":"), "answer_broke_off", "before it was complete"),
        (Reply::BreaksOff("application/json", "{".to_owned()), "answer_broke_off", "before it was complete"),
        (
            Reply::BreaksOff("text/event-stream", "data: {".to_owned()),
            "answer_broke_off",
            "before it was complete",
        ),
        (Reply::Endless, "answer_too_large", "16 MB"),
        (Reply::Html(503, page.to_owned()), "server_unavailable", "503 Service Unavailable"),
        (Reply::Bare(429, Vec::new()), "server_unavailable", "fewer requests"),
        (Reply::Html(410, page.to_owned()), "unexpected_status", "410 Gone"),
    ];
    let who = format!("\"rogue\" at {}", rogue.address());
    for (number, (reply, reason, what)) in (1..).zip(mistakes) {
        rogue.reply("/mcp", reply);
        let answer = told(&process, &mut input, number);
        let words = words(&answer);
        assert!(words.contains(&who) && words.contains(what), "{words}");
        assert_eq!(
            (&StdioClient::problem(&answer)["code"], &StdioClient::problem(&answer)["reason"]),
            (&json!("failed"), &json!(reason)),
            "{answer}"
        );
    }
}

#[test]
fn a_redirect_may_be_the_page_of_a_network_and_that_is_said() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = Valet::signed_in(&home, &rogue);
    let (process, mut input) = connect(&home);
    rogue.reply("/mcp", Reply::Redirect("http://portal.example/login".to_owned()));
    let answer = told(&process, &mut input, 1);
    let words = words(&answer);
    assert!(words.contains("\"rogue\" redirects to http://portal.example/login"), "{words}");
    assert!(words.contains("your network wants you to sign in"), "{words}");
}

#[test]
fn a_page_instead_of_metadata_may_be_that_of_a_network_and_that_is_said() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let valet = Valet::start(&home);
    let metadata = "/.well-known/oauth-protected-resource/mcp";
    let page = Reply::Html(200, "<!DOCTYPE html><title>Welcome to Hotel Wi-Fi</title>".to_owned());
    for reply in [page, Reply::Redirect("http://portal.example/login".to_owned())] {
        rogue.reply(metadata, reply);
        let output = valet.cli(&["authorize", "rogue", "--no-browser"]).expect_code(5);
        let words = output.stderr;
        assert!(words.contains(&rogue.address().to_string()), "{words}");
        assert!(words.contains("your network wants you to sign in"), "{words}");
    }
}

#[test]
fn what_is_too_long_for_a_line_is_told_instead_and_the_connection_goes_on() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = Valet::signed_in(&home, &rogue);
    let (process, mut input) = connect(&home);
    let result = |id: usize, length: usize| {
        json!({ "jsonrpc": "2.0", "id": id, "result": "x".repeat(length) }).to_string()
    };
    let event = |id, length| format!("data: {}\n\n", result(id, length));
    rogue.reply("/mcp", answers("application/json", &result(1, 15_900_000)));
    assert_eq!(told(&process, &mut input, 1)["result"].as_str().unwrap().len(), 15_900_000);
    let long = [
        (answers("application/json", &result(2, 16_100_000)), "16 MB"),
        (answers("text/event-stream", &event(3, 17_500_000)), "17 MB"),
        (answers("text/event-stream", &event(4, 65 * MEBIBYTE)), "67 MB"),
    ];
    for (id, (reply, length)) in (2..).zip(long) {
        rogue.reply("/mcp", reply);
        let answer = told(&process, &mut input, id);
        let words = words(&answer);
        let who = format!("\"rogue\" at {} sent more than {length}", rogue.address());
        assert!(words.contains(&who), "{words}");
        assert_eq!(StdioClient::problem(&answer)["reason"], "answer_too_large");
    }
    let notification =
        json!({ "jsonrpc": "2.0", "method": "notifications/a", "params": "x".repeat(17_000_000) });
    let stream = format!("data: {notification}\n\n{}", event(5, 1));
    rogue.reply("/mcp", answers("text/event-stream", &stream));
    assert_eq!(told(&process, &mut input, 5)["result"], "x");
    assert!(process.stderr().contains("sent more than 17 MB"), "{}", process.stderr());
}

#[test]
fn what_the_client_writes_too_long_is_told_by_its_id_and_the_next_message_is_read() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = Valet::signed_in(&home, &rogue);
    let (process, mut input) = connect(&home);
    rogue.reply(
        "/mcp",
        answers("application/json", &json!({ "jsonrpc": "2.0", "id": 1, "result": {} }).to_string()),
    );
    let long = |id: usize, length: usize| json!({ "method": "tools/call", "params": { "id": 9, "text": "x".repeat(length) }, "jsonrpc": "2.0", "id": id });
    writeln!(input, "{}", long(1, 17_000_000)).unwrap();
    assert_eq!(nth(&process, 1)["result"], json!({}));
    writeln!(input, "{}", long(2, 65 * MEBIBYTE)).unwrap();
    let answer = nth(&process, 2);
    assert!(words(&answer).contains("64 MiB"), "{answer}");
    assert_eq!(answer["error"]["code"], -32600);
    rogue.behave("/mcp");
    assert_eq!(told(&process, &mut input, 3)["result"], json!({}));
}

#[test]
fn a_valet_that_ends_is_blamed_for_it_and_no_server() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = Valet::signed_in(&home, &rogue);
    let notification = json!({ "jsonrpc": "2.0", "method": "notifications/first" }).to_string();
    let (process, mut input) = connect(&home);
    let before = rogue.count("/mcp");
    rogue.reply("/mcp", Reply::Silent);
    writeln!(input, "{}", call(2)).unwrap();
    until("it is under way", || (rogue.count("/mcp") == before + 1).then_some(()));
    rogue.reply("/mcp", Reply::Events(vec![notification]));
    writeln!(input, "{}", call(3)).unwrap();
    until("the stream begins", || (printed(&process) == 1).then_some(()));
    valet.kill();
    until("both are answered", || (printed(&process) == 3).then_some(()));
    for answer in &messages(&process)[1..] {
        assert!(words(answer).starts_with("MCP Valet ended before its answer was complete"), "{answer}");
        assert_eq!(StdioClient::problem(answer)["code"], "ended");
    }
}

#[test]
fn versions_are_blamed_where_they_differ_and_only_there() {
    for (version, code) in [("0.0.1", "other_version"), (env!("CARGO_PKG_VERSION"), "protocol")] {
        let home = Home::new();
        listens(&home, version);
        let mut command = home.command(program("mcp-valet"));
        let output = home.run(command.args(["list", "--json"])).expect_code(1);
        let error: Value = serde_json::from_str(&output.stderr).unwrap();
        assert_eq!(error["code"], code, "{error}");
        let detail = error["detail"].as_str().unwrap();
        let names_both = detail.contains("0.0.1") && detail.contains(env!("CARGO_PKG_VERSION"));
        assert_eq!(names_both, code == "other_version", "{detail}");
        assert_eq!(error["advice"].as_str().unwrap().contains("version"), names_both);
    }
}

/// Something listens where the valet should, says of itself that it is of `version`, and answers all else in
/// another way.
fn listens(home: &Home, version: &str) {
    let folder = home.socket().parent().unwrap().to_owned();
    fs::create_dir_all(&folder).unwrap();
    fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
    let listener = UnixListener::bind(home.socket()).unwrap();
    fs::set_permissions(home.socket(), Permissions::from_mode(0o600)).unwrap();
    let health = json!({ "version": version, "all else": "is otherwise" }).to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap);
            let first = lines.next().unwrap_or_default();
            lines.find(String::is_empty);
            let body = if first.contains("/v1/health") { &health } else { "[{}]" };
            let length = body.len();
            let _ = write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}");
        }
    });
}

fn subscription() -> Value {
    let meta = json!({ "io.modelcontextprotocol/protocolVersion": "2026-07-28" });
    let params = json!({ "_meta": meta, "notifications": { "toolsListChanged": true } });
    json!({ "jsonrpc": "2.0", "id": "s", "method": "subscriptions/listen", "params": params })
}

fn changed() -> String {
    json!({ "jsonrpc": "2.0", "method": "notifications/tools/list_changed" }).to_string()
}

#[test]
fn a_subscription_is_opened_again_after_the_valet_or_the_server_was_away() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    rogue.reply("/mcp", Reply::Events(vec![changed()]));
    let valet = Valet::start(&home);
    let (process, mut input) = connect(&home);
    let heard = |times: usize| {
        until("the server is heard", || (printed(&process) == times).then_some(()));
        assert!(messages(&process).iter().all(|one| one["method"] == "notifications/tools/list_changed"));
    };
    writeln!(input, "{}", subscription()).unwrap();
    heard(1);
    valet.kill();
    let valet = Valet::start(&home);
    heard(2);
    valet.stop();
    let _valet = Valet::start(&home);
    heard(3);
    rogue.go_down();
    rogue.come_back();
    heard(4);
    rogue.reply(
        "/mcp",
        answers("text/event-stream", "data: {\"jsonrpc\":\"2.0\",\"id\":\"s\",\"result\":{}}\n\n"),
    );
    rogue.go_down();
    rogue.come_back();
    until("the server ends it properly", || (printed(&process) == 5).then_some(()));
    assert_eq!(messages(&process)[4], json!({ "jsonrpc": "2.0", "id": "s", "result": {} }));
}

#[test]
fn a_subscription_that_never_began_is_answered() {
    let (home, rogue) = (Home::new(), Rogue::start());
    home.lists(&[("rogue", &rogue.mcp())], "memory");
    let _valet = Valet::start(&home);
    let (process, mut input) = connect(&home);
    for (number, reply) in (0..).zip([
        Reply::Html(404, String::new()),
        Reply::Html(503, String::new()),
        answers("text/event-stream", ": hello\n\n"),
        Reply::Json(
            200,
            json!({ "jsonrpc": "2.0", "id": "s", "error": { "code": -32601, "message": "no" } }),
        ),
    ]) {
        rogue.reply("/mcp", reply);
        writeln!(input, "{}", subscription()).unwrap();
        until("it is answered", || (printed(&process) > number).then_some(()));
        assert_eq!(
            (&messages(&process)[number]["id"], messages(&process)[number]["error"].is_object()),
            (&json!("s"), true)
        );
    }
}
