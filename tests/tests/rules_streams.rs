//! Lists of tools that come by another stream than they were asked for, or among other answers: they are held
//! to the rules like any other.

#![allow(clippy::unwrap_used, reason = "a test")]

use mcp_valet_tests::tools::{answered, asked, asking, call, deletes, is_done, is_held, reads, request};
use mcp_valet_tests::{Feed, Home, HttpResponse, RawClient, Reply, Rogue, Terminal, Valet, until};
use serde_json::{Value, json};

/// A program that has opened the stream of a server of the older transport, at which it may read.
struct Older<'home> {
    valet: Valet<'home>,
    terminal: Terminal,
    stream: RawClient,
    feed: Feed,
    address: String,
}

impl<'home> Older<'home> {
    fn open(home: &'home Home, rogue: &Rogue) -> Self {
        let (valet, mut terminal) = asking(home, &[("rogue", rogue)]);
        let feed = Feed::default();
        feed.says("event: endpoint\ndata: /messages\n\n");
        let opens = feed.clone();
        rogue.plan(move |request| {
            (request.method == "GET" && request.path == "/mcp").then(|| Reply::Feed(opens.clone()))
        });
        rogue.reply("/messages", Reply::Html(202, "Accepted".to_owned()));
        let mut stream = RawClient::connect(&home.socket());
        stream.send(b"GET /mcp/rogue HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
        terminal.shows("wants to use");
        terminal.types("f reads");
        let said = stream.reads("\n\n");
        let told = said.split("event: endpoint\ndata: ").nth(1).unwrap_or_else(|| panic!("{said}"));
        let address = told.lines().next().unwrap().trim().to_owned();
        Self { valet, terminal, stream, feed, address }
    }

    fn posts(&self, message: &Value) -> HttpResponse {
        let (url, message) = (format!("http://localhost{}", self.address), message.to_string());
        self.valet.curl(&[&url, "-H", "Content-Type: application/json", "--data-raw", &message])
    }

    /// Asks for the list, which the stream then brings, written so.
    fn lists(&mut self, written: impl Fn(&Value) -> String) -> String {
        self.posts(&request("tools/list")).expect_status(202);
        self.feed.says(written(&listed(json!(1))));
        self.feed.says(": it is over\n\n");
        self.stream.reads("it is over")
    }
}

fn listed(id: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "result": { "tools": [reads("list"), deletes("wipe")] } })
}

#[test]
fn a_list_of_the_older_transport_is_what_its_tools_are_held_to() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let mut older = Older::open(&home, &rogue);
    // A list that nobody asked for says nothing of them.
    let mut unasked = listed(json!(99));
    unasked["result"]["tools"][1] = reads("wipe");
    older.feed.says(format!("data: {unasked}\n\n"));
    assert!(older.lists(|list| format!("data: {list}\n\n")).contains("\"wipe\""), "what asks is listed");
    older.posts(&call("list", json!({}))).expect_status(202);
    assert_eq!((rogue.count("/messages"), asked(&older.terminal)), (2, 0), "{}", older.terminal.screen());
    std::thread::scope(|scope| {
        let (url, valet) = (format!("http://localhost{}", older.address), &older.valet);
        let wipe = call("wipe", json!({})).to_string();
        let calling = scope
            .spawn(move || valet.curl(&[&url, "-H", "Content-Type: application/json", "--data-raw", &wipe]));
        older.terminal.shows("what it does, as far as is known: deletes");
        older.terminal.types("never");
        calling.join().unwrap().expect_status(202);
    });
    older.stream.reads("did not allow this call");
    // From now on it is not listed, on the stream that was open before, however its list is written.
    for written in [
        (|list: &Value| format!("data: {list}\n\n")) as fn(&Value) -> String,
        |list| format!("event: message\r\ndata:{list}\r\n\n"),
        |list| format!("data: {}\n\n", list.to_string().replace("\"id\":1", "\"id\":\"1\"")),
        |list| format!("data: {}\n\n", list.to_string().replace("\"tools\"", "\"t\\u006fols\"")),
        |list| format!("data: [{{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{{}}}},\ndata: {list}]\n\n"),
        |_| format!("data: {}\n\n", listed(json!(99))),
    ] {
        let said = older.lists(written);
        assert!(said.contains("\"list\"") && !said.contains("wipe"), "{said}");
    }
}

#[test]
fn a_list_on_a_stream_that_is_gone_on_with_is_held_to_the_rules() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (valet, mut terminal) = asking(&home, &[("rogue", &rogue)]);
    let events =
        |text: String| Reply::Whole(200, vec![("content-type", "text/event-stream".to_owned())], text);
    rogue.plan(move |asked| {
        asked.headers.get("authorization").filter(|_| asked.path == "/mcp")?;
        let session =
            vec![("mcp-session-id", "one".to_owned()), ("content-type", "application/json".to_owned())];
        let begun = json!({ "jsonrpc": "2.0", "id": 1, "result": {} }).to_string();
        let list = format!("id: 2\ndata: {}\n\n", listed(json!(1)));
        match (asked.method.as_str(), &asked.body) {
            ("GET", _) => Some(events(list)),
            (_, body) if body.contains("initialize") => Some(Reply::Whole(200, session, begun)),
            (_, body) if body.contains("tools/list") => Some(events("id: 1\ndata:\n\n".to_owned())),
            _ => Some(Reply::Json(
                200,
                json!({ "jsonrpc": "2.0", "id": 7,
                "result": { "content": [{ "type": "text", "text": "done" }] } }),
            )),
        }
    });
    let session = ["-H", "Mcp-Session-Id: one"];
    answered(&valet, &mut terminal, "rogue", &request("initialize"), "f reads").expect_status(200);
    let goes_on = |id: &str| {
        let id = format!("Last-Event-ID: {id}");
        valet.curl(&[
            "http://localhost/mcp/rogue",
            "-H",
            "Accept: text/event-stream",
            "-H",
            &id,
            session[0],
            session[1],
        ])
    };
    goes_on("0");
    assert!(
        is_held(&answered(&valet, &mut terminal, "rogue", &call("list", json!({})), "d")),
        "nobody asked for it"
    );
    valet.proxy("rogue", &request("tools/list"), &session).expect_status(200);
    assert!(goes_on("1").body.contains("\"wipe\""));
    assert!(is_done(&valet.proxy("rogue", &call("list", json!({})), &session)), "{}", terminal.screen());
    assert!(is_held(&answered(&valet, &mut terminal, "rogue", &call("wipe", json!({})), "never")));
    valet.proxy("rogue", &request("tools/list"), &session).expect_status(200);
    let said = goes_on("1").body;
    assert!(said.contains("\"list\"") && !said.contains("wipe"), "{said}");
}

#[test]
fn a_list_in_a_batch_is_held_to_the_rules() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.has_tools(vec![reads("list"), deletes("wipe")]);
    let (valet, mut terminal) = asking(&home, &[("rogue", &rogue)]);
    answered(&valet, &mut terminal, "rogue", &request("initialize"), "f reads").expect_status(200);
    let batch = json!([{ "jsonrpc": "2.0", "id": 3, "method": "ping" }, request("tools/list")]);
    assert!(valet.proxy("rogue", &batch, &[]).expect_status(200).body.contains("\"wipe\""));
    assert!(is_done(&valet.proxy("rogue", &call("list", json!({})), &[])), "{}", terminal.screen());
    assert!(is_held(&answered(&valet, &mut terminal, "rogue", &call("wipe", json!({})), "never")));
    let answer = valet.proxy("rogue", &batch, &[]).expect_status(200);
    assert_eq!(answer.json()[0]["id"], 3, "{answer:?}");
    assert!(answer.body.contains("\"list\"") && !answer.body.contains("wipe"), "{answer:?}");
}

#[test]
fn a_stream_that_was_opened_without_rules_is_held_to_those_that_there_are_later() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let config = |rules: Value| {
        home.configure(&json!({ "mcpServers": { "rogue": { "url": rogue.mcp() } },
            "valet": { "agents": "allow", "vault": "memory", "rules": rules } }));
    };
    config(json!({ "read": "free", "change": "free", "destroy": "free" }));
    let (valet, _terminal) = Valet::on_terminal(&home);
    valet.sign_in("rogue");
    rogue.has_tools(vec![reads("list"), deletes("wipe")]);
    valet.proxy("rogue", &request("tools/list"), &[]).expect_status(200);
    let (feed, list) = (Feed::default(), format!("data: {}\n\n", listed(json!(1))));
    // More than is held before anything passes.
    let begins = format!(": {}\n", "x".repeat(9000));
    let opens = feed.clone();
    rogue.plan(move |request| {
        (request.method == "GET" && request.path == "/mcp").then(|| Reply::Feed(opens.clone()))
    });
    let mut stream = RawClient::connect(&home.socket());
    stream.send(b"GET /mcp/rogue HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
    feed.says(begins);
    stream.reads("xxx\n");
    config(json!({ "read": "free", "change": "free", "destroy": "never" }));
    until("the rules are read", || {
        let rules = valet.get("/v1/servers/rogue/rules").json();
        (rules["rules"]["classes"]["destroy"] == "never").then_some(())
    });
    // What has begun to pass goes on as it is.
    feed.says(list.clone());
    assert!(stream.reads("\n\n").contains("wipe"));
    feed.says(format!("{list}: it is over\n\n"));
    let said = stream.reads("it is over");
    assert!(said.contains("\"list\"") && !said.contains("wipe"), "{said}");
}

#[test]
fn a_list_too_long_to_be_looked_through_is_kept_from_a_program_with_rules() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let (valet, mut terminal) = asking(&home, &[("rogue", &rogue)]);
    let mut wipe = deletes("wipe");
    wipe["description"] = json!("x".repeat(9 << 20));
    let list = json!({ "jsonrpc": "2.0", "id": 1, "result": { "tools": [wipe] } }).to_string();
    rogue.plan(move |asked| {
        asked.headers.get("authorization").filter(|_| asked.path == "/mcp")?;
        let (kind, text) = match asked.headers.get("accept").map(String::as_str) {
            Some("application/json") => ("application/json", list.clone()),
            _ => ("text/event-stream", format!("data: {list}\n\n")),
        };
        Some(Reply::Whole(200, vec![("content-type", kind.to_owned())], text))
    });
    let asks = |accept: &str| {
        let mut client = RawClient::connect(&home.socket());
        let head = format!("Accept: {accept}\r\nTE: trailers\r\nConnection: close\r\n");
        client.ask_proxy("rogue", &head, &request("tools/list").to_string());
        client.reads("answer_too_large")
    };
    answered(
        &valet,
        &mut terminal,
        "rogue",
        &json!({ "jsonrpc": "2.0", "id": 0, "method": "ping" }),
        "f reads",
    );
    let (events, whole) = (asks("text/event-stream"), asks("application/json"));
    assert!(events.contains("event: message") && !events.contains("wipe"), "{events}");
    assert!(whole.contains("200 OK") && !whole.contains("wipe"), "{whole}");
}
