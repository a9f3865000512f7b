//! Bodies that are coded on their way: every usual coding is read, wherever it comes from, in bounded memory,
//! and no stream is held back by it.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::sync::atomic::{AtomicBool, Ordering};

use mcp_valet_tests::{Coding, Home, HttpResponse, RawClient, Reply, Rogue, StdioClient, Valet};
use serde_json::{Value, json};

const ALL: [Coding; 5] = [Coding::Gzip, Coding::Zlib, Coding::Deflate, Coding::Brotli(22), Coding::Zstd(23)];
const METADATA: &str = "/.well-known/oauth-authorization-server";
const ASKED: &str = "gzip, deflate, br, zstd";

fn signed_in<'home>(home: &'home Home, rogue: &Rogue) -> Valet<'home> {
    home.lists(&[("coded", &rogue.mcp())], "memory");
    let valet = Valet::start(home);
    valet.sign_in("coded");
    valet
}

fn call(id: u32) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/list" })
}

fn headers(kind: &str, coding: &str) -> Vec<(&'static str, String)> {
    vec![("content-type", kind.to_owned()), ("content-encoding", coding.to_owned())]
}

#[test]
fn a_sign_in_and_calls_work_at_servers_that_code_all_they_say() {
    for coding in ALL {
        let (home, rogue) = (Home::new(), Rogue::start());
        rogue.codes(Some(coding));
        let valet = signed_in(&home, &rogue);
        let answer = valet.proxy("coded", &call(7), &[]).expect_status(200);
        assert_eq!(
            (answer.json()["id"].clone(), answer.header("content-encoding")),
            (json!(7), None),
            "{coding:?}"
        );
        valet.cli(&["doctor", "coded"]).expect_code(0);
        home.move_clock(601);
        valet.token("coded").expect_status(200);
    }
}

#[test]
fn codings_are_asked_for_everywhere_but_where_secrets_come_back() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = signed_in(&home, &rogue);
    // What the agent reads is the valet's answer, not the server's.
    valet.proxy("coded", &call(1), &["-H", "Accept-Encoding: br;q=1.0, secret"]).expect_status(200);
    let asked = |path: &str| rogue.requests(path).last().unwrap().headers["accept-encoding"].clone();
    assert_eq!([METADATA, "/mcp"].map(asked), [ASKED, ASKED]);
    assert_eq!(["/register", "/token"].map(asked), ["identity", "identity"]);
}

#[test]
fn a_client_on_standard_input_reads_what_was_coded() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = signed_in(&home, &rogue);
    rogue.codes(Some(Coding::Gzip));
    rogue.is_a_server();
    let mut client = StdioClient::start(&home, "coded");
    let tools = client.request(&json!({ "method": "tools/list" }));
    assert_eq!(tools["result"]["tools"][0]["name"], "echo", "{tools}");
}

#[test]
fn an_event_of_a_coded_stream_is_there_when_it_has_come() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = signed_in(&home, &rogue);
    for coding in ALL {
        let events: [&[u8]; 2] = [b"data: {\"first\":1}\n\n", b"data: {\"second\":2}\n\n"];
        let mut pieces = coding.code_pieces(&events);
        // The end never comes.
        pieces.pop();
        rogue
            .reply("/mcp", Reply::Pieces(headers("text/event-stream; charset=utf-8", coding.name()), pieces));
        let mut listener = RawClient::connect(&home.socket());
        listener.ask_proxy("coded", "", &call(1).to_string());
        let come = listener.reads("\"second\":2");
        assert!(come.contains("\"first\":1") && !come.contains("content-encoding"), "{coding:?}: {come}");
    }
    drop(valet);
}

#[test]
fn a_stream_that_says_the_same_for_ever_is_not_taken_for_a_bomb() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let _valet = signed_in(&home, &rogue);
    for coding in ALL {
        let event = format!("data: {}\n\n", "x".repeat(1 << 17));
        let last = "data: the last\n\n";
        let mut events = vec![event.as_bytes(); 64];
        events.push(last.as_bytes());
        let pieces = coding.code_pieces(&events);
        rogue.reply("/mcp", Reply::Pieces(headers("text/event-stream", coding.name()), pieces));
        let mut listener = RawClient::connect(&home.socket());
        listener.ask_proxy("coded", "Accept: text/event-stream\r\n", &call(1).to_string());
        listener.reads("data: the last");
    }
}

/// What the valet says of such an answer; its memory stays flat.
#[track_caller]
fn is_named(reply: Reply, named: &str) {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = signed_in(&home, &rogue);
    rogue.reply("/mcp", reply.clone());
    let before = valet.memory();
    let answer = valet.proxy("coded", &call(1), &[]);
    assert!(answer.body.contains(named) && answer.json()["error"].is_object(), "{answer:?}");
    assert!(valet.memory() < before + 48 * 1024, "{} KiB", valet.memory());
    rogue.behave("/mcp");
    rogue.reply(METADATA, reply);
    let refused: HttpResponse = valet.post("/v1/servers/coded/authorize", &json!({}));
    assert!(refused.status == 502 && refused.body.contains(named), "{refused:?}");
}

#[test]
fn a_coding_that_is_not_read_is_named() {
    for coding in ["compress", "aws-chunked", "gzip, gzip", "br,gzip"] {
        is_named(
            Reply::Bytes(200, headers("application/json", coding), b"{}".to_vec()),
            coding.split(',').next().unwrap(),
        );
    }
}

#[test]
fn a_body_that_is_not_coded_as_it_says_is_named() {
    let json = br#"{"jsonrpc":"2.0","id":1,"result":{}}"#.to_vec();
    for coding in ["gzip", "zstd", "br", "deflate"] {
        is_named(Reply::Bytes(200, headers("application/json", coding), json.clone()), "unpacked");
    }
}

#[test]
fn a_window_beyond_8_mib_is_not_opened() {
    let text = vec![b' '; 20 << 20];
    for coding in [Coding::Zstd(25), Coding::Brotli(24)] {
        let body = coding.code_pieces(&[&text, b"{}"]).concat();
        is_named(Reply::Bytes(200, headers("application/json", coding.name()), body), "8 MiB");
    }
}

#[test]
fn a_body_that_grows_out_of_all_proportion_goes_no_further() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = signed_in(&home, &rogue);
    let bomb = vec![b' '; 24 << 20];
    for coding in ALL {
        let body = coding.code(&bomb);
        for kind in ["application/json", "text/event-stream"] {
            let reply = Reply::Bytes(200, headers(kind, coding.name()), body.clone());
            rogue.reply("/mcp", reply.clone());
            let before = valet.memory();
            let answer = valet.proxy("coded", &call(1), &[]);
            let most = (4 << 20) + 200 * body.len();
            assert!(answer.body.len() < most, "{coding:?}, {kind}: {} of {most}", answer.body.len());
            assert!(valet.memory() < before + 64 * 1024, "{} KiB", valet.memory());
            rogue.behave("/mcp");
            rogue.reply(METADATA, reply);
            let refused = valet.post("/v1/servers/coded/authorize", &json!({})).expect_status(502);
            assert_eq!(refused.text("reason"), "answer_too_large", "{refused:?}");
            rogue.behave(METADATA);
        }
    }
}

#[test]
fn of_a_refusal_the_head_is_enough() {
    let (home, rogue) = (Home::new(), Rogue::start());
    rogue.plan(|request| {
        let anonymous = request.path == "/mcp" && !request.headers.contains_key("authorization");
        let head = [("www-authenticate", "Bearer".to_owned()), ("content-encoding", "compress".to_owned())];
        anonymous.then(|| Reply::Bytes(401, head.to_vec(), b"no".to_vec()))
    });
    let valet = signed_in(&home, &rogue);
    rogue.end_access();
    rogue.forget_plans();
    let head = [
        ("www-authenticate", "Bearer error=\"invalid_token\"".to_owned()),
        ("content-encoding", "gzip".to_owned()),
    ];
    let once = AtomicBool::new(true);
    rogue.plan(move |request| {
        let first = request.path == "/mcp" && once.swap(false, Ordering::Relaxed);
        first.then(|| Reply::Bytes(401, head.to_vec(), b"no".to_vec()))
    });
    valet.proxy("coded", &call(1), &[]).expect_status(200);
}

#[test]
fn an_empty_body_is_not_coded_whatever_its_head_says() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = signed_in(&home, &rogue);
    for coding in ["gzip", "deflate", "br", "zstd"] {
        rogue.reply("/mcp", Reply::Bare(202, vec![("content-encoding", coding.to_owned())]));
        let answer =
            valet.proxy("coded", &json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }), &[]);
        assert_eq!((answer.status, answer.body.as_str()), (202, ""), "{answer:?}");
    }
}

#[test]
fn half_of_a_coded_body_is_none() {
    let (home, rogue) = (Home::new(), Rogue::start());
    let valet = signed_in(&home, &rogue);
    let text: String = (0..50_000).map(|n| n.to_string()).collect();
    for coding in ALL {
        let mut body = coding.code(text.as_bytes());
        body.truncate(body.len() / 2);
        rogue.reply(METADATA, Reply::Bytes(200, headers("application/json", coding.name()), body));
        let refused = valet.post("/v1/servers/coded/authorize", &json!({})).expect_status(502);
        assert_eq!(refused.text("reason"), "answer_invalid", "{coding:?}: {refused:?}");
    }
}
