//! What a client hears of a program that behaves.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{Client, KEY, all, mark, one, quick, rogue, running};
use futures_util::StreamExt;
use ground::clock::Clock;
use http::{Method, StatusCode};
use local::{Bounds, Fault, Keeper, Running};
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn a_session_begins_answers_and_ends_with_all_its_processes() {
    let (running, mark) = (running(quick()), mark());
    let client = Client::begun(&running, rogue("forks", &mark)).await;
    assert_eq!(client.text(1, "echo", json!({ "text": "hello" })).await.unwrap(), "hello");
    let runs = running.list();
    assert_eq!((runs.len(), runs[0].session, runs[0].waiting), (1, true, 0));
    assert_eq!(runs[0].owner, client.owner);
    common::until_there_are(&mark, 5).await;
    assert!(client.send(Method::DELETE, Default::default()).await.unwrap().status.is_success());
    assert_eq!(client.text(2, "echo", json!({})).await.unwrap_err().status(), StatusCode::NOT_FOUND);
    common::none_left(&mark).await;
}

#[tokio::test]
async fn a_program_has_its_environment_its_folder_and_nothing_of_ours() {
    let running = running(quick());
    let client = Client::begun(&running, rogue("well", "x")).await;
    let env: Value = serde_json::from_str(&client.text(1, "env", json!({})).await.unwrap()).unwrap();
    let mut names: Vec<&String> = env.as_object().unwrap().keys().collect();
    names.retain(|name| *name != "LC_CTYPE");
    assert_eq!(names, ["MCP_VALET_PROGRAM", "PATH", "ROGUE_KEY", "TEST_MARK"]);
    let place: Value = serde_json::from_str(&client.text(2, "where", json!({})).await.unwrap()).unwrap();
    // The fourth is the folder that is being read.
    assert_eq!((&place["cwd"], &place["fds"]), (&json!("/tmp"), &json!(["0", "1", "2", "3"])));
    let status = place["status"].as_str().unwrap();
    assert!(status.contains("SigBlk:\t0000000000000000") && status.contains("NoNewPrivs:\t0"), "{status}");
    running.stop_all().await;
}

#[tokio::test]
async fn what_a_program_is_told_is_covered_wherever_it_says_it() {
    let running = running(quick());
    let client = Client::begun(&running, rogue("well", "x")).await;
    let said = client.text(1, "leak", json!({})).await.unwrap();
    assert_eq!(said, format!("the key is {}", "*".repeat(KEY.len())));
    running.stop_all().await;
    assert_eq!(running.stderr("rogue"), [said]);
}

#[tokio::test]
async fn a_program_that_complains_in_utf_16_has_its_key_covered_all_the_same() {
    let running = running(quick());
    let client = Client::begun(&running, rogue("well", "x")).await;
    client.text(1, "leak", json!({ "coding": "utf-16-le" })).await.unwrap();
    running.stop_all().await;
    let said = format!("the key is {}", "*".repeat(KEY.len()));
    assert_eq!(running.stderr("rogue"), [said.clone(), said], "by each of its streams");
}

#[tokio::test]
async fn progress_and_requests_come_before_the_answer_and_are_answered() {
    let running = running(quick());
    let client = Client::begun(&running, rogue("well", "x")).await;
    let heard = all(client.call(7, "progress", json!({ "steps": 3 })).await.unwrap()).await.unwrap();
    let progress: Vec<&Value> = heard.iter().map(|said| &said["params"]["progress"]).collect();
    assert_eq!(progress, [&json!(1), &json!(2), &json!(3), &Value::Null]);
    let mut asks = client.call(8, "ask", json!({})).await.unwrap().body;
    let event = asks.next().await.unwrap().unwrap();
    assert!(event.starts_with(b"event: message\ndata: {") && event.ends_with(b"\n\n"));
    let roots = json!({ "jsonrpc": "2.0", "id": "ask-1", "result": { "roots": [] } });
    assert_eq!(client.post(roots).await.unwrap().status, StatusCode::ACCEPTED);
    let answer = String::from_utf8(asks.next().await.unwrap().unwrap().to_vec()).unwrap();
    assert!(answer.contains("roots") && asks.next().await.is_none(), "{answer}");
    running.stop_all().await;
}

#[tokio::test]
async fn what_a_program_says_by_itself_is_heard_by_whoever_listens() {
    let running = running(quick());
    let client = Client::begun(&running, rogue("well", "x")).await;
    let notify = json!({ "jsonrpc": "2.0", "method": "tools/call", "params": { "name": "notify" } });
    // Nobody listens yet: it is kept.
    client.post(notify.clone()).await.unwrap();
    let mut listens = client.send(Method::GET, Default::default()).await.unwrap().body;
    for _ in 0..2 {
        let event = listens.next().await.unwrap().unwrap();
        assert!(String::from_utf8(event.to_vec()).unwrap().contains("list_changed"));
        client.post(notify.clone()).await.unwrap();
    }
    running.stop_all().await;
    let last = loop {
        match listens.next().await.unwrap() {
            Ok(_) => {}
            Err(fault) => break fault,
        }
    };
    assert_eq!(last.code(), "program_stopped");
}

#[tokio::test]
async fn a_cancelled_request_ends_and_the_program_hears_of_it() {
    let running = running(quick());
    let client = Client::begun(&running, rogue("well", "x")).await;
    let waits = client.call(5, "wait", json!({}));
    let cancels = async {
        while running.list()[0].waiting == 0 {
            tokio::task::yield_now().await;
        }
        let cancelled =
            json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 5 } });
        client.post(cancelled).await.unwrap();
    };
    let (answer, ()) = tokio::join!(waits, cancels);
    assert!(all(answer.unwrap()).await.unwrap().is_empty());
    assert_eq!(client.text(6, "cancelled", json!({})).await.unwrap(), "5");
    running.stop_all().await;
}

#[tokio::test]
async fn a_batch_is_answered_as_a_whole() {
    let running = running(quick());
    let client = Client::begun(&running, rogue("well", "x")).await;
    let ping = |id: u64| json!({ "jsonrpc": "2.0", "id": id, "method": "ping" });
    let batch = json!([ping(1), { "jsonrpc": "2.0", "method": "notifications/x" }, ping(2)]);
    let ids: Vec<Value> =
        all(client.post(batch).await.unwrap()).await.unwrap().iter().map(|one| one["id"].clone()).collect();
    assert_eq!(ids, [1, 2]);
    running.stop_all().await;
}

#[tokio::test]
async fn no_session_begins_within_a_batch() {
    let running = running(quick());
    let client = Client::of(&running, rogue("well", "x"));
    let begins = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {} });
    let refused = client.post(json!([begins])).await.map(|_| ()).unwrap_err();
    assert_eq!(refused.code(), Fault::NoRequest.code());
    assert!(running.list().is_empty());
}

fn modern(id: Value, method: &str, mut params: Value) -> Value {
    params["_meta"]["io.modelcontextprotocol/protocolVersion"] = "2026-07-28".into();
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })
}

#[tokio::test]
async fn without_sessions_one_process_serves_the_run_of_an_application_and_no_answers_are_mixed_up() {
    let running = running(Bounds { idle: Duration::from_millis(500), ..quick() });
    let (one_client, other) =
        (Client::of(&running, rogue("modern", "x")), Client::of(&running, rogue("modern", "x")));
    let found =
        one(one_client.post(modern(json!(1), "server/discover", json!({}))).await.unwrap()).await.unwrap();
    assert_eq!(found["result"]["supportedVersions"][0], "2026-07-28");
    let waits = |text: &str| json!({ "name": text, "arguments": { "text": text, "steps": 2 }, "_meta": { "progressToken": 1 } });
    // Both have the same ID and the same token at the same time.
    let first = one_client.post(modern(json!(1), "tools/call", waits("wait")));
    let second = async {
        while running.list()[0].waiting == 0 {
            tokio::task::yield_now().await;
        }
        let heard =
            all(other.post(modern(json!(1), "tools/call", waits("progress"))).await.unwrap()).await.unwrap();
        assert_eq!(heard.len(), 3, "{heard:?}");
        assert!(
            heard[..2].iter().all(|said| said["params"]["progressToken"] == 1) && heard[2]["id"] == 1,
            "{heard:?}"
        );
    };
    // Hanging up cancels the first.
    tokio::select! {
        _ = first => panic!("nobody answers that"),
        () = second => {}
    }
    let asks = modern(json!(2), "tools/call", waits("cancelled"));
    assert_eq!(one(other.post(asks).await.unwrap()).await.unwrap()["result"]["content"][0]["text"], "1");
    assert_eq!((running.list().len(), running.list()[0].session), (1, false));
    let mut changes = running.changes();
    changes.wait_for(|_| running.list().is_empty()).await.unwrap();
}

#[tokio::test]
async fn a_subscription_stays_open_and_hears_what_belongs_to_it() {
    let running = running(quick());
    let client = Client::of(&running, rogue("modern", "x"));
    let subscribes = modern(json!("s"), "subscriptions/listen", json!({ "notifications": {} }));
    let mut heard = client.post(subscribes).await.unwrap().body;
    for method in ["acknowledged", "list_changed"] {
        let event = String::from_utf8(heard.next().await.unwrap().unwrap().to_vec()).unwrap();
        assert!(event.contains(method) && event.contains("subscriptionId\": \"s\""), "{event}");
    }
    drop(heard);
    let asks = modern(json!(2), "tools/call", json!({ "name": "cancelled" }));
    assert_eq!(one(client.post(asks).await.unwrap()).await.unwrap()["result"]["content"][0]["text"], "\"s\"");
    running.stop_all().await;
}

#[tokio::test]
async fn a_program_that_wants_a_handshake_is_not_started_twice() {
    let running = running(quick());
    let mut client = Client::of(&running, rogue("well", "x"));
    let refused =
        one(client.post(modern(json!(1), "server/discover", json!({}))).await.unwrap()).await.unwrap();
    assert_eq!(refused["error"]["code"], -32601);
    let before = running.list();
    client.initialize().await.unwrap();
    let after = running.list();
    assert_eq!((before[0].pid, after.len(), after[0].session), (after[0].pid, 1, true));
    assert_eq!(client.text(1, "echo", json!({ "text": "a" })).await.unwrap(), "a");
    running.stop_all().await;
}

#[tokio::test]
async fn megabytes_pass_and_a_reader_that_does_not_read_has_the_program_wait() {
    let running = running(quick());
    let client = Client::begun(&running, rogue("well", "x")).await;
    let big = client.text(1, "big", json!({ "bytes": 12_000_000 })).await.unwrap();
    assert_eq!(big.len(), 12_000_000);
    let mut floods = client.call(2, "flood", json!({ "messages": 5000 })).await.unwrap().body;
    let mut heard = 0;
    while let Some(event) = floods.next().await {
        event.unwrap();
        heard += 1;
    }
    assert_eq!(heard, 5001);
    running.stop_all().await;
}

#[tokio::test]
async fn a_program_is_known_to_be_ours_before_it_is_started() {
    // A keeper that starts nothing.
    let keeper = Keeper::new("/bin/sleep".into(), vec!["60".into()], "test");
    let running = Running::new(quick(), keeper, Clock::system());
    let client = Client::of(&running, rogue("well", "x"));
    let starts = client.post(modern(json!(1), "server/discover", json!({})));
    let look = async {
        loop {
            if let [(_, server)] = running.keepers().as_slice() {
                return (server.clone(), running.list());
            }
            tokio::task::yield_now().await;
        }
    };
    let (server, runs) = tokio::select! {
        _ = starts => panic!("nothing was started"),
        seen = look => seen,
    };
    assert_eq!((server.as_str(), runs.len()), ("rogue", 0));
    assert!(running.keepers().is_empty(), "and no longer than that");
}

#[tokio::test]
async fn runs_of_one_application_have_processes_of_their_own_and_its_bounds_in_common() {
    let running = running(Bounds { of_application: 2, ..quick() });
    for run in ["1", "2", "3"] {
        let mut client = Client::of(&running, rogue("modern", "x"));
        client.owner.run = run.into();
        one(client.post(modern(json!(1), "server/discover", json!({}))).await.unwrap()).await.unwrap();
    }
    let runs: Vec<String> = running.list().into_iter().map(|run| run.owner.run).collect();
    assert_eq!(runs, ["2", "3"], "the one that nobody has used for longest made way");
    running.stop_all().await;
}
