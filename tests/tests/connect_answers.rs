//! `mcp-valet connect` and servers that write their answers in their own way: every request gets one answer,
//! and nothing but messages of MCP is printed.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::io::Write;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};

use mcp_valet_tests::{Home, Process, Reply, Rogue, Valet, program, until};
use serde_json::{Value, json};

const MARK: &str = "\u{feff}";

fn answers(kind: &str, body: &str) -> Reply {
    Reply::Whole(200, vec![("content-type", kind.to_owned())], body.to_owned())
}

/// What is printed once all of these were asked and the client has gone.
#[track_caller]
fn told(home: &Home, asked: &[Value]) -> Vec<Value> {
    static TIMES: AtomicUsize = AtomicUsize::new(0);
    let name = format!("connect-{}", TIMES.fetch_add(1, Ordering::Relaxed));
    let mut command = home.command(program("mcp-valet"));
    let mut process = home.spawn(command.args(["connect", "rogue"]).stdin(Stdio::piped()), &name);
    let mut input = process.take_stdin();
    for message in asked {
        writeln!(input, "{message}").unwrap();
    }
    drop(input);
    assert!(process.wait().success());
    messages(&process)
}

#[track_caller]
fn messages(process: &Process) -> Vec<Value> {
    let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| panic!("printed: {line}"));
    process.stdout().lines().map(read).collect()
}

fn call(id: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": "a" } })
}

fn result(id: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "result": { "n": 1 } })
}

#[test]
fn an_answer_reaches_the_request_it_is_for_however_the_server_writes_it() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = Valet::signed_in(&home, &rogue);
    let event = |data: &str| format!("event: message\ndata: {data}\n\n");
    let good = r#"{"jsonrpc":"2.0","id":9,"result":{"n":1}}"#;
    let text = r#"{"jsonrpc":"2.0","id":"9","result":{"n":1}}"#;
    let bare = r#"{"id":9,"result":{"n":1},"error":null}"#;
    let json_beat = r#"{"type":"heartbeat","timestamp":"2026"}"#;
    let rpc_beat = r#"{"jsonrpc":"2.0","type":"heartbeat"}"#;
    let null = r#"{"jsonrpc":"2.0","id":null,"result":{}}"#;
    let bodies = [
        text.to_owned(),
        format!("{MARK}{good}"),
        format!("\r\n {MARK}{text}\n"),
        bare.to_owned(),
        r#"{"jsonrpc":"2.0","id":9.0,"result":{"n":1}}"#.to_owned(),
        format!("[{json_beat},{good},{text}]"),
    ];
    let streams = [
        event(text),
        format!("{MARK}{}", event(good)),
        format!("{MARK}data: ping\n\ndata: {MARK}{text}\n\n"),
        format!("data: ping\n\n{}", event(good)),
        format!("{}{}", event(json_beat), event(text)),
        format!("{}{}{}", event(rpc_beat), event(null), event(bare)),
        format!("{}{}{}{}", event("[]"), event("7"), event("\"9\""), event(good)),
        format!("{}{}{}", event(good), event(text), event(good)),
        format!("{}{}", event(r#"{"jsonrpc":"2.0","id":8,"result":{}}"#), event(good)),
        format!("event: heartbeat\ndata: {text}x\n\nevent: ping\ndata: {{}}\n\n: comment\n\n{}", event(text)),
    ];
    let replies = bodies.iter().map(|body| answers("application/json", body));
    let replies = replies.chain(streams.iter().map(|stream| answers("text/event-stream", stream)));
    for reply in replies {
        rogue.reply("/mcp", reply.clone());
        assert_eq!(told(&home, &[call(&json!(9))]), [result(&json!(9))], "{reply:?}");
    }
    rogue.reply("/mcp", answers("application/json", good));
    assert_eq!(told(&home, &[call(&json!("9"))]), [result(&json!("9"))]);
}

#[test]
fn two_requests_whose_ids_look_alike_are_both_answered() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = Valet::signed_in(&home, &rogue);
    let answers = told(&home, &[call(&json!(9)), call(&json!("9"))]);
    assert_eq!(answers.len(), 2, "{answers:?}");
    assert!([json!(9), json!("9")].iter().all(|id| answers.iter().any(|answer| answer["id"] == *id)));
}

#[test]
fn an_error_without_an_id_answers_the_request_that_it_came_for() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = Valet::signed_in(&home, &rogue);
    let error = r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse error"}}"#;
    for (kind, body) in
        [("application/json", error.to_owned()), ("text/event-stream", format!("data: {error}\n\n"))]
    {
        rogue.reply("/mcp", answers(kind, &body));
        let told = told(&home, &[call(&json!("a"))]);
        assert_eq!((told.len(), &told[0]["id"], &told[0]["error"]["code"]), (1, &json!("a"), &json!(-32700)));
    }
}

#[test]
fn what_answers_nothing_is_one_error_and_is_never_printed() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = Valet::signed_in(&home, &rogue);
    for (kind, body) in [
        ("text/html", "<h1>Sign in to the wireless network</h1>"),
        ("application/json", r#"{"status":"ok"}"#),
        ("application/json", r#"{"jsonrpc":"2.0","id":8,"result":{}}"#),
        ("application/json", ""),
        ("text/event-stream", "data: ping\n\n"),
        ("text/event-stream", "data: {\"jsonrpc\":\"2.0\",\"id\":\"90\",\"result\":{}}\n\n"),
    ] {
        rogue.reply("/mcp", answers(kind, body));
        let told = told(&home, &[call(&json!(9))]);
        let [only] = told.as_slice() else { panic!("{body}: {told:?}") };
        assert!(
            only["id"] == 9 && (only["error"]["code"].is_i64() || only["result"]["isError"] == true),
            "{body}: {only}"
        );
    }
    rogue.reply("/mcp", answers("text/plain", "Accepted"));
    assert!(told(&home, &[json!({ "jsonrpc": "2.0", "method": "notifications/x" })]).is_empty());
}

#[test]
fn every_request_of_a_batch_has_one_answer() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = Valet::signed_in(&home, &rogue);
    let batch = json!([call(&json!(1)), call(&json!(2)), { "jsonrpc": "2.0", "method": "notifications/x" }]);
    rogue.reply(
        "/mcp",
        answers("application/json", &json!([result(&json!("2")), result(&json!(1))]).to_string()),
    );
    assert_eq!(told(&home, std::slice::from_ref(&batch)), [result(&json!(2)), result(&json!(1))]);
    rogue.reply("/mcp", Reply::Html(500, "<h1>Sorry</h1>".to_owned()));
    let refused = told(&home, &[batch]);
    assert_eq!(refused.iter().map(|answer| &answer["id"]).collect::<Vec<_>>(), [&json!(1), &json!(2)]);
}

#[test]
fn of_what_the_server_says_by_itself_only_messages_are_printed() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = Valet::signed_in(&home, &rogue);
    let said = ["ping", "{\"type\":\"heartbeat\"}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"];
    let news = json!({ "jsonrpc": "2.0", "method": "notifications/tools/list_changed" });
    let said: Vec<String> = said.iter().map(|one| (*one).to_owned()).chain([news.to_string()]).collect();
    rogue.plan(move |request| (request.method == "GET").then(|| Reply::Events(said.clone())));
    let mut command = home.command(program("mcp-valet"));
    let mut process = home.spawn(command.args(["connect", "rogue"]).stdin(Stdio::piped()), "connect");
    let mut input = process.take_stdin();
    writeln!(input, "{}", json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {} }))
        .unwrap();
    until("it is initialized", || (messages(&process).len() == 1).then_some(()));
    writeln!(input, "{}", json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).unwrap();
    until("the news is there", || (messages(&process).len() == 2).then_some(()));
    assert_eq!(messages(&process)[1], news);
    drop(input);
    assert!(process.wait().success());
}
