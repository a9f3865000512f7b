//! Programs that do what they should not: each is a clear fault, and nothing else is harmed.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{Client, KEY, mark, none_left, quick, rogue, running};
use futures_util::StreamExt;
use local::{Bounds, Fault, Program, Word};
use serde_json::json;
use std::time::Duration;

/// What a client is told that begins with such a program; nothing of it is left.
async fn fault(program: impl FnOnce(&str) -> Program, bounds: Bounds) -> Fault {
    let (running, mark) = (running(bounds), mark());
    let beside = Client::begun(&running, rogue("well", &mark)).await;
    let fault = Client::of(&running, program(&mark)).initialize().await.unwrap_err();
    assert_eq!(beside.text(1, "echo", json!({ "text": "on" })).await.unwrap(), "on");
    running.stop_all().await;
    none_left(&mark).await;
    assert!(!format!("{fault} {fault:?}").contains(KEY));
    assert!(!fault.advice().is_empty());
    fault
}

#[tokio::test]
async fn a_program_that_is_missing_or_is_none_is_named() {
    let other =
        |command: &'static str| move |mark: &str| Program { command: command.into(), ..rogue("well", mark) };
    assert_eq!(fault(other("no-such-program"), quick()).await.code(), "program_missing");
    let folder = tempfile::tempdir().unwrap();
    let plain = folder.path().join("plain");
    std::fs::write(&plain, "").unwrap();
    let plain = |mark: &str| Program { command: plain.into_os_string(), ..rogue("well", mark) };
    assert_eq!(fault(plain, quick()).await.code(), "program_not_executable");
    let script = folder.path().join("script");
    std::fs::write(&script, "#!/no/such/interpreter\n").unwrap();
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let command = script.into_os_string();
    let fault = fault(|mark| Program { command, ..rogue("well", mark) }, quick()).await;
    assert_eq!(fault.code(), "program_not_started");
    assert!(fault.to_string().contains("No such file"), "{fault}");
}

#[tokio::test]
async fn a_program_that_dies_at_once_says_why() {
    let fault = fault(|mark| rogue("dies", mark), quick()).await;
    assert_eq!(fault.code(), "program_ended");
    let said = fault.to_string();
    assert!(said.contains("status 3") && said.contains("set ROGUE_KEY / I was told ****"), "{said}");
}

#[tokio::test]
async fn a_key_of_several_lines_is_covered_line_by_line() {
    let key = "-----BEGIN KEY-----\nMIIEvAIBADANBgkq\n  c0ffee5ec7e75\n-----END KEY-----";
    let told = |mark: &str| {
        let mut program = rogue("dies", mark);
        program.env.retain(|(name, _)| name != "ROGUE_KEY");
        program.env.push(("ROGUE_KEY".into(), Word::from(key)));
        Program { secrets: vec![key.to_owned().into()], ..program }
    };
    let fault = fault(told, quick()).await;
    let said = format!("{fault} {:?}", fault.lines());
    assert!(said.contains("I was told") && said.contains("****"), "{said}");
    assert!(!said.contains("MIIEvAIBADANBgkq") && !said.contains("c0ffee5ec7e75"), "{said}");
}

#[tokio::test]
async fn a_program_that_does_not_answer_is_given_up() {
    let bounds = Bounds { start: Duration::from_millis(700), ..quick() };
    let fault = fault(|mark| rogue("hangs", mark), bounds).await;
    assert_eq!(
        (fault.code(), fault.lines()),
        ("program_slow", ["waiting for nothing".to_owned()].as_slice())
    );
}

#[tokio::test]
async fn a_program_that_writes_no_json_or_no_end_of_a_line_is_given_up() {
    let prose = fault(|mark| rogue("prose", mark), quick()).await;
    assert_eq!(prose.code(), "program_without_json");
    assert!(prose.to_string().contains("All work and no play"), "{prose}");
    let endless = fault(|mark| rogue("endless", mark), quick()).await;
    assert_eq!(endless.code(), "program_long_line");
}

#[tokio::test]
async fn a_banner_is_no_harm() {
    let running = running(quick());
    let client = Client::begun(&running, rogue("banner", "x")).await;
    assert_eq!(client.text(1, "echo", json!({ "text": "on" })).await.unwrap(), "on");
    assert_eq!(running.stderr("rogue"), ["Welcome to the rogue server!"]);
    running.stop_all().await;
}

#[tokio::test]
async fn whoever_waits_hears_that_the_program_died_and_the_next_session_has_another() {
    let (running, mark) = (running(quick()), mark());
    let mut client = Client::begun(&running, rogue("forks", &mark)).await;
    let (waits, dies) = tokio::join!(client.call(1, "wait", json!({})), client.call(2, "die", json!({})));
    for fault in [waits.unwrap_err(), dies.unwrap_err()] {
        assert_eq!(
            (fault.code(), fault.lines()),
            ("program_ended", ["I cannot go on".to_owned()].as_slice())
        );
        assert!(fault.to_string().contains("status 7"), "{fault}");
    }
    none_left(&mark).await;
    assert_eq!(client.text(3, "echo", json!({})).await.unwrap_err().code(), "session_unknown");
    client.initialize().await.unwrap();
    assert_eq!(client.text(4, "echo", json!({ "text": "on" })).await.unwrap(), "on");
    running.stop_all().await;
}

#[tokio::test]
async fn a_program_that_says_nothing_amid_a_call_is_given_up() {
    let running = running(Bounds { silence: Duration::from_millis(500), ..quick() });
    let client = Client::begun(&running, rogue("well", "x")).await;
    assert_eq!(client.call(1, "wait", json!({})).await.unwrap_err().code(), "program_silent");
    running.stop_all().await;
}

#[tokio::test]
async fn one_that_forks_away_and_ignores_signals_is_ended_all_the_same() {
    let (running, mark) = (running(quick()), mark());
    let client = Client::begun(&running, rogue("stubborn", &mark)).await;
    client.text(1, "echo", json!({})).await.unwrap();
    common::until_there_are(&mark, 5).await;
    running.stop("rogue").await;
    assert!(common::left(&mark).is_empty(), "it returns once nothing is left");
    assert!(running.list().is_empty());
}

#[tokio::test]
async fn what_a_program_complains_of_is_bounded() {
    let running = running(quick());
    let client = Client::begun(&running, rogue("well", "x")).await;
    client.text(1, "complain", json!({ "lines": 100_000 })).await.unwrap();
    running.stop_all().await;
    let lines = running.stderr("rogue");
    assert_eq!(lines.len(), 200);
    assert!(lines[199].starts_with("line 99999 "));
}

#[tokio::test]
async fn what_nobody_hears_is_bounded_and_one_reader_does_not_stop_another_program() {
    let running = running(Bounds { unheard: 10_000, ..quick() });
    let client = Client::begun(&running, rogue("well", "x")).await;
    let beside = Client::begun(&running, rogue("well", "x")).await;
    let mut unread = client.call(1, "flood", json!({ "messages": 5000 })).await.unwrap().body;
    unread.next().await.unwrap().unwrap();
    assert_eq!(beside.text(1, "big", json!({ "bytes": 3_000_000 })).await.unwrap().len(), 3_000_000);
    // Nobody reads on: what comes then is kept for whoever listens, as far as it goes.
    drop(unread);
    client.text(2, "echo", json!({})).await.unwrap();
    let mut listens = client.send(http::Method::GET, Default::default()).await.unwrap().body;
    client.call(3, "notify", json!({})).await.map(drop).unwrap_or_default();
    let mut heard = 0;
    while let Ok(Some(Ok(event))) = tokio::time::timeout(Duration::from_millis(300), listens.next()).await {
        heard += event.len();
    }
    assert!(heard < 20_000, "{heard} bytes were kept");
    running.stop_all().await;
}

#[tokio::test]
async fn no_more_programs_run_than_may_and_an_unused_one_makes_way() {
    let running = running(Bounds { of_application: 2, ..quick() });
    let first = Client::begun(&running, rogue("well", "x")).await;
    let second = Client::begun(&running, rogue("well", "x")).await;
    let fault = Client::of(&running, rogue("well", "x")).initialize().await.unwrap_err();
    assert_eq!(fault.to_string(), "no more than 2 programs may run at a time");
    let mut other = Client::of(&running, rogue("well", "x"));
    other.owner.application = "other".into();
    other.initialize().await.unwrap();
    first.send(http::Method::DELETE, Default::default()).await.unwrap();
    second.send(http::Method::DELETE, Default::default()).await.unwrap();
    let mut changes = running.changes();
    changes.wait_for(|_| running.list().len() == 1).await.unwrap();
    Client::begun(&running, rogue("well", "x")).await;
    running.stop_all().await;
}

#[tokio::test]
async fn the_path_is_that_of_the_login_shell() {
    let path = running(quick()).environment().await.into_iter().find(|(name, _)| name == "PATH");
    let path: Word = path.unwrap().1;
    assert!(path.as_os_str().to_str().unwrap().contains("/usr/bin"));
}

#[tokio::test]
async fn a_program_that_closes_its_output_and_stays_is_given_up() {
    let fault = fault(|mark| rogue("closes", mark), quick()).await;
    assert_eq!(fault.to_string(), "the program ended by closing its standard input or output");
}

#[tokio::test]
async fn a_program_that_ends_when_asked_what_it_is_gets_a_handshake() {
    let running = running(quick());
    let mut client = Client::of(&running, rogue("older", "x"));
    let meta = json!({ "io.modelcontextprotocol/protocolVersion": "2026-07-28" });
    let asks =
        json!({ "jsonrpc": "2.0", "id": "d", "method": "server/discover", "params": { "_meta": meta } });
    let refused = common::one(client.post(asks).await.unwrap()).await.unwrap();
    assert_eq!((&refused["id"], &refused["error"]["code"]), (&json!("d"), &json!(-32601)));
    client.initialize().await.unwrap();
    running.stop_all().await;
}

#[tokio::test]
async fn one_that_is_stopped_while_it_is_started_does_not_stay() {
    let (running, mark) = (running(quick()), mark());
    let mut client = Client::of(&running, rogue("well", &mark));
    let stops = async {
        // Its place is taken before it runs.
        running.changes().changed().await.unwrap();
        running.stop("rogue").await;
    };
    let begins = async { client.initialize().await.unwrap_err() };
    let ((), fault) = tokio::join!(stops, begins);
    assert_eq!(fault.code(), "program_stopped");
    assert!(common::left(&mark).is_empty());
}

#[tokio::test]
async fn a_session_that_nobody_can_go_on_with_does_not_stay() {
    let (running, mark) = (running(quick()), mark());
    let begins = json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {} });
    let refused = Client::of(&running, rogue("refuses", &mark));
    assert_eq!(
        common::one(refused.post(begins.clone()).await.unwrap()).await.unwrap()["error"]["code"],
        -32602
    );
    none_left(&mark).await;
    let client = Client::of(&running, rogue("hangs", &mark));
    tokio::select! {
        _ = client.post(begins) => panic!("it does not answer"),
        () = common::until_there_are(&mark, 1) => {}
    }
    none_left(&mark).await;
}

#[tokio::test]
async fn a_session_whose_client_listened_and_went_does_not_stay() {
    let (running, mark) = (running(Bounds { idle: Duration::from_millis(500), ..quick() }), mark());
    let client = Client::begun(&running, rogue("well", &mark)).await;
    let listens = client.send(http::Method::GET, Default::default()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(800)).await;
    assert_eq!(running.list().len(), 1);
    drop(listens);
    none_left(&mark).await;
}
